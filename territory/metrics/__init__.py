"""Numbers about a plan. One function a measure, with its formula; METRICS lists them all."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from territory.metrics.balance import (
    balance_index,
    deviation,
    max_deviation,
    outside,
    targets,
    top_share,
    within_tolerance,
    worst_deviation,
)
from territory.metrics.case import Case
from territory.metrics.catalogue import HEADLINES, METRICS, Metric, overview, scorecard_of
from territory.metrics.compactness import (
    cut_edges,
    polsby_popper,
    polsby_popper_mean,
    radius_km,
    rms_radius_km,
)
from territory.metrics.constraints import CONSTRAINTS, Asked, Violation, violations
from territory.metrics.contiguity import noncontiguous, piece_count
from territory.metrics.disruption import (
    changed_units,
    disruption,
    flows,
    match_territories,
    moved_share,
    relabelled,
)
from territory.metrics.people import coverage, quota_spread, utilisation
from territory.metrics.report import report
from territory.metrics.sales import sales_by_period
from territory.model import Plan, Project

__all__ = [
    "CONSTRAINTS",
    "HEADLINES",
    "METRICS",
    "Asked",
    "Case",
    "Metric",
    "Violation",
    "balance_index",
    "changed_units",
    "coverage",
    "cut_edges",
    "deviation",
    "disruption",
    "flows",
    "match_territories",
    "max_deviation",
    "moved_share",
    "noncontiguous",
    "outside",
    "overview",
    "piece_count",
    "polsby_popper",
    "polsby_popper_mean",
    "quota_spread",
    "radius_km",
    "relabelled",
    "report",
    "rms_radius_km",
    "sales_by_period",
    "scorecard",
    "scorecard_of",
    "targets",
    "top_share",
    "utilisation",
    "violations",
    "within_tolerance",
    "worst_deviation",
]


def scorecard(
    plan: Plan,
    measures: Mapping[str, float] | None = None,
    *,
    tolerance: float = 0.05,
    baseline: Plan | None = None,
    project: Project | None = None,
) -> pd.DataFrame:
    """One row a territory: totals of the measures in use and the eight headline metrics.

    Parameters
    ----------
    plan
        The plan to measure.
    measures
        measure → weight; the region's default measure where not given.
    tolerance
        Allowed deviation, as a share (0.05 = 5 %).
    baseline
        The plan that disruption is counted against.
    project
        Brings the team for workload, quota and coverage; those columns are NaN without it.
    """
    return scorecard_of(Case(plan, measures or {}, tolerance, baseline, project))
