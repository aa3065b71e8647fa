"""What a proposal moves, in connected blocks: the unit of explanation and of acceptance.

All units that go from one territory to the same other one and hang together are one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from territory.errors import PlanError
from territory.model import Graph, Plan, Units
from territory.optimize.arrays import Floats, Ints
from territory.optimize.words import listed

__all__ = ["Block", "Parts", "aligned", "blocks", "place_of"]

PLACES = (
    ("city", "town", "municipality", "place", "locality", "po_name", "usps_city"),
    ("county", "county_name", "countyname"),
)
"""Columns that name a place people know, the closer one first."""


@dataclass(frozen=True, eq=False)
class Block:
    """Connected units that go from one territory to another; positions in the plan, -1 for none."""

    units: Ints
    source: int
    target: int


class Parts:
    """Counts the connected pieces of single territories."""

    def __init__(self, graph: Graph) -> None:
        links = np.ones(len(graph.indices), np.int8)
        self._links = csr_matrix((links, graph.indices, graph.indptr), shape=(graph.n, graph.n))

    def labelled(self, units: Ints) -> Ints:
        """(len(units),) the piece that each of some units lies in, when only these count."""
        among = self._links[units][:, units]
        return np.asarray(connected_components(among, directed=False)[1])

    def beside(self, units: Ints) -> Ints:
        """Neighbours of some units."""
        return np.unique(self._links[units].indices)

    def count(self, label: Ints, territory: int) -> int:
        """Pieces of a territory; 0 where it is empty or "unassigned"."""
        units = np.flatnonzero(label == territory)
        if territory < 0 or not len(units):
            return 0
        return int(self.labelled(units).max()) + 1


def aligned(before: Plan, after: Plan) -> Ints:
    """(n,) where each unit was, as a position among the territories of ``after``.

    Raises
    ------
    PlanError
        If the plans are of different regions, or ``after`` lacks a territory of ``before``.
    """
    if before.units is not after.units and not np.array_equal(before.units.ids, after.units.ids):
        raise PlanError("The two plans belong to different regions, so they can't be compared.")
    gone = [t for t in before.territory_ids if t not in after.territories.index]
    if gone:
        raise PlanError(
            f"Territory {gone[0]} is missing from the proposal: compare plans with the same "
            "territories."
        )
    where = [after.position_of(t) for t in before.territory_ids]
    return np.array([*where, -1], dtype=np.int64)[before.alignment]


def blocks(graph: Graph, was: Ints, now: Ints) -> list[Block]:
    """Every moved unit in exactly one block; ordered by their first unit. O(n + links)."""
    moved = np.flatnonzero(was != now)
    if not len(moved):
        return []
    rows, columns = graph.rows, graph.indices
    same = (was[rows] == was[columns]) & (now[rows] == now[columns]) & (was[rows] != now[rows])
    links = csr_matrix(
        (np.ones(int(same.sum()), np.int8), (rows[same], columns[same])), shape=(graph.n, graph.n)
    )
    part = connected_components(links, directed=False)[1][moved]
    order = np.argsort(part, kind="stable")
    ends = np.flatnonzero(np.diff(part[order])) + 1
    found = [moved[members] for members in np.split(order, ends)]
    found.sort(key=lambda units: int(units[0]))
    return [Block(units, int(was[units[0]]), int(now[units[0]])) for units in found]


def place_of(units: Units, chosen: Ints, weight: Floats) -> str:
    """Where some units are: "in Worcester", "around Worcester", or their ids.

    The city with most of the weight gives the name; the county where no city is known.
    """
    columns = {str(c).casefold(): c for c in units.attributes.columns}
    for names in PLACES:
        column = next((columns[name] for name in names if name in columns), None)
        if column is None:
            continue
        told = [str(v).strip() for v in units.attributes[column].iloc[chosen].fillna("")]
        shares: dict[str, float] = {}
        for place, w in zip(told, weight[chosen].tolist(), strict=True):
            if place:
                shares[place] = shares.get(place, 0.0) + w
        if shares:
            main = max(shares, key=lambda place: shares[place])
            return f"in {main}" if all(place == main for place in told) else f"around {main}"
    return listed(_ids(units, chosen))


def _ids(units: Units, chosen: Ints) -> Sequence[str]:
    return [str(i) for i in units.ids[chosen]]
