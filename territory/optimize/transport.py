"""The bound for rep homes: a transport problem, solved from its prices.

Units may be shared among reps. For any surcharge λ_t per load,

    Σ_i w_i min_t (d_it + λ_t) − Σ_t (max(λ_t, 0) (1+tol) + min(λ_t, 0) (1−tol)) · target_t

bounds every plan from below; λ is improved by Adam steps (Kingma & Ba 2015) along the territories'
surplus. O(n·k) a step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from territory.optimize.arrays import Floats
from territory.optimize.jit import kernel

STEPS = 800


@dataclass(frozen=True, eq=False)
class Case:
    """What a bound is about: points, weights, and the load that each territory may have."""

    xy: Floats  # (n, 2) km
    weight: Floats  # (n,)
    low: Floats  # (k,) least load of each territory
    high: Floats  # (k,)

    @property
    def k(self) -> int:
        """Number of territories."""
        return len(self.low)


@kernel
def cheapest(away, weight, price, load):  # type: ignore[no-untyped-def]
    """Every unit to where cost and surcharge are least: Σ weight · both, and the loads (k,)."""
    total = 0.0
    load[:] = 0.0
    for i in range(len(weight)):
        to, least = 0, np.inf
        for t in range(len(price)):
            cost = away[i, t] + price[t]
            if cost < least:
                to, least = t, cost
        total += weight[i] * least
        load[to] += weight[i]
    return total


def transport_bound(
    case: Case,
    away: Floats,
    halted: Callable[[], bool],
    steps: int = STEPS,
    tell: Callable[[float], None] | None = None,
) -> tuple[float, Floats]:
    """Bound on Σ weight · away for loads within the limits, and the surcharges (k,) behind it.

    Parameters
    ----------
    away
        (n, k) cost of a unit of load in each territory.
    tell
        Called with the bound so far.
    """
    k = case.k
    price, mean, square = np.zeros(k), np.zeros(k), np.zeros(k)
    step = 0.5 * float(np.median(away.min(axis=1))) + 1e-9
    typical = case.high.mean()
    best, kept = -np.inf, price.copy()
    load = np.zeros(k)
    for turn in range(steps):
        value = cheapest(away, case.weight, price, load)
        value -= float(np.where(price > 0, price * case.high, price * case.low).sum())
        if value > best:
            best, kept = value, price.copy()
        if tell is not None:
            tell(best)
        if halted() and turn:
            break
        over, under = load - case.high, load - case.low
        slope = np.where(price > 0, over, np.where(price < 0, under, 0.0))
        at_rest = np.maximum(over, 0) + np.minimum(under, 0)
        slope = np.where(price == 0, at_rest, slope) / typical
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        steady = mean / (1 - 0.9 ** (turn + 1))
        spread = np.sqrt(square / (1 - 0.99 ** (turn + 1))) + 1e-6
        price = price + step / (1 + turn / 60) * steady / spread
    return best, kept
