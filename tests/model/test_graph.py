"""Contiguity on paths, rings and islands small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.model import Graph, components, noncontiguous, pieces, stray, would_orphan

PATH = Graph.from_pairs(6, [(i, i + 1) for i in range(5)])


def test_pairs_in_any_order_make_the_same_symmetric_graph() -> None:
    """Repeated, reversed and self links give one entry a direction, lengths added."""
    graph = Graph.from_pairs(3, [(1, 0), (0, 1), (2, 2), (1, 2)], np.array([1.0, 2.0, 9.0, 4.0]))
    assert graph.pairs().tolist() == [[0, 1], [1, 2]]
    assert graph.neighbours(1).tolist() == [0, 2]
    assert graph.border_km.tolist() == [3.0, 3.0, 4.0, 4.0]


def test_a_link_is_a_ferry_only_when_every_mention_is() -> None:
    """A shared border wins over a ferry between the same units."""
    graph = Graph.from_pairs(3, [(0, 1), (0, 1), (1, 2)], ferry=np.array([True, False, True]))
    assert graph.ferry.tolist() == [False, False, True, True]


def test_arrays_cannot_be_changed() -> None:
    """A graph is shared by sessions: writing to it is an error."""
    with pytest.raises(ValueError, match="read-only"):
        PATH.indices[0] = 3


def test_malformed_graphs_are_refused() -> None:
    """Wrong pointers, lengths and positions each get a sentence."""
    empty = np.array([], float)
    with pytest.raises(ValueError, match="indptr"):
        Graph(np.array([1, 0]), np.array([]), empty, empty)
    with pytest.raises(ValueError, match="same length"):
        Graph(np.array([0, 1]), np.array([0]), empty, np.array([False]))
    with pytest.raises(ValueError, match="lie in 0"):
        Graph(np.array([0, 1]), np.array([7]), np.array([1.0]), np.array([False]))


def test_components_of_two_islands() -> None:
    """Units without links are components of their own."""
    assert components(Graph.from_pairs(4, [(0, 1)])).tolist() == [0, 0, 1, 2]


def test_pieces_count_parts_of_each_territory() -> None:
    """Territory 0 lies at both ends of the path, 1 in the middle, 2 is empty."""
    labels = np.array([0, 0, 1, 1, -1, 0])
    assert pieces(PATH, labels, 3).tolist() == [2, 1, 0]
    assert noncontiguous(PATH, labels, 3).tolist() == [0]


def test_stray_units_are_those_outside_the_largest_piece() -> None:
    """The single unit at the far end is the stray one."""
    labels = np.array([0, 0, 1, 1, -1, 0])
    assert np.flatnonzero(stray(PATH, labels, 3)).tolist() == [5]


def test_taking_a_bridge_orphans_what_lies_behind_it() -> None:
    """Moving the middle of a path cuts off the shorter end; moving an end cuts nothing."""
    labels = np.zeros(6, int)
    assert would_orphan(PATH, labels, [4]).tolist() == [5]
    assert would_orphan(PATH, labels, [5]).tolist() == []


def test_units_that_were_stray_already_are_not_orphaned_again() -> None:
    """Only what the move itself cuts off is named."""
    labels = np.array([0, 0, 0, 1, 0, 1])
    assert would_orphan(PATH, labels, [0]).tolist() == []


@given(st.lists(st.integers(-1, 3), min_size=6, max_size=6))
def test_pieces_agree_with_a_flood_fill(labels: list[int]) -> None:
    """On a path, the pieces of a territory are its runs."""
    runs = np.zeros(4, int)
    for i, t in enumerate(labels):
        if t >= 0 and (i == 0 or labels[i - 1] != t):
            runs[t] += 1
    assert pieces(PATH, np.array(labels), 4).tolist() == runs.tolist()
