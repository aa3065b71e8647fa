"""What has changed in the data since the plan was made, seen through the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.case import Case
from territory.metrics.market import is_customer
from territory.model import account_reps

__all__ = ["churn", "competitors_since", "growth_since", "shift_since"]

RIVALS = "competitors"


def growth_since(case: Case, measure: str) -> pd.Series:
    """By territory, (now − then) / then of a measure's units; NaN where it was not known or 0.

    Units that the earlier data does not have, or has gaps in, are left out on both sides.
    """
    plan, project = case.plan, case.project
    then = None if project is None or project.earlier is None else project.earlier.values(
        plan.units, measure
    )  # fmt: skip
    if then is None or not case.has(measure):
        return case.series(np.full(plan.k, np.nan))
    now = plan.units.values(measure)
    known = (plan.alignment >= 0) & np.isfinite(now) & np.isfinite(then)
    at = plan.alignment[known]
    before = np.bincount(at, then[known], plan.k)
    change = np.bincount(at, (now - then)[known], plan.k)
    return case.series(np.divide(change, before, out=np.full(plan.k, np.nan), where=before > 0))


def shift_since(case: Case, measure: str) -> pd.Series:
    """By territory, its growth beyond the whole's: (1 + g) / (1 + G) − 1.

    A market that grows alike everywhere leaves a fair plan fair.
    """
    growth = growth_since(case, measure)
    plan, project = case.plan, case.project
    if growth.isna().all() or project is None or project.earlier is None:
        return growth
    then = project.earlier.values(plan.units, measure)
    assert then is not None  # there is growth
    now = plan.units.values(measure)
    known = np.isfinite(now) & np.isfinite(then)
    whole = now[known].sum() / then[known].sum() if then[known].sum() > 0 else np.nan
    return (1 + growth) / whole - 1


def churn(case: Case) -> pd.Series:
    """By territory, the share of its earlier customers who are none any more.

    NaN where there were none.
    """
    plan, project = case.plan, case.project
    out = case.series(np.full(plan.k, np.nan))
    if project is None or project.earlier_accounts is None or project.accounts is None:
        return out
    old = project.earlier_accounts
    still = project.accounts.frame.index[is_customer(project.accounts)]
    reps = account_reps(plan, old)
    lost = ~old.frame.index.isin(still)
    table = pd.DataFrame({"rep": reps, "lost": lost})[is_customer(old) & (reps != "")]
    share = table.groupby("rep")["lost"].mean()
    return case.series(share.reindex(plan.territories["rep_id"]).to_numpy(float))


def competitors_since(case: Case) -> pd.Series:
    """By territory, the growth of the competitors counted in its units; NaN where not known."""
    return growth_since(case, RIVALS)
