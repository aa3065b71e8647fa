"""Hints: the best single moves and swaps, against trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from territory.errors import InputError
from territory.model import Locks, Plan, Units, pieces
from territory.optimize.hints import _scene, hints
from territory.optimize.hintscan import FIRST, overrun, scan_moves, scan_swaps
from territory.optimize.objective import swap_delta
from tests.optimize.instances import board, cells

POTENTIAL = {"potential": 1.0}


def stripes(units: Units, k: int) -> Plan:
    """West to east in k stripes of about the same potential."""
    order = np.argsort(units.xy[:, 0], kind="stable")
    running = np.cumsum(units.values("potential")[order])
    label = np.empty(units.n, int)
    label[order] = np.minimum(running / running[-1] * k, k - 1).astype(int)
    return Plan.blank(units, k).with_alignment(label)


def violation(plan: Plan, measures: dict[str, float], tolerance: float) -> float:
    """Oracle: how far all territories are outside, in all measures."""
    total = 0.0
    for name in measures:
        target = plan.territories["target"].to_numpy() * plan.units.values(name).sum()
        over = np.abs(plan.totals(name) / target - 1) - tolerance
        total += float(np.maximum(over, 0).sum())
    return total


def in_pieces(plan: Plan) -> int:
    """Oracle: pieces beyond one for each territory."""
    return int(np.maximum(pieces(plan.units.graph, plan.alignment, plan.k) - 1, 0).sum())


@pytest.mark.parametrize("seed", range(4))
def test_hints_tell_the_truth(seed: int) -> None:
    """Violation, deviations and contiguity are what carrying the hint out really gives."""
    measures = {"potential": 0.6, "workload": 0.4}
    plan = stripes(cells(120, seed), 5)
    made = hints(plan, measures, 0.05)
    assert made
    for hint in made:
        after = hint.apply(plan)
        change = violation(after, measures, 0.05) - violation(plan, measures, 0.05)
        assert hint.violation == pytest.approx(change, abs=1e-9)
        assert change <= 1e-9
        assert in_pieces(after) <= in_pieces(plan)
        for effect in hint.effects:
            t = plan.position_of(effect.territory_id)
            target = plan.territories["target"].iloc[t] * plan.units.values(effect.measure).sum()
            before_after = [p.totals(effect.measure)[t] / target - 1 for p in (plan, after)]
            assert [effect.before, effect.after] == pytest.approx(before_after)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_move_is_the_best_of_all(seed: int) -> None:
    """No single move to a neighbour that cuts nothing off mends more than the first hint."""
    plan = stripes(cells(60, seed), 4)
    now, pieces_now = violation(plan, POTENTIAL, 0.05), in_pieces(plan)
    best = 0.0
    for i in range(plan.units.n):
        for t in set(plan.alignment[plan.units.graph.neighbours(i)]) - {plan.alignment[i]}:
            after = plan.move_positions([i], int(t))
            if in_pieces(after) <= pieces_now:
                best = min(best, violation(after, POTENTIAL, 0.05) - now)
    moves = [h for h in hints(plan, POTENTIAL, 0.05, count=5) if len(h.steps) == 1]
    # Ranked by violation and, where that is the same within a hair, by shape.
    assert moves[0].violation == pytest.approx(best, abs=0.005)


def test_swaps_beat_their_moves() -> None:
    """A swap is listed only when it does better than either of its halves alone."""
    plan = stripes(cells(150, 2), 3)
    swaps = [h for h in hints(plan, POTENTIAL, 0.02) if len(h.steps) == 2]
    now = violation(plan, POTENTIAL, 0.02)
    assert swaps
    for swap in swaps:
        halves = [
            violation(plan.move([s.unit_id], s.target), POTENTIAL, 0.02) - now for s in swap.steps
        ]
        assert swap.violation <= min(halves) + 0.005


def test_locks_are_respected() -> None:
    """Neither locked units nor units of a locked territory move, and none goes there."""
    units = cells(100, 3)
    plan = stripes(units, 5)
    plan = plan.with_locks(Locks(units=frozenset(units.ids[::2]), territories=frozenset({"T02"})))
    locked = set(units.ids[plan.locked_units])
    made = hints(plan, POTENTIAL, 0.05)
    assert made
    for step in (s for h in made for s in h.steps):
        assert step.unit_id not in locked
        assert "T02" not in (step.source, step.target)


def test_unassigned_units_are_offered() -> None:
    """A loose unit is given to a neighbour, the one that needs it."""
    plan = Plan.blank(board(1, 5), 2).with_alignment(np.array([0, 0, -1, 1, -1]))
    best = hints(plan, POTENTIAL, 0.05)[0]
    assert best.steps[0].source is None
    assert best.steps[0].target == "T02"
    assert best.text().startswith("Give a")


def test_nothing_to_gain() -> None:
    """A plan that is as good as it gets, and a plan without territories, have no hints."""
    square = Plan.blank(board(2, 2), 2).with_alignment(np.array([0, 0, 1, 1]))
    assert hints(square, POTENTIAL, 0.05) == []
    assert hints(Plan.blank(board(2, 2), 0), POTENTIAL, 0.05) == []


def test_a_move_in_words() -> None:
    """Who gives what to whom, and what it does to both."""
    plan = Plan.blank(board(1, 6), 2, names=["Blake", "Casey"])
    plan = plan.with_alignment(np.array([0, 0, 0, 0, 1, 1]))
    best = hints(plan, POTENTIAL, 0.05)[0]
    assert best.text() == "Move a3 from Blake to Casey: Blake +33 % → +0 %, Casey −33 % → +0 %"


def test_an_empty_measure_is_named() -> None:
    """A measure that is 0 everywhere has no best move."""
    plan = Plan.blank(board(2, 4, [0.0] * 8), 2).with_alignment(np.repeat([0, 1], 4))
    with pytest.raises(InputError, match="potential"):
        hints(plan, POTENTIAL, 0.05)


def test_no_exchange_is_missed_by_the_bound() -> None:
    """The exchanges kept are the best of all pairs across a border, priced one by one."""
    units = cells(160, 5)
    plan = stripes(units, 6)
    scene = _scene(plan, {"potential": 1.0}, 0.05, None)
    state, room = scene.state, len(scene.net.indices)
    unit, to, delta = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    given = (scene.net, scene.land, scene.rules, state)
    n = scan_moves(*given, scene.free, scene.accepts, unit, to, delta)
    unit, to, delta = unit[:n], to[:n], delta[:n]
    label = state.label
    key = np.minimum(label[unit], to) * 7 + np.maximum(label[unit], to)
    order = np.lexsort((delta, key))
    unit, to, delta, key = unit[order], to[order], delta[order], key[order]
    sums = (scene.land.load, scene.rules.target, scene.rules.tolerance, state.total)
    expected = []
    for p, q in itertools.product(range(n), repeat=2):
        a, b = label[unit[p]], label[unit[q]]
        first = a == label[unit[np.searchsorted(key, key[p])]]
        if key[p] == key[q] and a != b and first:
            over = overrun(*sums, a, b, unit[p], unit[q])
            value = FIRST * over + swap_delta(*given, unit[p], unit[q])
            if over <= 1e-12 and value < min(0.0, delta[p], delta[q]) - 1e-9:
                expected.append(value)
    bounds = np.flatnonzero(np.diff(key, prepend=-1, append=-1)).astype(np.int64)
    one, two, gain = np.empty(200, np.int64), np.empty(200, np.int64), np.empty(200)
    found = scan_swaps(*given, unit, to, delta, bounds, one, two, gain)
    assert found > 3
    assert gain[:found] == pytest.approx(sorted(expected)[:200])
