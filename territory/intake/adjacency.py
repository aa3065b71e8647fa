"""Who borders whom: polygons → graph, also where real boundaries do not tessellate.

Three passes, each on what the one before left over:

1. *Exact*: border segments are hashed; a segment that two units draw is a shared border.
2. *Tolerant*: segments nobody else draws are matched with segments that run alongside within a
   few metres (T-junctions, slivers, gaps, overlaps). Since borders settled in pass 1 take no part,
   clean data gain nothing false here and lose no time.
3. *Bridges*: components still apart are joined by their nearest shores, flagged as ferries.

Points alone have no borders and get a Delaunay triangulation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from territory.intake.bridges import bridges
from territory.intake.triangulation import delaunay_pairs
from territory.model.graph import Graph

_GRID = 1e-3
"""Coordinates (metres) are compared on a grid of a millimetre: far below any survey's accuracy."""

_SNAP = 30.0
"""Metres that two borders may lie apart (or overlap) and still be one."""

_SEGMENTS = 400_000
"""More unmatched segments than this are generalised first: time matters more than a metre here."""

_BATCH = 256
_CANDIDATES = 20_000_000
_PILE = 32


class Segments(NamedTuple):
    """Directed border pieces: start and end (metres) and the unit that draws each."""

    start: np.ndarray
    end: np.ndarray
    owner: np.ndarray


class Edges(NamedTuple):
    """Neighbouring units ``i < j`` and the border they share, in metres; one row a pair."""

    i: np.ndarray
    j: np.ndarray
    length: np.ndarray


def adjacency(geoms: np.ndarray) -> Graph:
    """Build the neighbour graph of units from their projected geometry.

    Parameters
    ----------
    geoms
        Shapely polygons (or only points) in a projected CRS, in metres; valid and non-empty.

    Returns
    -------
    A connected graph with the shared border in km for each pair; bridges between components are
    flagged ``ferry`` and share no border.
    """
    geoms = np.asarray(geoms, dtype=object)
    if len(geoms) > 1 and (shapely.get_dimensions(geoms) == 0).all():
        pairs, length = delaunay_pairs(shapely.get_coordinates(shapely.centroid(geoms)))
        return Graph.from_pairs(len(geoms), pairs, length / 1000, np.zeros(len(pairs), bool))
    edges = border_edges(geoms)
    pairs = np.column_stack([edges.i, edges.j])
    joined, gap = bridges(geoms, pairs)
    return Graph.from_pairs(
        len(geoms),
        np.concatenate([pairs, joined]),
        np.concatenate([edges.length, np.zeros(len(joined))]) / 1000,
        # Units that touch in a point, or lie one on the other, need no boat.
        np.concatenate([np.zeros(len(pairs), bool), gap > 0]),
    )


def border_edges(geoms: np.ndarray) -> Edges:
    """Find all pairs of polygons with a common border: passes 1 and 2, without bridges."""
    n = len(geoms)
    segments = _segments(geoms)
    exact, matched = _match_exact(segments)
    loose = Segments(*(column[~matched] for column in segments))
    size = float(np.sqrt(np.median(shapely.area(geoms)))) if n else 0.0
    edges = exact
    # Wider only while the graph is too sparse for a map of areas, and never beyond a tenth
    # of a typical unit: what is further apart is a matter for the bridges.
    for reach in (
        min(_SNAP, 0.02 * size),
        min(4 * _SNAP, 0.05 * size),
        min(10 * _SNAP, 0.1 * size),
    ):
        if reach <= 0 or not len(loose.owner):
            break
        edges = _merge([exact, _match_alongside(loose, reach)])
        if not _sparse(n, edges):
            break
    return edges


def _sparse(n: int, edges: Edges) -> bool:
    """Whether so few units have neighbours that the borders must be badly drawn."""
    if n < 2:
        return False
    degree = np.bincount(np.concatenate([edges.i, edges.j]), minlength=n)
    small = connected_components(coo_matrix((np.ones(len(edges.i)), (edges.i, edges.j)), (n, n)))[0]
    return bool((degree == 0).mean() > 0.05 or (n >= 50 and degree.mean() < 4 and small > 0.02 * n))


def _segments(geoms: np.ndarray) -> Segments:
    """Take all rings, holes included, apart into segments."""
    parts, part_of = shapely.get_parts(geoms, return_index=True)
    polygon = shapely.get_dimensions(parts) == 2
    rings, ring_of = shapely.get_rings(parts[polygon], return_index=True)
    return _pieces(rings, part_of[polygon][ring_of])


def _pieces(lines: np.ndarray, owner_of: np.ndarray) -> Segments:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    keep = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    return Segments(xy[:-1][keep], xy[1:][keep], owner_of[line[:-1][keep]])


def _match_exact(segments: Segments) -> tuple[Edges, np.ndarray]:
    """Pair identical segments of different units; also say which segments found a partner."""
    a = np.rint(segments.start / _GRID).astype(np.int64)
    b = np.rint(segments.end / _GRID).astype(np.int64)
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    key = np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b]))
    code = _hash(key)
    order = np.argsort(code, kind="stable")
    code, key, owner = code[order], key[order], segments.owner[order]
    length = np.hypot(*(segments.end - segments.start)[order].T)
    found: list[Edges] = []
    matched = np.zeros(len(order), bool)
    # Two units draw most borders; layers that overlap may have several, hence more lags. A pile
    # of the same area a thousand times hangs together after the first.
    for lag in range(1, min(_PILE, len(order))):
        same = code[lag:] == code[:-lag]
        if not same.any():
            break
        same &= (key[lag:] == key[:-lag]).all(axis=1)
        first = np.flatnonzero(same & (owner[lag:] != owner[:-lag]))
        matched[order[first]] = matched[order[first + lag]] = True
        found.append(Edges(owner[first], owner[first + lag], length[first]))
    return _merge(found), matched


def _hash(key: np.ndarray) -> np.ndarray:
    """Mix rows of integers into 64 bits; a collision costs a comparison, never a wrong border."""
    code = np.zeros(len(key), np.uint64)
    for column in key.T.astype(np.uint64):
        code = (code ^ column) * np.uint64(0x9E3779B97F4A7C15)
        code ^= code >> np.uint64(29)
    return code


def _match_alongside(segments: Segments, reach: float) -> Edges:
    """Pair segments of different units that run alongside within ``reach`` metres.

    The shared length is the projection of one segment on the other as far as they stay within
    reach. Units that only meet at a corner project on nothing, so this stays a rook's neighbour.
    """
    if len(segments.owner) > _SEGMENTS:
        segments = _generalise(segments, reach / 3)
    lo = np.minimum(segments.start, segments.end)
    hi = np.maximum(segments.start, segments.end)
    tree = shapely.STRtree(shapely.box(*lo.T, *hi.T))
    near = shapely.box(*(lo - reach).T, *(hi + reach).T)
    found, looked_at = [], 0
    for first in range(0, len(near), _BATCH):
        a, b = tree.query(near[first : first + _BATCH])
        a += first
        other = segments.owner[a] != segments.owner[b]
        a, b = a[other], b[other]
        shared = _overlap(segments, a, b, reach)
        some = shared > 0
        # Each border is seen from both sides: halve.
        found.append(Edges(segments.owner[a[some]], segments.owner[b[some]], shared[some] / 2))
        looked_at += len(a)
        if looked_at > _CANDIDATES:
            break  # Areas heaped on each other: what is left to link is linked by bridges.
    edges = _merge(found)
    # Overlapping corners run alongside for up to twice the overlap.
    enough = edges.length >= reach
    return Edges(*(column[enough] for column in edges))


def _overlap(segments: Segments, a: np.ndarray, b: np.ndarray, reach: float) -> np.ndarray:
    """Metres of segment ``a`` that have segment ``b`` beside them within ``reach``."""
    origin = segments.start[a]
    along = segments.end[a] - origin
    length = np.hypot(along[:, 0], along[:, 1])
    along /= length[:, None]
    p, q = segments.start[b] - origin, segments.end[b] - origin
    t0, t1 = (p * along).sum(axis=1), (q * along).sum(axis=1)
    d0 = along[:, 0] * p[:, 1] - along[:, 1] * p[:, 0]
    d1 = along[:, 0] * q[:, 1] - along[:, 1] * q[:, 0]
    # b's offset from a's line is linear: keep the share of b, from u0 to u1, that is in reach.
    slope = np.where(d1 == d0, 1.0, d1 - d0)
    u = np.sort(np.column_stack([(-reach - d0) / slope, (reach - d0) / slope]), axis=1).clip(0, 1)
    level = d1 == d0
    u0 = np.where(level, 0.0, u[:, 0])
    u1 = np.where(level, (np.abs(d0) <= reach).astype(float), u[:, 1])
    ends = np.sort(np.column_stack([t0 + u0 * (t1 - t0), t0 + u1 * (t1 - t0)]), axis=1)
    return np.maximum(np.minimum(ends[:, 1], length) - np.maximum(ends[:, 0], 0.0), 0.0)


def _generalise(segments: Segments, tolerance: float) -> Segments:
    """Straighten runs of consecutive segments, so that detailed coasts stay affordable."""
    joined = (segments.owner[1:] == segments.owner[:-1]) & (
        segments.start[1:] == segments.end[:-1]
    ).all(axis=1)
    run = np.concatenate([[0], np.cumsum(~joined)])
    last = np.append(np.flatnonzero(~joined), len(run) - 1)
    xy = np.concatenate([segments.start, segments.end[last]])
    of = np.concatenate([run, run[last]])
    order = np.argsort(of, kind="stable")
    lines = shapely.linestrings(xy[order], indices=of[order])
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    return _pieces(simple, segments.owner[last])


def _merge(found: list[Edges]) -> Edges:
    """One row a pair, lengths added up."""
    if not found:
        none = np.zeros(0, np.int64)
        return Edges(none, none, np.zeros(0))
    i, j, length = (np.concatenate(column) for column in zip(*found, strict=True))
    lo, hi = np.minimum(i, j).astype(np.int64), np.maximum(i, j).astype(np.int64)
    width = int(hi.max()) + 1 if len(hi) else 1
    code, where = np.unique(lo * width + hi, return_inverse=True)
    return Edges(code // width, code % width, np.bincount(where, length, len(code)))
