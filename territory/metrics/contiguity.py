"""Whether territories hang together."""

from __future__ import annotations

import pandas as pd

from territory.metrics.case import Case
from territory.model import pieces

__all__ = ["in_pieces", "noncontiguous", "piece_count", "unassigned"]


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
