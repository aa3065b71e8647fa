"""Operations on territories and locks: what moves, what stays, and targets that add up to 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import LockError, PlanError
from territory.model import History, Locks, Plan, Project, Workspace
from territory.model import operations as op
from tests.conftest import chessboard

BOARD = chessboard(3, 4, potential=np.arange(1.0, 13.0))


def columns(plan: Plan | None = None) -> Plan:
    """Four territories A … D, each one column of the board; A is half of the whole."""
    made = Plan.blank(BOARD, ids=list("ABCD"), rep_ids=["r1", "r2", "", ""], targets=[3, 1, 1, 1])
    return made.with_alignment(np.arange(12) % 4).recoloured()


def owners(plan: Plan) -> str:
    """The first row of the board, a letter a unit, "-" where unassigned."""
    return "".join(plan.to_mapping()[f"{i:02d}"] or "-" for i in range(4))


def test_a_new_territory_takes_an_equal_share_and_its_units() -> None:
    """Its target is 1/5, the others keep their proportions, and a neighbour's colour is not its."""
    plan = op.add_territory(columns(), " North <b> ", ["00", "01"], rep_id="r9")
    row = plan.territories.loc["T01"]
    assert (row["name"], row["rep_id"]) == ("North <b>", "r9")
    assert owners(plan) == "T01T01CD"
    assert plan.territories["target"].tolist() == pytest.approx([0.4, 2 / 15, 2 / 15, 2 / 15, 0.2])
    beside = plan.territories.loc[["A", "B", "C"], "colour"]
    assert row["colour"] not in set(beside)


def test_the_first_territory_of_an_empty_plan() -> None:
    """It is the whole."""
    plan = op.add_territory(Plan.blank(BOARD, 0), "All", BOARD.ids)
    assert plan.territories["target"].tolist() == [1.0]
    assert plan.unassigned == 0


def test_ids_of_deleted_territories_are_not_used_again() -> None:
    """What the baseline calls T01 is not what is made now."""
    assert op.fresh_id(Plan.blank(BOARD, 2)) == "T03"
    assert op.fresh_id(Plan.blank(BOARD, 2), ["T03", "x"]) == "T04"


def test_merging_adds_units_and_targets_up() -> None:
    """Positions close up, the survivor keeps its name and rep."""
    plan = op.merge_territories(columns(), "C", "A")
    assert plan.territory_ids == ("B", "C", "D")
    assert owners(plan) == "CBCD"
    assert plan.territories["target"].tolist() == pytest.approx([1 / 6, 4 / 6, 1 / 6])


def test_merging_never_leaves_neighbours_alike() -> None:
    """Where the survivor meets a territory of its colour, it gets another."""
    plan = columns()
    alike = plan.territories.assign(colour=["#117733", "#0072B2", "#D55E00", "#117733"])
    plan = Plan(BOARD, alike, plan.alignment)
    after = op.merge_territories(plan, "A", "C")
    assert after.territories.at["A", "colour"] not in {"#117733", "#0072B2"}


def test_deleting_leaves_units_unassigned_and_shares_out_the_target() -> None:
    """The others get its part in proportion."""
    plan = op.delete_territory(columns().with_locks(Locks.of(territories=["D"])), "A")
    assert owners(plan) == "-BCD"
    assert plan.territories["target"].tolist() == pytest.approx([1 / 3] * 3)
    assert plan.locks == Locks.of(territories=["D"])


def test_the_last_territory_can_be_deleted() -> None:
    """A plan without territories is a plan."""
    plan = op.delete_territory(op.add_territory(Plan.blank(BOARD, 0), "All", BOARD.ids), "T01")
    assert plan.k == 0 and plan.unassigned == 12


def test_renaming_and_giving_change_nothing_else() -> None:
    """Name and rep are new, who owns which unit is not."""
    plan = op.give_territory(op.rename_territory(columns(), "B", "South"), "B", "r7")
    assert plan.territories.loc["B", ["name", "rep_id"]].tolist() == ["South", "r7"]
    assert owners(plan) == "ABCD"
    assert op.rename_territory(plan, "B", "South").territories.at["B", "name"] == "South"


@pytest.mark.parametrize("name", ["", "  ", "A", "x" * 81])
def test_names_that_say_nothing_are_refused(name: str) -> None:
    """Empty, taken or endless."""
    with pytest.raises(PlanError):
        op.rename_territory(columns(), "B", name)
    with pytest.raises(PlanError):
        op.add_territory(columns(), name)


CHANGES = {
    "delete": lambda plan: op.delete_territory(plan, "A"),
    "merge from": lambda plan: op.merge_territories(plan, "B", "A"),
    "merge into": lambda plan: op.merge_territories(plan, "A", "B"),
    "give": lambda plan: op.give_territory(plan, "A", "r2"),
    "units to a new one": lambda plan: op.add_territory(plan, "N", ["00"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_locked_territory_keeps_units_and_rep(change: str) -> None:
    """Nothing that would take one away is done."""
    with pytest.raises(LockError, match="ocked"):
        CHANGES[change](op.lock_territory(columns(), "A"))


@pytest.mark.parametrize("change", ["delete", "merge from", "units to a new one"])
def test_a_locked_unit_keeps_its_territory(change: str) -> None:
    """So its territory can't be dissolved; the refusal names the unit."""
    with pytest.raises(LockError) as refusal:
        CHANGES[change](op.lock_units(columns(), ["00"]))
    assert list(refusal.value.unit_ids) == ["00"]


def test_unknown_ids_are_named() -> None:
    """Units and territories that are not there."""
    for change in (op.delete_territory, op.lock_territory, op.unlock_territory):
        with pytest.raises(PlanError, match="'Z'"):
            change(columns(), "Z")
    for change in (op.lock_units, op.unlock_units):
        with pytest.raises(PlanError, match="'99'"):
            change(columns(), ["99"])
    with pytest.raises(PlanError, match="different"):
        op.merge_territories(columns(), "A", "A")
    with pytest.raises(PlanError, match="already"):
        op.add_territory(columns(), "N", territory_id="A")


def test_locks_of_units_and_territories_are_independent() -> None:
    """Unlocking a territory leaves its locked units locked, and the other way round."""
    plan = op.lock_units(op.lock_territory(columns(), "A"), ["00", "01"])
    assert op.unlock_territory(plan, "A").locked_units.nonzero()[0].tolist() == [0, 1]
    assert op.unlock_units(plan, ["00", "01"]).locked_units.nonzero()[0].tolist() == [0, 4, 8]


@given(
    st.lists(st.integers(-1, 3), min_size=12, max_size=12),
    st.sets(st.sampled_from(list(BOARD.ids))),
    st.sets(st.sampled_from("ABCD")),
)
def test_lock_all_unlock_all_and_invert(where, units, territories) -> None:
    """All, none, and exactly the others; accounts keep their locks."""
    locks = Locks.of(units, territories, ["a1"])
    plan = columns().with_alignment(np.array(where)).with_locks(locks)
    assert op.lock_all(plan).locked_units.all()
    assert not op.unlock_all(plan).locked_units.any()
    inverted = op.invert_locks(plan)
    assert (inverted.locked_units == ~plan.locked_units).all()
    assert inverted.locks.accounts == frozenset({"a1"})


STEP = st.tuples(st.sampled_from(["add", "merge", "delete"]), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(STEP, max_size=12))
def test_targets_always_add_up(steps) -> None:
    """Whatever is added, merged and deleted: shares sum to 1 and every unit has one owner."""
    plan = columns()
    for turn, (kind, a, b) in enumerate(steps):
        if kind == "add":
            plan = op.add_territory(plan, f"new {turn}", [BOARD.ids[a]])
        elif plan.k and kind == "delete":
            plan = op.delete_territory(plan, plan.territory_ids[a % plan.k])
        elif plan.k and a % plan.k != b % plan.k:
            ids = plan.territory_ids
            plan = op.merge_territories(plan, ids[a % plan.k], ids[b % plan.k])
        assert plan.territories["target"].sum() == pytest.approx(1 if plan.k else 0)
        assert plan.totals("units").sum() + plan.unassigned == 12


def test_the_active_territory_is_followed_through_changes() -> None:
    """It keeps its place as a territory, not as a number, forwards and backwards."""
    plan = columns()
    here = Workspace(Project("Board", BOARD), History.start(plan), plan, active=2)
    here.change("Delete A", op.delete_territory(plan, "A"))
    assert here.plan.territory_ids[here.active] == "C"
    here.undo()
    assert here.plan.territory_ids[here.active] == "C"
    here.active = 3
    here.change("Delete D", op.delete_territory(plan, "D"))
    assert here.active == 2
