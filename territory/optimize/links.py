"""The graph that a search walks on: who touches whom, and what cutting a link costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from territory.model import Graph
from territory.optimize.arrays import Floats, Ints, Net, own
from territory.optimize.check import Request

URBAN = 0.6
"""How much of the difference between city and country the compactness term evens out, 0 to 1."""

BRIDGE = -20.0
"""Border "length" of a makeshift bridge: cutting there is rewarded, since it is no real border."""


class Outline(NamedTuple):
    """Areas as drawn, for what is measured on them."""

    km: Floats  # (nnz,) border length of each entry of `net.indices`
    area: Floats  # (n,) km²
    perimeter: Floats  # (n,) km


def net_of(request: Request, xy: Floats, blocks: tuple[tuple[Ints, Ints], ...]) -> Net:
    """The graph among the kept units, each region connected, with scale-free borders."""
    keep, whole = request.keep, request.ruled.graph
    n = len(keep)
    local = np.full(whole.n, -1)
    local[keep] = np.arange(n)
    rows, columns = local[whole.rows], local[whole.indices]
    inside = (rows >= 0) & (columns >= 0)
    once = inside & (rows < columns)
    pairs = np.column_stack([rows[once], columns[once]])
    bridges = np.vstack([_bridges(n, pairs, xy, units) for units, _ in blocks])
    graph = Graph.from_pairs(n, np.vstack([pairs, bridges]).astype(np.int64))
    border = csr_matrix((whole.border_km[inside], (rows[inside], columns[inside])), shape=(n, n))
    length = np.zeros(len(graph.indices))
    if len(length):  # a single unit has no borders, which SciPy can't be asked for
        length = np.asarray(border[graph.rows, graph.indices], dtype=float).ravel()
    length = relative_borders(length, request.units.area_km2[keep], graph.rows, graph.indices)
    made = {(int(a), int(b)) for a, b in bridges}
    if made:
        both = made | {(b, a) for a, b in made}
        ends = zip(graph.rows.tolist(), graph.indices.tolist(), strict=True)
        length[[e for e, end in enumerate(ends) if end in both]] = BRIDGE
    return Net(own(graph.indptr, np.int32), own(graph.indices, np.int32), own(length, np.float64))


def outline_of(request: Request, net: Net) -> Outline | None:
    """Lengths, areas and perimeters of the kept units."""
    units, keep = request.units, request.keep
    graph, n = units.graph, len(keep)
    if not graph.border_km.any() or not len(net.indices):
        return None
    length = csr_matrix((graph.border_km, graph.indices, graph.indptr), shape=(units.n, units.n))
    here = keep[np.repeat(np.arange(n), np.diff(net.indptr))]
    km = np.asarray(length[here, keep[net.indices]], dtype=float).ravel()
    return Outline(km, units.area_km2[keep], units.perimeter_km[keep])


def _bridges(n: int, pairs: Ints, xy: Floats, units: Ints) -> Ints:
    """(b, 2) makeshift bridges within one region."""
    if not len(units):
        return np.empty((0, 2), np.int64)
    at = np.full(n, -1)
    at[units] = np.arange(len(units))
    within = at[pairs]
    made = makeshift_bridges(len(units), within[(within >= 0).all(axis=1)], xy[units])
    return units[made]


def relative_borders(length: Floats, area_km2: Floats, here: Ints, there: Ints) -> Floats:
    """(nnz,) border lengths beside the size of the two units, so that a city's count as well."""
    if not length.any():  # points without areas: every neighbour counts alike
        length = np.ones(len(length))
    size = np.sqrt(np.maximum(area_km2, 1e-9))
    typical = max(float(length.mean()), 1e-9) if len(length) else 1.0
    relative = np.minimum(length / ((size[here] + size[there]) / 2), 2.0)
    out: Floats = (1 - URBAN) * length / typical + URBAN * relative
    return out


def makeshift_bridges(n: int, pairs: Ints, xy: Floats) -> Ints:
    """(b, 2) links that connect a graph in pieces, each piece by its nearest unit elsewhere.

    They let the search reach every unit; a territory that really uses one is reported as lying in
    pieces. O(pieces · n log n).
    """
    made: list[tuple[int, int]] = []
    links = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    count, part = connected_components(links, directed=False)
    while count > 1:
        size = np.bincount(part, minlength=count)
        for piece in np.argsort(size, kind="stable")[:-1]:
            here = np.flatnonzero(part == piece)
            there = np.flatnonzero(part != piece)
            if not len(here) or not len(there):
                continue  # joined to another piece a moment ago
            gap, nearest = cKDTree(xy[there]).query(xy[here])
            i = int(np.argmin(gap))
            made.append((int(here[i]), int(there[nearest[i]])))
            part[here] = part[there[nearest[i]]]
        part = np.unique(part, return_inverse=True)[1]
        count = int(part.max()) + 1
    return np.array(made, dtype=np.int64).reshape(-1, 2)
