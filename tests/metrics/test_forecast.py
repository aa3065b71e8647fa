"""Forecasts are tried on the past, and say how wrong they were."""

from __future__ import annotations

import numpy as np
import pytest

from territory.metrics.calendar import calendar_of
from territory.metrics.forecast import METHODS, forecast

CALENDAR = calendar_of([f"{y}Q{q}" for y in (2023, 2024, 2025) for q in (1, 2, 3, 4)])
SEASON = np.array([0.8, 1.0, 0.9, 1.3])
T = np.arange(12)


def test_a_pure_season_is_continued_without_error() -> None:
    """The same year three times: the next is the same, and both methods know it."""
    found = forecast(100 * SEASON[T % 4], CALENDAR)
    np.testing.assert_allclose(found.middle, 100 * SEASON, rtol=1e-6)
    assert found.labels == ("2026Q1", "2026Q2", "2026Q3", "2026Q4")
    assert found.error == pytest.approx(0, abs=1e-6) and found.tests == 4 + 3 + 2 + 1
    np.testing.assert_allclose(found.low, found.middle, rtol=1e-6)


def test_growth_is_followed_by_the_damped_trend() -> None:
    """With steady growth a year ago is too low; the better method is named, both are told."""
    values = (100 + 5 * T) * SEASON[T % 4]
    found = forecast(values, CALENDAR)
    assert found.method == "damped trend" and found.errors is not None
    assert found.errors["damped trend"] < found.errors["as a year ago"]
    assert found.middle.sum() > values[-4:].sum()
    assert (found.low < found.middle).all() and (found.middle < found.high).all()


def test_back_test_errors_by_hand() -> None:
    """As a year ago: |a year ago − actual| over actual, on the quarters both methods can do."""
    values = np.array([80, 100, 90, 130, 88, 110, 99, 143, 97, 121, 109, 157], float)
    pairs = [
        (values[o + h - 4], values[o + h]) for o in range(8, 12) for h in range(min(4, 12 - o))
    ]
    said, came = np.array(pairs).T
    found = forecast(values, CALENDAR)
    assert found.errors is not None
    assert found.errors["as a year ago"] == pytest.approx(np.abs(said - came).sum() / came.sum())


def test_too_little_to_go_by() -> None:
    """A year: last year again without an interval; less, gaps, years, zeros: words instead."""
    four = calendar_of([f"2025Q{q}" for q in (1, 2, 3, 4)])
    found = forecast(np.array([1.0, 2, 3, 4]), four)
    assert found.middle.tolist() == [1, 2, 3, 4] and np.isnan(found.low).all()
    assert "Too short" in found.note and found.tests == 0
    for values, labels in (
        ([1.0, 2.0], ["2025Q1", "2025Q2"]),
        ([1.0, 2.0], ["2024", "2025"]),
        ([1.0, 0, 0, 0, 1], ["2024Q1", "2025Q1"]),
        ([0.0] * 12, list(CALENDAR.labels)),
        ([1.0, 2.0], ["a", "b"]),
    ):
        none = forecast(np.array(values), calendar_of(labels))
        assert none.note and not len(none.middle) and none.method == ""
    six = calendar_of(CALENDAR.labels[:6])
    assert forecast(np.array([5.0, 6, 7, 8, 6, 7]), six).tests == 2 + 1
    assert set(METHODS) == {"as a year ago", "damped trend"}


def test_a_forecast_without_an_interval_says_why() -> None:
    """One quarter tried on the past has an error, but says nothing of its spread."""
    labels = [f"{2023 + i // 4}Q{i % 4 + 1}" for i in range(5)]
    found = forecast(np.arange(1.0, 6.0), calendar_of(labels))
    assert found.tests == 1 and np.isfinite(found.error)
    assert np.isnan(found.low).all() and "for an interval" in found.note
