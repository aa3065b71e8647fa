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

    The smallest component is joined to its nearest surroundings until one is left; a component
    with several shores nearly as near gets several bridges.

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
    """Join smallest first: narrow straits everywhere, then the open sea."""
    tree = shapely.STRtree(geoms)
    size = np.bincount(label, minlength=count).astype(float)
    found = []
    for limit in (_STRAIT, np.inf):
        todo = size.copy()
        todo[size == 0] = np.inf
        while np.isfinite(todo).sum() > (0 if limit < np.inf else 1):
            small = int(np.argmin(todo))
            pairs, gap = _nearest(geoms, tree, label, small, limit)
            if not len(pairs):
                todo[small] = np.inf
                continue
            found.append((pairs, gap))
            into = np.setdiff1d(label[pairs[:, 1]], [small])
            merged = int(into[0])
            for old in (small, *into[1:]):
                label[label == old] = merged
                size[merged] += size[old]
                size[old], todo[old] = 0, np.inf
            todo[merged] = size[merged]
    return found


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
