"""How far a plan is from balance as a whole: surplus, and the way it has to go.

Imbalance is often spread thin: a whole coast at +2 %, the inland at −1.5 %, or one fat territory
behind two full ones. No exchange between two neighbours makes such a plan better, though many in a
row would. Its *energy* says how much is still to be carried, and how far:

    E = ½ Σ_m eᵀ P e        e_t = what territory t has beyond half its tolerance,
                                or beyond its limits

where P is the pseudo-inverse of the Laplacian of the territories' own graph: the least effort with
which the surplus can flow along borders to where it is missing (an electrical network: Doyle &
Snell 1984). Its gradient π = P e is a potential; load that goes down the slope is rewarded, by as
much as the way still ahead is shorter.
"""

from __future__ import annotations

from typing import NamedTuple

from territory.optimize.arrays import Floats
from territory.optimize.jit import kernel
from territory.optimize.objective import balance_cost, beyond


class Tide(NamedTuple):
    """Surplus, and how it wants to flow."""

    response: Floats  # (k, k) P
    potential: Floats  # (k, M) π
    spill: Floats  # (k, M) e
    low: Floats  # (k, M) deviations from low to high are no surplus yet
    high: Floats  # (k, M)
    push: float  # weight of the energy in the objective
    trios: float  # share of tries with three territories


@kernel
def spilt(tide, t, j, gap):  # type: ignore[no-untyped-def]
    """What a deviation of territory t is beyond what is no surplus."""
    if gap > tide.high[t, j]:
        return gap - tide.high[t, j]
    if gap < tide.low[t, j]:
        return gap - tide.low[t, j]
    return 0.0


@kernel
def gauge(rules, state, tide, over):  # type: ignore[no-untyped-def]
    """Surplus, potential and miss (k,) of every territory anew; returns the misses' sum. O(k²)."""
    k, measures = state.total.shape
    for t in range(k):
        over[t] = miss(rules, state, t)
        for j in range(measures):
            tide.spill[t, j] = spilt(tide, t, j, state.total[t, j] / rules.target[t] - 1.0)
    tide.potential[:] = 0.0
    for t in range(k):
        for j in range(measures):
            if tide.spill[t, j] != 0.0:
                for u in range(k):
                    tide.potential[u, j] += tide.response[u, t] * tide.spill[t, j]
    return over.sum()


@kernel
def miss(rules, state, t):  # type: ignore[no-untyped-def]
    """How far territory t is outside the tolerance, as in `objective.excess`."""
    out = 0.0
    for j in range(state.total.shape[1]):
        over = beyond(rules, t, j, state.total[t, j] / rules.target[t] - 1.0)
        if over > 0.0:
            out += over * (1.0 + 20.0 * over)
    return out


@kernel
def update(rules, state, tide, over, t):  # type: ignore[no-untyped-def]
    """After territory t has changed: its surplus, its miss, and everybody's potential."""
    over[t] = miss(rules, state, t)
    for j in range(state.total.shape[1]):
        now = spilt(tide, t, j, state.total[t, j] / rules.target[t] - 1.0)
        change = now - tide.spill[t, j]
        if change != 0.0:
            tide.spill[t, j] = now
            for u in range(len(over)):
                tide.potential[u, j] += tide.response[u, t] * change


@kernel
def flow_cost(rules, tide, offset, group, order, load, change):  # type: ignore[no-untyped-def]
    """Balance and energy when part g, carrying load[g], goes to group[order[g]]."""
    value = 0.0
    size = len(group)
    for j in range(load.shape[1]):
        for g in range(size):
            t = group[order[g]]
            total = offset[t, j] + load[g, j]
            value += balance_cost(rules, t, j, total)
            change[g] = spilt(tide, t, j, total / rules.target[t] - 1.0) - tide.spill[t, j]
            value += tide.push * tide.potential[t, j] * change[g]
        for g in range(size):
            for h in range(size):
                linked = tide.response[group[order[g]], group[order[h]]]
                value += 0.5 * tide.push * change[g] * linked * change[h]
    return value
