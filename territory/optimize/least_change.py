"""What must change hands at least, before any search: a lower cap rules a tolerance out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from territory.optimize.arguments import ROUNDING
from territory.optimize.arrays import Floats
from territory.optimize.check import Request

Reason = tuple[str, float | None]
"""In words, and the nearest tolerance (None where no tolerance helps)."""


def too_little_change(request: Request, measure: str) -> Reason | None:
    """The cap on disruption leaves some territories too full or too empty."""
    cap, tolerance = request.max_disruption, request.allowed(measure)
    needed = least_disruption(request, measure, tolerance)
    if cap is None or needed <= cap + ROUNDING:
        return None
    return (
        f"at least {needed:.1%} of {request.stake_in} must change hands to bring every territory "
        f"within ±{tolerance:.0%} of {measure}, and the limit is {cap:.1%}: raise one of the two",
        bisect_least(lambda t: least_disruption(request, measure, t) <= cap + ROUNDING, tolerance),
    )


def least_disruption(request: Request, measure: str, tolerance: float) -> float:
    """Share of the stake that must change hands at least to bring a measure within a tolerance.

    Overfull reps have to give, empty ones to get; both take what disturbs least for its weight, and
    parts of units too (a fractional knapsack for each rep), so that no plan needs less.
    """
    if request.current is None:
        return 0.0
    values, stake, k = request.values[measure], request.stake, request.blank.k
    before = request.owner_now
    reps = np.bincount(request.owner, request.target, k) * request.whole(measure)
    inside = (before >= 0) & (before < k)
    load = np.bincount(before[inside], values[inside], k).astype(float)
    if request.offset is not None:
        m = list(request.measures).index(measure)
        load += np.bincount(request.owner, request.offset[:, m], k)
    cost = np.where(before < 0, 0.0, stake)  # who has nobody today is no disruption
    give = get = 0.0
    for rep in np.flatnonzero(reps > 0):
        own, excess = before == rep, load[rep] - (1 + tolerance) * reps[rep]
        give += _cheapest(values[own], cost[own], excess)
    need = float(np.maximum((1 - tolerance) * reps - load, 0.0)[reps > 0].sum())
    short = np.flatnonzero((reps > 0) & (load < (1 - tolerance) * reps))
    others = ~np.isin(before, short)
    get = _cheapest(values[others], cost[others], need)
    return float(max(give, get) / max(float(stake.sum()), 1e-300))


def _cheapest(values: Floats, cost: Floats, amount: float) -> float:
    """Least cost of parts of units that have an amount together; all of them if they have less."""
    some = values > 0
    if amount <= 0 or not some.any():
        return 0.0
    values, cost = values[some], cost[some]
    order = np.argsort(cost / values, kind="stable")
    before = np.cumsum(values[order]) - values[order]
    taken = np.clip((amount - before) / values[order], 0.0, 1.0)
    return float((cost[order] * taken).sum())


def bisect_least(enough: Callable[[float], bool], low: float) -> float | None:
    """The least tolerance from ``low`` on that is enough, to a hundredth of a percent."""
    high = max(2 * low, 1.0)
    while not enough(high):
        high *= 2
        if high > 1e3:
            return None
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
