"""Quotas add up to the goal to the cent, follow the policy, and say what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.advise.quota_year import QuotaYear
from territory.advise.quotas import company_goal, former, planned, quotas, with_quotas
from territory.errors import PlanError
from territory.intake import load_sample
from territory.metrics import Case
from territory.metrics.quota_test import attainment_correlation, fairness, quota_fairness
from territory.metrics.seasons import QUARTERS, territory_seasons, yearly_sales
from territory.model import Plan, Project, QuotaPolicy, Sales, Team

SAMPLE, PLAN = load_sample()
CASE = Case(PLAN, {}, 0.15, PLAN, SAMPLE)
GOAL = 44_000_000.01


def cents(values: pd.Series) -> int:
    """Money as whole cents; every amount must be one."""
    exact = np.round(values.to_numpy(float) * 100)
    np.testing.assert_allclose(values.to_numpy(float) * 100, exact, atol=1e-3)
    return int(exact.sum())


def with_team(**columns: dict[str, object]) -> Project:
    """The sample with some cells of its team changed: column=rep → value."""
    frame = SAMPLE.team.frame.copy()  # type: ignore[union-attr]
    for column, values in columns.items():
        for rep, value in values.items():
            frame.loc[rep, column] = value
    return replace(SAMPLE, team=Team(frame))


@settings(max_examples=40, deadline=None)
@given(
    goal=st.floats(0, 1e9).map(lambda x: round(x, 2)),
    way=st.sampled_from(["top-down", "bottom-up", "mix"]),
    weight=st.floats(0, 1),
    floor=st.floats(0, 1),
    cap=st.floats(1.5, 5),
    rounding=st.sampled_from([0, 1, 100, 1000]),
)
def test_sums_are_exact(
    goal: float, way: str, weight: float, floor: float, cap: float, rounding: float
) -> None:
    """Quotas add up to the goal, and each one's quarters to the quota, to the cent."""
    policy = QuotaPolicy(way, weight, 0.05, floor, cap, rounding)  # type: ignore[arg-type]
    table = quotas(CASE, policy, goal).table
    assert cents(table["quota"]) == round(goal * 100)
    assert (table["quota"] >= 0).all()
    quarters = (table[list(QUARTERS)] * 100).round().sum(axis=1)
    assert (quarters == (table["quota"] * 100).round()).all()


def test_top_down_by_hand() -> None:
    """Half by potential, half by last year's sales."""
    table = quotas(CASE, QuotaPolicy(rounding=0), GOAL).table
    potential, sold = CASE.totals("potential"), yearly_sales(CASE)
    assert sold is not None
    want = GOAL * (0.5 * potential / potential.sum() + 0.5 * sold / sold.sum())
    np.testing.assert_allclose(table["quota"], want, atol=0.011)
    only = quotas(CASE, QuotaPolicy(potential_weight=1, rounding=0), GOAL)
    assert fairness(CASE, only.table["quota"]).spread < 1e-6
    below = quotas(CASE, QuotaPolicy(way="bottom-up", rounding=0), GOAL)
    np.testing.assert_allclose(below.table["quota"], GOAL * sold / sold.sum(), atol=0.011)
    assert "expected to bring" in below.notes[0]


def test_floor_cap_and_round_numbers() -> None:
    """Nobody under half the mean nor above twice it; thousands but for the odd cent."""
    table = quotas(CASE, QuotaPolicy(floor=0.5, cap=2), GOAL).table
    mean = GOAL / 24
    assert table["quota"].min() >= 0.5 * mean - 1 and table["quota"].max() <= 2 * mean + 1_000
    assert (np.round(table["quota"] * 100) % 100_000 != 0).sum() == 1


def test_quotas_set_by_hand_stay() -> None:
    """The others share what is left; too much by hand is refused with the numbers."""
    fixed = {"R01": 3_000_000.0, "R05": 1_234_567.89}
    table = quotas(CASE, QuotaPolicy(), GOAL, fixed).table
    assert table.loc[list(fixed), "quota"].to_dict() == fixed
    assert cents(table["quota"]) == round(GOAL * 100)
    with pytest.raises(PlanError, match="set by hand add up to 50,000,000"):
        quotas(CASE, QuotaPolicy(), GOAL, {"R01": 5e7})
    few = quotas(CASE, QuotaPolicy(), 0.03).table["quota"]
    assert cents(few) == 3  # three cents among 24
    every = dict.fromkeys(PLAN.territory_ids, 1.0)
    with pytest.raises(PlanError, match="nobody's"):
        quotas(CASE, QuotaPolicy(), GOAL, every)
    with pytest.raises(PlanError, match="no amount"):
        quotas(CASE, QuotaPolicy(), GOAL, {"R01": -5.0})


def test_bounds_that_can_t_be_met_are_named() -> None:
    """A cap below the mean says what cap would do; a floor above a cap; numbers out of range."""
    with pytest.raises(PlanError, match="Raise the cap to 100% or more"):
        quotas(CASE, QuotaPolicy(cap=0.9), GOAL)
    with pytest.raises(PlanError, match="above the cap"):
        quotas(CASE, QuotaPolicy(floor=0.9, cap=0.5), GOAL)
    with pytest.raises(PlanError, match="floor must be between 0 and 1"):
        QuotaPolicy(floor=1.5)
    with pytest.raises(PlanError, match="no day"):
        quotas(CASE, QuotaPolicy(effective="soon"), GOAL)


def test_who_comes_late_is_asked_for_less() -> None:
    """From 1 July: about half, nothing in the first two quarters, and the sum still holds."""
    project = with_team(start_date={"R04": "2026-07-01"}, end_date={"R06": "2026-03-31"})
    case = replace(CASE, project=project)
    found = quotas(case, QuotaPolicy(rounding=0), GOAL)
    full = quotas(case, QuotaPolicy(rounding=0, prorate=False), GOAL).table
    late, left = found.table.loc["R04"], found.table.loc["R06"]
    assert late["Q1"] == late["Q2"] == 0 and 0 < late["Q3"] < late["Q4"]
    assert left["Q1"] > 0 and left["Q2"] == pytest.approx(0, abs=left["quota"] * 0.01)
    assert 0.25 < late["present"] < 0.5 and late["quota"] < 0.55 * full.at["R04", "quota"]
    assert cents(found.table["quota"]) == round(GOAL * 100)
    assert "not there in full in the year after 2025-12-31: 2." in " ".join(found.notes)


def test_a_year_that_begins_in_spring() -> None:
    """The history ends in March: who begins in January is there for the first quarter only."""
    history = SAMPLE.sales.frame  # type: ignore[union-attr]
    until = history[history["period"] <= "2025Q1"]
    project = replace(with_team(start_date={"R04": "2026-01-01"}), sales=Sales(until))
    case = replace(CASE, project=project)
    row = quotas(case, QuotaPolicy(rounding=0), GOAL).table.loc["R04"]
    assert row["Q2"] == row["Q3"] == row["Q4"] == 0 < row["Q1"] == row["quota"]
    ahead = planned(case)
    assert ahead is not None and list(ahead.columns) == ["2025Q2", "2025Q3", "2025Q4", "2026Q1"]
    assert ahead.loc["R04", "2025Q3"] == 0 < ahead.loc["R04", "2026Q1"]
    np.testing.assert_allclose(ahead.sum(axis=1), project.team.frame["quota"])  # type: ignore[union-attr]


def test_quarters_follow_the_season() -> None:
    """Each quarter is its share of the territory's season."""
    seen = territory_seasons(CASE)
    assert seen is not None
    table = quotas(CASE, QuotaPolicy(rounding=0), GOAL).table
    share = table[list(QUARTERS)].div(table["quota"], axis=0)
    np.testing.assert_allclose(share, seen[0].factors / 4, atol=1e-6)


def test_a_dated_move_counts_from_its_day() -> None:
    """Half of R01's ground goes away in mid-year: its quota lies between both, near the middle."""
    away = PLAN.units.ids[PLAN.alignment == 0][:50]
    moved = PLAN.move(away, "R02")
    case = replace(CASE, plan=moved)
    policy = QuotaPolicy(rounding=0)
    before = quotas(CASE, policy, GOAL).table.at["R01", "quota"]
    after = quotas(case, policy, GOAL).table.at["R01", "quota"]
    dated = quotas(case, replace(policy, effective="2026-07-01"), GOAL)
    middle = dated.table.at["R01", "quota"]
    assert after < middle < before and 0.4 < (before - middle) / (before - after) < 0.6
    assert cents(dated.table["quota"]) == round(GOAL * 100)


def test_a_plan_that_holds_from_the_first_day_is_not_dated() -> None:
    """The year begins the day after the history ends: from then on the baseline counts nothing."""
    policy = QuotaPolicy()
    year = QuotaYear(CASE, policy)
    season = year.factors.mean(axis=0)
    assert year.share_from("2026-01-01") == 1.0 and year.share_from("2027-01-01") == 0.0
    assert year.share_from("2026-07-01") == pytest.approx(season[2:].sum() / season.sum())
    assert year.share_from("2020-01-01") == 1.0


def test_where_the_goal_is_from() -> None:
    """As set, else last year grown, else today's quotas, else none; always in words."""
    set_so = replace(SAMPLE, settings=replace(SAMPLE.settings, goal=5e7))
    assert company_goal(replace(CASE, project=set_so), QuotaPolicy()).amount == 5e7
    grown = company_goal(CASE, QuotaPolicy(growth=0.1))
    assert grown.amount == pytest.approx(1.1 * SAMPLE.units.values("sales").sum())
    assert grown.source == "last year's sales and 10 % growth"
    measured = company_goal(replace(CASE, project=replace(SAMPLE, sales=None)), QuotaPolicy())
    assert measured.amount == pytest.approx(1.05 * SAMPLE.units.values("sales").sum())
    nobody = Case(Plan.blank(SAMPLE.units, 2), project=SAMPLE)
    assert company_goal(nobody, QuotaPolicy()).amount == 0


def test_without_data_everybody_gets_the_same() -> None:
    """No potential, no sales, no team: equal parts, said so; and no team to give them to."""
    units = SAMPLE.units.take(np.arange(6))
    units = replace(units, attributes=units.attributes[["city"]])
    plan = Plan.blank(units, 3).with_alignment(np.array([0, 0, 1, 1, 2, -1]))
    case = Case(plan, {}, 0.15, None, Project("p", units))
    found = quotas(case, QuotaPolicy(rounding=0), 100.0)
    assert sorted(found.table["quota"]) == [33.33, 33.33, 33.34]
    assert "all get the same" in found.notes[0]
    assert company_goal(case, QuotaPolicy()).amount == 0
    with pytest.raises(PlanError, match="no team"):
        with_quotas(Project("p", units), found)
    assert "No quotas yet" in quota_fairness(fairness(case))
    assert np.isnan(attainment_correlation(case))


def test_using_them_changes_the_team_and_keeps_the_former() -> None:
    """The saved project has the new quotas, and the old ones beside them."""
    found = quotas(CASE, QuotaPolicy(), GOAL)
    team = with_quotas(SAMPLE, found).team
    assert team is not None and SAMPLE.team is not None
    assert team.frame["quota"].to_dict() == found.table["quota"].to_dict()
    assert (team.frame["quota_before"] == SAMPLE.team.frame["quota"]).all()
    assert former(SAMPLE) is None
    back = former(replace(SAMPLE, team=team))
    assert back is not None and back.team is not None
    assert (back.team.frame["quota"] == SAMPLE.team.frame["quota"]).all()


def test_fairness_by_hand() -> None:
    """Correlation and its interval against SciPy's; alike quotas are told apart from chance."""
    from scipy.stats import pearsonr

    found = fairness(CASE)
    known = pearsonr(found.table["potential"], found.table["attainment"])
    interval = known.confidence_interval(0.95)
    assert found.correlation == pytest.approx(known.statistic)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-6)
    assert found.linked and "larger territories" in quota_fairness(found)
    ratio = CASE.totals("potential") / SAMPLE.team.frame["quota"].to_numpy()  # type: ignore[union-attr]
    assert found.spread == pytest.approx(ratio.std() / ratio.mean())
    few = replace(CASE, project=replace(SAMPLE, sales=Sales(SAMPLE.sales.frame[:0])))  # type: ignore[union-attr]
    assert np.isfinite(fairness(few).spread)
