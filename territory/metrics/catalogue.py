"""METRICS: every figure of a plan in one visible list. Pages, CLI and Excel loop over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from territory.metrics import (
    balance,
    compactness,
    contiguity,
    disruption,
    market,
    people,
    performance,
    quota_test,
    seasons,
    travel,
)
from territory.metrics.case import Case

__all__ = ["HEADLINES", "METRICS", "Metric", "overview", "scorecard_of"]


@dataclass(frozen=True)
class Metric:
    """One figure.

    ``format`` is "share", "count", "hours", "km", "money" or "number"; ``better`` is "low", "high"
    or "" (neither). ``by_territory`` is there for every headline, and for others that have one.
    """

    name: str
    label: str
    format: str
    better: str
    help: str
    overall: Callable[[Case], float]
    by_territory: Callable[[Case], pd.Series] | None = None
    headline: bool = False


def _inside(case: Case) -> pd.Series:
    return (balance.worst_deviation(case).abs() <= case.tolerance + 1e-9).astype(float)


METRICS: tuple[Metric, ...] = (
    Metric(
        "max_deviation",
        "Largest deviation",
        "share",
        "low",
        "How far the most uneven territory is from its target.",
        balance.max_deviation,
        balance.worst_deviation,
        headline=True,
    ),
    Metric(
        "within_tolerance",
        "Within tolerance",
        "share",
        "high",
        "Share of territories whose every measure is close enough to its target.",
        balance.within_tolerance,
        _inside,
        headline=True,
    ),
    Metric(
        "noncontiguous",
        "Territories in pieces",
        "count",
        "low",
        "Territories that are not one connected piece. Ferries count as connections.",
        contiguity.noncontiguous,
        contiguity.in_pieces,
        headline=True,
    ),
    Metric(
        "radius_km",
        "Travel radius",
        "km",
        "low",
        "Weighted distance of units from the centre of their territory.",
        compactness.rms_radius_km,
        compactness.radius_km,
        headline=True,
    ),
    Metric(
        "utilisation",
        "Highest workload",
        "share",
        "low",
        "Workload over capacity of the busiest rep; above 100 % is more than there are hours.",
        people.max_utilisation,
        people.utilisation,
        headline=True,
    ),
    Metric(
        "disruption",
        "Disruption",
        "share",
        "low",
        "How much of the market gets another rep than in the baseline.",
        disruption.disruption,
        disruption.disruption_by_territory,
        headline=True,
    ),
    Metric(
        "quota_spread",
        "Quota fairness gap",
        "share",
        "low",
        "How unequal potential per quota is; 0 % asks the same of every rep.",
        people.quota_spread,
        people.potential_per_quota,
        headline=True,
    ),
    Metric(
        "coverage",
        "Coverage",
        "share",
        "high",
        "Share of accounts that reps have the hours to visit as planned.",
        people.coverage,
        people.coverage_by_territory,
        headline=True,
    ),
    Metric(
        "unassigned",
        "Unassigned units",
        "count",
        "low",
        "Units that belong to no territory.",
        contiguity.unassigned,
    ),
    Metric(
        "coefficient_of_variation",
        "Coefficient of variation",
        "share",
        "low",
        "Spread of the territories' totals: standard deviation over mean.",
        balance.coefficient_of_variation,
    ),
    Metric(
        "gini",
        "Gini index",
        "number",
        "low",
        "Inequality of the territories' totals, 0 (all alike) to 1.",
        balance.gini,
    ),
    Metric(
        "cut_edges",
        "Cut borders",
        "share",
        "low",
        "Share of neighbouring pairs of units that a territory border separates.",
        compactness.cut_edges,
    ),
    Metric(
        "polsby_popper_mean",
        "Compactness (Polsby–Popper)",
        "number",
        "high",
        "Mean of 4πA / P²: 1 is a circle, near 0 is sprawling.",
        compactness.polsby_popper_mean,
    ),
    Metric(
        "travel_share",
        "Travel share",
        "share",
        "low",
        "Driving over all hours in the field: visits, driving and nights away.",
        travel.total_travel_share,
        travel.travel_share,
    ),
    Metric(
        "driving_hours",
        "Driving hours",
        "hours",
        "low",
        "Hours at the wheel a year, from the call plan and the reps' homes.",
        travel.total_driving_hours,
        travel.driving_hours,
    ),
    Metric(
        "nights_away",
        "Nights away",
        "count",
        "low",
        "Nights a year that reps stay out because home is too far.",
        travel.total_nights,
        travel.nights_away,
    ),
    Metric(
        "road_km",
        "Distance driven",
        "km",
        "low",
        "Road kilometres a year, from the call plan and the reps' homes.",
        travel.total_road_km,
        travel.road_km,
    ),
    Metric(
        "potential_spread",
        "Potential spread",
        "share",
        "low",
        "How unequal the potential of the territories is: standard deviation over mean.",
        market.potential_spread,
        market.potential_by_territory,
    ),
    Metric(
        "penetration",
        "Penetration",
        "share",
        "high",
        "Own sales of a year as a share of the potential.",
        market.total_penetration,
        market.penetration,
    ),
    Metric(
        "white_space",
        "White space",
        "money",
        "",
        "Potential minus own sales of a year: what could still be won.",
        market.total_white_space,
        market.white_space,
    ),
    Metric(
        "customer_density",
        "Customer density",
        "number",
        "",
        "Customers on 100 km².",
        market.total_density,
        market.customer_density,
    ),
    Metric(
        "rivalry",
        "Rival presence",
        "share",
        "low",
        "Competitors among all suppliers known: theirs over theirs plus own customers.",
        market.total_rivalry,
        market.rivalry,
    ),
    Metric(
        "growth",
        "Sales growth",
        "share",
        "high",
        "Sales against the same quarters of the year before.",
        performance.total_of("growth"),
        performance.by_territory("growth"),
    ),
    Metric(
        "new_customers",
        "New customers",
        "count",
        "high",
        "Customers who bought in the last year and never before.",
        performance.total_of("new_customers"),
        performance.by_territory("new_customers"),
    ),
    Metric(
        "churn",
        "Churn",
        "share",
        "low",
        "Customers of the year before who bought nothing in the last one.",
        performance.total_of("churn"),
        performance.by_territory("churn"),
    ),
    Metric(
        "attainment",
        "Quota attainment",
        "share",
        "high",
        "Last year's sales over the quotas of today.",
        performance.total_of("attainment"),
        performance.by_territory("attainment"),
    ),
    Metric(
        "attainment_correlation",
        "Attainment and size",
        "number",
        "",
        "Correlation of attainment with a territory's potential: at 0 quotas favour nobody.",
        quota_test.attainment_correlation,
    ),
    Metric(
        "sales_per_hour",
        "Sales per hour",
        "money",
        "high",
        "Last year's sales over the hours of work that the plan takes.",
        performance.total_of("sales_per_hour"),
        performance.by_territory("sales_per_hour"),
    ),
    Metric(
        "sales_per_rep",
        "Sales per rep",
        "money",
        "high",
        "Last year's sales over the reps who own a territory.",
        performance.total_of("sales_per_rep"),
    ),
    Metric(
        "worst_quarter_utilisation",
        "Highest workload in the hardest quarter",
        "share",
        "low",
        "Workload over capacity of the busiest rep, were the work to follow the season of sales.",
        seasons.worst_quarter_utilisation,
        seasons.worst_quarter_by_territory,
    ),
    Metric(
        "span_of_control",
        "Span of control",
        "count",
        "",
        "The most reps that one manager leads.",
        people.span_of_control,
    ),
    Metric(
        "accounts_moved",
        "Accounts with another rep",
        "share",
        "low",
        "Share of the accounts whose rep changes against the baseline.",
        disruption.accounts_moved,
    ),
    Metric(
        "revenue_moved",
        "Revenue with another rep",
        "share",
        "low",
        "Share of the yearly revenue whose rep changes against the baseline.",
        disruption.revenue_moved,
    ),
    Metric(
        "revenue_at_risk",
        "Revenue at risk",
        "money",
        "low",
        "15.5 % of the revenue that gets another rep, the middle of the 13 to 18 % that departures "
        "of reps have cost (Shi et al. 2017).",
        disruption.revenue_at_risk,
    ),
    Metric(
        "balance_index",
        "Largest territory",
        "number",
        "low",
        "The largest territory where an average one is 100.",
        balance.largest_index,
        balance.balance_index,
    ),
    Metric(
        "reock_mean",
        "Roundness (Reock)",
        "number",
        "high",
        "Mean of area over that of the smallest circle around it: 1 is a circle.",
        compactness.reock_mean,
        compactness.reock,
    ),
    Metric(
        "convex_hull_mean",
        "Convex-hull ratio",
        "number",
        "high",
        "Mean of area over that of a rubber band around it: 1 has no bays.",
        compactness.convex_hull_mean,
        compactness.convex_hull_ratio,
    ),
)

HEADLINES: tuple[Metric, ...] = tuple(m for m in METRICS if m.headline)


def overview(case: Case, metrics: tuple[Metric, ...] = METRICS) -> dict[str, float]:
    """Every figure of a plan by name; NaN where the data for it is not there."""
    return {m.name: m.overall(case) for m in metrics}


def scorecard_of(case: Case) -> pd.DataFrame:
    """One row a territory: name, rep_id, total of each measure in use, the headline metrics."""
    out = case.plan.territories[["name", "rep_id"]].copy()
    out["units"] = case.plan.totals("units").astype(int)
    for name in case.measures:
        out[name] = case.totals(name)
    for metric in HEADLINES:
        if metric.by_territory is not None:
            out[metric.name] = metric.by_territory(case)
    return out
