"""Check-ins as a calendar that every mail program opens (RFC 5545)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from territory.advise.checkins import CheckIn, checkins
from territory.advise.handed import Handed
from territory.export.legible import fit

__all__ = ["ics_bytes"]

BEGINS = time(9, 0)
"""Of the day, wherever the reader is: floating time, which RFC 5545 allows for just that."""


def ics_bytes(handed: Handed, owner: str = "") -> bytes:
    """The check-ins of everybody, or of one owner, with their agendas.

    The same plan and start give the same bytes: ids and stamps come from them, not from a clock,
    so that a calendar that was imported before is updated and not doubled.

    Raises
    ------
    PlanError
        Without a start date.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Territory Workbench//Check-ins//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", fit(f"Territories: {handed.project.name}"))
    for check in checkins(handed):
        if not owner or not check.who or owner in check.who:
            calendar.add_component(_event(handed, check))
    return calendar.to_ical()


def _event(handed: Handed, check: CheckIn):  # type: ignore[no-untyped-def]
    from icalendar import Event

    event = Event()
    digest = hashlib.sha256(f"{handed.project.name}\0{check.key}".encode("utf-8", "replace"))
    begins = datetime.combine(check.day, BEGINS)
    assert handed.start is not None
    event.add("uid", f"{digest.hexdigest()[:32]}@territory-workbench")
    event.add("dtstamp", datetime.combine(handed.start, time(0), UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=check.minutes))
    event.add("summary", fit(check.title))
    people = ", ".join(handed.name(who) for who in check.who)
    agenda = "\n".join(f"- {point}" for point in check.agenda)
    event.add("description", fit((f"With: {people}\n" if people else "") + agenda))
    return event
