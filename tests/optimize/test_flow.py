"""Flow-guided merge-and-split: exact costs, whole territories, tight tolerances."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize import flow, propose
from territory.optimize.arrays import Floats, Ints, tally
from territory.optimize.flowcut import flow_cuts, steepness, touching
from territory.optimize.instance import Instance
from territory.optimize.mergesplit import present_cost
from territory.optimize.objective import edge_owner
from territory.optimize.parting import (
    ORDERS,
    best_pair,
    best_trio,
    cut_length,
    parts_memory,
    share_out,
)
from territory.optimize.search import mix
from territory.optimize.start import rough, settled
from territory.optimize.surplus import Tide, gauge, update
from territory.optimize.tree import draw_tree, patch_memory
from tests.optimize.instances import cells, in_one_piece, instance
from tests.optimize.test_engine import POTENTIAL, assert_sound
from tests.optimize.test_objective import objective


def tide_of(part: Instance, label: Ints, push: float = 5.0) -> Tide:
    """Fresh figures for a plan."""
    ends = (edge_owner(part.net), part.net.indices)
    none = np.zeros_like(part.offset)
    calm = np.full_like(part.offset, 0.025)
    return Tide(flow.response(ends, label, part.k), none, none.copy(), -calm, calm, push, 0.5)


def energy(part: Instance, tide: Tide, label: Ints) -> float:
    """Oracle: ½ Σ eᵀ P e."""
    gaps = tally(part.land, part.offset, label).total / part.rules.target[:, None] - 1
    spill = gaps - np.clip(gaps, tide.low, tide.high)
    return float(0.5 * np.einsum("tm,tu,um->", spill, tide.response, spill))


def test_response_inverts_the_laplacian() -> None:
    """The potential of a surplus makes just that surplus flow, for plans that hang together."""
    part = instance(cells(80, 1), 6)
    label = settled(part, rough(part, "balanced", 1, 0))
    here, there = edge_owner(part.net), part.net.indices
    response = flow.response((here, there), label, part.k)
    surplus = np.array([0.3, -0.1, 0.0, -0.2, 0.1, -0.1])
    potential = response @ surplus
    linked = {(a, b) for a, b in zip(label[here], label[there], strict=True) if a != b}
    out = np.zeros(part.k)
    for a, b in linked:
        out[a] += potential[a] - potential[b]
    np.testing.assert_allclose(out, surplus, atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [2, 3])
def test_a_cut_costs_what_it_changes(seed: int, size: int) -> None:
    """Objective plus energy before and after, computed from scratch: the same as promised."""
    wide = 0.5 if size == 3 else 0.05  # so that few cells make parts of a fit size
    measures = {"potential": 1, "workload": 1}
    part = instance(cells(60, seed), 4, measures=measures, tolerance=wide)
    label = settled(part, rough(part, "balanced", 1, seed))
    state, tide = tally(part.land, part.offset, label), tide_of(part, label)
    gauge(part.rules, state, tide, np.zeros(part.k))
    patch = patch_memory(part.net, part.land, state)
    group = np.arange(size)
    rng = np.array([mix(seed, 2)], np.uint64)
    whole, m, edges = draw_tree(part.net, part.land, part.rules, patch, group, rng)
    if not whole:
        pytest.skip("these territories do not touch")
    part_of = np.empty(m, np.int64)
    rest = (part.rules, tide, patch, part.offset, group, m, parts_memory(part.n, 2))
    if size == 2:
        first, dealt, cost = best_pair(*rest)
        second = -1
    else:
        first, second, dealt, cost = best_trio(*rest)
        if first < 0:
            pytest.skip("no two branches of a fit size")
    now = present_cost(part.land, part.rules, state, patch, group, m, edges)
    share_out(patch, part_of, m, first, second, dealt)
    after = label.copy()
    after[patch.unit[:m]] = group[part_of]
    if second >= 0:
        both = patch.border[first] + patch.border[second]
        cost += part.rules.cut * (cut_length(patch, part_of, edges) - 0.85 * both)
    true = objective(part, part.rules, after) - objective(part, part.rules, label)
    true += tide.push * (energy(part, tide, after) - energy(part, tide, label))
    assert cost - now == pytest.approx(true, abs=1e-9)
    assert in_one_piece(part, after)
    assert len({tuple(order) for order in ORDERS.tolist()}) == 6


def test_running_figures_stay_true() -> None:
    """After one territory has changed, misses, surplus and potential are as if computed anew."""
    part = instance(cells(60, 3), 5)
    label = settled(part, rough(part, "balanced", 1, 0))
    state, tide = tally(part.land, part.offset, label), tide_of(part, label)
    over = np.zeros(part.k)
    gauge(part.rules, state, tide, over)
    state.total[2] *= 1.3
    update(part.rules, state, tide, over, 2)
    running: list[Floats] = [tide.spill.copy(), tide.potential.copy(), over.copy()]
    gauge(part.rules, state, tide, over)
    for old, new in zip(running, (tide.spill, tide.potential, over), strict=True):
        np.testing.assert_allclose(old, new, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_locks_and_wholeness_survive(seed: int) -> None:
    """Hot cuts of two and three: every territory stays one piece, locked units stay put."""
    part = instance(cells(120, seed), 6, tolerance=0.001)
    label = settled(part, rough(part, "balanced", 1, 0))
    part.land.lock[::15] = label[::15]
    held = label[::15].copy()
    state, tide = tally(part.land, part.offset, label), tide_of(part, label)
    accepted = flow_cuts(
        part.net, part.land, part.rules, state, part.offset, tide, 150, 5.0, False, mix(seed, 2)
    )
    assert accepted > 0
    assert in_one_piece(part, label)
    np.testing.assert_array_equal(label[::15], held)


@pytest.mark.parametrize("seed", [1, 2])
def test_one_percent(seed: int) -> None:
    """800 cells in 15 territories: ±1 %, in one piece each, the same plan again."""
    units = cells(800, 2)
    result = propose(units, territories=15, measures=POTENTIAL, tolerance=0.01, seed=seed)
    assert_sound(result)
    assert result.within_tolerance and result.noncontiguous == 0
    again = propose(units, territories=15, measures=POTENTIAL, tolerance=0.01, seed=seed)
    np.testing.assert_array_equal(result.plan.alignment, again.plan.alignment)


def test_borders_between_territories() -> None:
    """Every pair that touches once, none other; steep ones are drawn by what they differ."""
    part = instance(cells(80, 4), 7)
    label = settled(part, rough(part, "balanced", 1, 0))
    links, seen = np.empty((72, 2), np.int64), np.full((7, 7), -1, np.int64)
    count = touching(part.net, label, seen, 0, links)
    ends = zip(label[edge_owner(part.net)], label[part.net.indices], strict=True)
    pairs = {(int(a), int(b)) for a, b in ends if a < b}
    assert count == len(pairs) and {(int(a), int(b)) for a, b in links[:count]} == pairs
    tide = tide_of(part, label)
    tide.potential[:, 0] = np.arange(7) ** 2
    slope = np.empty(72)
    steepness(tide, links, count, slope)
    rise = np.diff(np.append(0.0, slope[:count]))
    np.testing.assert_allclose(rise, [abs(b**2 - a**2) for a, b in links[:count]], atol=1e-9)


def test_limits_make_a_surplus() -> None:
    """What is calm: half the tolerance, narrowed by the limits, never turned round."""
    part = instance(cells(30, 1), 3)
    rules = part.rules._replace(
        tolerance=np.array([0.1]),
        floor=np.array([[-np.inf], [-0.02], [0.3]]),
        ceiling=np.array([[0.01], [np.inf], [np.inf]]),
    )
    low, high = flow.calm(rules)
    np.testing.assert_allclose(low[:, 0], [-0.05, -0.02, 0.05])
    np.testing.assert_allclose(high[:, 0], [0.01, 0.05, 0.05])


def test_nothing_flows_between_parts() -> None:
    """Two boards without a link: the surplus of one is no business of the other."""
    part = instance(cells(40, 2), 4)
    label = settled(part, rough(part, "balanced", 1, 0))
    here, there = edge_owner(part.net), part.net.indices
    half = np.isin(label, [0, 1])
    inside = half[here] == half[there]
    response = flow.response((here[inside], there[inside]), label, 4)
    assert np.abs(response[:2, 2:]).max() < 1e-6
    np.testing.assert_allclose(response[:2, :2].sum(axis=1), 0, atol=1e-6)
