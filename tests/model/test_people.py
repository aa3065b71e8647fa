"""Team, accounts, sales, named accounts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.errors import PlanError
from territory.model import (
    Accounts,
    Plan,
    Project,
    Sales,
    Team,
    Units,
    account_reps,
    lock_accounts,
    named_offset,
    unlock_accounts,
)


def team(**columns: list[object]) -> Team:
    """Two reps."""
    return Team(pd.DataFrame(columns, index=["R1", "R2"]))


def test_missing_columns_are_filled_with_unknown() -> None:
    """A team of ids alone is a team; capacity is None unless everybody has one."""
    alone = Team(pd.DataFrame(index=["R1", "R2"]))
    assert alone.name("R1") == "R1" and alone.capacities is None
    assert team(capacity_hours=[100.0, np.nan]).capacities is None
    assert team(capacity_hours=[100.0, 50.0]).capacities.tolist() == [100, 50]


def test_homes_by_id_then_by_place(board: Units) -> None:
    """A home ZIP wins; coordinates find the unit they lie in; the ocean is nowhere."""
    people = Team(
        pd.DataFrame(
            {
                "home_zip": ["05", "", "", "77777"],
                "home_lat": [np.nan, 42.25, 10.0, np.nan],
                "home_lon": [np.nan, -71.65, -40.0, np.nan],
            },
            index=["by id", "by place", "ocean", "unknown"],
        )
    )
    assert people.homes(board).tolist() == [5, 11, -1, -1]


def test_a_doubled_rep_is_refused() -> None:
    """Two reps with one id contradict each other."""
    with pytest.raises(PlanError, match="R1"):
        Team(pd.DataFrame({"name": ["a", "b"]}, index=["R1", "R1"]))


def test_accounts_add_up_by_unit(board: Units) -> None:
    """Units without accounts have zero, unknown amounts count as nothing."""
    accounts = Accounts(
        pd.DataFrame(
            {"unit_id": ["00", "00", "03"], "revenue": [10.0, 5.0, np.nan]}, index=["a", "b", "c"]
        )
    )
    table = accounts.per_unit(board)
    assert table.loc["00", ["accounts", "revenue"]].tolist() == [2, 15]
    assert table.loc["03", "revenue"] == 0 and table.loc["05", "accounts"] == 0


def test_named_accounts_follow_their_rep(halves: Plan) -> None:
    """An account in the East named to West's rep counts for West, and the sum stays."""
    owned = halves.territories.assign(rep_id=["E", "W"])
    accounts = Accounts(
        pd.DataFrame({"unit_id": ["03", "00"], "potential": [4.0, 1.0]}, index=["far", "near"])
    )
    plan = replace(halves, territories=owned, named_accounts={"far": "W", "near": "W"})
    assert named_offset(plan, accounts, "potential").tolist() == [-4.0, 4.0]
    assert named_offset(plan, accounts, "accounts").tolist() == [-1.0, 1.0]
    assert named_offset(plan, accounts, "units").tolist() == [0.0, 0.0]


def test_sales_know_their_periods() -> None:
    """Periods come oldest first; a missing column is named."""
    frame = pd.DataFrame(
        {"unit_id": ["00", "00"], "period": ["2024Q2", "2023Q4"], "amount": [1, 2]}
    )
    assert Sales(frame).periods == ("2023Q4", "2024Q2")
    with pytest.raises(PlanError, match="amount"):
        Sales(frame.drop(columns="amount"))


def test_a_named_account_stays_put_in_any_territory_of_its_rep(board: Units) -> None:
    """Where a rep owns two territories, only accounts outside both go to the first."""
    plan = Plan.blank(board, 3, rep_ids=["W", "W", "E"]).with_alignment(np.arange(12) // 4)
    accounts = Accounts(
        pd.DataFrame({"unit_id": ["05", "11"], "potential": [4.0, 1.0]}, index=["home", "away"])
    )
    plan = replace(plan, named_accounts={"home": "W", "away": "W"})
    assert named_offset(plan, accounts, "potential").tolist() == [1.0, 0.0, -1.0]


def test_a_locked_account_keeps_its_rep_while_its_unit_moves(halves: Plan) -> None:
    """Locking names it to the rep who has it; unlocking lets it go with its unit again."""
    owned = replace(halves, territories=halves.territories.assign(rep_id=["E", "W"]))
    accounts = Accounts(
        pd.DataFrame({"unit_id": ["03", "00"], "potential": [4.0, 1.0]}, index=["east", "west"])
    )
    locked = lock_accounts(owned, accounts, ["east"])
    assert locked.locks.accounts == {"east"} and dict(locked.named_accounts) == {"east": "E"}
    moved = locked.move(["03"], "West")
    assert account_reps(moved, accounts).tolist() == ["E", "W"]
    assert named_offset(moved, accounts, "potential").tolist() == [4.0, -4.0]
    assert lock_accounts(moved, accounts, ["east"]) is moved
    free = unlock_accounts(moved, ["east", "west"])
    assert account_reps(free, accounts).tolist() == ["W", "W"]
    assert not free.locks and not free.named_accounts
    assert unlock_accounts(free, ["east"]) is free


def test_an_account_that_nobody_has_can_not_be_kept(halves: Plan) -> None:
    """No rep in its territory, unassigned, or not there at all: said, and nothing changes."""
    accounts = Accounts(pd.DataFrame({"unit_id": ["03", "99"]}, index=["east", "lost"]))
    for ids in (["east"], ["lost"], ["east", "lost"]):
        with pytest.raises(PlanError, match="No rep has these accounts"):
            lock_accounts(halves, accounts, ids)
    with pytest.raises(PlanError, match="no account 'who'"):
        lock_accounts(halves, accounts, ["who"])
    owned = replace(halves, territories=halves.territories.assign(rep_id=["E", "W"]))
    some = lock_accounts(owned, accounts, ["east", "lost"])
    assert some.locks.accounts == {"east"}


def test_newer_data_remembers_the_older(board) -> None:
    """Drift counts from the data of the plan: from the last where the plan has changed since."""
    first = Project("first", board)
    second = replace(first, name="second").after(first)
    assert second.earlier is not None
    np.testing.assert_array_equal(second.earlier.values(board, "potential"), np.arange(1.0, 13.0))
    assert second.earlier.values(board, "sales") is None
    grown = replace(second, units=board.with_attributes(2 * board.attributes))
    assert first.after(grown, same_plan=True).earlier is second.earlier
    then = first.after(grown).earlier
    assert then is not None and then.values(board, "potential")[0] == 2.0
