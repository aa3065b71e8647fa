"""Planning a rep's weeks one after the other, with what is left over carried on."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from territory.metrics.capacity import rep_hours
from territory.metrics.travel import Ground, ground_of, leg
from territory.model import Project
from territory.optimize.visit_result import Day, Stop
from territory.optimize.visit_round import KM_PER_DEGREE, Round
from territory.optimize.visit_tours import Week, split, tours
from territory.optimize.visit_weeks import WEEKS, trip_weeks, weeks_of

__all__ = ["Desk"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BEGIN = 8 * 60 + 30
"""A day in the field begins at half past eight."""
WORKWEEK = 5
CROWD = 1.4
"""How many times a week's time is offered to the week; more would only slow the search down."""
HURRY = 20
"""Rounds of search in a week when time is up."""


@dataclass(eq=False)
class Desk:
    """The state of planning: ``waiting`` are accounts whose visit found no day yet."""

    project: Project
    round: Round
    seed: int
    rounds: int
    deadline: float | None = None
    planned: int = 0
    waiting: set[int] = field(default_factory=set)
    lost: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        travel = self.project.settings.travel
        self.ground: Ground = ground_of(self.project)
        self.field = travel.hours_per_day * 60 * travel.field_share
        hours = rep_hours(self.project)
        self.hours = float(hours.get(self.round.rep_id, np.nan))
        home = np.full(len(self.round.ids), self.round.base)
        way, _ = self.ground.roads.between(
            home, self.round.unit, self.round.home[None], self.round.lonlat
        )
        self.way = way
        self.far = way > travel.overnight_hours * 60

    def weeks(self, count: Ints) -> tuple[Ints, Ints]:
        """Each visit of the quarter: its account and its week."""
        middle = self.round.lonlat.mean(axis=0)
        scale = KM_PER_DEGREE * np.array([np.cos(np.radians(middle[1])), 1.0])
        account, week = weeks_of(count, self.round.minutes, (self.round.lonlat - middle) * scale)
        far = self.far[account]
        if far.any():
            gap = self.ground.gap_minutes[self.round.unit[account[far]]]
            work = float((self.round.minutes[account[far]] + gap).sum())
            room = (
                self.project.settings.travel.trip_days * self.field - 2 * self.way[self.far].max()
            )
            week[far] = trip_weeks(week[far], count[account[far]], work, room)
        return account, week

    def days_of(self, week: int) -> int:
        """Working days of a week: the rep's year in days, a thirteenth of a quarter each."""
        if not np.isfinite(self.hours):
            return WORKWEEK
        quarter = self.hours * 60 / self.field * WEEKS / 52
        done = [np.floor(quarter * w / WEEKS + 1e-9) for w in (week, week + 1)]
        return int(min(WORKWEEK, done[1] - done[0]))

    def plan_week(self, week: int, start: date, due: Ints) -> list[Day]:
        """The days of a week; whoever finds no place waits."""
        for a in due.tolist():
            if a in self.waiting:
                self.lost[a] += 1  # due again before the last visit was made
            self.waiting.add(a)
        offered = self._offered(self.days_of(week))
        if not len(offered):
            return []
        asked = self._week(offered, self.days_of(week))
        late = self.deadline is not None and time.monotonic() > self.deadline
        found = tours(asked, seed=self.seed + week, rounds=HURRY if late else self.rounds)
        days: list[Day] = []
        for tour in found:
            parts = [offered[list(part)] for part in split(tour, asked)]
            for i, part in enumerate(parts):
                self.waiting -= set(part.tolist())
                slept = int(parts[i - 1][-1]) if i else None
                at = (week, len(days), start + timedelta(weeks=week, days=len(days)))
                days.append(self._day(at, part.tolist(), slept, i == len(parts) - 1))
        return days

    def left(self) -> dict[str, int]:
        """account_id → visits that found no day."""
        return {
            self.round.ids[a]: n for a, n in sorted((self.lost + Counter(self.waiting)).items())
        }

    def formula_hours(self, days: list[Day]) -> float:
        """Driving hours that the formula of ``metrics.travel`` gives for the planned visits."""
        where = {account: i for i, account in enumerate(self.round.ids)}
        made = np.array([where[s.account_id] for day in days for s in day.stops], dtype=np.int64)
        if not len(made):
            return 0.0
        unit, roads = self.round.unit[made], self.ground.roads
        base = np.full(len(made), self.round.base)
        way = roads.minutes(base, unit), roads.km(base, unit)
        gap = self.ground.gap_minutes[unit], self.ground.gap_km[unit]
        cost = leg(self.project.settings.travel, self.round.minutes[made], gap, way)
        return float(cost.minutes.sum()) / 60

    def _offered(self, days: int) -> Ints:
        """Who is looked at for a week: those worth most, somewhat more than there is time for."""
        waiting = np.array(sorted(self.waiting), dtype=np.int64)
        if not len(waiting) or days < 1:
            return waiting[:0]
        order = waiting[np.argsort(-self.round.worth[waiting], kind="stable")]
        before = np.cumsum(self.round.minutes[order]) - self.round.minutes[order]
        return np.sort(order[before < CROWD * days * self.field])

    def _week(self, who: Ints, days: int) -> Week:
        travel = self.project.settings.travel
        unit = np.concatenate([[self.round.base], self.round.unit[who]])
        at = np.concatenate([self.round.home[None], self.round.lonlat[who]])
        minutes, _ = self.ground.roads.between(unit[:, None], unit, at[:, None], at)
        np.fill_diagonal(minutes, 0.0)
        return Week(
            minutes=minutes,
            visit=self.round.minutes[who],
            worth=self.round.worth[who],
            far=self.far[who],
            days=days,
            field=self.field,
            trip_days=max(1, round(travel.trip_days)),
            night=travel.night_hours * 60,
        )

    def _day(
        self, at: tuple[int, int, date], calls: list[int], slept: int | None, last: bool
    ) -> Day:
        """The timetable of a day: from home or where the rep slept, and home if it is the last."""
        unit = [self._place(slept)[0]] + [int(self.round.unit[a]) for a in calls]
        points = [self._place(slept)[1]] + [self.round.lonlat[a] for a in calls]
        if last:
            unit.append(self.round.base)
            points.append(self.round.home)
        ends, where = np.array(unit), np.array(points)
        drive, km = self.ground.roads.between(ends[:-1], ends[1:], where[:-1], where[1:])
        now, stops = float(BEGIN), []
        for i, a in enumerate(calls):
            arrive = now + float(drive[i])
            now = arrive + float(self.round.minutes[a])
            lon, lat = (float(v) for v in self.round.lonlat[a])
            unit_id = str(self.project.units.ids[self.round.unit[a]])
            stops.append(
                Stop(self.round.ids[a], self.round.names[a], unit_id, lon, lat,
                     float(drive[i]), float(km[i]), arrive, now)
            )  # fmt: skip
        end = now + (float(drive[-1]) if last else 0.0)
        return Day(*at, tuple(stops), slept is None, last, float(drive.sum()), float(km.sum()), end)

    def _place(self, account: int | None) -> tuple[int, Floats]:
        """Unit and point of an account, or of the home."""
        if account is None:
            return self.round.base, self.round.home
        return int(self.round.unit[account]), self.round.lonlat[account]
