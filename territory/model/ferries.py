"""Links over water, or over a gap in the data: which there are, and which a user does without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from territory.errors import PlanError
from territory.model.graph import Graph, without
from territory.model.units import Units

__all__ = ["Ferry", "close_ferry", "ferries", "open_ferry", "with_closed"]


class Ferry(NamedTuple):
    """A link without a common border: its units, the way across, and whether it counts."""

    a: str
    b: str
    km: float
    open: bool


def ferries(units: Units) -> tuple[Ferry, ...]:
    """All ferries of a region, those that were closed too, the longest last."""
    import shapely

    graph = units.graph
    there = graph.ferry & (graph.rows < graph.indices)
    running = zip(graph.rows[there], graph.indices[there], strict=True)
    found = [(str(units.ids[i]), str(units.ids[j]), True) for i, j in running]
    found += [(a, b, False) for a, b in units.closed]
    if not found:
        return ()
    shapes = units.projected.to_numpy()
    ends = np.array([[units.position[a], units.position[b]] for a, b, _ in found])
    km = shapely.distance(shapes[ends[:, 0]], shapes[ends[:, 1]]) / 1e3
    all_of_them = [Ferry(a, b, float(d), on) for (a, b, on), d in zip(found, km, strict=True)]
    return tuple(sorted(all_of_them, key=lambda f: (f.km, f.a, f.b)))


def close_ferry(units: Units, a: str, b: str) -> Units:
    """The region without a ferry: nothing hangs together by it any more.

    Raises
    ------
    PlanError
        If no ferry links the two units.
    """
    graph, (i, j) = units.graph, units.positions([a, b])
    shut = graph.ferry & (
        ((graph.rows == i) & (graph.indices == j)) | ((graph.rows == j) & (graph.indices == i))
    )
    if not shut.any():
        raise PlanError(f"No ferry links {a} and {b}.")
    pair = (str(units.ids[min(i, j)]), str(units.ids[max(i, j)]))
    return replace(units, graph=without(graph, shut), closed=(*units.closed, pair))


def open_ferry(units: Units, a: str, b: str) -> Units:
    """The region with a closed ferry running again.

    Raises
    ------
    PlanError
        If no ferry between the two was closed.
    """
    kept = tuple(pair for pair in units.closed if set(pair) != {a, b})
    if len(kept) == len(units.closed):
        raise PlanError(f"No ferry between {a} and {b} is closed.")
    graph = units.graph
    pairs = np.vstack([graph.pairs(), units.positions([a, b])])
    once = graph.rows < graph.indices
    again = Graph.from_pairs(
        graph.n, pairs, np.r_[graph.border_km[once], 0.0], np.r_[graph.ferry[once], True]
    )
    return replace(units, graph=again, closed=kept)


def with_closed(units: Units, closed: Iterable[tuple[str, str]]) -> Units:
    """Areas read anew, without the ferries that were closed before, where these are still there."""
    running = {frozenset((f.a, f.b)) for f in ferries(units) if f.open} if closed else set()
    for a, b in closed:
        if frozenset((a, b)) in running:
            units = close_ferry(units, a, b)
    return units
