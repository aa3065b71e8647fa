"""A plan on newer data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.model import Accounts, Locks, Plan, Team, carried
from tests.conftest import chessboard


def people(*reps: str) -> Team:
    return Team(pd.DataFrame({"name": [f"Rep {r}" for r in reps]}, index=list(reps)))


def drawn() -> Plan:
    """Two territories with everything that a person may have set."""
    board = chessboard(2, 4, potential=np.arange(8.0))
    owner = {u: "West" if i % 4 < 2 else "East" for i, u in enumerate(board.ids)}
    plan = Plan.from_alignment(board, owner)
    frame = plan.territories.assign(
        name=["Sunrise", "Sunset"], rep_id=["R1", "R2"], target=[0.7, 0.3], colour="#123456"
    )
    plan = Plan(board, frame, plan.alignment, named_accounts={"a": "R1", "b": "R2"})
    return plan.with_locks(Locks.of(["00", "07"], ["West"], ["a", "gone"]))


def test_what_was_decided_stays() -> None:
    """Names, owners, targets, colours, locks, named accounts and who has what."""
    plan = drawn()
    accounts = Accounts(pd.DataFrame({"unit_id": ["00", "01", "02"]}, index=["a", "b", "c"]))
    new = carried(plan, plan.units, people("R1", "R2"), accounts, {"c": "R2", "a": "R2"})
    pd.testing.assert_frame_equal(new.territories, plan.territories)
    np.testing.assert_array_equal(new.alignment, plan.alignment)
    assert new.locks == Locks.of(["00", "07"], ["West"], ["a"])
    # What the newer file says of an account that has a rep already does not count.
    assert dict(new.named_accounts) == {"a": "R1", "b": "R2", "c": "R2"}


def test_what_is_gone_goes_with_its_locks() -> None:
    """Units in another order, some gone, some new; a rep who left, one who came."""
    plan = drawn()
    units = chessboard(2, 4).take(np.array([6, 5, 2, 1]))
    new = carried(plan, units, people("R2", "R3"))
    there = {u: plan.to_mapping()[u] for u in ("06", "05", "02", "01")}
    assert new.to_mapping() == there
    assert new.locks == Locks.of([], ["West"], [])
    assert not new.named_accounts
    assert new.territories["rep_id"].tolist() == ["", "R2", "R3"]
    assert new.territories.loc["R3", "name"] == "Rep R3"
    np.testing.assert_allclose(new.territories["target"], [0.7 * 2 / 3, 0.3 * 2 / 3, 1 / 3])
    more = carried(new, chessboard(2, 4), people("R2", "R3"))
    assert more.unassigned == 4


def test_a_team_that_comes_later_finds_its_territories() -> None:
    """A vacant territory goes to the rep of its id; a name that is taken gets a number."""
    board = chessboard(1, 2)
    plan = Plan.from_alignment(board, {"00": "R1", "01": "Rep R2"})
    new = carried(plan, board, people("R1", "R2"))
    assert new.territories["rep_id"].to_dict() == {"R1": "R1", "Rep R2": "", "R2": "R2"}
    assert new.territories["name"].tolist() == ["R1", "Rep R2", "Rep R2 2"]
