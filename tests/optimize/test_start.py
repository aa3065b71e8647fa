"""First plans: bisection, balanced Lloyd, repair."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize.links import makeshift_bridges
from territory.optimize.lloyd import assign, balanced_lloyd
from territory.optimize.repair import regrow, release_strays, repair
from territory.optimize.seed import bisect, fill_empty, kmeans
from territory.optimize.start import rough, settled
from tests.optimize.instances import board, cells, in_one_piece, instance, reached


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_bisection_leaves_nobody_empty(k: int) -> None:
    """Every part gets a unit, up to as many parts as units."""
    part = instance(cells(40, 1), k)
    label = bisect(part.xy, part.weight, part.rules.target)
    assert (np.bincount(label, minlength=k) > 0).all()


def test_bisection_follows_targets() -> None:
    """A part that should weigh three times as much does, nearly."""
    xy = np.random.default_rng(0).random((2000, 2))
    label = bisect(xy, np.ones(2000), np.array([1.0, 3.0]))
    assert np.bincount(label)[1] == pytest.approx(1500, abs=2)


def test_bisection_of_units_without_weight() -> None:
    """Parts of the map where every weight is 0 are still divided."""
    weight = np.zeros(30)
    weight[0] = 1
    label = bisect(np.random.default_rng(0).random((30, 2)), weight, np.ones(5))
    assert (np.bincount(label, minlength=5) > 0).all()


def test_prices_balance_what_distance_alone_does_not() -> None:
    """Balanced Lloyd is far more even than the k-means it generalises."""
    part = instance(cells(400, 3), 8)
    plain = kmeans(part.xy, part.weight, 8, seed=1)
    label, _, _ = balanced_lloyd(part.xy, part.land.mass, part.weight, part.rules.target, plain)
    worst = [np.abs(np.bincount(x, part.weight, 8) - 1).max() for x in (plain, label)]
    assert worst[1] < 0.5 * worst[0]


@pytest.mark.parametrize("start", ["balanced", "kmeans"])
def test_every_start_is_contiguous(start: str) -> None:
    """Whatever the first shapes, after the repair each territory is one piece."""
    part = instance(cells(120, 5), 9)
    label = settled(part, rough(part, start, 1, 0))  # type: ignore[arg-type]
    assert in_one_piece(part, label)


def test_repair_connects_locked_units_by_the_shortest_way() -> None:
    """Two locked corners of one territory are joined through free units; others regrow."""
    part = instance(board(5, 5), 2)
    label = np.ones(25, np.int64)
    lock = np.full(25, -1, np.int64)
    lock[[0, 4]] = 0
    out = repair(
        *(part.net, part.xy, part.land.mass, part.weight, lock, label),
        *(np.zeros((2, 2)), np.zeros(2)),
    )
    assert out[0] == out[4] == 0
    assert in_one_piece(part, out)
    assert (out == 0).sum() == 5


def test_empty_territories_get_half_of_the_fullest() -> None:
    """A territory without units takes some from the heaviest one, never locked ones."""
    label = np.array([0, 0, 0, 0, 1, 1])
    lock = np.array([0, -1, -1, -1, -1, -1])
    xy = np.column_stack([np.arange(6.0), np.zeros(6)])
    fill_empty(xy, np.ones(6), label, np.ones(3), lock)
    assert label[0] == 0
    assert (np.bincount(label, minlength=3) > 0).all()


def test_bridges_connect_every_piece() -> None:
    """Three loose pieces get two links, between their nearest units."""
    xy = np.array([[0.0, 0], [1, 0], [5, 0], [6, 0], [20, 0]])
    made = makeshift_bridges(5, np.array([[0, 1], [2, 3]]), xy)
    assert {tuple(sorted(link)) for link in made.tolist()} == {(1, 2), (3, 4)}


@pytest.mark.parametrize("seed", range(3))
def test_units_go_to_the_cheapest_centre(seed: int) -> None:
    """Against the formula, unit by unit."""
    rng = np.random.default_rng(seed)
    near, dist2 = rng.permuted(np.tile(np.arange(5), (20, 1)), axis=1)[:, :3], rng.random((20, 3))
    mass, load, price = rng.random(20), rng.random(20), rng.normal(0, 0.5, 5)
    label = np.full(20, -1)
    assign(near, dist2, mass, load, price, label)
    for i in range(20):
        cost = {near[i, c]: mass[i] * dist2[i, c] + price[near[i, c]] * load[i] for c in range(3)}
        assert label[i] == min(cost, key=lambda t: cost[t])


@pytest.mark.parametrize("seed", range(4))
def test_strays_are_released_and_regrown(seed: int) -> None:
    """Each territory keeps one piece, that with most locks, then the heaviest; all else is given to
    the cheapest territory beside it."""
    part = instance(cells(60, seed), 4)
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 4, part.n)
    lock = np.where(rng.random(part.n) < 0.05, label, -1)
    left = label.copy()
    release_strays(part.net, left, part.weight, lock, 4)
    for t in range(4):
        todo, pieces = {int(i) for i in np.flatnonzero(label == t)}, []
        while todo:
            pieces.append(reached(part, todo))
            todo -= pieces[-1]
        rank = [(sum(lock[i] >= 0 for i in p), sum(part.weight[i] for i in p)) for p in pieces]
        kept = pieces[rank.index(max(rank))].union(*(p for p in pieces if any(lock[list(p)] >= 0)))
        assert {int(i) for i in np.flatnonzero(left == t)} == kept
    x, y = part.land.x, part.land.y
    centre = rng.normal(0, 50, (2, 4))
    grown = left.copy()
    free = regrow(part.net, grown, x, y, part.land.mass, part.weight, *centre, np.zeros(4))
    assert free == 0 and (grown[left >= 0] == left[left >= 0]).all()
    first = np.flatnonzero(left < 0)[0]  # decided before any other
    beside = part.net.indices[part.net.indptr[first] : part.net.indptr[first + 1]]
    options = {int(t) for t in left[beside] if t >= 0}
    if options:
        away = {t: np.hypot(x[first] - centre[0, t], y[first] - centre[1, t]) for t in options}
        assert grown[first] == min(away, key=lambda t: away[t])
