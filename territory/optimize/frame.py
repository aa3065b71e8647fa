"""Which territories a proposal has, and where today's units are among them."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import InputError, Problem
from territory.model import Locks, Plan, Team, Units
from territory.optimize.arrays import Floats, Ints


def frame_of(
    units: Units,
    territories: int | None,
    team: Team | None,
    current: Plan | None,
    locks: Locks,
    weight: Floats,
) -> Plan:
    """An unassigned plan with the territories wanted.

    With a team one territory a rep; else the current plan's territories, with new ones added or
    the lightest unlocked ones dropped when another number is asked for; else T01, T02, …

    Raises
    ------
    InputError
        If the number is missing, contradicts the team, or is not a positive whole number.
    """
    if territories is not None and territories < 1:
        raise InputError(
            Problem(f"{territories} territories can't be made", remedy="ask for 1 or more")
        )
    if territories is not None and territories > units.n:
        # Said before so many rows are made.
        raise too_many(territories, units)
    if team is not None:
        return _for_team(units, territories, team, current, locks)
    if current is not None and current.k == 0 and territories is None:
        raise InputError(
            Problem(
                "The current plan assigns no unit, so it has no territories to keep",
                remedy="say how many territories, give the team, or leave the current plan out",
            )
        )
    if current is not None and current.k > 0:
        return _like_current(units, territories or current.k, current, locks, weight)
    if territories is None:
        raise InputError(
            Problem(
                "How many territories? Neither a number, a team nor a current plan is given",
                remedy="give one of them",
            )
        )
    return Plan.blank(units, territories)


def too_many(territories: int, units: Units) -> InputError:
    """The error that says so."""
    return InputError(
        Problem(
            f"{territories} territories are more than the {units.n} units of this region",
            remedy=f"ask for at most {units.n} territories, or use smaller units",
        )
    )


def _for_team(
    units: Units, territories: int | None, team: Team, current: Plan | None, locks: Locks
) -> Plan:
    if len(team) == 0:
        raise InputError(Problem("The team is empty", remedy="list at least one rep"))
    if territories is not None and territories != len(team):
        raise InputError(
            Problem(
                f"{territories} territories for a team of {len(team)}",
                remedy="leave the number out, or correct the team",
            )
        )
    blank = Plan.for_team(units, team)
    if current is None:
        return blank
    if set(current.territories["rep_id"]) == set(team.ids) and current.k == len(team):
        # The same reps: keep the territories' own ids, names and colours, with today's targets.
        target = blank.territories["target"].reindex(current.territories["rep_id"]).to_numpy()
        return _emptied(replace(current, territories=current.territories.assign(target=target)))
    lost = sorted(set(locks.territories) - set(blank.territory_ids))
    if lost:
        raise InputError(
            Problem(
                f"Territory {lost[0]} is locked, but belongs to nobody of the team",
                remedy="unlock it, or add its rep to the team",
            )
        )
    return blank


def _like_current(units: Units, k: int, current: Plan, locks: Locks, weight: Floats) -> Plan:
    if k == current.k:
        return _emptied(current)
    frame = current.territories
    if k > current.k:
        names = (f"T{i:02d}" for i in count(1))
        free = islice((t for t in names if t not in current.territories.index), k - current.k)
        fresh = Plan.blank(units, ids=list(free)).territories
        frame = pd.concat([frame, fresh.assign(target=frame["target"].mean())])
    else:
        inside = current.alignment >= 0
        load = np.bincount(current.alignment[inside], weight[inside], current.k)
        load[[t in locks.territories for t in current.territory_ids]] = np.inf
        frame = frame.iloc[np.sort(np.argsort(-load, kind="stable")[:k])]
    frame = frame.assign(target=frame["target"] / frame["target"].sum())
    return Plan(units, frame, np.full(units.n, -1, np.int32), locks, current.named_accounts)


def _emptied(plan: Plan) -> Plan:
    return plan.with_alignment(np.full(plan.units.n, -1, np.int32))


def today(blank: Plan, current: Plan | None) -> Ints:
    """(n,) where each unit is today among the territories of ``blank``, -1 where none.

    Territories are the same when their id is, else when their rep is.
    """
    if current is None:
        return np.full(blank.units.n, -1)
    where = {t: i for i, t in enumerate(blank.territory_ids)}
    reps = {r: i for i, r in enumerate(blank.territories["rep_id"]) if r}
    match = [
        where.get(t, reps.get(r, -1))
        for t, r in zip(current.territory_ids, current.territories["rep_id"], strict=True)
    ]
    return np.array([*match, -1], dtype=np.int64)[current.alignment]


def plant(start: Ints, units: Units, team: Team, reps: Ints, fixed: NDArray[np.bool_]) -> None:
    """Let open territories that have nothing today begin where their rep lives; in place.

    Otherwise they would begin in the largest territory, wherever it lies.
    """
    home = dict(zip(team.ids, team.homes(units), strict=True))
    size = np.bincount(start[start >= 0], minlength=len(reps))
    for t in np.flatnonzero(size == 0):
        at = home.get(reps[t], -1)
        if at < 0 or fixed[at] or start[at] < 0 or size[start[at]] < 2:
            continue
        size[start[at]] -= 1
        start[at], size[t] = t, 1
