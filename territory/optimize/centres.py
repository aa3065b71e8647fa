"""The bound for free centres: a knapsack for every possible centre, and what units are worth.

A territory's centre is one of its units, its cost Σ w·d² (Hess et al. 1965). Freeing "every unit
once" with a reward u_i for each use of unit i leaves, for each possible centre, a fractional
knapsack: take units by d² − u/w until the load is within the tolerance. The k best knapsacks and
Σ u bound every plan from below, whatever u. It is improved by the volume algorithm (Barahona &
Anbil 2000): steps from the best u so far along the mean use of the units in recent knapsacks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from territory.optimize.arrays import Floats
from territory.optimize.jit import kernel

MEMORY = 0.05
"""Share of the newest knapsacks in the mean use."""

PATIENCE = 10
"""Steps without gain after which they become shorter."""

SHORTEST = 1e-3
"""Steps this short (of the first) gain nothing any more."""


class Centres(NamedTuple):
    """Units that carry weight, possible centres, and the load of a territory."""

    x: Floats  # (n,) km
    y: Floats  # (n,)
    weight: Floats  # (n,) all > 0
    centre_x: Floats  # (c,) km
    centre_y: Floats  # (c,)
    low: float
    high: float
    k: int


@kernel
def fill(at, rate, j, beyond, unit, ratio):  # type: ignore[no-untyped-def]
    """Collect the units that knapsack j can need, those with the least d² − rate; returns how many.

    Only units below ``beyond[j]``, a guess that is raised until they carry enough. O(n).
    """
    n = len(at.weight)
    while True:
        found, load = 0, 0.0
        for i in range(n):
            dx, dy = at.x[i] - at.centre_x[j], at.y[i] - at.centre_y[j]
            value = dx * dx + dy * dy - rate[i]
            if value < beyond[j]:
                unit[found] = i
                ratio[found] = value
                found += 1
                load += at.weight[i]
        if found == n or load >= at.high or (load >= at.low and beyond[j] >= 0.0):
            return found
        beyond[j] += 0.5 * abs(beyond[j]) + 1.0


@kernel
def knapsack(at, rate, j, beyond, unit, ratio, used):  # type: ignore[no-untyped-def]
    """Least Σ w (d² − rate) of a load within the limits around centre j; adds the shares of units
    to ``used`` unless that is empty."""
    found = fill(at, rate, j, beyond, unit, ratio)
    load, value, last = 0.0, 0.0, 0.0
    for z in np.argsort(ratio[:found]):
        i = unit[z]
        room = (at.high if ratio[z] < 0.0 else at.low) - load
        if room <= 0.0:
            break
        part = min(at.weight[i], room)
        value += part * ratio[z]
        load += part
        last = ratio[z]
        if len(used):
            used[i] += part / at.weight[i]
    beyond[j] = last + 0.05 * abs(last) + 1.0
    return value


@kernel
def knapsacks(at, rate, beyond, value):  # type: ignore[no-untyped-def]
    """All of them into value (c,). O(c · (n + m log m)) for m units in a knapsack."""
    n = len(at.weight)
    unit, ratio, nothing = np.empty(n, np.int64), np.empty(n), np.empty(0)
    for j in range(len(value)):
        value[j] = knapsack(at, rate, j, beyond, unit, ratio, nothing)


@kernel
def usage(at, rate, beyond, chosen):  # type: ignore[no-untyped-def]
    """How often each unit (n,) is used by the chosen centres' knapsacks."""
    n = len(at.weight)
    unit, ratio, used = np.empty(n, np.int64), np.empty(n), np.zeros(n)
    for j in chosen:
        knapsack(at, rate, j, beyond, unit, ratio, used)
    return used


def relaxed(at: Centres, reward: Floats, beyond: Floats) -> tuple[float, Floats]:
    """The bound for given rewards, and how often each unit is used in it (n,)."""
    rate = reward / at.weight
    value = np.empty(len(at.centre_x))
    knapsacks(at, rate, beyond, value)
    chosen = np.argpartition(value, at.k - 1)[: at.k] if at.k < len(value) else np.arange(at.k)
    return float(value[chosen].sum() + reward.sum()), usage(at, rate, beyond, chosen)


def improve(
    at: Centres,
    reward: Floats,
    value: float,
    halted: Callable[[], bool],
    tell: Callable[[float], None],
    steps: int = 20_000,
) -> float:
    """The best bound found.

    Parameters
    ----------
    reward
        (n,) where to begin.
    value
        Of a known plan: what the step length aims at.
    tell
        Called with the bound so far, after every step.
    """
    beyond = np.zeros(len(at.centre_x))
    best, mean = relaxed(at, reward, beyond)
    pace, since = 1.0, 0
    for turn in range(steps):
        if (turn and halted()) or best >= value * (1 - 1e-6) or pace < SHORTEST:
            break
        slope = 1.0 - mean
        trial = reward + pace * (value - best) / max(float(slope @ slope), 1e-9) * slope
        bound, used = relaxed(at, trial, beyond)
        mean = MEMORY * used + (1 - MEMORY) * mean
        if bound > best:
            if float((1.0 - used) @ slope) > 0:
                pace = min(1.1 * pace, 1.0)
            best, reward, since = bound, trial, 0
        else:
            since += 1
            if since >= PATIENCE:
                pace, since = 0.66 * pace, 0
        tell(best)
    return best
