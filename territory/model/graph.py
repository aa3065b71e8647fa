"""Who borders whom, and what hangs together.

Contiguity lives here, below metrics, engine and map, so that all three mean the same by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Graph",
    "components",
    "frozen",
    "land_components",
    "noncontiguous",
    "pieces",
    "stray",
    "without",
    "would_orphan",
]

Ints = NDArray[np.integer]


def frozen(values: object, dtype: object = None) -> np.ndarray:
    """A read-only copy of an array."""
    array = np.array(values, dtype=dtype, copy=True)  # type: ignore[call-overload]
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Graph:
    """Neighbours of each unit in compressed sparse rows.

    Symmetric, sorted, without self loops. ``indices[indptr[i]:indptr[i + 1]]`` are the neighbours
    of unit ``i``; ``border_km`` is the length they share; ``ferry`` marks links over water or
    across a gap in the data, which share no border.
    """

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    border_km: NDArray[np.float64]
    ferry: NDArray[np.bool_]

    def __post_init__(self) -> None:
        n = len(self.indptr) - 1
        if n < 0 or self.indptr[0] != 0 or self.indptr[-1] != len(self.indices):
            raise ValueError("Graph: indptr must start at 0 and end at len(indices).")
        if not len(self.indices) == len(self.border_km) == len(self.ferry):
            raise ValueError("Graph: indices, border_km and ferry must have the same length.")
        if len(self.indices) and (self.indices.min() < 0 or self.indices.max() >= n):
            raise ValueError(f"Graph: indices must lie in 0..{n - 1}.")
        for name, dtype in (
            ("indptr", np.int32),
            ("indices", np.int32),
            ("border_km", np.float64),
            ("ferry", np.bool_),
        ):
            object.__setattr__(self, name, frozen(getattr(self, name), dtype))

    @classmethod
    def from_pairs(
        cls,
        n: int,
        pairs: Ints | Sequence[tuple[int, int]],
        border_km: NDArray[np.float64] | None = None,
        ferry: NDArray[np.bool_] | None = None,
    ) -> Graph:
        """Build from undirected links, each given once or more; repeated links add up.

        Parameters
        ----------
        n
            Number of units.
        pairs
            (m, 2) positions; order within a pair does not matter, self loops are dropped.
        border_km
            (m,) shared length, 0 where not given.
        ferry
            (m,) True for links without a shared border.
        """
        pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        km = np.zeros(len(pairs)) if border_km is None else np.asarray(border_km, dtype=float)
        over_water = np.zeros(len(pairs), bool) if ferry is None else np.asarray(ferry, dtype=bool)
        low, high = pairs.min(axis=1, initial=n), pairs.max(axis=1, initial=-1)
        keep = low != high
        key, inverse = np.unique(low[keep] * n + high[keep], return_inverse=True)
        length = np.bincount(inverse, km[keep], len(key))
        # A link is a ferry only when every mention of it is one.
        land = np.bincount(inverse, ~over_water[keep], len(key)) > 0
        i, j = key // max(n, 1), key % max(n, 1)
        row, column = np.r_[i, j], np.r_[j, i]
        order = np.lexsort((column, row))
        indptr = np.zeros(n + 1, dtype=np.int32)
        np.cumsum(np.bincount(row, minlength=n), out=indptr[1:])
        return cls(indptr, column[order], np.r_[length, length][order], ~np.r_[land, land][order])

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.indptr) - 1

    @cached_property
    def rows(self) -> NDArray[np.int32]:
        """(nnz,) the unit each entry of ``indices`` belongs to."""
        return frozen(np.repeat(np.arange(self.n), np.diff(self.indptr)), np.int32)

    def neighbours(self, i: int) -> NDArray[np.int32]:
        """Positions of the units that border unit ``i``."""
        return self.indices[self.indptr[i] : self.indptr[i + 1]]

    def take(self, positions: Ints) -> Graph:
        """The links among some of the units, renumbered in the order given."""
        new = np.full(self.n, -1, dtype=np.int64)
        new[positions] = np.arange(len(positions))
        row = np.repeat(np.arange(self.n), np.diff(self.indptr))
        kept = (new[row] >= 0) & (new[self.indices] >= 0) & (row < self.indices)
        pairs = np.c_[new[row[kept]], new[self.indices[kept]]]
        return Graph.from_pairs(len(positions), pairs, self.border_km[kept], self.ferry[kept])

    def pairs(self) -> NDArray[np.int32]:
        """(m, 2) each link once, lower position first."""
        once = self.rows < self.indices
        return np.c_[self.rows[once], self.indices[once]]


def without(graph: Graph, shut: NDArray[np.bool_]) -> Graph:
    """The graph without some links; ``shut`` (nnz,) names both directions of each."""
    once = ~shut & (graph.rows < graph.indices)
    pairs = np.column_stack([graph.rows[once], graph.indices[once]]).astype(np.int64)
    return Graph.from_pairs(graph.n, pairs, graph.border_km[once], graph.ferry[once])


def _labelled(graph: Graph, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Component of each unit when only the links in ``keep`` count."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    links = csr_matrix(
        (np.ones(int(keep.sum()), np.int8), (graph.rows[keep], graph.indices[keep])),
        shape=(graph.n, graph.n),
    )
    return connected_components(links, directed=False)[1].astype(np.int64)


def components(graph: Graph) -> NDArray[np.int64]:
    """(n,) connected component of each unit, numbered from 0."""
    return _labelled(graph, np.ones(len(graph.indices), bool))


def land_components(graph: Graph) -> NDArray[np.int64]:
    """(n,) the same without ferries: what only a ferry reaches is a component of its own."""
    return _labelled(graph, ~graph.ferry)


def _parts(graph: Graph, labels: Ints) -> NDArray[np.int64]:
    """(n,) connected part of each unit within its own territory."""
    labels = np.asarray(labels)
    return _labelled(graph, labels[graph.rows] == labels[graph.indices])


def pieces(graph: Graph, labels: Ints, k: int) -> NDArray[np.int64]:
    """(k,) number of connected pieces of each territory; 0 where it has no unit.

    Parameters
    ----------
    labels
        (n,) territory position of each unit, -1 where unassigned.
    k
        Number of territories.
    """
    labels = np.asarray(labels)
    part = _parts(graph, labels)
    first = np.unique(part, return_index=True)[1]
    owner = labels[first]
    return np.bincount(owner[owner >= 0], minlength=k)


def noncontiguous(graph: Graph, labels: Ints, k: int) -> NDArray[np.int64]:
    """Positions of the territories that lie in more than one piece."""
    return np.flatnonzero(pieces(graph, labels, k) > 1)


def stray(graph: Graph, labels: Ints, k: int) -> NDArray[np.bool_]:
    """(n,) True for assigned units outside their territory's largest piece (by units)."""
    labels = np.asarray(labels)
    part = _parts(graph, labels)
    size = np.bincount(part)
    main = np.full(k, -1)
    # Ascending by size, so that the largest piece is written last; ties go to the lower part.
    first = np.unique(part, return_index=True)[1]
    for p in np.lexsort((-np.arange(len(size)), size)):
        if labels[first[p]] >= 0:
            main[labels[first[p]]] = p
    assigned = labels >= 0
    out = np.zeros(len(labels), bool)
    out[assigned] = part[assigned] != main[labels[assigned]]
    return out


def would_orphan(graph: Graph, labels: Ints, moving: Ints | Sequence[int]) -> NDArray[np.int64]:
    """Units that would be newly cut off from their territory if ``moving`` left it.

    Returns positions, sorted; empty when every donor territory keeps its number of pieces or loses
    whole pieces.
    """
    labels = np.asarray(labels)
    after = labels.copy()
    after[np.asarray(moving, dtype=np.int64)] = -1
    k = int(labels.max(initial=-1)) + 1
    return np.flatnonzero(stray(graph, after, k) & ~stray(graph, labels, k))
