"""Figures by territory, by hand on a small history and from the raw files of the sample."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.intake import load_sample
from territory.intake.sample import sample_folder
from territory.metrics import Case
from territory.metrics.ledger import ledger_of
from territory.metrics.performance import performance, sold_by_period
from territory.metrics.scope import Scope, whole
from territory.metrics.seasons import (
    decompose,
    quarter_load,
    segment_sales,
    territory_seasons,
    worst_quarter,
)
from territory.model import Plan, Project, Sales, Team

SAMPLE, PLAN = load_sample()


def case_with(rows: list[tuple], columns: str = "account_id unit_id period amount") -> Case:
    """The sample with another history."""
    frame = pd.DataFrame(rows, columns=columns.split())
    return Case(PLAN, {}, 0.15, PLAN, replace(SAMPLE, sales=Sales(frame)))


def raw(name: str) -> list[dict[str, str]]:
    """Rows of a file of the sample, read without any code of ours."""
    with (sample_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_territory_by_hand_from_the_files() -> None:
    """R03's year: sales, growth, customers won and lost, attainment, hours, productivity."""
    mine = {row["unit_id"] for row in raw("alignment.csv") if row["territory_id"] == "R03"}
    by_year: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in raw("history.csv"):
        if row["unit_id"] in mine:
            by_year[row["period"][:4]][row["account_id"]] += int(row["amount"])
    buyers = {year: {a for a, amount in of.items() if amount > 0} for year, of in by_year.items()}
    hours = sum(float(r["workload_hours"]) for r in raw("accounts.csv") if r["unit_id"] in mine)
    rep = next(row for row in raw("team.csv") if row["rep_id"] == "R03")
    sold, before = sum(by_year["2025"].values()), sum(by_year["2024"].values())
    fresh = buyers["2025"] - buyers["2024"] - buyers["2023"]
    lost = buyers["2024"] - buyers["2025"]

    row = performance(Case(PLAN, {}, 0.15, PLAN, SAMPLE)).table.loc["R03"]
    assert row["sales"] == sold and row["sales_before"] == before
    assert row["growth"] == pytest.approx(sold / before - 1)
    assert (row["customers"], row["new_customers"]) == (len(buyers["2025"]), len(fresh))
    assert row["churn"] == pytest.approx(len(lost) / len(buyers["2024"]))
    assert row["attainment"] == pytest.approx(sold / float(rep["quota"]))
    assert row["sales_per_hour"] == pytest.approx(sold / hours)
    assert row["utilisation"] == pytest.approx(hours / float(rep["capacity_hours"]))


def test_attainment_compares_who_has_a_quota() -> None:
    """A rep without one adds neither a quota nor sales to the whole team's attainment."""
    quota = SAMPLE.team.frame["quota"].where(SAMPLE.team.frame.index != "R01")
    team = Team(SAMPLE.team.frame.assign(quota=quota))
    found = performance(Case(PLAN, {}, 0.15, PLAN, replace(SAMPLE, team=team)))
    asked = found.table[found.table["quota"] > 0]
    assert len(asked) == len(found.table) - 1
    expected = asked["sales"].sum() / asked["quota"].sum()
    assert found.total["attainment"] == pytest.approx(expected)
    assert found.total["sales"] == pytest.approx(found.table["sales"].sum())


def test_totals_are_sums() -> None:
    """All territories together are the raw file together, whatever the alignment."""
    found = performance(Case(PLAN, {}, 0.15, PLAN, SAMPLE))
    amounts = [int(r["amount"]) for r in raw("history.csv") if r["period"].startswith("2025")]
    assert found.total["sales"] == sum(amounts) and found.window.words == "2025"
    assert found.missing == {} and not found.table.isna().any().any()
    moved = PLAN.move(PLAN.units.ids[:300], "R01")
    again = performance(Case(moved, {}, 0.15, PLAN, SAMPLE))
    assert again.total["sales"] == found.total["sales"]
    assert again.table.at["R01", "sales"] > found.table.at["R01", "sales"]


def test_customers_who_come_and_go() -> None:
    """a stays, b is new, c left, d came back: not new, not lost."""
    unit = str(PLAN.units.ids[0])
    rows = [
        (who, unit, f"{year}Q{q}", 10)
        for who, years in {"a": (2023, 2024, 2025), "b": (2025,), "c": (2023, 2024)}.items()
        for year in years
        for q in (1, 2, 3, 4)
    ]
    rows += [("d", unit, "2023Q1", 10), ("d", unit, "2025Q4", 10), ("a", unit, "2025Q2", -3)]
    mine = performance(case_with(rows)).table.loc[PLAN.territory_ids[PLAN.alignment[0]]]
    assert (mine["customers"], mine["customers_before"]) == (3, 2)
    assert (mine["new_customers"], mine["lost_customers"]) == (1, 1)
    assert mine["churn"] == 0.5 and mine["acquisition"] == 0.5
    assert mine["sales"] == 10 * 9 - 3


def test_named_accounts_count_with_their_rep() -> None:
    """What a named account bought goes to its rep's territory, and the whole stays the same."""
    frame = SAMPLE.accounts.frame  # type: ignore[union-attr]
    big = str(frame["revenue"][frame["owner"] == "R05"].idxmax())
    named = replace(PLAN, named_accounts={big: "R20"})
    then = performance(Case(PLAN, {}, 0.15, PLAN, SAMPLE)).table["sales"]
    now = performance(Case(named, {}, 0.15, PLAN, SAMPLE)).table["sales"]
    moved = now - then
    assert moved["R20"] == frame.at[big, "revenue"] == -moved["R05"]
    assert moved.drop(["R05", "R20"]).abs().sum() == 0


def test_a_part_of_the_market() -> None:
    """Only A accounts, only some units, only two quarters; quotas are not for a part."""
    case = Case(PLAN, {}, 0.15, PLAN, SAMPLE)
    kind = SAMPLE.accounts.frame["segment"].to_numpy() == "A"  # type: ignore[union-attr]
    units = PLAN.units.attributes["state"].to_numpy() == "MA"
    everything = whole(case)
    scope = Scope(units, kind, everything.territories, True, ("2025Q1", "2025Q3"))
    found = performance(case, scope)
    history = SAMPLE.sales.frame  # type: ignore[union-attr]
    ids = set(SAMPLE.accounts.frame.index[kind])  # type: ignore[union-attr]
    inside = history["unit_id"].isin(PLAN.units.ids[units]) & history["account_id"].isin(ids)
    want = history["amount"][inside & history["period"].isin(scope.periods)].sum()
    assert found.total["sales"] == want and found.window.words == "2025Q1, 2025Q3"
    assert found.table["attainment"].isna().all() and "attainment" in found.missing
    only = replace(everything, territories=np.arange(PLAN.k) == 3)
    one = performance(case, only)
    assert one.total["sales"] == performance(case).table["sales"].iloc[3]


def test_a_quarter_owes_its_season_of_the_quota() -> None:
    """Q4's share of the quota is its factor over four; the whole year owes all of it."""
    case = Case(PLAN, {}, 0.15, PLAN, SAMPLE)
    quota = SAMPLE.team.frame["quota"].to_numpy()  # type: ignore[union-attr]
    year = performance(case)
    np.testing.assert_allclose(year.table["quota"], quota)
    assert year.total["sales_per_rep"] == pytest.approx(year.total["sales"] / 24)
    last = performance(case, replace(whole(case), periods=("2025Q4",)))
    seen = territory_seasons(case)
    assert seen is not None
    np.testing.assert_allclose(last.table["quota"], quota * seen[0].factors[:, 3] / 4)


def test_filtered_history() -> None:
    """Sales by period of a part: with buyers by account, without them only by place."""
    case = Case(PLAN, {}, 0.15, PLAN, SAMPLE)
    kind = SAMPLE.accounts.frame["segment"].to_numpy() == "B"  # type: ignore[union-attr]
    scope = replace(whole(case), accounts=kind, by_account=True)
    sold = sold_by_period(case, scope)
    history = SAMPLE.sales.frame  # type: ignore[union-attr]
    ids = SAMPLE.accounts.frame.index[kind]  # type: ignore[union-attr]
    assert sold is not None and sold.shape == (24, 12)
    assert sold.sum() == history["amount"][history["account_id"].isin(ids)].sum()
    by_unit = history.drop(columns="account_id")
    blind = replace(case, project=replace(SAMPLE, sales=Sales(by_unit)))
    assert sold_by_period(blind, scope) is None
    north = replace(whole(case), units=PLAN.units.attributes["state"].to_numpy() == "ME")
    np.testing.assert_allclose(sold_by_period(blind, north), sold_by_period(case, north))  # type: ignore[arg-type]


def test_without_accounts_in_the_history() -> None:
    """Sales by unit: no churn, and new customers where the file counts them."""
    rows = [(u, p, 100, 2) for u in PLAN.units.ids[:5] for p in ("2024Q1", "2025Q1")]
    found = performance(case_with(rows, "unit_id period amount new_customers"))
    assert found.total["new_customers"] == 10 and found.total["growth"] == 0
    assert "account_id" in found.missing["churn"] and np.isnan(found.total["churn"])
    plain = performance(case_with([r[:3] for r in rows], "unit_id period amount"))
    assert "account_id" in plain.missing["new_customers"]


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        ([], {"sales", "growth", "churn", "attainment"}),
        ([("a", "01001", "2025Q1", 5)], {"growth", "churn", "new_customers"}),
        ([("a", "01001", "2024", 0), ("a", "01001", "2025", 0)], set()),
        ([("a", "99999", "x", 5)], {"growth"}),
    ],
)
def test_poor_histories_say_what_is_missing(rows: list[tuple], lacks: set[str]) -> None:
    """Nothing, one quarter, zeros by year, no place and no time: words, and no infinity."""
    found = performance(case_with(rows))
    assert lacks <= set(found.missing)
    assert not np.isinf(found.table.to_numpy(float)).any()
    assert not np.isinf(found.total.to_numpy(float)).any()


def test_without_project_or_team() -> None:
    """A bare plan has a table of gaps and reasons; a rep without capacity only its own gap."""
    bare = performance(Case(PLAN))
    assert bare.table["sales"].isna().all() and {"sales", "attainment"} <= set(bare.missing)
    team = SAMPLE.team.frame.copy()  # type: ignore[union-attr]
    team.loc["R02", ["capacity_hours", "quota"]] = np.nan
    project = replace(SAMPLE, team=type(SAMPLE.team)(team))  # type: ignore[misc]
    row = performance(Case(PLAN, {}, 0.15, PLAN, project)).table
    assert np.isnan(row.at["R02", "attainment"]) and np.isfinite(row.at["R01", "attainment"])


def seasonal(growth: float, factors: tuple[float, ...], quarters: int = 12) -> np.ndarray:
    """Sales that are exactly trend × season."""
    t = np.arange(quarters)
    return (100 + growth * t) * np.array(factors)[t % 4]


def test_seasons_of_a_made_up_series() -> None:
    """Factors of a flat series are found exactly; with a trend nearly so."""
    calendar = ledger_of(PLAN.units, SAMPLE.sales).calendar  # type: ignore[arg-type]
    factors = (0.8, 1.0, 0.9, 1.3)
    flat = decompose(seasonal(0, factors)[None, :], calendar)
    np.testing.assert_allclose(flat.factors[0], factors, rtol=1e-12)
    np.testing.assert_allclose(flat.trend[0], 100)
    assert flat.method == "ratio" and flat.own.all() and flat.strength[0] == pytest.approx(1)
    steep = decompose(seasonal(4, factors)[None, :], calendar)
    np.testing.assert_allclose(steep.factors[0], factors, atol=0.02)
    assert (np.diff(steep.trend[0]) > 0).all()


def test_too_little_for_seasons_says_so() -> None:
    """One year: quarters over their mean, said so; three quarters, years, gaps: none."""
    rows = [("a", "01001", f"2025Q{q}", 10 * q) for q in (1, 2, 3, 4)]
    ledger = ledger_of(PLAN.units, case_with(rows).project.sales)  # type: ignore[union-attr,arg-type]
    one = decompose(ledger.by_unit.sum(axis=0, keepdims=True), ledger.calendar)
    assert one.method == "means" and "two full years" in one.note
    np.testing.assert_allclose(one.factors[0], [0.4, 0.8, 1.2, 1.6])
    for short in (rows[:3], [("a", "01001", "2025", 5)], [*rows, ("a", "01001", "2027Q1", 5)], []):
        case = case_with(short)
        ledger = ledger_of(PLAN.units, case.project.sales)  # type: ignore[union-attr,arg-type]
        none = decompose(ledger.by_unit.sum(axis=0, keepdims=True), ledger.calendar)
        assert not none.known and none.note and (none.factors == 1).all()
        assert quarter_load(case) is None and worst_quarter(case) is None


def test_the_plan_s_hardest_quarter() -> None:
    """Utilisation times season, by hand; the quarter in which most are beyond their hours."""
    case = Case(PLAN, {}, 0.15, PLAN, SAMPLE)
    load = quarter_load(case)
    assert load is not None
    used = performance(case).table["utilisation"]
    np.testing.assert_allclose(load.mean(axis=1), used)
    worst = worst_quarter(case)
    assert worst == ("Q4", int((load["Q4"] > 1).sum()), pytest.approx(load["Q4"].max()))
    assert worst[1] > (used > 1).sum()


def test_segments_sell_what_their_accounts_sold() -> None:
    """Industries add up to the whole; a column that is not there is no segment."""
    case = Case(PLAN, {}, 0.15, PLAN, SAMPLE)
    found = segment_sales(case, "industry")
    assert found is not None and len(found[0]) == 9
    assert found[1].sum() == SAMPLE.sales.frame["amount"].sum()  # type: ignore[union-attr]
    assert segment_sales(case, "colour") is None
    assert segment_sales(Case(Plan.blank(SAMPLE.units, 2)), "industry") is None
    assert isinstance(case.project, Project)
