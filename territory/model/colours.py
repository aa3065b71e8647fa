"""Territory colours: neighbours differ, and colour-blind eyes can tell them apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from territory.model.graph import Graph

__all__ = ["PALETTE", "colour_territories"]

PALETTE: tuple[str, ...] = (
    # Okabe & Ito (2008) and Tol's muted set (2021), without near twins; light enough for labels.
    "#56B4E9",
    "#E69F00",
    "#44AA99",
    "#CC6677",
    "#88CCEE",
    "#DDCC77",
    "#117733",
    "#AA4499",
    "#0072B2",
    "#999933",
    "#882255",
    "#D55E00",
)


def colour_territories(
    k: int, graph: Graph | None = None, alignment: NDArray[np.integer] | None = None
) -> list[str]:
    """(k,) a colour for each territory, unlike its neighbours' where twelve hues allow.

    Greedy graph colouring, most neighbours first; among the colours no neighbour has, the one
    used least. Without a map the palette simply repeats.
    """
    if graph is None or alignment is None or k == 0:
        return [PALETTE[t % len(PALETTE)] for t in range(k)]
    alignment = np.asarray(alignment)
    a, b = alignment[graph.rows], alignment[graph.indices]
    touching = (a != b) & (a >= 0) & (b >= 0)
    neighbours: list[set[int]] = [set() for _ in range(k)]
    for t, u in np.unique(np.c_[a[touching], b[touching]], axis=0):
        neighbours[t].add(int(u))
    chosen = np.full(k, -1)
    used = np.zeros(len(PALETTE), int)
    for t in sorted(range(k), key=lambda t: (-len(neighbours[t]), t)):
        taken = {int(chosen[u]) for u in neighbours[t]}
        free = [c for c in range(len(PALETTE)) if c not in taken] or list(range(len(PALETTE)))
        best = min(free, key=lambda c: (used[c], c))
        chosen[t] = best
        used[best] += 1
    return [PALETTE[c] for c in chosen]
