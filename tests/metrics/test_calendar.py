"""Periods of a history are read whatever they are called; what can't be read is said."""

from __future__ import annotations

import pytest

from territory.metrics.calendar import calendar_of, parsed, window

YEARS = [f"{y}Q{q}" for y in (2023, 2024, 2025) for q in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "label", ["2025Q4", "2025-Q4", "Q4 2025", "Q4/25", "4Q25", "FY2025 Q4", "2025 q4"]
)
def test_quarters_by_any_name(label: str) -> None:
    """All of these are the fourth quarter of 2025."""
    assert parsed(label) == ("quarter", 4 * 2025 + 3)


@pytest.mark.parametrize(
    "label", ["2025-11", "2025/11", "202511", "11/2025", "Nov 2025", "2025-11-30", "2025M11"]
)
def test_months_by_any_name(label: str) -> None:
    """All of these are in November 2025."""
    assert parsed(label) == ("month", 12 * 2025 + 10)


def test_what_is_no_time() -> None:
    """Words, a thirteenth month, today; a year is a year."""
    assert [parsed(label) for label in ("total", "13/2025", "now", "", "P1", "2025Q5")] == [
        None
    ] * 6
    assert parsed("2025") == parsed("FY2025") == ("year", 2025)


def test_months_make_quarters_and_half_ones_are_left_out() -> None:
    """January to April: one quarter, and a month that is not yet one."""
    found = calendar_of(["2025-01", "2025-02", "2025-03", "2025-04"])
    assert found.labels == ("2025Q1",) and found.place["2025-04"] == -1
    assert found.notes == ("2025Q2 is left out: not all of its months are there.",)


def test_mixed_formats() -> None:
    """Years beside quarters would count twice; a gap is no zero; a slip of a century is none."""
    found = calendar_of(["2023Q1", "Q2 2023", "2023Q4", "2023", "total", "1923Q1"])
    assert found.labels == ("2023Q1", "2023Q2", "2023Q3", "2023Q4")
    assert found.empty == (False, False, True, False)
    assert found.place["Q2 2023"] == 1 and found.place["2023"] == found.place["total"] == -1
    assert len(found.notes) == 4 and "2023Q3" in found.notes[-1]
    assert calendar_of(["2024", "2025"]).kind == "year"
    assert calendar_of(["b", "a"]).labels == ("a", "b") and calendar_of(["a"]).a_year == 0
    assert calendar_of([]).labels == ()


def test_windows_compare_like_with_like() -> None:
    """A year with the year before; with six quarters the two that have one a year earlier."""
    full = window(calendar_of(YEARS))
    assert (full.words, full.words_before) == ("2025", "2024")
    assert full.now == (8, 9, 10, 11) and full.before == (4, 5, 6, 7)
    short = window(calendar_of(YEARS[:6]))
    assert short.now == (4, 5) and short.before == (0, 1)
    assert window(calendar_of(YEARS[:4])).before == ()
    asked = window(calendar_of(YEARS), ["2024Q1", "2024Q3", "2031Q1"])
    assert asked.now == (4, 6) and asked.before == (0, 2) and asked.words == "2024Q1, 2024Q3"
    assert window(calendar_of(YEARS), ["2023Q2"]).before == ()
    never_cut = window(calendar_of(YEARS), ["2023Q2", "2024Q2"])
    assert never_cut.now == (1, 5) and never_cut.before == ()
    assert window(calendar_of([])).now == ()
