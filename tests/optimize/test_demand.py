"""Plans re-scored under other demand: the figures that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.model import Accounts, Plan, Sales
from territory.optimize import robustness
from tests.optimize.instances import board, cells


def row(*potential: float, owners: str = "AB", **given: object) -> Plan:
    """A row of units, each with its territory."""
    units = board(1, len(owners), list(potential) or None)
    owner = dict(zip(units.ids, owners, strict=True))
    return Plan.from_alignment(units, owner, **given)


def sales(**amounts: list[float]) -> Sales:
    """Amounts of each unit, one a period; the periods are 2024Q1 … unless there are other names."""
    names = [f"{2024 + i // 4}Q{i % 4 + 1}" for i in range(12)]
    rows = [(u, p, a) for u, many in amounts.items() for p, a in zip(names, many, strict=False)]
    return Sales(pd.DataFrame(rows, columns=["unit_id", "period", "amount"]))


def test_without_noise_a_plan_stays_what_it_is() -> None:
    """A spread of 0: within the tolerance always, or never."""
    plan = row(11.0, 9.0)
    for tolerance, chance in ((0.1, 1.0), (0.09, 0.0)):
        result = robustness(plan, tolerance=tolerance, spread=0.0, draws=50)
        assert result.chance == chance
        assert result.worst == pytest.approx((0.1, 0.1, 0.1))
        for column in ("now", "low", "high"):
            assert result.territories[column].tolist() == pytest.approx([0.1, -0.1])


def test_the_past_is_drawn_anew() -> None:
    """Two units at 60 or 40 % of sales, each by itself: even in half of the draws."""
    past = sales(a0=[6, 4, 6, 4], a1=[4, 6, 4, 6])
    result = robustness(row(), sales=past, tolerance=0.05, draws=4000)
    assert result.source == "history" and result.spread == 0.0
    assert result.chance == pytest.approx(0.5, abs=0.03)
    assert result.territories["low"].tolist() == pytest.approx([-0.2, -0.2])
    assert result.territories["high"].tolist() == pytest.approx([0.2, 0.2])
    assert result.seasons is None
    assert "drawn anew from the sales of the past" in result.text()


def test_growth_and_common_seasons_are_no_noise() -> None:
    """Shares that never change leave a plan as it is, however much sales swing."""
    swing = np.array([1, 2, 5, 3, 10, 20, 50, 30])
    result = robustness(row(), sales=sales(a0=list(3 * swing), a1=list(2 * swing)), draws=200)
    assert result.chance == 1.0
    assert result.worst == pytest.approx((0, 0, 0), abs=1e-12)
    assert result.seasons is not None
    assert np.abs(result.seasons.to_numpy()).max() == pytest.approx(0, abs=1e-12)


def test_a_season_that_shifts_demand_is_seen() -> None:
    """A unit with all its sales in summer is too large in summer and too small else."""
    past = sales(a0=[0, 0, 8, 0] * 2, a1=[2, 2, 2, 2] * 2)
    seasons = robustness(row(), sales=past, draws=10).seasons
    assert seasons is not None
    assert seasons.index.tolist() == ["Q1", "Q2", "Q3", "Q4"]
    # In a summer a0 has 80 % of sales, where its year is 50 %; a1 20 % instead of 50 %.
    assert seasons.loc["Q3"].tolist() == pytest.approx([0.6, -0.6])
    assert seasons.loc["Q1"].tolist() == pytest.approx([-1.0, 1.0])


def test_large_seasons_weigh_more() -> None:
    """Nine tenths of sales come in Q2, where a0 has 70 or 30 %; in Q1 always half."""
    past = sales(a0=[5, 63, 0, 0, 5, 27], a1=[5, 27, 0, 0, 5, 63])
    result = robustness(row(), sales=past, draws=500).territories
    # At best 0.1 · 50 % + 0.9 · 70 % of the year instead of 50 %, while the other has the rest.
    assert result["high"].tolist() == pytest.approx([0.36, 0.36])


def test_a_short_past_is_not_used() -> None:
    """Two periods, or sales elsewhere, say nothing; months and single years are understood."""
    for past in (sales(a0=[1, 2], a1=[2, 1]), sales(zz=[1, 2, 3, 4])):
        assert robustness(row(), sales=past, draws=5).source == "assumed"
    one_year = robustness(row(), sales=sales(a0=[1, 2, 3, 4], a1=[4, 3, 2, 1]), draws=5)
    assert one_year.source == "history" and one_year.seasons is None
    months = [f"20{y}-{m:02d}" for y in (24, 25) for m in (1, 2)]
    frame = pd.DataFrame({"unit_id": "a0", "period": months, "amount": [1.0, 2.0, 3.0, 4.0]})
    other = frame.assign(unit_id="a1", amount=2.0)
    result = robustness(row(), sales=Sales(pd.concat([frame, other])), draws=5)
    assert result.seasons is not None and result.seasons.index.tolist() == ["01", "02"]


def test_a_unit_without_a_past_borrows_one() -> None:
    """Its territory varies like the others, not by nothing."""
    past = sales(a0=[6, 4, 6, 4], a1=[4, 6, 4, 6])
    plan = row(owners="AAB")
    spread = robustness(plan, sales=past, draws=300).territories
    assert spread.loc["B", "high"] - spread.loc["B", "low"] > 0.1


def test_assumed_noise_has_its_size() -> None:
    """One unit of four varies by 25 %: the deviations of a big region spread accordingly."""
    plan = row(*np.ones(400), owners="A" * 4 + "B" * 396)
    plan = Plan(plan.units, plan.territories.assign(target=[0.01, 0.99]), plan.alignment)
    low, high = robustness(plan, draws=4000).territories.loc["A", ["low", "high"]]
    # Four units of 25 % each: 12.5 %; 90 % lie within ±1.645 standard deviations.
    assert (high - low) / 2 == pytest.approx(1.645 * 0.125, rel=0.06)
    assert "assumed ±25 %" in robustness(plan, draws=5).text()


def test_many_accounts_vary_less_than_one() -> None:
    """A hundred accounts of a unit even each other out."""
    plan = row()
    table = pd.DataFrame({"unit_id": ["a0"] * 100 + ["a1"], "potential": [1.0] * 100 + [100.0]})
    result = robustness(plan, accounts=Accounts(table), draws=3000).territories
    width = (result["high"] - result["low"]).to_numpy()
    plain = robustness(plan, draws=3000).territories
    assert width[0] < 0.8 * (plain["high"] - plain["low"]).iloc[0]


def test_named_accounts_stay_with_their_rep() -> None:
    """Now is what the metrics say, also where accounts are named to another rep."""
    plan = row(10.0, 10.0)
    reps = plan.territories.assign(rep_id=["R1", "R2"])
    plan = Plan(plan.units, reps, plan.alignment, named_accounts={"x": "R2"})
    table = pd.DataFrame({"unit_id": ["a0"], "potential": [4.0]}, index=["x"])
    result = robustness(plan, accounts=Accounts(table), draws=5)
    assert result.territories["now"].tolist() == pytest.approx([-0.4, 0.4])


def test_the_same_seed_gives_the_same_figures() -> None:
    """Another seed others; area does not vary with demand."""
    units = cells(60, 3)
    plan = Plan.blank(units, 4).with_alignment(np.arange(60) % 4)
    both = {"potential": 1.0, "area_km2": 2.0}
    first, again = (robustness(plan, measures=both, draws=100, seed=4) for _ in range(2))
    assert first.territories.equals(again.territories) and first.main == "potential"
    assert not robustness(plan, measures=both, draws=100).territories.equals(first.territories)
    steady = robustness(plan, measures={"area_km2": 1.0}, draws=20)
    assert (steady.territories["low"] == steady.territories["high"]).all()


def test_what_makes_no_sense_is_said() -> None:
    """No draws, a spread that is none, no territories."""
    for given in ({"draws": 0}, {"spread": -1.0}, {"seed": -1}):
        with pytest.raises(InputError, match="make no sense"):
            robustness(row(), **given)
    with pytest.raises(InputError, match="no territories"):
        robustness(Plan.blank(board(1, 2), 0))
