"""Territory colours: no two neighbours alike, whatever eyes look at them."""

from __future__ import annotations

import numpy as np
import pytest

from territory.model import Graph
from territory.model.colours import (
    CLEAR,
    PALETTE,
    colour_distances,
    colour_territories,
    colour_unlike,
)

SIDE = 60


def patchwork(k: int) -> tuple[Graph, np.ndarray]:
    """A grid of 60 × 60 units in k irregular territories: each unit goes to the nearest of k
    random points."""
    at = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    beside = np.c_[at[:, :-1].ravel(), at[:, 1:].ravel()]
    above = np.c_[at[:-1].ravel(), at[1:].ravel()]
    graph = Graph.from_pairs(SIDE * SIDE, np.vstack([beside, above]))
    random = np.random.default_rng(k)
    seeds = random.random((k, 2)) * SIDE
    xy = np.c_[np.divmod(np.arange(SIDE * SIDE), SIDE)]
    return graph, ((xy[:, None] - seeds) ** 2).sum(axis=2).argmin(axis=1)


@pytest.mark.parametrize("k", [24, 500])
def test_neighbours_are_clear_for_every_eye(k):
    """Side by side, no two territories come closer than CLEAR in normal sight or in any of the
    three kinds of colour blindness."""
    graph, alignment = patchwork(k)
    colours = colour_territories(k, graph, alignment)
    index = np.array([PALETTE.index(c) for c in colours])
    a, b = alignment[graph.rows], alignment[graph.indices]
    touching = a != b
    apart = colour_distances(PALETTE)[index[a[touching]], index[b[touching]]]
    assert touching.any()
    assert apart.min() >= CLEAR
    # No hue is worn out while others rest.
    counts = np.bincount(index, minlength=len(PALETTE))
    assert counts.max() <= 2 * k / len(PALETTE) + 1


def test_a_few_territories_have_a_hue_each():
    """Up to twelve territories never share one on a map of this kind."""
    graph, alignment = patchwork(9)
    assert len(set(colour_territories(9, graph, alignment))) == 9


def test_distances_are_those_of_the_eye_that_sees_least():
    """Red and green of the same lightness are far apart for most and close for some."""
    red, green = "#D55E00", "#7B8E00"
    apart = colour_distances([red, green, red])
    assert apart[0, 2] == 0
    assert apart[0, 1] < CLEAR
    black_white = colour_distances(["#000000", "#FFFFFF"])[0, 1]
    assert black_white == pytest.approx(100, abs=0.1)


def test_one_more_colour_is_clear_of_its_neighbours_and_seldom_used():
    """Among clear colours the least used one; a foreign colour beside it does no harm."""
    beside = [PALETTE[0], PALETTE[3], "#123456"]
    used = [c for c in PALETTE for _ in range(2)]
    used.remove(PALETTE[9])
    found = colour_unlike(beside, used)
    assert found == PALETTE[9]
    apart = colour_distances([found, *beside[:2]])
    assert apart[0, 1:].min() >= CLEAR
