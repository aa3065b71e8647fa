"""First plans: bisection, balanced Lloyd, repair."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize.instance import makeshift_bridges
from territory.optimize.lloyd import balanced_lloyd
from territory.optimize.repair import repair
from territory.optimize.seed import bisect, fill_empty, kmeans
from territory.optimize.start import rough, settled
from tests.optimize.instances import board, cells, in_one_piece, instance


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
