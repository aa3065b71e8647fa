"""Whether territories hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.model import Graph, components, pieces
from territory.model.rules import without

__all__ = [
    "beyond_water",
    "in_pieces",
    "loose_share",
    "noncontiguous",
    "piece_count",
    "unassigned",
    "unassigned_share",
]


def piece_count(case: Case) -> pd.Series:
    """Connected pieces by territory; 1 is contiguous, 0 is empty. Ferries count as links."""
    plan = case.plan
    return case.series(pieces(plan.units.graph, plan.alignment, plan.k))


def in_pieces(case: Case) -> pd.Series:
    """1 for a territory in more than one piece, else 0."""
    return (piece_count(case) > 1).astype(float)


def noncontiguous(case: Case) -> float:
    """Number of territories in more than one piece."""
    return float(in_pieces(case).sum())


def unassigned(case: Case) -> float:
    """Number of units without a territory."""
    return float(case.plan.unassigned)


def unassigned_share(case: Case) -> float:
    """Share of the main measure in units without a territory; 0 where there is none of it."""
    weight = np.nan_to_num(case.plan.units.values(case.main))
    whole = float(weight.sum())
    return float(weight[case.plan.alignment < 0].sum()) / whole if whole > 0 else 0.0


def _apart(case: Case, graph: Graph) -> NDArray[np.float64]:
    """(k,) weight of each territory outside its heaviest connected piece."""
    plan = case.plan
    inside = plan.alignment >= 0
    weight = np.nan_to_num(plan.units.values(case.main))[inside]
    crossing = plan.alignment[graph.rows] != plan.alignment[graph.indices]
    piece = components(without(graph, crossing))[inside]
    heavy = np.bincount(piece, weight)
    owner = np.zeros(len(heavy), dtype=np.int64)
    owner[piece] = plan.alignment[inside]
    most = np.zeros(plan.k)
    np.maximum.at(most, owner, heavy)
    return np.bincount(plan.alignment[inside], weight, plan.k) - most


def loose_share(case: Case) -> float:
    """Share of the main measure that lies apart from the heaviest piece of its territory."""
    whole = float(np.nansum(case.plan.units.values(case.main)))
    return float(_apart(case, case.plan.units.graph).sum()) / whole if whole > 0 else 0.0


def beyond_water(case: Case) -> pd.Series:
    """By territory, the share of its main measure that hangs on its heaviest piece by ferry alone.

    0 where the territory has none of the measure.
    """
    graph = case.plan.units.graph
    parted = _apart(case, without(graph, graph.ferry)) - _apart(case, graph)
    total = case.plan.totals(case.main)
    return case.series(np.divide(parted, total, out=np.zeros(len(total)), where=total > 0))
