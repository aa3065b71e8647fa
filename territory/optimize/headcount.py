"""How many territories the workload wants, and what each number of them costs.

The hours of a unit (visits, preparation, ways between stops) are the workload measure. The way from
the middle of a territory to the day's first stop and back depends on how large territories are, so
it is added for each number: visits / calls a day tours, each of twice the mean distance as the crow
flies × circuity / speed. (Daganzo 1984 splits a tour into this leg and the ways between stops.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from territory.errors import InputError, PlanError, Problem
from territory.metrics import Case, rms_radius_km
from territory.model import Accounts, Plan, Team, Units
from territory.optimize.arguments import number, weights_of, whole_number
from territory.optimize.arrays import Floats
from territory.optimize.result import Progress, StoppedBy
from territory.optimize.sidebyside import SideBySide

__all__ = ["Count", "Effort", "Sizing", "sizing", "wanted"]

WORKLOAD = "workload_hours"

AT_ONCE = 4
"""Proposals planned together; fixed, so that nothing depends on the number of cores."""

POINTS = 9
"""Numbers tried where none are given."""


@dataclass(frozen=True)
class Effort:
    """How work turns into hours.

    Parameters
    ----------
    calls_per_day
        Visits of one tour.
    speed_kmh
        On the road between home and the first stop.
    circuity
        Road distance over distance as the crow flies; 1.20 to 1.42 in the United States.
    field_share
        Share of a rep's capacity that is spent with customers and on the way there; 1 where
        capacity means just these hours.
    """

    calls_per_day: float = 6.0
    speed_kmh: float = 60.0
    circuity: float = 1.3
    field_share: float = 1.0


@dataclass(frozen=True)
class Count:
    """What a number of territories costs, by a quick proposal.

    ``hours`` and ``travel_hours`` are a year's and of all territories; ``utilisation`` is their
    sum over what the reps can do, ``busiest`` that of the territory with the most.
    """

    territories: int
    max_deviation: float
    radius_km: float
    hours: float
    travel_hours: float
    utilisation: float
    busiest: float

    @property
    def mean_hours(self) -> float:
        """Hours a year of a mean territory, on the way too."""
        return (self.hours + self.travel_hours) / self.territories


@dataclass(frozen=True, eq=False)
class Sizing:
    """How many territories are wanted, and the curve.

    ``wanted`` is the least number whose reps have the hours, on average; ``capacity``
    are the hours a year of one rep, field share applied; ``now`` the number there is.
    """

    wanted: int
    capacity: float
    points: tuple[Count, ...]
    now: int | None
    stopped_by: StoppedBy

    def text(self) -> str:
        """The advice in plain words."""
        at = {p.territories: p for p in self.points}
        said = f"The workload wants {self.wanted} territories of {self.capacity:,.0f} hours a year"
        point = at.get(self.wanted)
        if point is not None:
            said += f": each is used to {100 * point.utilisation:.0f} % on average"
        here = at.get(self.now or -1)
        if here is None or self.now == self.wanted:
            return f"{said}."
        more = self.wanted - here.territories
        change = f"{abs(more)} {'more' if more > 0 else 'fewer'}"
        return (
            f"{said}. That is {change} than the {here.territories} of today, which would be used "
            f"to {100 * here.utilisation:.0f} %."
        )


def wanted(
    units: Units,
    capacity: float,
    *,
    workload: str = WORKLOAD,
    effort: Effort | None = None,
) -> int:
    """Territories that the workload alone fills, without the way from home; at least 1.

    Parameters
    ----------
    capacity
        Hours a year of one rep.

    Raises
    ------
    InputError
        If there is no usable workload, or the capacity makes no sense.
    """
    share = (effort or Effort()).field_share
    capacity = number(capacity, "The capacity")
    if not (0 < capacity < np.inf and 0 < share <= 1):
        raise InputError(
            Problem(
                f"{capacity:g} hours with a field share of {share:g} is no capacity",
                remedy="give the hours a year of one rep, such as 1600",
            )
        )
    return min(units.n, max(1, ceil(_hours(units, workload).sum() / (capacity * share) - 1e-9)))


def sizing(
    units: Units,
    *,
    capacity: float | None = None,
    team: Team | None = None,
    accounts: Accounts | None = None,
    workload: str = WORKLOAD,
    effort: Effort | None = None,
    counts: Collection[int] | None = None,
    now: int | None = None,
    measures: Mapping[str, float] | None = None,
    tolerance: float = 0.1,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    **settings: Any,
) -> Sizing:
    """How many territories the workload wants, and a quick proposal for each number around that.

    Parameters
    ----------
    capacity
        Hours a year of one rep; by default the mean of the team's.
    accounts
        Their visits a year say how often a rep sets out; without them the way from home is left
        out.
    counts
        Numbers to try; by default about nine around the wanted one, and ``now``.
    now
        The number there is; by default that of the team.
    measures, tolerance, seed, settings
        Of the proposals, as in `propose`; by default the workload is balanced.
    progress, cancel
        Called from the caller's thread; cancelling keeps what has been found.

    Raises
    ------
    InputError
        If there is no usable workload or capacity.
    """
    effort = effort or Effort()
    hours = _hours(units, workload)
    if capacity is None:
        known = team.frame["capacity_hours"].dropna() if team is not None else []
        capacity = float(np.mean(known)) if len(known) else float("nan")
    plain = wanted(units, capacity, workload=workload, effort=effort)
    able = capacity * effort.field_share
    now = len(team) if now is None and team is not None else now
    visits = _visits(units, accounts)
    base = {"restarts": 1, **settings, "tolerance": tolerance, "seed": seed}
    base["measures"] = weights_of(units, measures or {workload: 1.0})
    todo = _numbers(units, counts, plain, now)
    runs, points = SideBySide(cancel), list[Count]()

    def quick(batch: list[int]) -> None:
        found = runs(units, [{**base, "territories": k} for k in batch])
        points.extend(
            _count(p.plan, max(p.max_deviation.values()), hours, visits, able, effort, workload)
            for p in found
            if p is not None
        )

    for first in range(0, len(todo), AT_ONCE):
        if progress is not None:
            progress(Progress(first, len(todo), "Trying numbers of territories"))
        quick(todo[first : first + AT_ONCE])
        if runs.stopped:
            break
    least = min(units.n, max(plain, _least(points, able)))
    if counts is None and least not in {p.territories for p in points} and not runs.stopped:
        quick([least])
    return Sizing(
        wanted=least,
        capacity=able,
        points=tuple(sorted(points, key=lambda p: p.territories)),
        now=now,
        stopped_by="cancelled" if runs.stopped else "done",
    )


def _least(points: list[Count], able: float) -> int:
    """The least number whose hours its reps can do; hours between the numbers tried lie between
    theirs, and beyond them are those of the last."""
    tried = [p.territories for p in points]
    hours = [p.hours + p.travel_hours for p in points]
    k = 1
    while float(np.interp(k, tried, hours)) > able * k * (1 + 1e-9):
        k += 1
    return k


def _hours(units: Units, workload: str) -> Floats:
    """(n,) hours a year of each unit; InputError where there are none."""
    try:
        hours = units.values(workload)
    except PlanError as error:
        raise InputError(
            Problem(str(error), column=workload, remedy="add hours a year for each unit")
        ) from None
    hours = np.nan_to_num(hours)
    if (hours < 0).any() or not 0 < hours.sum() < np.inf:
        raise InputError(
            Problem("There are no hours of work", column=workload, remedy="fill in the workload")
        )
    return hours


def _visits(units: Units, accounts: Accounts | None) -> Floats:
    """(n,) visits a year; zeros where nothing is known."""
    if accounts is None or "visits_per_year" not in accounts.frame:
        return np.zeros(units.n)
    calls = np.nan_to_num(accounts.frame["visits_per_year"].to_numpy(float))
    where = accounts.frame["unit_id"].map(units.position).to_numpy(float)
    known = np.isfinite(where)
    return np.bincount(where[known].astype(int), calls[known], units.n).astype(np.float64)


def _numbers(
    units: Units, counts: Collection[int] | None, plain: int, now: int | None
) -> list[int]:
    """Numbers of territories to try, ascending."""
    if counts is not None:
        chosen = {whole_number(k, "The number of territories") for k in counts}
    else:
        low, high = max(1, round(0.75 * plain)), max(2, ceil(1.5 * plain))
        chosen = {round(k) for k in np.linspace(low, high, POINTS)} | {plain} | {now or plain}
    return sorted(k for k in chosen if 1 <= k <= units.n)


def _count(
    plan: Plan,
    deviation: float,
    hours: Floats,
    visits: Floats,
    able: float,
    effort: Effort,
    workload: str,
) -> Count:
    """The figures of one proposal."""
    away = _from_middle(plan, visits)
    tour = 2 * away * effort.circuity / effort.speed_kmh
    inside = plan.alignment >= 0
    on_the_way = visits / effort.calls_per_day * tour
    each = np.bincount(plan.alignment[inside], (hours + on_the_way)[inside], plan.k)
    return Count(
        territories=plan.k,
        max_deviation=deviation,
        radius_km=rms_radius_km(Case(plan, {workload: 1.0})),
        hours=float(hours[inside].sum()),
        travel_hours=float(on_the_way[inside].sum()),
        utilisation=float(each.sum() / (able * plan.k)),
        busiest=float(each.max(initial=0.0) / able),
    )


def _from_middle(plan: Plan, visits: Floats) -> Floats:
    """(n,) km of each unit from the middle of its territory's visits; 0 where unassigned."""
    inside = plan.alignment >= 0
    to, xy = plan.alignment[inside], plan.units.xy[inside] / 1e3
    weight = visits[inside] + 1e-9
    total = np.bincount(to, weight, plan.k)
    middle = np.column_stack([np.bincount(to, weight * c, plan.k) for c in xy.T])
    middle = middle / np.maximum(total, 1e-300)[:, None]
    out = np.zeros(plan.units.n)
    out[inside] = np.hypot(*(xy - middle[to]).T)
    return out
