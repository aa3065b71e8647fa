"""What a plan asks of the reps: workload against capacity, quota against potential."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.case import Case

__all__ = ["coverage", "max_utilisation", "potential_per_quota", "quota_spread", "utilisation"]


def utilisation(case: Case) -> pd.Series:
    """Workload / capacity by territory; 1.2 is a fifth too much. NaN where not known."""
    capacity = case.team_column("capacity_hours")
    if capacity is None or not case.has("workload_hours"):
        return case.series(np.full(case.plan.k, np.nan))
    return case.totals("workload_hours") / capacity.where(capacity > 0)


def max_utilisation(case: Case) -> float:
    """Utilisation of the busiest territory."""
    return float(utilisation(case).max())


def potential_per_quota(case: Case) -> pd.Series:
    """Potential per unit of quota by territory, relative to the mean: 0 is fair.

    +0.3 means that this rep has 30 % more potential behind each dollar of quota than the average.
    """
    quota = case.team_column("quota")
    if quota is None or not case.has("potential"):
        return case.series(np.full(case.plan.k, np.nan))
    ratio = case.totals("potential") / quota.where(quota > 0)
    return ratio / ratio.mean() - 1


def quota_spread(case: Case) -> float:
    """Spread of potential / quota: standard deviation over mean, 0 = the same for everybody."""
    relative = potential_per_quota(case).dropna()
    return float(relative.std(ddof=0)) if len(relative) else float("nan")


def coverage_by_territory(case: Case) -> pd.Series:
    """Share of planned visits the rep has hours for: min(1, capacity / workload)."""
    used = utilisation(case)
    return (1 / used.where(used > 0)).clip(upper=1).mask(used == 0, 1.0)


def coverage(case: Case) -> float:
    """Share of accounts reached at the planned frequency; unassigned accounts are not."""
    served = coverage_by_territory(case)
    weight = "accounts" if case.has("accounts") else "workload_hours"
    if served.isna().all():
        return float("nan")
    everyone = float(np.nansum(case.plan.units.values(weight)))
    return float((served * case.totals(weight)).sum() / everyone) if everyone > 0 else float("nan")
