"""Periods of a sales history as a calendar: quarters or years, whatever people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd

__all__ = ["Calendar", "Window", "calendar_of", "last_day", "parsed", "window"]

Kind = Literal["year", "quarter", "month"]

YEAR = re.compile(r"^(?:FY)?\s*((?:19|20)\d\d)(?:\.0)?$", re.IGNORECASE)
QUARTER = (
    re.compile(r"^(?:FY)?\s*(?P<y>(?:19|20)\d\d)\W*(?:Q|T)\W*(?P<q>[1-4])$", re.IGNORECASE),
    re.compile(r"^(?:Q|T)\W*(?P<q>[1-4])\W*(?:FY)?\W*(?P<y>(?:19|20)?\d\d)$", re.IGNORECASE),
    re.compile(r"^(?P<q>[1-4])\W*Q\W*(?P<y>(?:19|20)?\d\d)$", re.IGNORECASE),
)
MONTH = (
    re.compile(r"^(?P<y>(?:19|20)\d\d)\W?M?(?P<m>0?[1-9]|1[0-2])$", re.IGNORECASE),
    re.compile(r"^(?P<m>0?[1-9]|1[0-2])\W(?P<y>(?:19|20)\d\d)$"),
)
DAY = re.compile(r"^\d{4}-\d\d-\d\d")
FULL_YEAR = re.compile(r"(?:19|20)\d\d")
FEW = 3
"""Examples that a note names."""
REACH = 40
"""Quarters or years before and after the middle of a history that can belong to it."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """The periods of a history, oldest first and without gaps.

    ``kind`` is "quarter" or "year", or "" where the labels say no time that could be read: then
    they stand in the order of the alphabet. ``place`` is label → position, -1 where its sales are
    left out; ``empty`` (p,) says of each period whether no label names it; ``notes`` say in words
    what was left out and why.
    """

    kind: Literal["quarter", "year", ""]
    labels: tuple[str, ...]
    place: Mapping[str, int]
    empty: tuple[bool, ...]
    notes: tuple[str, ...] = ()

    @property
    def a_year(self) -> int:
        """Periods in a year; 0 where that is not known."""
        return {"quarter": 4, "year": 1, "": 0}[self.kind]

    @property
    def seasons(self) -> tuple[int, ...]:
        """(p,) the quarter of the year of each period, 0 to 3; only for quarters."""
        return tuple(int(label[-1]) - 1 for label in self.labels)


@dataclass(frozen=True)
class Window:
    """Which periods are "now" and which are "before", as positions, and both in words."""

    now: tuple[int, ...]
    before: tuple[int, ...]
    words: str
    words_before: str = ""


def parsed(label: str) -> tuple[Kind, int] | None:
    """What a label says: a year, or the count of quarters or months since the year 0."""
    text = label.strip()
    if found := YEAR.match(text):
        return "year", int(found[1])
    for pattern in QUARTER:
        if found := pattern.match(text):
            return "quarter", 4 * _year(found["y"]) + int(found["q"]) - 1
    for pattern in MONTH:
        if found := pattern.match(text):
            return "month", 12 * int(found["y"]) + int(found["m"]) - 1
    if not FULL_YEAR.search(text):
        return None
    try:
        day = pd.Timestamp(text)
    except ValueError:
        return None
    return "month", 12 * day.year + day.month - 1


def last_day(label: str) -> date | None:
    """The last day of a period: 2025, 2025Q4, Nov 2025, 2025-11-30; None where it says no time."""
    text = label.strip()
    found = parsed(text)
    if found is None:
        return None
    if DAY.match(text):
        return pd.Timestamp(text[:10]).date()
    kind, count = found
    months = {"year": 12 * (count + 1), "quarter": 3 * (count + 1), "month": count + 1}[kind]
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def calendar_of(labels: Iterable[str]) -> Calendar:
    """The calendar of all labels that a history uses.

    Months and days are added up to quarters. Where there are quarters, yearly figures beside them
    are left out, since they would count twice; so are quarters at either end of which months are
    missing.
    """
    raw = sorted({str(label) for label in labels})
    read = {label: parsed(label) for label in raw}
    unread = [label for label in raw if read[label] is None]
    notes = []
    if unread and len(unread) < len(raw):
        notes.append(f"{_named(unread)} could not be read as a time and is left out.")
    known = {label: found for label, found in read.items() if found is not None}
    if not known:
        return Calendar("", tuple(raw), {r: i for i, r in enumerate(raw)}, (False,) * len(raw))
    fine = {label: found for label, found in known.items() if found[0] != "year"}
    if not fine:
        yearly = _together({label: n for label, (_, n) in known.items()}, notes)
        return _laid_out("year", yearly, raw, notes)
    years = [label for label in known if label not in fine]
    if years:
        notes.append(f"{_named(years)}: yearly figures beside quarters are left out.")
    found = {label: n if kind == "quarter" else n // 3 for label, (kind, n) in fine.items()}
    quarters = _together(found, notes)
    for quarter in _partial(fine, quarters):
        quarters = {label: n for label, n in quarters.items() if n != quarter}
        notes.append(f"{_quarter(quarter)} is left out: not all of its months are there.")
    return _laid_out("quarter", quarters, raw, notes)


def _together(numbers: Mapping[str, int], notes: list[str]) -> dict[str, int]:
    """Without what lies so far from the rest that it must be a slip, such as the year 1925."""
    middle = sorted(numbers.values())[len(numbers) // 2]
    stray = [label for label, n in numbers.items() if abs(n - middle) > REACH]
    if stray:
        notes.append(f"{_named(stray)} lies far from all other periods and is left out.")
    return {label: n for label, n in numbers.items() if label not in stray}


def _partial(fine: Mapping[str, tuple[Kind, int]], quarters: Mapping[str, int]) -> list[int]:
    """The first and the last quarter where they are made of months and some are missing."""
    out = []
    for edge in sorted({min(quarters.values()), max(quarters.values())}):
        inside = [fine[label] for label, n in quarters.items() if n == edge]
        months = {n for kind, n in inside if kind == "month"}
        if months and len(months) < 3 and len(set(quarters.values())) > 1:
            out += [edge] if all(kind == "month" for kind, _ in inside) else []
    return out


def _laid_out(
    kind: Literal["quarter", "year"], numbers: Mapping[str, int], raw: list[str], notes: list[str]
) -> Calendar:
    first, last = min(numbers.values()), max(numbers.values())
    name = _quarter if kind == "quarter" else str
    labels = tuple(name(n) for n in range(first, last + 1))
    empty = tuple(n not in set(numbers.values()) for n in range(first, last + 1))
    gaps = [label for label, nothing in zip(labels, empty, strict=True) if nothing]
    if gaps:
        notes.append(f"There is nothing for {_named(gaps)}: read as missing, not as no sales.")
    place = {label: numbers[label] - first if label in numbers else -1 for label in raw}
    return Calendar(kind, labels, place, empty, tuple(notes))


def _quarter(number: int) -> str:
    return f"{number // 4}Q{number % 4 + 1}"


def _named(labels: list[str]) -> str:
    """The first few of some labels."""
    return ", ".join(labels[:FEW]) + (f" and {len(labels) - FEW} more" if len(labels) > FEW else "")


def window(calendar: Calendar, periods: Iterable[str] = ()) -> Window:
    """The latest year and the same part of the year before; or the periods that are named.

    With less than two years the latest periods that have one a year earlier are compared with
    those, so that a season is never held against another. ``before`` is empty where nothing can
    be compared.

    Parameters
    ----------
    periods
        Labels as the history has them, or as the calendar writes them; unknown ones are ignored.
    """
    year, labels = calendar.a_year, calendar.labels
    at = {calendar.place.get(p, labels.index(p) if p in labels else -1) for p in periods} - {-1}
    latest = range(max(0, len(labels) - max(year, 1)), len(labels))
    now = tuple(sorted(at)) or tuple(latest)
    before = tuple(i - year for i in now) if year else ()
    if any(i < 0 or calendar.empty[i] for i in before):
        both = [i for i in now if year and i >= year and not calendar.empty[i - year]]
        if at or not both:  # what was asked for is never cut short
            return Window(now, (), _span(calendar, now))
        now, before = tuple(both), tuple(i - year for i in both)
    return Window(now, before, _span(calendar, now), _span(calendar, before) if before else "")


def _span(calendar: Calendar, at: tuple[int, ...]) -> str:
    """Periods in words: "2025", "2025Q3", "2024Q3 to 2025Q2"."""
    if not at:
        return ""
    names = [calendar.labels[i] for i in at]
    if calendar.kind == "quarter" and len(at) == 4 and {n[:4] for n in names} == {names[0][:4]}:
        return names[0][:4]
    whole = at[-1] - at[0] == len(at) - 1
    return names[0] if len(at) == 1 else f"{names[0]} to {names[-1]}" if whole else ", ".join(names)
