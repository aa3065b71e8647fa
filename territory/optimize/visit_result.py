"""A rep's quarter on paper: days, calls, times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from territory.optimize.visit_weeks import WEEKS

__all__ = ["Day", "Stop", "VisitPlan", "clock"]


@dataclass(frozen=True)
class Stop:
    """One call: who, where, and when (minutes after midnight)."""

    account_id: str
    name: str
    unit_id: str
    lon: float
    lat: float
    drive: float
    km: float
    arrive: float
    leave: float


@dataclass(frozen=True)
class Day:
    """A day on the road.

    Parameters
    ----------
    week, weekday
        From 0; ``day`` is the date.
    stops
        In driving order.
    from_home, to_home
        False where the rep stays out the night before or after.
    drive, km
        Of the whole day, with the way home if it ends there.
    end
        When the rep is back, or stops for the night; minutes after midnight.
    """

    week: int
    weekday: int
    day: date
    stops: tuple[Stop, ...]
    from_home: bool
    to_home: bool
    drive: float
    km: float
    end: float


@dataclass(frozen=True, eq=False)
class VisitPlan:
    """A rep's quarter.

    Parameters
    ----------
    home
        Longitude and latitude that days begin and end at; ``home_known`` is False where it is the
        middle of the calls.
    days
        In order; days without calls are not there.
    due
        Visits that fall into the quarter.
    left
        account_id → visits that found no day.
    formula_hours
        Driving of the planned visits by the formula of ``metrics.travel``.
    notes
        What was missing, in words.
    """

    rep_id: str
    start: date
    home: tuple[float, float]
    home_known: bool
    days: tuple[Day, ...] = ()
    due: int = 0
    left: dict[str, int] = field(default_factory=dict)
    formula_hours: float = 0.0
    weeks_planned: int = WEEKS
    notes: tuple[str, ...] = ()

    @property
    def planned(self) -> int:
        """Visits that have a day."""
        return sum(len(day.stops) for day in self.days)

    @property
    def drive_hours(self) -> float:
        """Hours at the wheel."""
        return sum(day.drive for day in self.days) / 60

    @property
    def km(self) -> float:
        """Road kilometres."""
        return sum(day.km for day in self.days)

    @property
    def nights(self) -> int:
        """Nights away from home."""
        return sum(not day.to_home for day in self.days)

    @property
    def ratio(self) -> float:
        """Hours driven in this plan over those of the formula; NaN without visits."""
        return self.drive_hours / self.formula_hours if self.formula_hours > 0 else float("nan")

    def of_week(self, week: int) -> tuple[Day, ...]:
        """The days of a week, 0 … 12."""
        return tuple(day for day in self.days if day.week == week)

    def table(self) -> pd.DataFrame:
        """One row a call: date, week, order, account_id, name, unit_id, arrive, leave, …"""
        columns = (
            *("week", "date", "order", "account_id", "name", "unit_id", "arrive", "leave"),
            *("drive_minutes", "drive_km"),
        )
        rows = [
            {
                "week": day.week + 1,
                "date": day.day.isoformat(),
                "order": i,
                "account_id": stop.account_id,
                "name": stop.name,
                "unit_id": stop.unit_id,
                "arrive": clock(stop.arrive),
                "leave": clock(stop.leave),
                "drive_minutes": round(stop.drive, 1),
                "drive_km": round(stop.km, 1),
            }
            for day in self.days
            for i, stop in enumerate(day.stops, 1)
        ]
        # Plain objects: pandas' own text type refuses some characters that names may hold.
        cells = {c: pd.Series([row[c] for row in rows], dtype=object) for c in columns}
        numbers = {"week": int, "order": int, "drive_minutes": float, "drive_km": float}
        return pd.DataFrame(cells).astype(numbers)


def clock(minutes: float) -> str:
    """Minutes after midnight as "14:05"."""
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"
