"""Saved scenarios of any size for the map's benchmark: real ZIP areas, made-up territories."""

from __future__ import annotations

import geopandas as gpd
import instances
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.intake import load_sample
from territory.intake.adjacency import adjacency
from territory.model import Plan, Project, Team, Units

SEED = 7

__all__ = ["scenario"]


def scenario(size: int, k: int) -> tuple[Project, Plan]:
    """A project and its plan with about ``size`` units in ``k`` territories.

    The sample itself where it has that size, a part of it where less is asked for; else the ZIP
    areas of the United States nearest to New York, or all of them.
    """
    sample, plan = load_sample()
    if size == sample.units.n and k == plan.k:
        return sample, plan
    units = _cut(sample.units if size <= sample.units.n else _country(), size)
    owner = _blocks(units.lonlat, k)
    names = [f"R{t + 1:03d}" for t in range(k)]
    people = [f"{FIRST[t % len(FIRST)]} {LAST[t // len(FIRST) % len(LAST)]}" for t in range(k)]
    team = Team(pd.DataFrame({"name": people}, index=pd.Index(names, name="rep_id")))
    aligned = {unit: names[t] for unit, t in zip(units.ids, owner, strict=True)}
    project = Project(f"{units.n:,} units", units, team, source="upload")
    return project, Plan.from_alignment(units, aligned, team)


FIRST = ("Avery", "Blake", "Casey", "Devon", "Emery", "Finley", "Gray", "Harper", "Indigo", "Jules")
LAST = ("Abbott", "Brennan", "Castillo", "Dubois", "Eriksen", "Farah", "Grant", "Haddad")


def _country() -> Units:
    """Every ZIP area, with the measures and words that the sample has too."""
    areas = gpd.read_parquet(instances.areas_file("ALL"))
    people = areas["population"].astype(float).fillna(0).to_numpy()
    homes = areas["households"].astype(float).fillna(0).to_numpy()
    noise = np.random.default_rng(SEED).lognormal(0, 0.3, (3, len(areas)))
    accounts = np.ceil(people / 4000 * noise[0])
    columns = {
        "city": "City " + areas["zip"].str[:4],
        "county": areas["county"].astype(str),
        "state": areas["state"].astype(str),
        "potential": (homes * 90 * noise[1]).round(-2),
        "workload_hours": (4 + 3 * accounts * noise[2]).round(1),
        "sales": (homes * 20 * noise[2]).round(-2),
        "accounts": accounts,
    }
    return Units(
        ids=areas["zip"].to_numpy(object),
        geometry=areas.geometry,
        attributes=pd.DataFrame(columns),
        graph=adjacency(areas.geometry.to_crs(5070).to_numpy()),
        notes=("approximate ZIP areas",),
        id_name="zip",
    )


def _cut(units: Units, size: int) -> Units:
    """The ``size`` units nearest to the city of most people, Boston in the sample."""
    if size >= units.n:
        return units
    middle = np.array([-74.0, 40.7]) if units.n > 9_000 else np.array([-71.1, 42.35])
    keep = np.sort(np.argsort(np.hypot(*(units.lonlat - middle).T), kind="stable")[:size])
    geometry = units.geometry.iloc[keep]
    return Units(
        ids=units.ids[keep],
        geometry=geometry,
        attributes=units.attributes.iloc[keep],
        graph=adjacency(geometry.to_crs(5070).to_numpy()),
        notes=units.notes,
        id_name=units.id_name,
    )


def _blocks(xy: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """(n,) compact parts of like size: halves of halves, cut across the longer side."""
    owner = np.zeros(len(xy), np.int64)

    def split(members: NDArray[np.int64], first: int, parts: int) -> None:
        if parts == 1:
            owner[members] = first
            return
        axis = int(np.argmax(np.ptp(xy[members], axis=0)))
        ordered = members[np.argsort(xy[members, axis], kind="stable")]
        at = len(members) * (parts // 2) // parts
        split(ordered[:at], first, parts // 2)
        split(ordered[at:], first + parts // 2, parts - parts // 2)

    split(np.arange(len(xy)), 0, k)
    return owner
