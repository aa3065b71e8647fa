"""Parts of a map that lie far apart: solved by themselves, or drawn near for the search.

Alaska hangs together with the other states by a ferry of a thousand kilometres. A territory across
it costs as much travel as a hundred others, which drowns every other difference; no wall around the
tolerance is as high, so that the search would rather miss the tolerance. Hence

- a part that is worth a whole number of territories gets that many and becomes a region of its own
  (`alone`);
- any other is moved for the search until its ferry is as long as borders are apart elsewhere
  (`drawn_near`): across it the plan is evened out by as little as needs be.

Measured figures and reports always see the map as it is. O((n + links) log n).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from territory.model import Graph, Units, components
from territory.model.rules import without
from territory.optimize.arrays import Floats, Ints
from territory.optimize.check import Request

FAR = 3.0
"""Radii of a typical territory; a ferry that is longer joins parts that lie far apart."""

ROOM = 0.6
"""A part is solved by itself when whole territories deviate by no more than this share of the
tolerance there and in the rest: the search needs the other share for units, which are whole too."""


def reach(units: Units, k: int) -> float:
    """Kilometres from which on a link is far: `FAR` radii of a circle of k-th the area."""
    area = float(np.nansum(units.area_km2))
    if area <= 0:
        area = float(np.prod(np.ptp(units.xy, axis=0))) / 1e6
    return FAR * float(np.sqrt(area / max(k, 1) / np.pi))


def far_links(graph: Graph, units: Units, most_km: float) -> NDArray[np.bool_]:
    """(nnz,) ferries between shores that are further apart; shores are guessed from the areas."""
    xy, radius = units.xy / 1e3, np.sqrt(np.nan_to_num(units.area_km2) / np.pi)
    i, j = graph.rows, graph.indices
    gap = np.hypot(*(xy[i] - xy[j]).T) - radius[i] - radius[j]
    far: NDArray[np.bool_] = graph.ferry & (gap > most_km)
    return far


def drawn_near(request: Request) -> Floats:
    """(n, 2) km, where units lie for the search: parts across far ferries are moved.

    Along the shortest far ferry first; of two parts the one with fewer units moves, with all that
    hangs on it, until the ends of the ferry are `reach` apart.
    """
    graph, units = request.ruled.graph, request.units
    xy = units.xy / 1e3
    limit = reach(units, len(request.open))
    far = far_links(graph, units, limit)
    if not far.any():
        return xy
    part = components(without(graph, far))
    far &= graph.rows < graph.indices
    i, j = graph.rows[far], graph.indices[far]
    for e in np.argsort(np.hypot(*(xy[i] - xy[j]).T), kind="stable"):
        here, there = int(i[e]), int(j[e])
        if part[here] == part[there]:
            continue
        if (part == part[here]).sum() > (part == part[there]).sum():
            here, there = there, here
        moved = part == part[here]
        way = xy[there] - xy[here]
        xy[moved] += way * (1.0 - limit / float(np.hypot(*way)))
        part[moved] = part[there]
    return xy


def alone(request: Request) -> Request:
    """The request with every part that can be solved by itself as a region.

    Only from scratch, with equal targets and no other rules about where territories may lie;
    otherwise, or where no part is far or separate, the request as it is.
    """
    if not _plain(request):
        return request
    graph, k = request.ruled.graph, len(request.open)
    cut = far_links(graph, request.units, reach(request.units, k))
    part = _parts(graph, cut, request.ruled.group)
    if part.max() == 0:
        return request
    count = _whole_numbers(request, part, cut)
    if not count:
        return request
    rest = k - sum(count.values())
    region = np.zeros(request.units.n, np.int64)
    for r, p in enumerate(count, start=1):
        region[part == p] = r
    number = [rest, *count.values()]
    place = np.repeat(np.arange(len(number)), number)
    inner = without(graph, region[graph.rows] != region[graph.indices])
    names = tuple(f"part {r + 1}" for r in range(len(number)))
    ruled = replace(request.ruled, graph=inner, region=region, place=place, names=names)
    return replace(request, ruled=ruled)


def _plain(request: Request) -> bool:
    """May territories be shared out among parts by their load alone?"""
    ruled, target = request.ruled, request.target
    return (
        request.current is None
        and request.offset is None
        and len(ruled.names) == 1
        and ruled.barred is None
        and not np.isfinite(ruled.most).any()
        and not (ruled.least > 0).any()
        and float(np.ptp(target)) <= 1e-9 * float(target.max())
    )


def _parts(graph: Graph, cut: NDArray[np.bool_], group: Ints | None) -> Ints:
    """(n,) the part of each unit; groups that stay together never lie in two."""
    rows, columns = graph.rows[~cut], graph.indices[~cut]
    if group is not None:
        first = np.unique(group, return_index=True)[1]
        rows, columns = np.r_[rows, np.arange(graph.n)], np.r_[columns, first[group]]
    links = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(graph.n, graph.n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _whole_numbers(request: Request, part: Ints, cut: NDArray[np.bool_]) -> dict[int, int]:
    """Part → its territories, for those to be solved by themselves; the largest part never is."""
    count = int(part.max()) + 1
    worth = np.column_stack(
        [
            np.bincount(part, request.values[m], count)
            / (request.whole(m) * float(request.target[0]))
            for m in request.measures
        ]
    )
    units = np.bincount(part, minlength=count)
    between = _between(request.ruled.graph, part, cut)
    inside: dict[int, int] = {}
    for p in np.argsort(-units, kind="stable")[1:].tolist():
        number = max(1, round(float(worth[p, 0])))
        trial = {**inside, p: number}
        rest = np.setdiff1d(np.arange(count), list(trial))
        left = len(request.open) - sum(trial.values())
        fits = units[p] >= number and left >= 1 and units[rest].sum() >= left
        if fits and _within(worth[p] / number, request) and _joined(between, rest, list(inside)):
            joined = _within(worth[rest].sum(axis=0) / left, request)
            inside = trial if joined else inside
    return inside


def _within(share: Floats, request: Request) -> bool:
    """Is every measure near enough to what its territories should have?"""
    return bool((np.abs(share - 1.0) <= ROOM * request.tolerance).all())


def _between(graph: Graph, part: Ints, cut: NDArray[np.bool_]) -> csr_matrix:
    """Far links as links between parts."""
    count = int(part.max()) + 1
    ends = (part[graph.rows[cut]], part[graph.indices[cut]])
    return coo_matrix((np.ones(int(cut.sum())), ends), (count, count)).tocsr()


def _joined(between: csr_matrix, rest: Ints, gone: list[int]) -> bool:
    """Does what is left hang together as well as before?"""
    before = np.setdiff1d(np.arange(between.shape[0]), gone)

    def pieces(some: Ints) -> int:
        return int(connected_components(between[some][:, some], directed=False)[0])

    return pieces(rest) <= pieces(before)
