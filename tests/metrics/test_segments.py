"""Segments, classes and filters, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory import metrics as m
from territory.metrics.labels import as_labels, bands, fit_for_labels, words
from territory.metrics.people import coverage_by_territory
from territory.metrics.segment_table import account_segments, scope_of, unit_segments
from territory.metrics.segments import account_kinds, account_labels, classes, unit_kinds
from territory.metrics.segments import unit_labels as labels_of_units
from territory.model import Accounts, Filters, Market, Plan, Project, Sales, Settings, Team
from tests.conftest import chessboard


def accounts(**columns: object) -> Accounts:
    """Four accounts, one in each unit of a row of four."""
    frame = pd.DataFrame({"unit_id": ["00", "01", "02", "03"], **columns})
    return Accounts(frame.set_axis(list("wxyz"), axis=0))


def case(table: Accounts | None = None, sales: Sales | None = None, **columns: object) -> m.Case:
    """Two territories of two units; reps with 10 hours each."""
    units = chessboard(1, 4, **columns)
    team = Team(pd.DataFrame({"capacity_hours": [10.0, 10.0]}, index=["A", "B"]))
    plan = Plan.from_alignment(units, dict(zip(units.ids, "AABB", strict=True)), team)
    return m.Case(plan, project=Project("p", units, team, table, sales))


def named(found: object) -> list[str]:
    """Each row's label."""
    names = (*found.names, "?")  # type: ignore[attr-defined]
    return [names[code] for code in found.codes]  # type: ignore[attr-defined]


def test_classes_by_share_of_potential() -> None:
    """80 of 100 are A; the one that crosses the border still is; nothing is C."""
    table = accounts(potential=[50.0, 29.0, 16.0, 5.0], revenue=[0.0, 0, 1, 99])
    assert named(classes(table, Market())) == ["A", "A", "A", "C"]
    assert named(classes(table, Market(class_a=0.5, class_b=0.9))) == ["A", "B", "B", "C"]
    assert named(classes(table, Market(class_by="revenue"))) == ["C", "C", "C", "A"]
    assert classes(accounts(), Market()).names == ()


def test_new_business_is_of_the_latest_year() -> None:
    """By customer_since; else by the first sale of a history that names accounts."""
    status = ["customer", "customer", "prospect", "customer"]
    table = accounts(status=status, customer_since=["2019", "2025-03-01", "", ""])
    expected = ["existing business", "new business", "prospect", "existing business"]
    assert named(account_labels(case(table), "business")) == expected
    rows = [("w", "2024Q4"), ("w", "2025Q1"), ("x", "2025Q1"), ("z", "2024Q2")]
    frame = pd.DataFrame(rows, columns=["account_id", "period"]).assign(unit_id="00", amount=1.0)
    found = account_labels(case(accounts(status=status), Sales(frame)), "business")
    assert named(found) == expected
    turned = frame.assign(period=frame["period"].str[4:] + " " + frame["period"].str[:4])
    found = account_labels(case(accounts(status=status), Sales(turned)), "business")
    assert named(found) == expected
    assert "business" not in account_kinds(case(accounts(status=status)))


def test_bands_hold_as_many_rows_each() -> None:
    """Quarters; repeated values make fewer bands; gaps are not known."""
    eight = bands(pd.Series(np.arange(8.0)), "x", Settings())
    assert np.bincount(eight.codes).tolist() == [2, 2, 2, 2]
    few = bands(pd.Series([0.0, 0, 0, 0, 9, np.nan]), "x", Settings())
    assert named(few)[-1] == "?" and len(few.names) <= 2
    assert named(bands(pd.Series([3.0, 3.0]), "x", Settings())) == ["all the same"] * 2
    assert bands(pd.Series([np.nan]), "x", Settings()).names == ()
    assert bands(pd.Series([0.1, 0.2, 0.3, 0.4]), "pct_old", Settings()).names[0] == "under 18 %"


def test_text_is_sorted_and_empty_text_is_not_known() -> None:
    """Codes follow the names with the gap taken out."""
    assert named(words(pd.Series(["b", "", None, " a "]))) == ["b", "?", "?", "a"]


def test_account_segments_by_hand() -> None:
    """Potential, sales, won and coverage of an industry; both reps have half the hours."""
    table = accounts(
        industry=["Farm", "Farm", "Bank", ""],
        status=["customer", "prospect", "customer", "customer"],
        potential=[10.0, 20, 30, 40],
        revenue=[5.0, 0, 15, 10],
    )
    found = account_segments(case(table, workload_hours=[10.0, 10, 0, 5]), "industry")
    assert found is not None
    assert found.index.tolist() == ["Bank", "Farm", "not known"]
    farm = found.loc["Farm"]
    assert (farm["accounts"], farm["customers"], farm["prospects"]) == (2, 1, 1)
    assert (farm["potential"], farm["sales"], farm["white_space"]) == (30, 5, 25)
    assert farm["won"] == 0.5 and farm["penetration"] == pytest.approx(1 / 6)
    assert farm["share"] == pytest.approx(0.3)
    assert found["coverage"].tolist() == pytest.approx([1, 0.5, 1])


def test_a_vacant_territory_reaches_nobody() -> None:
    """Its accounts count as not reached, and leave the others' figures as they are."""
    table = accounts(industry=["Farm", "Farm", "Bank", "Farm"])
    seen = case(table, workload_hours=[10.0, 10, 5, 0])
    owned = seen.plan.territories.assign(rep_id=["A", ""])
    empty = m.Case(replace(seen.plan, territories=owned), project=seen.project)
    assert coverage_by_territory(empty).tolist() == pytest.approx([0.5, 0])
    found = account_segments(empty, "industry")
    assert found is not None
    assert found["coverage"].to_dict() == pytest.approx({"Bank": 0.0, "Farm": 1 / 3})


def test_unknown_hours_leave_the_rest_known() -> None:
    """A rep without a capacity: the mean is over the accounts of the others."""
    table = accounts(industry=["Farm", "Farm", "Bank", "Farm"])
    seen = case(table, workload_hours=[10.0, 10, 5, 0])
    team = Team(seen.project.team.frame.assign(capacity_hours=[10.0, np.nan]))
    half = m.Case(seen.plan, project=replace(seen.project, team=team))
    found = account_segments(half, "industry")
    assert found is not None
    assert found.loc["Farm", "coverage"] == 0.5 and np.isnan(found.loc["Bank", "coverage"])
    units = unit_segments(half, "workload_hours")
    assert units is not None and units["coverage"].dropna().tolist() == [0.5]


def test_unit_segments_by_hand() -> None:
    """Urbanicity by density where no column tells: 92 km² a unit."""
    people = [1000.0, 2000.0, 60_000.0, 900_000.0]
    found = unit_segments(case(population=people, potential=[1.0, 2, 3, 4]), "urbanicity")
    assert found is not None
    assert found["units"].to_dict() == {"rural": 2, "towns and suburbs": 1, "city": 1}
    assert found["potential"].tolist() == [3, 3, 4]
    assert unit_segments(case(), "urbanicity") is None


def test_any_column_the_user_brings_divides() -> None:
    """Words and numbers of accounts and units; names and ids do not."""
    table = accounts(name=list("abcd"), mood=["up", "down", "up", "up"], nps=[1.0, 5, 7, 9])
    here = case(table, culture=["x", "x", "y", "y"], alike=["z"] * 4)
    assert {"mood", "nps"} <= set(account_kinds(here)) and "name" not in account_kinds(here)
    assert "culture" in unit_kinds(here) and "alike" not in unit_kinds(here)
    assert named(labels_of_units(here, "culture")) == ["x", "x", "y", "y"]


def test_numbers_that_were_read_as_text_are_numbers() -> None:
    """Tables keep columns they do not know as text; codes with leading zeros stay words."""
    many = pd.Series([f"{v}.5" for v in range(100)] + [""])
    assert len(as_labels(many, "nps", Settings()).names) == 4
    codes = pd.Series(["01", "02", "01"])
    assert as_labels(codes, "region", Settings()).names == ("01", "02")
    assert not fit_for_labels(pd.Series([f"name {v}" for v in range(100)]))


def test_filters_narrow_the_market() -> None:
    """Units by what they are, territories by id, accounts by what they are."""
    table = accounts(industry=["Farm", "Bank", "Farm", "Bank"], potential=[1.0, 2, 3, 4],
                     revenue=[1.0, 1, 1, 1])  # fmt: skip
    here = case(table, potential=[10.0, 20, 30, 40], kind=["in", "in", "in", "out"])
    inner = scope_of(here, Filters(units={"kind": ("in",)}))
    assert m.market_table(here, inner)["potential"].tolist() == [30, 30]
    one = scope_of(here, Filters(units={"kind": ("in",)}, territories=("B",)))
    assert m.market_table(here, one)["potential"].to_dict() == {"B": 30}
    assert m.market_units(here, one).index.tolist() == ["02"]
    farms = scope_of(here, Filters(accounts={"industry": ("Farm",)}))
    assert farms.by_account and m.market_table(here, farms)["potential"].tolist() == [1, 3]
    both = scope_of(here, Filters(accounts={"industry": ("Bank",)}, units={"kind": ("in",)}))
    assert m.market_table(here, both)["potential"].tolist() == [2, 0]


def test_filters_of_another_project_keep_nothing_out() -> None:
    """Unknown columns, values, territories and periods are left alone."""
    odd = Filters({"no": ("x",), "industry": ("?",)}, {"no": ("x",)}, ("1999",), ("Z",))
    for here in (case(accounts(industry=["a", "b", "a", "b"])), case()):
        left = scope_of(here, odd)
        assert left.units.all() and left.accounts.all() and left.territories.all()
        assert not left.by_account and left.periods == ()


def test_periods_are_taken_to_a_year() -> None:
    """Sales of two quarters, times two."""
    rows = [("2025Q1", 10.0), ("2025Q2", 20.0), ("2025Q3", 30.0), ("2025Q4", 40.0)]
    frame = pd.DataFrame(rows, columns=["period", "amount"]).assign(unit_id="00")
    here = case(sales=Sales(frame), potential=[300.0, 1, 1, 1])
    two = scope_of(here, Filters(periods=("2025Q1", "2025Q2")))
    assert m.market_table(here, two)["sales"].tolist() == [60, 0]
    assert m.market_table(here)["sales"].tolist() == [100, 0]


def test_choices_of_filters() -> None:
    """Values of a kind come and go; nothing chosen is no filter."""
    none = Filters()
    some = none.choose("accounts", "industry", ["Farm"]).choose("territories", "", ["A"])
    assert not none and some
    assert some.chosen() == [("accounts", "industry", ("Farm",)), ("territories", "", ("A",))]
    assert not some.choose("accounts", "industry", []).choose("territories", "", [])
    assert none.choose("units", "kind", ["in"]).units == {"kind": ("in",)}
    assert none.choose("periods", "", ["2025"]).periods == ("2025",)
