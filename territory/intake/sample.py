"""The sample that the first screen opens on: New England and an invented company."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

import territory
from territory.errors import InputError, Problem
from territory.intake.adjacency import adjacency
from territory.model import Accounts, Plan, Project, Sales, Team, Units, in_metres

__all__ = ["APPROXIMATE", "NAME", "load_sample", "sample_folder", "sample_outlines"]

NAME = "New England sample"
APPROXIMATE = "approximate ZIP areas; load Census boundaries for exact ones"


def sample_folder() -> Path:
    """The sample of the checkout, else the one inside the installed package.

    Raises
    ------
    InputError
        If neither is complete.
    """
    package = Path(territory.__file__).parent
    for folder in (package.parent / "data" / "sample", package / "_app" / "data" / "sample"):
        if (folder / "units.parquet").is_file():
            return folder
    raise InputError(
        Problem(
            "the sample data is missing from this installation",
            file="units.parquet",
            remedy="install the package again, or load your own boundaries",
        )
    )


def load_sample() -> tuple[Project, Plan]:
    """The sample project and its current, unfair alignment.

    Read anew at each call; keep the result where many sessions share it (nothing in it changes).
    """
    folder = sample_folder()
    units = _read_units(folder / "units.parquet")
    team = Team(_read_table(folder / "team.csv", "home_lat", "home_lon", "capacity_hours", "quota")
                .set_index("rep_id"))  # fmt: skip
    accounts = Accounts(
        _read_table(
            folder / "accounts.csv",
            *("revenue", "potential", "workload_hours", "visits_per_year", "minutes_per_visit"),
        ).set_index("account_id")
    )
    sales = Sales(_read_table(folder / "history.csv", "amount"))
    project = Project(NAME, units, team, accounts, sales, source="sample")
    current = _read_table(folder / "alignment.csv").set_index("unit_id")["territory_id"]
    return project, Plan.from_alignment(units, current.to_dict(), team)


def sample_outlines() -> gpd.GeoDataFrame:
    """County and state outlines; columns level, id, name, geometry (EPSG:4326)."""
    return gpd.read_parquet(sample_folder() / "outlines.parquet")


def _read_units(path: Path) -> Units:
    frame = gpd.read_parquet(path)
    metric = in_metres(frame.geometry)
    return Units(
        ids=frame["zip"].to_numpy(object),
        geometry=frame.geometry,
        attributes=pd.DataFrame(frame.drop(columns=["zip", "geometry"])),
        graph=adjacency(np.asarray(metric.values, dtype=object)),
        notes=(APPROXIMATE,),
        id_name="zip",
    )


def _read_table(path: Path, *numbers: str) -> pd.DataFrame:
    """A table of text, apart from the columns named."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})
