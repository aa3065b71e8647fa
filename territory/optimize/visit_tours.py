"""The days of one week: which calls, in which order, from home and back. By PyVRP (MIT licence)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyvrp

__all__ = ["Tour", "Week", "split", "tours"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = 7 * 24 * 60
"""Minutes of a way that no day holds."""
WORTH = 240.0
"""Minutes of driving that the least of visits is worth."""
SNUG = 0.9
"""Share of a trip's days to plan: a call that fits into no evening waits till morning."""


@dataclass(frozen=True, eq=False)
class Week:
    """What a rep could do in a week.

    Parameters
    ----------
    minutes
        (m + 1, m + 1) driving between home (0) and the calls.
    visit
        (m,) length of each visit, minutes.
    worth
        (m,) 0 … 1, which to keep where not all fit.
    far
        (m,) calls that a rep stays out over night for.
    days, field
        Days of the week and minutes of each in the field.
    trip_days, night
        Days of a trip, and what a night costs in minutes.
    """

    minutes: Floats
    visit: Floats
    worth: Floats
    far: NDArray[np.bool_]
    days: int
    field: float
    trip_days: int
    night: float


@dataclass(frozen=True)
class Tour:
    """Calls in driving order, over one or several days from home and back."""

    calls: tuple[int, ...]
    trip: bool


@dataclass
class Enough:
    """When PyVRP stops: after so many rounds, or when asked to."""

    rounds: int
    asked: Callable[[], bool] | None = None

    def __call__(self, best_cost: float) -> bool:
        """True from then on; called once a round."""
        self.rounds -= 1
        return self.rounds < 0 or (self.asked is not None and self.asked())


def tours(
    week: Week, *, seed: int, rounds: int, asked: Callable[[], bool] | None = None
) -> list[Tour]:
    """Tours of a week, trips first; calls that do not fit are in none.

    The same seed and rounds give the same tours, unless ``asked`` stops it.
    """
    if not len(week.visit) or week.days < 1:
        return []
    import pyvrp

    places = [pyvrp.Location(0, 0) for _ in range(len(week.visit) + 1)]
    calls = [
        pyvrp.Client(i, service_duration=s, prize=p, required=False)
        for i, (s, p) in enumerate(
            zip(_seconds(week.visit), _seconds(WORTH * (1 + 4 * week.worth)), strict=True), 1
        )
    ]
    ways: list[Any] = [_ways(week, far) for far in (False, True)]
    data = pyvrp.ProblemData(places, calls, [pyvrp.Depot(0)], _vehicles(week), ways, ways)
    found = pyvrp.solve(data, Enough(rounds, asked), seed=seed, collect_stats=False)
    if not found.is_feasible():
        return []
    out = []
    for route in found.best.routes():
        order = tuple(stop.idx for stop in route if stop.is_client())
        if order:
            out.append(Tour(order, trip=_vehicles(week)[route.vehicle_type()].profile == 1))
    return sorted(out, key=lambda tour: (not tour.trip, tour.calls))


def _seconds(minutes: Floats) -> list[int]:
    return [int(v) for v in np.rint(np.asarray(minutes) * 60)]


def _ways(week: Week, far: bool) -> Ints:
    """Driving in seconds; on a day from home and back no call is reached that lies too far."""
    out = week.minutes.copy()
    if not far:
        beyond = np.flatnonzero(week.far) + 1
        out[beyond, :] = out[:, beyond] = NEVER
        np.fill_diagonal(out, 0)
    return np.rint(out * 60).astype(np.int64)


def _vehicles(week: Week) -> list[pyvrp.VehicleType]:
    """A vehicle a day; where calls lie too far, as many trips of several days as there may be."""
    import pyvrp

    length = min(week.trip_days, week.days)
    trips = 0
    if week.far.any():
        work = week.visit[week.far].sum() + 2 * week.minutes[0, 1:][week.far].max()
        trips = int(np.clip(np.ceil(work / (length * week.field * SNUG)), 1, week.days // length))
    out = []
    if trips:
        out.append(
            pyvrp.VehicleType(
                trips,
                shift_duration=round(length * week.field * SNUG * 60),
                fixed_cost=round((length - 1) * week.night * 60),
                profile=1,
            )
        )
    if week.days > trips * length:
        days = week.days - trips * length
        out.append(pyvrp.VehicleType(days, shift_duration=round(week.field * 60), profile=0))
    return out


def split(tour: Tour, week: Week) -> list[tuple[int, ...]]:
    """The calls of a tour by day: a day ends when the next call would not fit into it."""
    if not tour.trip:
        return [tour.calls]
    days: list[list[int]] = [[]]
    spent, here = 0.0, 0
    for call in tour.calls:
        more = week.minutes[here, call + 1] + week.visit[call]
        if days[-1] and spent + more > week.field and len(days) < week.trip_days:
            days.append([])
            spent = 0.0
        days[-1].append(call)
        spent, here = spent + more, call + 1
    return [tuple(day) for day in days]
