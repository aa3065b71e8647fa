"""Hours on the road, nights away and kilometres of a call plan, without planning its tours.

A rep's day is a tour: from home to where the calls are, from call to call, and back. With

- gap: from call to call, 0.7124 · √(n·A) / n = 0.7124 / √density of stops (Beardwood, Halton &
  Hammersley 1959), where the stops are those of one planning cycle in the unit and its neighbours;
- way: from the rep's home to the unit (``roads``);
- field: minutes a day in the field, hours per day × field share;

a day holds q = (field + gap − 2 way) / (visit + gap) calls, at least one, and each call costs
gap · (q − 1) / q + 2 way / q minutes of driving. Beyond the limit for overnights the way is driven
once in ``trip_days`` days, with a night after each but the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.roads import Roads, roads_of
from territory.metrics.workload import CallPlan, call_plan
from territory.model import UNASSIGNED, Plan, Project, Travel
from territory.model.named import named_accounts

__all__ = [
    "Ground",
    "Hours",
    "Leg",
    "bases",
    "driving_hours",
    "ground_of",
    "hours_of",
    "leg",
    "nights_away",
    "road_km",
    "total_driving_hours",
    "total_nights",
    "total_road_km",
    "total_travel_share",
    "travel_share",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

TOUR = 0.7124
"""A shortest tour through n random points of an area A is about this × √(n·A) long."""
WEEKS = 52.0
FIELD = ("visit_hours", "driving_hours", "night_hours")


@dataclass(frozen=True, eq=False)
class Ground:
    """What no plan changes: visits, ways, homes, and how far it is from call to call.

    ``gap_km`` and ``gap_minutes`` (n,) are from one call to the next; ``homes`` (reps,) the unit
    each rep lives in, -1 unknown.
    """

    travel: Travel
    calls: CallPlan
    roads: Roads
    gap_km: Floats
    gap_minutes: Floats
    homes: pd.Series


@dataclass(frozen=True, eq=False)
class Hours:
    """What a plan's calls take a year.

    Parameters
    ----------
    by_territory
        Index territory_id: visits, visit_hours, driving_hours, nights, night_hours, km, days, and
        field_hours, the sum of the three kinds of hours.
    by_unit
        Index unit_id: the same, and ``way_minutes`` from the rep's home; NaN where unassigned.
    base
        (k,) the unit that days begin and end in, -1 for an empty territory.
    at_home
        (k,) False where that is the middle of the territory, as nobody's home is known.
    unassigned_hours
        With accounts that nobody visits, as their units have no territory.
    """

    by_territory: pd.DataFrame
    by_unit: pd.DataFrame
    base: NDArray[np.int64]
    at_home: NDArray[np.bool_]
    unassigned_hours: float


# Kept as long as the project or case lives; the values must not hold their keys.
_grounds: WeakKeyDictionary[Project, Ground] = WeakKeyDictionary()
_hours: WeakKeyDictionary[Case, Hours] = WeakKeyDictionary()


def ground_of(project: Project) -> Ground:
    """The ground of a project, worked out once."""
    if project not in _grounds:
        units, travel = project.units, project.settings.travel
        calls, roads = call_plan(project), roads_of(project)
        inside = calls.unit >= 0
        stops = np.minimum(1.0, calls.visits * travel.cycle_weeks / WEEKS)
        stops = np.bincount(calls.unit[inside], stops[inside], units.n).astype(float)
        area = _with_neighbours(project, np.maximum(units.area_km2, 0.01))
        gap = TOUR / np.sqrt(np.maximum(_with_neighbours(project, stops) / area, 1e-9))
        # The next call is never farther than across the unit and its neighbours.
        gap = np.minimum(gap, np.sqrt(area)) * roads.circuity
        homes = pd.Series(dtype=np.int64)
        if project.team is not None:
            homes = pd.Series(project.team.homes(units), index=project.team.frame.index)
        _grounds[project] = Ground(travel, calls, roads, gap, 60 * gap / roads.local_kmh, homes)
    return _grounds[project]


def _with_neighbours(project: Project, values: Floats) -> Floats:
    """(n,) the sum over each unit and its neighbours."""
    graph = project.units.graph
    running = np.concatenate([[0.0], np.cumsum(values[graph.indices])])
    return values + running[graph.indptr[1:]] - running[graph.indptr[:-1]]


@dataclass(frozen=True, eq=False)
class Leg:
    """What one call costs on the road: minutes, km, nights and the days it takes a share of."""

    minutes: Floats
    km: Floats
    nights: Floats
    days: Floats


def leg(
    travel: Travel,
    visit: Floats,
    gap: tuple[Floats, Floats],
    way: tuple[Floats, Floats],
) -> Leg:
    """The cost of a call, from the minutes of the visit and (minutes, km) of gap and way."""
    field = travel.hours_per_day * 60 * travel.field_share
    away = way[0] > travel.overnight_hours * 60
    trip = np.where(away, np.maximum(travel.trip_days, 1.0), 1.0)
    calls = np.maximum(1.0, (field + gap[0] - 2 * way[0] / trip) / np.maximum(visit + gap[0], 1.0))
    between, home = (calls - 1) / calls, 2 / (calls * trip)
    return Leg(
        minutes=gap[0] * between + way[0] * home,
        km=gap[1] * between + way[1] * home,
        nights=(trip - 1) / (trip * calls),
        days=1 / calls,
    )


def hours_of(case: Case) -> Hours:
    """Hours of a plan by territory and unit, worked out once a case.

    Raises
    ------
    ValueError
        If the case has no project: nothing then says who is visited.
    """
    if case.project is None:
        raise ValueError("Hours need a project: its accounts, team and settings.")
    if case not in _hours:
        _hours[case] = _hours_of(case.plan, case.project, ground_of(case.project))
    return _hours[case]


def _hours_of(plan: Plan, project: Project, ground: Ground) -> Hours:
    calls, roads = ground.calls, ground.roads
    owner = _owners(plan, project, calls)
    base, at_home = bases(plan, ground, owner)
    served = (owner >= 0) & (calls.unit >= 0)
    t, u = owner[served], calls.unit[served]
    visit, count = calls.minutes[served], calls.visits[served]
    way = roads.minutes(base[t], u), roads.km(base[t], u)
    cost = leg(ground.travel, visit, (ground.gap_minutes[u], ground.gap_km[u]), way)
    columns = {
        "visits": count,
        "visit_hours": count * visit / 60,
        "driving_hours": count * cost.minutes / 60,
        "nights": count * cost.nights,
        "night_hours": count * cost.nights * ground.travel.night_hours,
        "km": count * cost.km,
        "days": count * cost.days,
    }
    columns["field_hours"] = np.sum([columns[c] for c in FIELD], axis=0)
    by_territory = {name: np.bincount(t, values, plan.k) for name, values in columns.items()}
    by_unit = {name: np.bincount(u, values, plan.units.n) for name, values in columns.items()}
    frame = pd.DataFrame(by_unit, index=pd.Index(plan.units.ids, name="unit_id"))
    mine = plan.alignment >= 0
    frame["way_minutes"] = np.nan
    frame.loc[mine, "way_minutes"] = roads.minutes(base[plan.alignment[mine]], np.flatnonzero(mine))
    frame[~mine] = np.nan
    return Hours(
        by_territory=pd.DataFrame(by_territory, index=plan.territories.index),
        by_unit=frame,
        base=base,
        at_home=at_home,
        unassigned_hours=float(calls.hours[~served & (calls.unit >= 0)].sum()),
    )


def _owners(plan: Plan, project: Project, calls: CallPlan) -> NDArray[np.int64]:
    """(m,) the territory that makes each call; named accounts go to their rep's."""
    owner = np.append(plan.alignment, UNASSIGNED)[calls.unit].astype(np.int64)
    if project.accounts is None or not plan.named_accounts or not (calls.row >= 0).any():
        return owner
    named = named_accounts(plan, project.accounts)
    away = np.append(named.first, -1)[owner[named.row]] != named.home
    owner[named.row[away]] = named.home[away]
    return owner


def bases(
    plan: Plan, ground: Ground, owner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(k,) the unit that days begin and end in: the rep's home, else the middle of the calls.

    Returns
    -------
    The units, -1 for a territory without a home and without units; and where they are homes.
    """
    units, k = plan.units, plan.k
    base = ground.homes.reindex(plan.territories["rep_id"]).fillna(-1).to_numpy(np.int64)
    at_home = base >= 0
    if at_home.all():
        return base, at_home
    inside = (ground.calls.unit >= 0) & (owner >= 0)
    visits = ground.calls.visits[inside]
    weight = np.bincount(ground.calls.unit[inside], visits, units.n).astype(float)
    t = plan.alignment
    mine = np.flatnonzero(t >= 0)
    weight = weight[mine] + 1e-9  # where nobody is visited, every unit counts alike
    t, xy = t[mine], units.xy[mine]
    total = np.maximum(np.bincount(t, weight, k), 1e-30)
    centre = np.c_[tuple(np.bincount(t, weight * xy[:, d], k) / total for d in (0, 1))]
    order = np.lexsort((np.hypot(*(xy - centre[t]).T), t))
    found, first = np.unique(t[order], return_index=True)
    middle = np.full(k, -1)
    middle[found] = mine[order[first]]
    return np.where(at_home, base, middle), at_home


def _column(case: Case, name: str) -> pd.Series:
    """A column of the hours by territory; NaN without a project or any call."""
    if case.project is None or not len(ground_of(case.project).calls.visits):
        return case.series(np.full(case.plan.k, np.nan))
    return hours_of(case).by_territory[name]


def driving_hours(case: Case) -> pd.Series:
    """Hours at the wheel a year by territory."""
    return _column(case, "driving_hours")


def nights_away(case: Case) -> pd.Series:
    """Nights away from home a year by territory."""
    return _column(case, "nights")


def road_km(case: Case) -> pd.Series:
    """Kilometres driven a year by territory."""
    return _column(case, "km")


def travel_share(case: Case) -> pd.Series:
    """Driving over all hours in the field (visits, driving, nights); NaN where nobody is visited.

    A territory whose rep has no known home is reckoned from its middle.
    """
    field = _column(case, "field_hours")
    return driving_hours(case) / field.where(field > 0)


def total_driving_hours(case: Case) -> float:
    """Hours at the wheel of the whole team a year."""
    return float(driving_hours(case).sum(min_count=1))


def total_nights(case: Case) -> float:
    """Nights away from home of the whole team a year."""
    return float(nights_away(case).sum(min_count=1))


def total_road_km(case: Case) -> float:
    """Kilometres of the whole team a year."""
    return float(road_km(case).sum(min_count=1))


def total_travel_share(case: Case) -> float:
    """Driving over all hours in the field, of the whole team."""
    driving, field = (
        float(_column(case, c).sum(min_count=1)) for c in ("driving_hours", "field_hours")
    )
    return driving / field if field > 0 else float("nan")
