"""Splitting a territory, and working on a part of the map."""

from __future__ import annotations

import numpy as np
import pytest

from territory.errors import InputError, LockError, PlanError
from territory.model import Locks, Plan, noncontiguous
from territory.optimize import propose
from territory.optimize.split import split
from tests.optimize.instances import board, cells
from tests.optimize.test_hints import POTENTIAL, stripes


@pytest.mark.parametrize("seed", range(3))
def test_two_balanced_halves(seed: int) -> None:
    """Both halves weigh the same within the tolerance, in one piece each; nothing else moves."""
    plan = propose(cells(300, seed), territories=4, measures=POTENTIAL).plan
    after = split(plan, "T02", "T99", "North", POTENTIAL)
    assert after.territory_ids == (*plan.territory_ids, "T99")
    assert after.territories.loc["T99", "name"] == "North"
    elsewhere = plan.alignment != 1
    np.testing.assert_array_equal(after.alignment[elsewhere], plan.alignment[elsewhere])
    assert set(after.alignment[~elsewhere]) == {1, 4}
    assert len(noncontiguous(plan.units.graph, after.alignment, after.k)) == 0
    one, other = after.totals("potential")[[1, 4]]
    assert one >= other
    assert one / (one + other) <= 0.5 * 1.05
    colours = after.territories["colour"].tolist()
    assert colours[:4] == plan.territories["colour"].tolist()
    assert colours[4] != colours[1]
    assert after.territories["target"].to_numpy() == pytest.approx([0.25, 0.125, 0.25, 0.25, 0.125])


def test_halves_of_a_strip() -> None:
    """A 2 × 8 strip is cut across the middle, however it compares with the rest of the map."""
    columns = np.repeat([0, 1, 2], [8, 6, 2])
    plan = Plan.blank(board(2, 16), 3).with_alignment(np.tile(columns, 2))
    after = split(plan, "T01", "T04", measures=POTENTIAL)
    assert sorted(np.bincount(after.alignment)[[0, 3]]) == [8, 8]
    rows = after.alignment.reshape(2, 16)[:, :8]
    assert (rows[0] == rows[1]).all()


def test_locked_units_stay() -> None:
    """Locked units, on whichever side, keep their territory, and both halves are whole."""
    plan = Plan.blank(board(8, 8), 1).with_alignment(np.zeros(64, int))
    locked = [plan.units.ids[i] for i in (0, 7, 9)]
    after = split(plan.with_locks(Locks(units=frozenset(locked))), "T01", "B")
    assert (after.alignment[[0, 7, 9]] == 0).all()
    assert len(noncontiguous(plan.units.graph, after.alignment, 2)) == 0
    assert np.bincount(after.alignment).tolist() == pytest.approx([32, 32], abs=2)


def test_what_cannot_be_split() -> None:
    """Unknown or taken ids, locked territories and single units are refused in words."""
    plan = Plan.blank(board(2, 3), 2).with_alignment(np.array([0, 0, 0, 0, 0, 1]))
    with pytest.raises(PlanError, match="no territory"):
        split(plan, "T09", "N")
    with pytest.raises(PlanError, match="already"):
        split(plan, "T01", "T02")
    with pytest.raises(PlanError, match="too few"):
        split(plan, "T02", "N")
    with pytest.raises(LockError, match="locked"):
        split(plan.with_locks(Locks(territories=frozenset({"T01"}))), "T01", "N")


def test_only_a_part_of_the_map() -> None:
    """Two territories are evened out between them; the others and loose units stay."""
    units = cells(200, 4)
    plan = stripes(units, 4)
    alignment = plan.alignment.copy()
    west = np.flatnonzero(alignment == 0)
    alignment[west[: len(west) // 2]] = 1
    alignment[np.flatnonzero(alignment == 3)[:3]] = -1
    plan = plan.with_alignment(alignment)
    result = propose(units, current=plan, only=["T01", "T02"], measures=POTENTIAL)
    stays = ~np.isin(alignment, [0, 1])
    np.testing.assert_array_equal(result.plan.alignment[stays], alignment[stays])
    total = result.plan.totals("potential")
    assert total[0] == pytest.approx(total[1], rel=0.12)


def test_a_part_needs_its_whole() -> None:
    """Without a current plan, or with a territory that is not there, the request is refused."""
    units = board(2, 4)
    with pytest.raises(InputError, match="no current plan"):
        propose(units, territories=2, only=["T01"])
    plan = Plan.blank(units, 2).with_alignment(np.repeat([0, 1], 4))
    with pytest.raises(InputError, match="T07"):
        propose(units, current=plan, only=["T07"])
    with pytest.raises(InputError, match="locked"):
        propose(units, current=plan, only=[])
