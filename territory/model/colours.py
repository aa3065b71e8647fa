"""Territory colours: neighbours differ, for colour-blind eyes too."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from territory.model.graph import Graph

__all__ = ["CLEAR", "PALETTE", "colour_distances", "colour_territories", "colour_unlike"]

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

CLEAR = 20.0
"""Distance in CIELAB from which on two areas side by side are told apart at a glance."""

_SIGHTS = np.array(
    # Linear RGB as seen by normal eyes and without the long, middle and short wave cones.
    # Source: Machado, Oliveira & Fernandes (2009), severity 1.
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ]
)
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def colour_distances(colours: Iterable[str]) -> NDArray[np.float64]:
    """(m, m) how far apart colours are for the eye that sees the least difference.

    The smallest CIELAB distance (ΔE*ab, 1976) among normal sight and the three kinds of colour
    blindness.
    """
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.einsum("sij,mj->smi", _SIGHTS, linear), 0, 1)
    xyz = seen @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(f, 2, 0)
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=2)
    return np.linalg.norm(lab[:, :, None] - lab[:, None], axis=3).min(axis=0)


@cache
def _clearance() -> NDArray[np.float64]:
    return colour_distances(PALETTE)


def _best(beside: set[int], behind: set[int], used: NDArray[np.integer]) -> int:
    """The palette's colour that is clearest of the neighbours'; then one that the neighbours'
    neighbours do not have, then the one used least."""
    clear = _clearance()[:, sorted(beside)].min(axis=1, initial=CLEAR)
    return min(range(len(PALETTE)), key=lambda c: (-clear[c], c in behind, used[c], c))


def colour_unlike(beside: Iterable[str], used: Iterable[str] = ()) -> str:
    """A colour for one territory that is clear of its neighbours'."""
    index = {c: i for i, c in enumerate(PALETTE)}
    counts = np.bincount([index[c] for c in used if c in index], minlength=len(PALETTE))
    return PALETTE[_best({index[c] for c in beside if c in index}, set(), counts)]


def colour_territories(
    k: int, graph: Graph | None = None, alignment: NDArray[np.integer] | None = None
) -> list[str]:
    """(k,) a colour for each territory, clear of its neighbours' where twelve hues allow.

    Greedy graph colouring: next comes the territory with most neighbours coloured already, among
    those the one with most neighbours (Brélaz 1979). Without a map the palette simply repeats.
    """
    if graph is None or alignment is None or k == 0:
        return [PALETTE[t % len(PALETTE)] for t in range(k)]
    neighbours = _neighbours(k, graph, np.asarray(alignment))
    chosen = np.full(k, -1)
    used = np.zeros(len(PALETTE), int)
    ready = np.zeros(k, int)
    degree = np.array([len(n) for n in neighbours])
    for _ in range(k):
        t = int(np.lexsort((np.arange(k), -degree, -ready, chosen >= 0))[0])
        beside = {int(chosen[u]) for u in neighbours[t]} - {-1}
        behind = {int(chosen[w]) for u in neighbours[t] for w in neighbours[u] if w != t} - {-1}
        chosen[t] = _best(beside, behind, used)
        used[chosen[t]] += 1
        ready[list(neighbours[t])] += 1
    return [PALETTE[c] for c in chosen]


def _neighbours(k: int, graph: Graph, alignment: NDArray[np.integer]) -> list[set[int]]:
    """Territories that touch each territory."""
    a, b = alignment[graph.rows], alignment[graph.indices]
    touching = (a != b) & (a >= 0) & (b >= 0)
    out: list[set[int]] = [set() for _ in range(k)]
    for t, u in np.unique(np.c_[a[touching], b[touching]], axis=0):
        out[t].add(int(u))
    return out
