"""The plan object: moves, locks, totals, imports; immutable throughout."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.errors import LockError, PlanError
from territory.model import Locks, Plan, Team, Units
from tests.conftest import chessboard


def test_an_alignment_may_call_reps_by_their_names():
    """As lists do: by id or by name, in any case; a name that two have stays a territory."""
    board = chessboard(2, 2)
    names = ["Dana Kowalski", "Jill Šimek", "Pat Lee", "Pat Lee"]
    team = Team(pd.DataFrame({"name": names}, index=["R1", "R2", "R3", "R4"]))
    said = ["DANA  kowalski", "R2", "jill šimek", "Pat Lee"]
    plan = Plan.from_alignment(board, dict(zip(board.ids, said, strict=True)), team)
    assert plan.to_mapping() == dict(zip(board.ids, ["R1", "R2", "R2", "Pat Lee"], strict=True))
    assert plan.territory_ids == ("R1", "R2", "R3", "R4", "Pat Lee")


def test_move_returns_a_new_plan(halves: Plan) -> None:
    """The old plan keeps its alignment; the new one differs in exactly the moved unit."""
    after = halves.move(["01"], "East")
    assert after.to_mapping()["01"] == "East"
    assert halves.to_mapping()["01"] == "West"
    assert (after.alignment != halves.alignment).sum() == 1


def test_totals_add_up_to_the_region(halves: Plan) -> None:
    """Potential of both halves is that of all units; East holds columns 2 and 3."""
    east, west = halves.totals("potential")
    assert (east, west) == (3 + 4 + 7 + 8 + 11 + 12, 1 + 2 + 5 + 6 + 9 + 10)


def test_unassigned_units_count_nowhere(halves: Plan) -> None:
    """Moving to nobody takes a unit out of every total."""
    after = halves.move(["03"], None)
    assert after.unassigned == 1
    assert after.totals("units").tolist() == [5, 6]


@pytest.mark.parametrize(
    "locks",
    [Locks.of(units=["01"]), Locks.of(territories=["West"]), Locks.of(territories=["East"])],
    ids=["unit", "source", "target"],
)
def test_locks_on_unit_source_and_target_refuse(halves: Plan, locks: Locks) -> None:
    """Nothing moves, and the error names the unit."""
    with pytest.raises(LockError) as refusal:
        halves.with_locks(locks).move(["01"], "East")
    assert "01" in refusal.value.unit_ids


def test_a_unit_that_is_there_already_is_no_move(halves: Plan) -> None:
    """A locked unit may be 'moved' to where it is."""
    locked = halves.with_locks(Locks.of(units=["00"]))
    assert locked.move(["00"], "West").to_mapping() == halves.to_mapping()


def test_unknown_ids_are_named(halves: Plan) -> None:
    """Unit and territory errors quote the id."""
    with pytest.raises(PlanError, match="'99'"):
        halves.move(["99"], "East")
    with pytest.raises(PlanError, match="'North'"):
        halves.move(["00"], "North")


def test_alignment_is_read_only_and_copied(board: Units) -> None:
    """Neither the plan's array nor the caller's can change the other."""
    mine = np.zeros(board.n, np.int32)
    plan = Plan.blank(board, 1).with_alignment(mine)
    mine[0] = -1
    assert plan.alignment[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        plan.alignment[0] = -1


def test_contradictions_are_refused(halves: Plan) -> None:
    """Wrong length and unknown positions are PlanErrors."""
    with pytest.raises(PlanError, match="12 entries"):
        halves.with_alignment(np.zeros(3, int))
    with pytest.raises(PlanError, match="does not exist"):
        halves.with_alignment(np.full(12, 2))


def test_territories_of_a_team_follow_its_order_and_capacity(board: Units) -> None:
    """One territory a rep, targets by hours; a rep without units keeps a territory."""
    frame = pd.DataFrame(
        {"name": ["Ann", "Bo"], "capacity_hours": [1500.0, 500.0]}, index=["R2", "R1"]
    )
    plan = Plan.from_alignment(board, {"00": "R1"}, Team(frame))
    assert plan.territory_ids == ("R2", "R1")
    assert plan.territories["target"].tolist() == [0.75, 0.25]
    assert plan.territories["name"].tolist() == ["Ann", "Bo"]
    assert plan.totals("units").tolist() == [0, 1]


def test_neighbours_have_different_colours() -> None:
    """On a 3 × 4 board of single-unit territories no two that touch look alike."""
    board = chessboard(3, 4)
    plan = Plan.from_alignment(board, {u: f"t{u}" for u in board.ids})
    colour = plan.territories["colour"].to_numpy()[plan.alignment]
    pairs = board.graph.pairs()
    assert (colour[pairs[:, 0]] != colour[pairs[:, 1]]).all()


def test_fingerprint_follows_the_content(board: Units) -> None:
    """The same board has the same fingerprint; another potential another one."""
    again = chessboard(3, 4, potential=np.arange(1.0, 13.0))
    other = chessboard(3, 4, potential=np.arange(2.0, 14.0))
    assert board.fingerprint == again.fingerprint != other.fingerprint


@settings(max_examples=60, deadline=None)
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 11), st.sampled_from(["East", "West", None])), max_size=30
    ),
    locked=st.sets(st.integers(0, 11), max_size=4),
)
def test_any_sequence_of_moves_agrees_with_a_dictionary(
    moves: list[tuple[int, str | None]], locked: set[int]
) -> None:
    """Every unit has exactly one place, locked units never move, totals always add up."""
    board = chessboard(3, 4, potential=np.arange(1.0, 13.0))
    ids = list(board.ids)
    oracle = dict.fromkeys(ids, "West")
    plan = Plan.from_alignment(board, oracle | {ids[0]: "East"})
    oracle[ids[0]] = "East"
    plan = plan.with_locks(Locks.of(units=[ids[i] for i in locked]))
    for i, to in moves:
        unit = ids[i]
        try:
            plan = plan.move([unit], to)
        except LockError:
            assert i in locked
        else:
            assert i not in locked or oracle[unit] == (to or "")
            oracle[unit] = to or ""
    assert plan.to_mapping() == oracle
    assigned = sum(i + 1.0 for i, u in enumerate(ids) if oracle[u])
    assert plan.totals("potential").sum() == assigned
