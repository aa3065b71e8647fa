"""Are quotas fair? Potential behind each of them, and whether large territories reach theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from territory.metrics.case import Case
from territory.metrics.seasons import yearly_sales

__all__ = ["Fairness", "attainment_correlation", "fairness", "quota_fairness"]

FEWEST = 5
"""Fewer than these say nothing about a link."""


@dataclass(frozen=True, eq=False)
class Fairness:
    """What the test of a set of quotas found.

    ``table`` has potential, sales, quota, attainment and potential_per_quota (relative to the
    mean) by territory. ``spread`` is the standard deviation over the mean of potential per quota.
    ``correlation`` is Pearson's between attainment and potential, ``low`` and ``high`` its 95 %
    interval; NaN where the data do not allow it. ``linked`` says whether the interval leaves 0
    out. ``note`` says in words what was missing.
    """

    table: pd.DataFrame
    spread: float
    correlation: float
    low: float
    high: float
    count: int
    note: str = ""

    @property
    def linked(self) -> bool:
        """Can the link be told from chance?"""
        return bool(self.low > 0 or self.high < 0)


def fairness(case: Case, quota: pd.Series | None = None) -> Fairness:
    """Test quotas, those of the team where none are given.

    Attainment is last year's sales over the quota: had it applied then, who would have reached it?
    Where it grows or falls with the size of the territory (its potential), the quotas favour one
    side. The interval is Fisher's (1921): tanh(artanh r ± 1.96 / √(n − 3)).
    """
    quota = case.team_column("quota") if quota is None else quota
    table = pd.DataFrame(index=case.plan.territories.index)
    table["potential"] = case.totals("potential") if case.has("potential") else np.nan
    sold = yearly_sales(case)
    table["sales"] = np.nan if sold is None else sold
    table["quota"] = np.nan if quota is None else quota
    asked = table["quota"].where(table["quota"] > 0)
    table["attainment"] = table["sales"] / asked
    ratio = table["potential"] / asked
    mean = ratio.mean()
    table["potential_per_quota"] = ratio / mean - 1 if mean > 0 else np.nan
    spread = float(table["potential_per_quota"].std(ddof=0))
    r, low, high, count, note = _link(table["potential"], table["attainment"])
    if quota is None or asked.isna().all():
        note = "No quotas yet: load them with the team, or set them here."
    return Fairness(table, spread, r, low, high, count, note)


def _link(size: pd.Series, reached: pd.Series) -> tuple[float, float, float, int, str]:
    """Correlation, its interval, how many it is from, and why there is none."""
    nan = float("nan")
    known = size.notna() & reached.notna() & (size > 0)
    x, y = size[known].to_numpy(float), reached[known].to_numpy(float)
    n = len(x)
    if n < FEWEST:
        what = "potential and sales" if n == 0 else f"{FEWEST} territories"
        return nan, nan, nan, n, f"The link with size needs {what}; there are {n} with both."
    if np.ptp(x) <= 1e-9 * x.max() or np.ptp(y) <= 1e-9 * max(y.max(), 1e-300):
        return nan, nan, nan, n, "All are alike, so there is no link to test."
    r = float(np.corrcoef(x, y)[0, 1])
    reach = 1.959964 / np.sqrt(n - 3)
    middle = np.arctanh(np.clip(r, -0.999999, 0.999999))
    return r, float(np.tanh(middle - reach)), float(np.tanh(middle + reach)), n, ""


def attainment_correlation(case: Case) -> float:
    """Correlation of attainment with the size of territories; 0 favours nobody."""
    return fairness(case).correlation


def quota_fairness(found: Fairness) -> str:
    """The finding in one sentence, with as much certainty as the number of reps allows."""
    if found.note and not np.isfinite(found.correlation):
        return found.note
    near = f"r = {found.correlation:.2f}, between {found.low:.2f} and {found.high:.2f}"
    near = f"{near} with {found.count} territories".replace("-", "−")
    if not found.linked:
        return (
            f"Size and attainment show no link that {found.count} could tell from chance ({near})."
        )
    who = "larger" if found.correlation > 0 else "smaller"
    return f"Those with {who} territories reach their quota more easily ({near})."
