"""Whether territories hang together."""

from __future__ import annotations

import pandas as pd

from territory.metrics.case import Case
from territory.model import pieces

__all__ = ["noncontiguous", "piece_count", "unassigned"]


def piece_count(case: Case) -> pd.Series:
    """Connected pieces by territory; 1 is contiguous, 0 is empty. Ferries count as links."""
    plan = case.plan
    return case.series(pieces(plan.units.graph, plan.alignment, plan.k))


def noncontiguous(case: Case) -> float:
    """Number of territories in more than one piece."""
    return float((piece_count(case) > 1).sum())


def unassigned(case: Case) -> float:
    """Number of units without a territory."""
    return float(case.plan.unassigned)
