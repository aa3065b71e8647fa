"""A visit plan to take along: the quarter as CSV, weeks as a calendar (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from territory.export.text import table_csv
from territory.optimize.visit_result import Day, Stop, VisitPlan

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["visits_csv", "visits_ics"]


def visits_csv(visits: VisitPlan) -> bytes:
    """Every call of the quarter, one row each; safe to open in a spreadsheet."""
    return table_csv(visits.table())


def visits_ics(visits: VisitPlan, week: int | None = None) -> bytes:
    """The calls of a week (0 … 12), or of all, as a calendar that every mail program opens.

    Times are floating, as RFC 5545 allows: they mean the clock where the rep is. Ids and stamps
    come from the plan, so that the same plan gives the same bytes and is updated, not doubled.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Territory Workbench//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _fit(f"Visits {visits.rep_id}"))
    for day, number, stop in _calls(visits.days if week is None else visits.of_week(week)):
        calendar.add_component(_event(visits, day, number, stop))
    return bytes(calendar.to_ical())


def _calls(days: Iterable[Day]) -> Iterable[tuple[Day, int, Stop]]:
    return ((day, i, stop) for day in days for i, stop in enumerate(day.stops, 1))


def _event(visits: VisitPlan, day: Day, number: int, stop: Stop) -> Event:
    from icalendar import Event

    event = Event()
    key = f"{visits.rep_id}\0{stop.account_id}\0{day.day.isoformat()}"
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    event.add("uid", f"{digest[:32]}@territory-workbench")
    event.add("dtstamp", datetime.combine(visits.start, time(0), UTC))
    event.add("dtstart", _moment(day.day, stop.arrive))
    event.add("dtend", _moment(day.day, stop.leave))
    event.add("summary", _fit(f"{number}. {stop.name}"))
    event.add("location", _fit(stop.unit_id))
    drive = f"{stop.drive:.0f} minutes on the road before"
    event.add("description", _fit(f"{stop.account_id}: {drive}"))
    event.add("geo", (round(stop.lat, 5), round(stop.lon, 5)))
    return event


def _moment(day: date, minutes: float) -> datetime:
    return datetime.combine(day, time(0)) + timedelta(minutes=round(minutes))


def _fit(text: str) -> str:
    """Text without control characters and lone surrogates, which no calendar can hold."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return kept.encode("utf-8", "replace").decode()
