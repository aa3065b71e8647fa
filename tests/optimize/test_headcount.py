"""How many territories: arithmetic that can be checked by hand, and a curve of real proposals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.model import Accounts, Team, Units
from territory.optimize import sizing
from territory.optimize.headcount import Effort, wanted
from tests.optimize.instances import board


def land(rows: int = 6, columns: int = 8, hours: float = 100.0) -> Units:
    """A board with the same work everywhere."""
    return board(rows, columns, workload_hours=np.full(rows * columns, hours))


def test_the_workload_over_the_capacity() -> None:
    """4,800 hours: three reps of 1,600; a little more takes a fourth; field share counts."""
    assert wanted(land(), 1600) == 3
    assert wanted(land(hours=100.1), 1600) == 4
    assert wanted(land(), 1600, effort=Effort(field_share=0.8)) == 4
    assert wanted(land(), 1e9) == 1
    assert wanted(land(1, 2), 1) == 2  # never more than units


def test_the_curve_without_visits() -> None:
    """Utilisation is exactly work over capacity; radius falls with the number."""
    result = sizing(land(), capacity=800, counts=[4, 6, 8], now=4)
    assert result.wanted == 6 and result.capacity == 800 and result.stopped_by == "done"
    assert [p.territories for p in result.points] == [4, 6, 8]
    for p in result.points:
        assert p.utilisation == pytest.approx(4800 / 800 / p.territories)
        assert p.hours == pytest.approx(4800) and p.travel_hours == 0
        assert p.mean_hours == pytest.approx(4800 / p.territories)
        assert p.busiest == pytest.approx(p.utilisation * (1 + p.max_deviation), rel=0.2)
        assert p.busiest >= p.utilisation
    radius = [p.radius_km for p in result.points]
    assert radius == sorted(radius, reverse=True)
    assert result.text() == (
        "The workload wants 6 territories of 800 hours a year: each is used to 100 % on average. "
        "That is 2 more than the 4 of today, which would be used to 150 %."
    )


def test_the_way_from_home_counts() -> None:
    """Tours out and back, worked out for one territory; it can take one rep more."""
    units = land(1, 3)
    accounts = Accounts(pd.DataFrame({"unit_id": ["a0", "a2"], "visits_per_year": [60.0, 60.0]}))
    effort = Effort(calls_per_day=6, speed_kmh=50, circuity=1.2)
    (point,) = sizing(units, capacity=300, accounts=accounts, effort=effort, counts=[1]).points
    away = np.hypot(*(units.xy[2] - units.xy[0])) / 2 / 1e3
    assert point.travel_hours == pytest.approx(20 * 2 * away * 1.2 / 50, rel=1e-3)
    assert point.utilisation == pytest.approx((300 + point.travel_hours) / 300)
    whole = sizing(units, capacity=300, accounts=accounts, effort=effort)
    assert whole.wanted == 2 and 2 in [p.territories for p in whole.points]


def test_the_team_says_capacity_and_number() -> None:
    """Its mean capacity, its size as of today; the numbers tried lie around the wanted one."""
    team = Team(pd.DataFrame({"capacity_hours": [500.0, 700.0, np.nan]}, index=list("PQR")))
    result = sizing(land(), team=team, effort=Effort(field_share=0.5), tolerance=0.3)
    assert result.capacity == 300 and result.wanted == 16 and result.now == 3
    tried = [p.territories for p in result.points]
    assert 3 in tried and 16 in tried and max(tried) >= 20
    assert "13 more than the 3 of today" in result.text()


def test_cancelling_keeps_the_first_numbers() -> None:
    """The advice stands by the workload alone."""
    seen: list[str] = []
    result = sizing(
        land(), capacity=400, cancel=lambda: True, progress=lambda p: seen.append(p.message)
    )
    assert result.stopped_by == "cancelled" and result.wanted == 12
    assert seen == ["Trying numbers of territories"] and 1 <= len(result.points) < 9


def test_what_cannot_be_sized_is_said() -> None:
    """No workload, no capacity, hours below nothing."""
    with pytest.raises(InputError, match="no measure 'workload_hours'"):
        sizing(board(2, 2), capacity=100)
    for hours in (0.0, -1.0):
        with pytest.raises(InputError, match="no hours of work"):
            wanted(land(hours=hours), 100)
    for capacity in (0, -5, float("nan")):
        with pytest.raises(InputError, match="is no capacity"):
            wanted(land(), capacity)
    with pytest.raises(InputError, match="is no capacity"):
        sizing(land())
