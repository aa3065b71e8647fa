"""The market of a plan in a few figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from territory.metrics.case import Case
from territory.metrics.market import added_up, ratios
from territory.metrics.potential import Potential
from territory.metrics.scope import Scope, whole

__all__ = ["Summary", "market_summary"]


@dataclass(frozen=True, eq=False)
class Summary:
    """The market in a few figures; NaN where the data for one is not there.

    ``leader`` is the position of the territory with most potential and ``leader_share`` its share;
    ``outnumbered`` counts the territories in which there are more competitors than own customers;
    ``concentration`` is the share of the white space in the tenth of the units that has most.
    """

    potential: float
    sales: float
    penetration: float
    white_space: float
    rivalry: float
    growth: float
    leader: int
    leader_share: float
    outnumbered: int
    concentration: float


def market_summary(
    case: Case, scope: Scope | None = None, potential: Potential | None = None
) -> Summary:
    """Everything in the scope together, with what is nobody's where all territories are shown."""
    seen = scope or whole(case)
    every = added_up(case, scope, potential)
    sums = every.territories[seen.territories]
    both = ratios(sums)
    everyone = every.units if seen.territories.all() else sums
    one = ratios(everyone.sum().to_frame().T).iloc[0]
    shares = both.get("share", pd.Series(dtype=float)).fillna(0.0)
    leader = case.plan.position_of(str(shares.idxmax())) if shares.any() else -1

    def known(name: str) -> float:
        return float(one.get(name, np.nan))

    return Summary(
        potential=known("potential"),
        sales=known("sales"),
        penetration=known("penetration"),
        white_space=known("white_space"),
        rivalry=known("rivalry"),
        growth=known("growth"),
        leader=leader,
        leader_share=float(shares.max()) if shares.any() else float("nan"),
        outnumbered=int((both.get("rivalry", pd.Series(dtype=float)) > 0.5).sum()),
        concentration=_in_the_best_tenth(ratios(every.units[seen.units_shown(case)])),
    )


def _in_the_best_tenth(units: pd.DataFrame) -> float:
    if "white_space" not in units:
        return float("nan")
    left = np.sort(units["white_space"].clip(lower=0).to_numpy())[::-1]
    total = left.sum()
    return float(left[: max(1, round(len(left) / 10))].sum() / total) if total > 0 else float("nan")
