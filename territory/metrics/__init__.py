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
from territory.metrics.capacity import capacity_hours, rep_hours, vacant
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
from territory.metrics.drivers import driver_words, territory_drivers, unit_drivers
from territory.metrics.market import (
    market_table,
    market_units,
    penetration,
    potential_spread,
    white_space,
)
from territory.metrics.people import coverage, quota_spread, utilisation
from territory.metrics.potential import Potential, buying_power, potential_of, unit_sales
from territory.metrics.report import every_metric, report
from territory.metrics.roads import formula_error, minutes, roads_of
from territory.metrics.sales import sales_by_period
from territory.metrics.travel import hours_of, travel_share
from territory.metrics.workload import call_plan
from territory.metrics.workload_table import rep_workload, workload_gaps, workload_table
from territory.model import Plan, Project

__all__ = [
    "CONSTRAINTS",
    "HEADLINES",
    "METRICS",
    "Asked",
    "Case",
    "Metric",
    "Potential",
    "Violation",
    "balance_index",
    "buying_power",
    "call_plan",
    "capacity_hours",
    "changed_units",
    "coverage",
    "cut_edges",
    "deviation",
    "disruption",
    "driver_words",
    "every_metric",
    "flows",
    "formula_error",
    "hours_of",
    "market_table",
    "market_units",
    "match_territories",
    "max_deviation",
    "minutes",
    "moved_share",
    "noncontiguous",
    "outside",
    "overview",
    "penetration",
    "piece_count",
    "polsby_popper",
    "polsby_popper_mean",
    "potential_of",
    "potential_spread",
    "quota_spread",
    "radius_km",
    "relabelled",
    "rep_hours",
    "rep_workload",
    "report",
    "rms_radius_km",
    "roads_of",
    "sales_by_period",
    "scorecard",
    "scorecard_of",
    "targets",
    "territory_drivers",
    "top_share",
    "travel_share",
    "unit_drivers",
    "unit_sales",
    "utilisation",
    "vacant",
    "violations",
    "white_space",
    "within_tolerance",
    "workload_gaps",
    "workload_table",
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
