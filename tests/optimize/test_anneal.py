"""Annealing: territories stay whole, locks hold, running sums stay true."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize.anneal import anneal, draw
from territory.optimize.arrays import tally
from territory.optimize.search import mix
from territory.optimize.start import rough, settled
from tests.optimize.instances import cells, in_one_piece, instance


@pytest.mark.parametrize("seed", range(3))
def test_hot_annealing_breaks_nothing(seed: int) -> None:
    """Even when nearly every offer is taken, every territory is one piece and sums are exact."""
    part = instance(cells(70, seed), 4)
    label = settled(part, rough(part, "balanced", 1, 0))
    locked = np.arange(0, part.n, 9)
    part.land.lock[locked] = label[locked]
    before = label.copy()
    state = tally(part.land, part.offset, label)
    accepted = anneal(part.net, part.land, part.rules, state, 3000, 10.0, 1.0, mix(seed, 1))
    assert accepted > 100
    assert in_one_piece(part, label)
    assert (label[locked] == before[locked]).all()
    for running, exact in zip(state, tally(part.land, part.offset, label), strict=True):
        np.testing.assert_allclose(running, exact, atol=1e-9)


def test_cold_annealing_only_improves() -> None:
    """At temperature near zero the objective falls."""
    from tests.optimize.test_objective import objective

    part = instance(cells(70, 8), 4)
    label = settled(part, rough(part, "balanced", 1, 0))
    before = objective(part, part.rules, label)
    state = tally(part.land, part.offset, label)
    anneal(part.net, part.land, part.rules, state, 3000, 1e-12, 1e-13, mix(1, 1))
    assert objective(part, part.rules, label) < before


def test_random_numbers_are_uniform_and_repeatable() -> None:
    """The generator covers [0, 1) evenly, and the same seed gives the same numbers."""
    first, second = (np.array([mix(7, 7)], np.uint64) for _ in range(2))
    numbers = np.array([draw(first) for _ in range(5000)])
    assert numbers[0] == draw(second)
    assert ((numbers >= 0) & (numbers < 1)).all()
    counts = np.bincount((numbers * 10).astype(int), minlength=10)
    assert counts.min() > 400
