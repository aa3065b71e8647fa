"""Whom a rep visits: accounts with their places, visits and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.metrics import Case, hours_of
from territory.metrics.travel import ground_of
from territory.model import Plan, Project, Units, account_reps

__all__ = ["Round", "round_of", "spread"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KM_PER_DEGREE = 111.195
TURN = 2.399963229728653
"""The golden angle, in radians: points of a spiral that turns by it never meet."""


@dataclass(frozen=True, eq=False)
class Round:
    """A rep's accounts and home.

    ``worth`` is 0 … 1, the share of accounts that are worth less; ``placed`` says that every
    account came with its coordinates; ``base`` is the unit of the home.
    """

    rep_id: str
    ids: list[str]
    names: list[str]
    unit: Ints
    visits: Floats
    minutes: Floats
    worth: Floats
    lonlat: Floats
    placed: bool
    base: int
    home: Floats
    home_known: bool


def round_of(project: Project, plan: Plan, rep_id: str) -> Round:
    """The accounts of a rep's territories and those named to the rep.

    Raises
    ------
    PlanError
        If the rep owns no territory, or has nobody to visit.
    """
    mine = np.flatnonzero((plan.territories["rep_id"] == rep_id).to_numpy())
    if not rep_id or not len(mine):
        raise PlanError(f"{rep_id or 'Nobody'} owns no territory, so there is nobody to visit.")
    calls, units, accounts = ground_of(project).calls, project.units, project.accounts
    by_account = accounts is not None and bool((calls.row >= 0).any())
    if by_account and accounts is not None:
        rows = np.flatnonzero((account_reps(plan, accounts) == rep_id) & (calls.unit >= 0))
    else:
        rows = np.flatnonzero(np.isin(plan.alignment[calls.unit], mine))
    rows = rows[calls.visits[rows] > 0]
    if not len(rows):
        raise PlanError(
            "Nobody of this rep is to be visited: load accounts with visits per year and minutes "
            "per visit."
        )
    unit = calls.unit[rows]
    lonlat, placed = spread(units, unit), False
    if by_account and accounts is not None:
        frame = accounts.frame.iloc[rows]
        ids = [str(i) for i in frame.index]
        names = [str(n) or i for n, i in zip(frame["name"], ids, strict=True)]
        lonlat, placed = _at_coordinates(frame, units, unit)
        worth = frame[["revenue", "potential"]].max(axis=1).rank(pct=True).fillna(0).to_numpy(float)
    else:
        ids = [str(i) for i in units.ids[unit]]
        names, worth = ids, calls.visits[rows] / calls.visits[rows].max()
    seen = hours_of(Case(plan, project=project))
    base = int(seen.base[mine[0]])
    return Round(
        rep_id=rep_id,
        ids=ids,
        names=names,
        unit=unit,
        visits=calls.visits[rows],
        minutes=calls.minutes[rows],
        worth=worth,
        lonlat=lonlat,
        placed=placed,
        base=base,
        home=_home(project, rep_id, base),
        home_known=bool(seen.at_home[mine[0]]),
    )


def _home(project: Project, rep_id: str, base: int) -> Floats:
    """Where the rep lives: the given coordinates if they are what put the home into its unit."""
    if project.team is not None and rep_id in project.team.frame.index:
        row = project.team.frame.loc[rep_id]
        given = np.array([row["home_lon"], row["home_lat"]], float)
        if np.isfinite(given).all() and ground_of(project).homes[rep_id] == base:
            middle = project.units.lonlat[base]
            reach = 1.0 + np.sqrt(project.units.area_km2[base]) / KM_PER_DEGREE
            if np.abs(given - middle).max() <= reach:
                return given
    return project.units.lonlat[base]


def _at_coordinates(frame: pd.DataFrame, units: Units, unit: Ints) -> tuple[Floats, bool]:
    """(m, 2) the accounts' own coordinates, and are they all? Others are spread in their unit.

    Coordinates far from the unit that an account is counted in, such as swapped ones, are none.
    """
    otherwise = spread(units, unit)
    if not {"lat", "lon"} <= set(frame.columns):
        return otherwise, False
    own = frame[["lon", "lat"]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    reach = 0.5 + np.sqrt(units.area_km2[unit]) / KM_PER_DEGREE * 2
    good = (np.abs(own - units.lonlat[unit]) <= reach[:, None]).all(axis=1)
    return np.where(good[:, None], own, otherwise), bool(good.all())


def spread(units: Units, unit: Ints) -> Floats:
    """(m, 2) places inside the units, so that accounts of one unit do not lie on one point.

    A sunflower's spiral around the unit's point, over about a third of its area.
    """
    number = pd.Series(unit).groupby(unit).cumcount().to_numpy(float)
    many = np.bincount(unit, minlength=units.n)[unit]
    radius = 0.33 * np.sqrt(units.area_km2[unit] * np.where(many > 1, (number + 0.5) / many, 0))
    middle = units.lonlat[unit]
    stretch = np.maximum(np.cos(np.radians(middle[:, 1])), 0.05)
    return (
        middle
        + np.c_[
            radius * np.cos(number * TURN) / (KM_PER_DEGREE * stretch),
            radius * np.sin(number * TURN) / KM_PER_DEGREE,
        ]
    )
