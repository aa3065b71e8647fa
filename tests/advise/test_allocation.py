"""An amount is shared out to the cent, within bounds, in round numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.advise.allocation import filled, in_cents, rounded
from territory.errors import PlanError

WEIGHTS = st.lists(st.floats(0, 1e9), min_size=1, max_size=40)
GOAL = st.floats(0, 1e9).map(lambda x: in_cents(round(x, 2)))
STEP = st.sampled_from([1, 100, 10_000, 100_000])


@settings(max_examples=150, deadline=None)
@given(WEIGHTS, GOAL, STEP, st.floats(0, 1), st.floats(1, 5))
def test_sums_are_exact_and_bounds_hold(
    weights: list[float], goal: int, step: int, floor: float, cap: float
) -> None:
    """Whatever the weights: the sum is the goal, nobody owes less than nothing."""
    k = len(weights)
    low, high = np.full(k, goal / k * floor), np.full(k, goal / k * cap)
    shares = filled(np.array(weights), goal, low, high)
    assert shares.sum() == pytest.approx(goal, rel=1e-9, abs=0.01)
    assert (shares >= low - 1e-6).all() and (shares <= high + 1e-6 * max(goal, 1)).all()
    out = rounded(shares, goal, step, low, high)
    assert out.dtype == np.int64 and out.sum() == goal
    assert (out >= 0).all()
    assert (out % step != 0).sum() <= 1


@settings(max_examples=100, deadline=None)
@given(WEIGHTS, GOAL, STEP)
def test_without_bounds_nobody_is_a_step_off(weights: list[float], goal: int, step: int) -> None:
    """Largest remainder; only the largest share also takes what is less than a step."""
    k = len(weights)
    shares = filled(np.array(weights), goal, np.zeros(k), np.full(k, np.inf))
    off = np.abs(rounded(shares, goal, step) - shares)
    assert np.sort(off)[:-1].max(initial=0) < step + 0.02
    assert off.max() < 2 * step + 0.02


def test_water_filling_by_hand() -> None:
    """1:2:7 of 100 with at least 20 and at most 50: 20, 30, 50."""
    out = filled(np.array([1.0, 2.0, 7.0]), 100, np.full(3, 20.0), np.full(3, 50.0))
    assert out == pytest.approx([20, 30, 50])
    out = filled(np.array([0.0, 0.0, 7.0]), 100, np.zeros(3), np.full(3, 50.0))
    assert out == pytest.approx([25, 25, 50])


def test_rounding_by_hand() -> None:
    """Thirds of 1,000.01 in steps of 100: the odd cent goes to the largest."""
    out = rounded(np.full(3, 100_001 / 3), 100_001, 10_000)
    assert out.tolist() == [40_001, 30_000, 30_000]
    # A floor between two steps is kept by going up, not down.
    low = np.array([15_000.0, 0.0])
    assert rounded(np.array([15_000.0, 85_000.0]), 100_000, 10_000, low).tolist() == [
        20_000,
        80_000,
    ]


def test_bounds_that_leave_no_way_are_refused() -> None:
    """Floors above the whole, caps below it, a floor above its cap; amounts that are none."""
    for low, high in ((60.0, 90.0), (0.0, 40.0), (50.0, 49.0)):
        with pytest.raises(PlanError):
            filled(np.ones(2), 100, np.full(2, low), np.full(2, high))
    for wrong in (-1.0, float("nan"), float("inf"), 1e14):
        with pytest.raises(PlanError, match="no amount"):
            in_cents(wrong)
