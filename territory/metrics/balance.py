"""How even the territories are, each against its own target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.case import Case

__all__ = [
    "balance_index",
    "coefficient_of_variation",
    "deviation",
    "gini",
    "largest_index",
    "max_deviation",
    "outside",
    "targets",
    "top_share",
    "within_tolerance",
    "worst_deviation",
]


def targets(case: Case, measure: str) -> pd.Series:
    """What each territory should have: its target share of the whole region."""
    whole = float(np.nansum(case.plan.units.values(measure)))
    return case.series(case.plan.territories["target"].to_numpy(float) * whole)


def deviation(case: Case, measure: str) -> pd.Series:
    """Distance from target by territory: (x − τ) / τ, so +0.2 is 20 % over.

    NaN where the target is zero.
    """
    target = targets(case, measure)
    return (case.totals(measure) - target) / target.where(target > 0)


def max_deviation(case: Case, measure: str | None = None) -> float:
    """The largest |deviation| of any territory, over one measure or all in use; NaN if none."""
    names = [measure] if measure else list(case.measures)
    worst = [deviation(case, name).abs().max() for name in names]
    return float(np.nanmax(worst)) if np.isfinite(worst).any() else float("nan")


def worst_deviation(case: Case) -> pd.Series:
    """By territory, the deviation that is farthest from zero among the measures in use."""
    table = np.c_[tuple(deviation(case, name) for name in case.measures)]
    at = np.nan_to_num(np.abs(table)).argmax(axis=1)
    return case.series(table[np.arange(len(table)), at])


def outside(case: Case, measure: str | None = None) -> int:
    """Number of territories that deviate by more than the tolerance, in one measure or in any."""
    off = deviation(case, measure) if measure else worst_deviation(case)
    return int((off.abs() > case.tolerance + 1e-9).sum())


def within_tolerance(case: Case) -> float:
    """Share of territories whose every measure deviates by no more than the tolerance."""
    return float((worst_deviation(case).abs() <= case.tolerance + 1e-9).mean())


def coefficient_of_variation(case: Case) -> float:
    """Spread of the heaviest measure: standard deviation / mean of the territories' totals."""
    x = case.totals(case.main)
    return float(x.std() / x.mean()) if len(x) and x.mean() > 0 else float("nan")


def gini(case: Case) -> float:
    """Gini index of the heaviest measure: Σ Σ |x_i − x_j| / (2 n² · mean), 0 = all alike.

    Source: Gini (1912).
    """
    x = np.sort(case.totals(case.main))
    n = len(x)
    if n == 0 or x.sum() <= 0:
        return float("nan")
    rank = 2 * np.arange(1, n + 1) - n - 1
    return float((rank * x).sum() / (n * x.sum()))


def top_share(case: Case, count: int = 3) -> float:
    """Share of the heaviest measure that the ``count`` largest territories hold."""
    x = np.sort(case.totals(case.main))
    return float(x[-count:].sum() / x.sum()) if x.sum() > 0 else float("nan")


def balance_index(case: Case, measure: str | None = None) -> pd.Series:
    """100 · x / mean by territory; 100 is an average territory."""
    x = case.totals(measure or case.main)
    return case.series(100 * x / x.mean() if len(x) and x.mean() > 0 else np.full(len(x), np.nan))


def largest_index(case: Case) -> float:
    """Balance index of the largest territory; 100 where all are alike."""
    return float(balance_index(case).max())
