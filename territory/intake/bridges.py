"""Join the components of a graph of areas by their nearest shores."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from territory.intake.triangulation import delaunay_pairs

_STRAIT = 1000.0
"""Metres: components this close are joined first, as if the water between them were a river."""

_NEARLY = 1.25
"""A bridge up to this many times the shortest one is offered as well."""

_MANY = 1000
"""More components than this are scattered dots; they are joined by a spanning tree."""


def bridges(geoms: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the pairs of units that connect a disconnected graph.

    Components are joined to their nearest surroundings until one is left, over the open sea the
    shortest crossing first; one with several shores nearly as near gets several bridges.

    Parameters
    ----------
    geoms
        Projected geometry, metres.
    pairs
        Pairs of units that are neighbours already, (m, 2).

    Returns
    -------
    The new pairs (b, 2) with i < j, and the metres of water each crosses (0: they touch).
    """
    n = len(geoms)
    label = _labels(n, pairs)
    count = int(label.max()) + 1 if n else 0
    found: list[tuple[np.ndarray, np.ndarray]] = []
    if count > _MANY:
        found.append(_spanning(geoms, label))
        label = _labels(n, np.concatenate([pairs, found[0][0]]))
        count = int(label.max()) + 1
    if count > 1:
        found += _join(geoms, label, count)
    if not found:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    new = np.sort(np.concatenate([p for p, _ in found]), axis=1)
    gap = np.concatenate([g for _, g in found])
    new, first = np.unique(new, axis=0, return_index=True)
    return new, gap[first]


def _labels(n: int, pairs: np.ndarray) -> np.ndarray:
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (n, n))
    return np.asarray(connected_components(graph, directed=False)[1])


def _join(geoms: np.ndarray, label: np.ndarray, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Join narrow straits everywhere, smallest component first; then across the open sea."""
    tree = shapely.STRtree(geoms)
    size = np.bincount(label, minlength=count).astype(float)
    found = []
    todo = np.where(size > 0, size, np.inf)
    while np.isfinite(todo).any():
        small = int(np.argmin(todo))
        pairs, gap = _nearest(geoms, tree, label, small, _STRAIT)
        todo[small] = np.inf
        if len(pairs):
            found.append((pairs, gap))
            merged = _merge(label, size, small, pairs)
            todo[size == 0] = np.inf
            todo[merged] = size[merged]
    return found + _cross(geoms, tree, label, size)


def _cross(
    geoms: np.ndarray, tree: shapely.STRtree, label: np.ndarray, size: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Join what is left, the shortest crossing first.

    Smallest first would let an island in mid-ocean join two coasts that lie near each other. The
    largest component is never asked for its nearest shore: somebody else's will be it.
    """
    found = []
    ways: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    while (size > 0).sum() > 1:
        largest = int(np.argmax(size))
        for c in np.flatnonzero(size > 0).tolist():
            if c != largest and c not in ways:
                ways[c] = _nearest(geoms, tree, label, c, np.inf)
        first = min((c for c in ways if c != largest), key=lambda c: (ways[c][1].min(), size[c], c))
        pairs, gap = ways[first]
        found.append((pairs, gap))
        gone = {first, *label[pairs[:, 1]].tolist()}
        _merge(label, size, first, pairs)
        # Whose nearest shore has become a part of itself asks anew.
        ways = {c: way for c, way in ways.items() if c not in gone}
    return found


def _merge(label: np.ndarray, size: np.ndarray, small: int, pairs: np.ndarray) -> int:
    """A component and those it was joined to become one; returns its number."""
    into = np.setdiff1d(label[pairs[:, 1]], [small])
    merged = int(into[0])
    for old in (small, *into[1:]):
        label[label == old] = merged
        size[merged] += size[old]
        size[old] = 0
    return merged


def _nearest(
    geoms: np.ndarray, tree: shapely.STRtree, label: np.ndarray, small: int, limit: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bridges from one component to its surroundings, none where the next is beyond ``limit``."""
    own = np.flatnonzero(label == small)
    bounds = shapely.total_bounds(geoms[own])
    everything = shapely.total_bounds(geoms)
    world = float(np.hypot(*(everything[2:] - everything[:2]))) + 1
    reach = min(limit, 2000.0)
    while True:
        box = shapely.box(*(bounds[:2] - reach), *(bounds[2:] + reach))
        around = tree.query(box)
        around = np.sort(around[label[around] != small])
        if len(around):
            q, r = shapely.STRtree(geoms[around]).query_nearest(geoms[own])
            gap = shapely.distance(geoms[own[q]], geoms[around[r]])
            if gap.min() <= reach:
                near = gap <= min(gap.min() * _NEARLY, limit)
                return np.column_stack([own[q[near]], around[r[near]]]), gap[near]
        if reach >= min(limit, world):
            return np.zeros((0, 2), np.int64), np.zeros(0)
        reach *= 4


def _spanning(geoms: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join very many components at once: the shortest tree over a triangulation of the units."""
    mesh, _ = delaunay_pairs(shapely.get_coordinates(shapely.point_on_surface(geoms)))
    mesh = mesh[label[mesh[:, 0]] != label[mesh[:, 1]]]
    gap = shapely.distance(geoms[mesh[:, 0]], geoms[mesh[:, 1]])
    order = np.argsort(gap, kind="stable")
    mesh, gap = mesh[order], gap[order]
    ends = np.sort(label[mesh], axis=1)
    # One candidate, the shortest, a pair of components; + 1 since a zero would read as no edge.
    ends, first = np.unique(ends, axis=0, return_index=True)
    count = int(label.max()) + 1
    weight = coo_matrix((gap[first] + 1, (ends[:, 0], ends[:, 1])), (count, count)).tocsr()
    tree = minimum_spanning_tree(weight).tocoo()
    code = np.minimum(tree.row, tree.col).astype(np.int64) * count + np.maximum(tree.row, tree.col)
    chosen = first[np.searchsorted(ends[:, 0].astype(np.int64) * count + ends[:, 1], code)]
    return mesh[chosen], gap[chosen]
