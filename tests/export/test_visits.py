"""A visit plan as files: what a spreadsheet and a calendar make of it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import pytest
from icalendar import Calendar

from territory.export.visits import visits_csv, visits_ics
from territory.model import Plan, Project
from territory.optimize.visit_result import VisitPlan
from territory.optimize.visits import visit_plan


@pytest.fixture(scope="module")
def visits(sample: tuple[Project, Plan]) -> VisitPlan:
    """A quarter of a rep with few accounts."""
    return visit_plan(*sample, "R10", rounds=30)


def test_the_table_has_every_call(visits: VisitPlan) -> None:
    """As many rows as visits, in order, with leading zeros kept."""
    rows = list(csv.DictReader(io.StringIO(visits_csv(visits).decode("utf-8-sig"))))
    assert len(rows) == visits.planned
    assert rows[0]["date"] == visits.days[0].day.isoformat()
    assert all(len(row["unit_id"]) == 5 for row in rows)


def test_a_calendar_program_reads_the_week(visits: VisitPlan) -> None:
    """One event a call with the right times; the same plan gives the same bytes."""
    raw = visits_ics(visits, 0)
    assert raw == visits_ics(visits, 0)
    events = Calendar.from_ical(raw).walk("VEVENT")
    first = visits.of_week(0)[0].stops[0]
    assert len(events) == sum(len(day.stops) for day in visits.of_week(0))
    begins = events[0].decoded("dtstart")
    assert begins == datetime(2026, 1, 5).replace(
        hour=round(first.arrive) // 60, minute=round(first.arrive) % 60
    )
    assert str(events[0]["summary"]) == f"1. {first.name}"
    assert len({str(e["uid"]) for e in events}) == len(events)


def test_hostile_names_stay_text(visits: VisitPlan) -> None:
    """A formula, a line break that would begin a property, a control character."""
    name = "=1+1\r\nATTENDEE:mailto:x@y\x00\ud800"
    day = visits.days[0]
    stop = replace(day.stops[0], name=name)
    nasty = replace(visits, days=(replace(day, stops=(stop,)),))
    (event,) = Calendar.from_ical(visits_ics(nasty)).walk("VEVENT")
    assert "ATTENDEE" not in event and str(event["summary"]).startswith("1. =1+1")
    cell = next(csv.DictReader(io.StringIO(visits_csv(nasty).decode("utf-8-sig"))))["name"]
    assert cell.startswith("'=1+1")
