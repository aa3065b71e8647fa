"""Who has what now and before, which accounts change hands, and when the plan begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from territory.advise.handed import default_start, when
from territory.metrics.customers import key_accounts
from territory.model import Plan, Sales, Settings
from tests.advise.handover import handed


def test_accounts_are_gained_and_given():
    """What Ann gives is what Bo gains; what stays is neither."""
    case = handed()
    assert (
        set(case.given("R1").index)
        == set(case.gained("R2").index)
        == {"A1", "A2", "A3", "A7", "A8"}
    )
    assert not len(case.gained("R3")) and not len(case.given("R3"))
    assert list(case.mine("R1").index) == ["A0"]


def test_key_accounts_come_first_then_worth():
    """Segment A leads, each group by the larger of revenue and potential."""
    assert list(handed().mine("R2").index) == ["A4", "A1", "A7", "A6", "A2", "A3", "A8"]


def test_the_users_priority_marks_key_accounts():
    """What was answered on the first page counts before segment A."""
    case = handed(settings=Settings(priority_kind="industry", priority=("Retail",)))
    assert set(case.accounts.index[case.accounts["key"]]) == {"A0", "A1", "A3"}


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(asked=True),
        Settings(asked=True, priority_kind="industry", priority=("Retail",)),
        Settings(priority_kind="status", priority=("customer",)),
        Settings(asked=True, priority_kind="gone", priority=("x",)),
    ],
)
def test_the_handover_and_the_advisor_mean_the_same_key_accounts(settings):
    """Whatever was answered, or not yet."""
    case = handed(settings=settings)
    ids = case.project.accounts.frame.index[key_accounts(case.case)]
    assert set(case.accounts.index[case.accounts["key"]]) == set(ids)


def test_a_named_account_stays_with_its_rep():
    """An account named to Ann is not handed over with the unit it lies in."""
    case = handed()
    named = {"A1": "R1"}
    plan, base = (replace(p, named_accounts=named) for p in (case.plan, case.case.baseline))
    case = handed(plan=plan, baseline=base)
    assert "A1" not in case.gained("R2").index and "A1" in case.mine("R1").index


def test_names_that_two_share_carry_the_id():
    """Two reps of one name are told apart in every document."""
    case = handed()
    team = replace(
        case.project.team, frame=case.project.team.frame.assign(name=["Kim", "Kim", "Cy"])
    )
    case = handed(team=team)
    assert [case.name(o) for o in case.owners] == ["Kim (R1)", "Kim (R2)", "Cy"]


def test_without_a_team_territories_are_owners():
    """Nobody has a name, so a territory stands for itself."""
    case = handed(team=None)
    plan = Plan.from_alignment(case.plan.units, case.plan.to_mapping())
    case = handed(team=None, plan=plan, baseline=plan)
    assert case.owners == ("R1", "R2", "R3") and not case.is_rep("R1")


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("2025Q4", date(2026, 1, 1)),
        ("2025-Q3", date(2025, 10, 1)),
        ("2025-11", date(2026, 1, 1)),
        ("Nov 2025", date(2026, 1, 1)),
        ("2025", date(2026, 1, 1)),
    ],
)
def test_start_is_the_quarter_after_the_last_sales(period, first):
    """The default start comes from the data, never from the clock."""
    sales = Sales(pd.DataFrame({"unit_id": ["00"], "period": [period], "amount": [1.0]}))
    assert default_start(handed(sales=sales).project) == first


def test_no_history_no_start():
    """Without sales, or with periods that say nothing, nobody invents a day."""
    assert default_start(handed(sales=None).project) is None
    sales = Sales(pd.DataFrame({"unit_id": ["00"], "period": ["last"], "amount": [1.0]}))
    assert default_start(handed(sales=sales).project) is None
    assert when(None, 14) == "14 days after the start"
