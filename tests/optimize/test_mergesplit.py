"""Merge-and-split: the best cut of a tree, and what carrying it out leaves behind."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize.arrays import tally
from territory.optimize.mergesplit import best_cut, merge_and_split, present_cost
from territory.optimize.search import mix
from territory.optimize.start import rough, settled
from territory.optimize.tree import (
    branch_sums,
    gather,
    hang,
    patch_memory,
    shuffle_edges,
    spanning_tree,
)
from tests.optimize.instances import cells, in_one_piece, instance
from tests.optimize.test_objective import objective


@pytest.mark.parametrize("seed", range(5))
def test_best_cut_is_the_best_of_all_cuts(seed: int) -> None:
    """Every edge of the tree, both ways round, under the whole objective: none is cheaper."""
    part = instance(cells(40, seed), 3, measures={"potential": 1, "workload": 1})
    part.land.owner[:] = np.arange(part.n) % 3
    rules = part.rules._replace(home_x=np.array([5.0, -9.0, 2.0]), target=np.array([0.8, 1.0, 1.2]))
    label = settled(part, rough(part, "balanced", 1, seed))
    part.land.lock[np.flatnonzero(label == 0)[:2]] = 0
    state = tally(part.land, part.offset, label)
    patch = patch_memory(part.net, part.land, state)
    group = np.array([0, 1])
    m, edges = gather(part.net, patch, group)
    shuffle_edges(part.land, patch, edges, np.array([mix(seed, 1)], np.uint64))
    if not spanning_tree(patch, m, edges):
        pytest.skip("the two territories do not touch")
    hang(patch, m, 0)
    branch_sums(part.land, rules, patch, group, m, edges)
    choice, receiver, cost = best_cut(rules, patch, part.offset, 0, 1, m)
    now = present_cost(part.land, rules, state, patch, group, m, edges)
    before = objective(part, rules, label)
    found = {}
    for h in range(1, m):
        z = int(patch.order[h])
        branch = _branch(patch.parent[:m], z)
        for side in (0, 1):
            after = label.copy()
            after[patch.unit[:m]] = 1 - side
            after[patch.unit[branch]] = side
            if (after[part.land.lock == 0] == 0).all():
                found[z, side] = objective(part, rules, after) - before
    assert cost - now == pytest.approx(min(found.values()), abs=1e-9)
    assert found[choice, receiver] == pytest.approx(min(found.values()), abs=1e-9)


def _branch(parent: np.ndarray, z: int) -> list[int]:
    """Oracle: the units whose way to the root leads through z."""
    out = []
    for u in range(len(parent)):
        v = u
        while v != z and parent[v] != v:
            v = int(parent[v])
        if v == z:
            out.append(u)
    return out


@pytest.mark.parametrize("focus", [False, True])
def test_territories_stay_whole_and_sums_true(focus: bool) -> None:
    """After many splits every territory is one piece and the running sums are exact."""
    part = instance(cells(80, 4), 5)
    label = settled(part, rough(part, "balanced", 1, 0))
    state = tally(part.land, part.offset, label)
    nothing = np.zeros(part.k, np.int64)
    accepted = merge_and_split(
        part.net, part.land, part.rules, state, part.offset, nothing, 100, 5.0, focus, mix(3, 3)
    )
    assert accepted > 0
    assert in_one_piece(part, label)
    again = tally(part.land, part.offset, label)
    for running, exact in zip(state, again, strict=True):
        np.testing.assert_allclose(running, exact, atol=1e-9)
