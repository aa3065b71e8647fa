"""What was asked for, checked and in one place; everything that can't be done is said here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import cast

import numpy as np
from numpy.typing import NDArray

from territory.errors import InputError, PlanError, Problem
from territory.metrics.reach import reaches
from territory.metrics.roads import Roads
from territory.model import Locks, Plan, Rules, Team, Units
from territory.optimize.arguments import (
    check_shares,
    tolerances_of,
    weights_of,
    whole_number,
)
from territory.optimize.arrays import Floats, Ints
from territory.optimize.frame import frame_of, plant, today, too_many
from territory.optimize.limits import limited
from territory.optimize.ruling import Ruled, rule
from territory.optimize.scene import Scene

MAX_LISTED = 50


@dataclass(frozen=True, eq=False)
class Request:
    """A checked request. Positions refer to `units` (n) and to `blank.territories` (K).

    ``start``, ``lock``, ``owner_now`` and ``keep`` are by unit; ``open`` are the territories that
    may change; ``start`` and ``lock`` count among the open ones only.
    """

    units: Units
    blank: Plan
    measures: Mapping[str, float]
    values: Mapping[str, Floats]
    tolerance: Floats  # (M,) of each measure
    target: Floats  # (K,)
    open: Ints  # (k,) positions of territories that may change
    keep: Ints  # positions of units to assign
    start: Ints  # (n,) today's territory among the open ones, -1
    lock: Ints  # (n,) territory among the open ones that must keep the unit, -1
    owner: Ints  # (K,) who serves each territory
    owner_now: Ints  # (n,) who serves each unit today, -1
    stake: Floats  # (n,) the measure that disruption is counted in
    homes: Ints | None  # (k,) unit each rep of an open territory lives in
    offset: Floats | None  # (K, M)
    max_disruption: float | None
    current: Plan | None
    rules: Rules
    ruled: Ruled
    team: Team | None
    stake_in: str  # the measure's name
    roads: Roads | None = None  # for minutes from home

    def allowed(self, measure: str) -> float:
        """The tolerance of a measure."""
        return float(self.tolerance[list(self.measures).index(measure)])

    def whole(self, measure: str) -> float:
        """All there is of a measure: that of the units, and what is fixed beside them."""
        total = float(self.values[measure].sum())
        if self.offset is not None and measure in self.measures:
            total += float(self.offset[:, list(self.measures).index(measure)].sum())
        return total


def check(
    units: Units,
    *,
    territories: int | None,
    team: Team | None,
    measures: Mapping[str, float] | None,
    tolerance: float | Mapping[str, float],
    homes: bool,
    current: Plan | None,
    locks: Locks | None,
    max_disruption: float | None,
    disruption_measure: str | None,
    offset: Floats | None,
    only: Collection[str] | None = None,
    rules: Rules | None = None,
    roads: Roads | None = None,
) -> Request:
    """Check everything before anything is computed.

    Raises
    ------
    InputError
        In words, with the way out.
    """
    weights = weights_of(units, measures)
    rules = rules or Rules()
    if territories is not None:
        territories = whole_number(territories, "The number of territories")
    if current is not None and not np.array_equal(current.units.ids, units.ids):
        raise InputError(
            Problem(
                "The current plan belongs to other units than these",
                remedy="read it again with these units",
            )
        )
    if roads is not None and not np.array_equal(roads.units.ids, units.ids):
        raise InputError(
            Problem("The roads belong to other units than these", remedy="make them anew")
        )
    allowed = tolerances_of(tolerance, weights)
    check_shares(max_disruption, rules.stay, current)
    stake_in = disruption_measure or max(weights, key=lambda name: weights[name])
    values = _values(units, [*weights, stake_in, *limited(rules)], [*weights, *limited(rules)])
    locks = locks if locks is not None else (current.locks if current else Locks())
    _known_locks(units, locks, current)
    blank = frame_of(units, territories, team, current, locks, values[stake_in])
    now = today(blank, current)
    closed = np.array([t in locks.territories for t in blank.territory_ids], dtype=bool)
    if only is not None:
        closed |= _outside_region(only, blank, current)
    fixed = np.zeros(units.n, dtype=bool)
    fixed[units.positions(locks.units)] = True
    outside = (now >= 0) & closed[now]
    outside |= (fixed | (only is not None)) & (now < 0)
    opened = np.flatnonzero(~closed)
    keep = np.flatnonzero(~outside)
    _enough_units(units, blank, len(opened), len(keep))
    inner = np.append(np.cumsum(~closed) - 1, -1)  # the last entry answers for "unassigned"
    start = np.where(outside, -1, inner[now])
    if (start >= 0).any() and team is not None:
        plant(start, units, team, blank.territories["rep_id"].to_numpy()[opened], fixed)
    owner, owner_now = _owners(blank, now, current)
    blank = blank.with_locks(locks)
    lock = np.where(fixed & (start >= 0), start, -1)
    limits = tuple(reaches(rules, units, roads))
    near = homes or bool(limits)
    home = _homes(units, team, blank, opened) if near else None
    offset = _offset(offset, blank.k, len(weights))
    heavy = values[max(weights, key=lambda name: weights[name])]
    scene = Scene(
        *(units, blank, keep, opened, start, lock, home, values, offset, weights, heavy, limits)
    )
    return Request(
        units=units,
        blank=blank,
        measures=weights,
        values=values,
        tolerance=allowed,
        target=_targets(blank),
        open=opened,
        keep=keep,
        start=start,
        lock=lock,
        owner=owner,
        owner_now=owner_now,
        stake=values[stake_in],
        homes=home,
        offset=offset,
        max_disruption=max_disruption,
        current=current,
        rules=rules,
        ruled=rule(rules, scene),
        team=team,
        stake_in=stake_in,
        roads=roads,
    )


def _values(units: Units, names: list[str], used: Collection[str]) -> dict[str, Floats]:
    """The measures' numbers; every cell that is no number, or negative, is listed."""
    values: dict[str, Floats] = {}
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            column = units.values(name)
        except PlanError as error:
            raise InputError(Problem(str(error), column=name)) from None
        values[name] = column
        for i in np.flatnonzero(~np.isfinite(column) | (column < 0))[:MAX_LISTED]:
            fault = "is negative" if column[i] < 0 else "is not a number"
            text = "empty" if np.isnan(column[i]) else f"{column[i]:g}"
            problems.append(
                Problem(
                    f"unit {units.ids[i]}: {text} {fault}",
                    row=int(i) + 1,
                    column=name,
                    value=text,
                    remedy="correct the cell; 0 means there is nothing",
                )
            )
    if problems:
        raise InputError(problems)
    for name in used:
        if not values[name].sum() > 0:
            raise InputError(
                Problem(
                    f"Measure {name!r} is 0 in every unit, there is nothing to balance",
                    column=name,
                    remedy="choose another measure, such as 'units'",
                )
            )
    return values


def _known_locks(units: Units, locks: Locks, current: Plan | None) -> None:
    if not locks.units and not locks.territories:
        return
    if current is None:
        raise InputError(
            Problem(
                "Locks keep units where they are, and there is no current plan to keep them in",
                remedy="give the current plan as well",
            )
        )
    unknown = [f"unit {u}" for u in sorted(locks.units) if u not in units.position]
    known = set(current.territory_ids)
    unknown += [f"territory {t}" for t in sorted(locks.territories) if t not in known]
    if unknown:
        raise InputError(
            [Problem(f"Lock on {name}: there is none", remedy="remove it") for name in unknown]
        )


def _outside_region(only: Collection[str], blank: Plan, current: Plan | None) -> NDArray[np.bool_]:
    """(K,) territories that are not part of the run."""
    if current is None:
        raise InputError(
            Problem(
                "Only a part of the map can change, and there is no current plan for the rest",
                remedy="give the current plan as well",
            )
        )
    unknown = sorted(set(only) - set(blank.territory_ids))
    if unknown:
        raise InputError(
            [Problem(f"Territory {t} to work on: there is none") for t in unknown[:MAX_LISTED]]
        )
    return np.array([t not in only for t in blank.territory_ids], dtype=bool)


def _enough_units(units: Units, blank: Plan, k: int, free: int) -> None:
    if blank.k > units.n:
        raise too_many(blank.k, units)
    if k > free:
        raise InputError(
            Problem(
                f"The locks leave {free} units for {k} open territories",
                remedy="unlock some units or territories",
            )
        )
    if k == 0:
        raise InputError(
            Problem("Every territory is locked", remedy="unlock those that may change")
        )


def _targets(blank: Plan) -> Floats:
    target = blank.territories["target"].to_numpy(float)
    if not (np.isfinite(target).all() and (target > 0).all()):
        raise InputError(
            Problem("Every territory needs a target above 0", remedy="correct the targets")
        )
    return cast(Floats, target / target.sum())


def _owners(blank: Plan, now: Ints, current: Plan | None) -> tuple[Ints, Ints]:
    """Who serves each territory, and each unit today: reps where all are known, else territories.

    A unit of a territory that is no more gets an owner that nobody is: it changes hands anyway.
    """
    reps = list(blank.territories["rep_id"])
    if all(reps):
        code = {rep: i for i, rep in enumerate(dict.fromkeys(reps))}
        owner = np.array([code[rep] for rep in reps], dtype=np.int64)
    else:
        owner = np.arange(blank.k)
    if current is None:
        return owner, np.full(len(now), -1)
    gone = np.where(current.alignment >= 0, blank.k, -1)
    return owner, np.where(now >= 0, owner[now], gone)


def _homes(units: Units, team: Team | None, blank: Plan, opened: Ints) -> Ints:
    """Unit each rep of an open territory lives in."""
    if team is None:
        raise InputError(
            Problem(
                "Homes count, but they are asked for without a team",
                remedy="give the team's table as well",
            )
        )
    home = dict(zip(team.ids, team.homes(units), strict=True))
    reps = blank.territories["rep_id"].to_numpy()[opened]
    lost = [rep for rep in reps if home.get(rep, -1) < 0]
    if lost:
        rows = dict(zip(team.ids, team.frame.attrs.get("rows", count(2)), strict=False))
        raise InputError(
            [
                Problem(
                    f"The home of rep {rep or '(none)'} is unknown or outside the region",
                    team.frame.attrs.get("file"),
                    row=rows.get(rep),
                    column="home_zip",
                    remedy="fill in home_zip, or home_lat and home_lon, or propose without homes",
                )
                for rep in lost
            ]
        )
    return np.array([home[rep] for rep in reps], dtype=np.int64)


def _offset(offset: Floats | None, k: int, measures: int) -> Floats | None:
    if offset is None:
        return None
    offset = np.asarray(offset, dtype=np.float64)
    if offset.shape != (k, measures) or not np.isfinite(offset).all():
        raise InputError(f"The offset needs {k} × {measures} finite numbers.")
    return offset
