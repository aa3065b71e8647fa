"""What a plan asks of the reps: workload against capacity, quota against potential."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.capacity import MONTH, as_of, capacity_hours, vacant
from territory.metrics.case import Case

__all__ = [
    "coverage",
    "hours_beyond",
    "hours_share_beyond",
    "hours_to_spare",
    "max_utilisation",
    "months_in_job",
    "potential_per_quota",
    "quota_spread",
    "reps_wanted",
    "span_of_control",
    "team_utilisation",
    "utilisation",
]


def utilisation(case: Case) -> pd.Series:
    """Workload / capacity by territory; 1.2 is a fifth too much. NaN where not known."""
    capacity = capacity_hours(case)
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
    """Share of planned visits the rep has hours for: min(1, capacity / workload).

    0 where nobody works the territory, NaN where hours are not known.
    """
    used = utilisation(case)
    if used.isna().all():
        return used
    return (1 / used.where(used > 0)).clip(upper=1).mask(used == 0, 1.0).mask(vacant(case), 0.0)


def coverage(case: Case) -> float:
    """Share of accounts reached at the planned frequency; unassigned accounts are not."""
    served = coverage_by_territory(case)
    weight = "accounts" if case.has("accounts") else "workload_hours"
    if served.isna().all():
        return float("nan")
    everyone = float(np.nansum(case.plan.units.values(weight)))
    return float((served * case.totals(weight)).sum() / everyone) if everyone > 0 else float("nan")


def _work_and_hours(case: Case) -> tuple[np.ndarray, np.ndarray] | None:
    """(k,) workload and capacity in hours a year, 0 where not known; None where nothing is."""
    capacity = capacity_hours(case)
    if capacity is None or not case.has("workload_hours"):
        return None
    return np.nan_to_num(case.totals("workload_hours")), np.nan_to_num(capacity.to_numpy(float))


def hours_beyond(case: Case) -> float:
    """Hours of work beyond capacity, Σ max(0, workload − capacity); NaN where not known."""
    known = _work_and_hours(case)
    if known is None:
        return float("nan")
    work, hours = known
    return float(np.maximum(work - hours, 0.0)[hours > 0].sum())


def hours_to_spare(case: Case) -> float:
    """Hours of capacity that no work fills, Σ max(0, capacity − workload); NaN where not known."""
    known = _work_and_hours(case)
    return float("nan") if known is None else float(np.maximum(known[1] - known[0], 0.0).sum())


def team_utilisation(case: Case) -> float:
    """All workload of the region, assigned or not, over the team's capacity."""
    known = _work_and_hours(case)
    if known is None or known[1].sum() <= 0:
        return float("nan")
    return float(np.nansum(case.plan.units.values("workload_hours")) / known[1].sum())


def reps_wanted(case: Case) -> float:
    """Reps of mean capacity that all workload fills: ⌈Σ workload / mean capacity⌉."""
    known = _work_and_hours(case)
    if known is None or not (known[1] > 0).any():
        return float("nan")
    whole = float(np.nansum(case.plan.units.values("workload_hours")))
    return float(max(1, np.ceil(whole / known[1][known[1] > 0].mean() - 1e-9)))


def hours_share_beyond(case: Case) -> float:
    """``hours_beyond`` over the capacity of all reps; NaN where not known."""
    known = _work_and_hours(case)
    if known is None or known[1].sum() <= 0:
        return float("nan")
    return hours_beyond(case) / float(known[1].sum())


def months_in_job(case: Case) -> pd.Series:
    """Months of each territory's rep in the job on the day that capacity counts from.

    Below 0 for somebody who is still to come, NaN where it is not known.
    """
    project = case.project
    day = None if project is None else as_of(project)
    if project is None or project.team is None or day is None:
        return case.series(np.full(case.plan.k, np.nan))
    began = pd.to_datetime(project.team.frame["start_date"], errors="coerce", format="ISO8601")
    months = (pd.Timestamp(day) - began).dt.days / MONTH
    return case.series(months.reindex(case.plan.territories["rep_id"]).to_numpy(float))


def span_of_control(case: Case) -> float:
    """The most reps that one manager leads; NaN where no manager is known."""
    team = case.project.team if case.project else None
    if team is None:
        return float("nan")
    managers = team.frame["manager"][team.frame["manager"] != ""]
    return float(managers.value_counts().max()) if len(managers) else float("nan")
