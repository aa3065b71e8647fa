"""Proof of quality: what no plan can do better, and how far a proposal is from it.

Two relaxations, in both of which contiguity and locks are ignored and only the heaviest measure is
kept within the tolerance, so that their optimum lies below that of every real plan.

**Rep homes.** Units may be shared among reps: a transport problem. For any surcharge λ_t per load,

    Σ_i w_i min_t (d_it + λ_t) − Σ_t (max(λ_t, 0) (1+tol) + min(λ_t, 0) (1−tol)) · target_t

is a bound; λ is improved by Adam steps (Kingma & Ba 2015) along the territories' surplus.

**Free centres.** A territory's centre is one of its units, the cost w·d² (Hess et al. 1965).
Freeing "every unit once" with a reward u_i leaves, for each possible centre, a fractional knapsack:
take units by (w d² − u)/w until the load is within the tolerance. The k best knapsacks and Σ u are
a bound; u is improved by subgradient steps (Beasley 1993), starting from the transport problem's
prices with the proposal's own centres.

Distances in km, O(n·k) and O(n² log n) a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from territory.errors import InputError
from territory.model import Team
from territory.optimize.arrays import Floats, Ints
from territory.optimize.result import Proposal

__all__ = ["Case", "certify", "free_bound", "transport_bound"]

LARGEST_FREE = 4_000
"""Units up to which the n × n knapsacks fit into memory and time."""

LARGEST_HOMES = 20_000_000
"""Distances (units × reps) up to which the transport bound is computed."""

STEPS = 800

USELESS = 0.5
"""A gap above this says more about the bound than about the plan."""


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


def certify(
    proposal: Proposal,
    *,
    team: Team | None = None,
    time_limit: float = 10.0,
    cancel: Callable[[], bool] | None = None,
) -> Proposal:
    """The proposal with ``bound``: kind, value, bound (km), gap and seconds.

    Parameters
    ----------
    team
        Given: travel from the reps' homes is what is bounded. Else the squared distance to the
        centre unit of each territory.
    time_limit
        Seconds; the bound found until then is as valid as any, only less sharp.

    A proposal outside its tolerance is compared with plans that may deviate as much. ``bound`` is
    None where the region is too large; its gap is None where the time was too short for one that is
    worth telling (free centres beyond some 1,000 units).

    Raises
    ------
    InputError
        If the home of a rep is not known.
    """
    began = time.perf_counter()
    case = _case(proposal)
    label = proposal.plan.alignment
    halted = _until(began + time_limit, cancel)
    if (label < 0).any():
        return replace(proposal, bound=None)
    if team is not None:
        if len(label) * case.k > LARGEST_HOMES:
            return replace(proposal, bound=None)
        away = _distances(case.xy, case.xy[_homes(proposal, team)])
        value = float((case.weight * away[np.arange(len(label)), label]).sum())
        least = transport_bound(case, away, halted)[0]
        kind, scale = "rep homes", (lambda v: float(v / case.weight.sum()))
    else:
        if len(label) > LARGEST_FREE:
            return replace(proposal, bound=None)
        value, centres = centre_units(case, label)
        least = free_bound(case, centres, value, halted)
        kind, scale = "free centres", (lambda v: float(np.sqrt(v / case.weight.sum())))
    gap = float(value / least - 1) if least > 0 else np.inf
    bound: dict[str, Any] = {
        "kind": kind,
        "value": scale(value),
        "bound": scale(max(least, 0.0)),
        "gap": gap if gap <= USELESS else None,
        "seconds": time.perf_counter() - began,
    }
    return replace(proposal, bound=bound)


def transport_bound(
    case: Case, away: Floats, halted: Callable[[], bool], steps: int = STEPS
) -> tuple[float, Floats]:
    """Bound on Σ weight · away for loads within the limits, and the surcharges (k,) behind it.

    Parameters
    ----------
    away
        (n, k) cost of a unit of load in each territory.
    """
    k = case.k
    price, mean, square = np.zeros(k), np.zeros(k), np.zeros(k)
    step = 0.5 * float(np.median(away.min(axis=1))) + 1e-9
    typical = case.high.mean()
    best, kept = -np.inf, price.copy()
    for turn in range(steps):
        cost = away + price
        to = cost.argmin(axis=1)
        value = float((case.weight * cost[np.arange(len(to)), to]).sum())
        value -= float(np.where(price > 0, price * case.high, price * case.low).sum())
        if value > best:
            best, kept = value, price.copy()
        if halted() and turn:
            break
        load = np.bincount(to, case.weight, k)
        over, under = load - case.high, load - case.low
        slope = np.where(price > 0, over, np.where(price < 0, under, 0.0))
        at_rest = np.maximum(over, 0) + np.minimum(under, 0)
        slope = np.where(price == 0, at_rest, slope) / typical
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        steady = mean / (1 - 0.9 ** (turn + 1))
        spread = np.sqrt(square / (1 - 0.99 ** (turn + 1))) + 1e-6
        price = price + step / (1 + turn / 60) * steady / spread
    return best, kept


def centre_units(case: Case, label: Ints) -> tuple[float, Ints]:
    """Σ weight · km² to the best centre among each territory's own units, and those units (k,)."""
    total, centres = 0.0, np.full(case.k, -1)
    for t in range(case.k):
        units = np.flatnonzero(label == t)
        if len(units) == 0:
            continue
        cost = case.weight[units] @ _distances(case.xy[units], case.xy[units]) ** 2
        centres[t] = units[cost.argmin()]
        total += float(cost.min())
    return total, centres[centres >= 0]


def free_bound(
    case: Case, centres: Ints, value: float, halted: Callable[[], bool], steps: int = STEPS
) -> float:
    """Bound on Σ weight · km² to k freely chosen centre units.

    Parameters
    ----------
    centres, value
        Those of a known plan: where to begin, and what the step length aims at.
    """
    low, high = float(case.low.min()), float(case.high.max())
    carried = case.weight > 0  # units without weight cost nothing anywhere
    weight, xy = case.weight[carried], case.xy[carried]
    squared = _distances(xy, case.xy) ** 2  # (units, possible centres)
    fixed = replace(case, xy=xy, weight=weight)
    price = transport_bound(fixed, squared[:, centres], halted, 300)[1]
    reward = weight * (squared[:, centres] + price).min(axis=1)
    best, kept = -np.inf, reward.copy()
    pace, since = 1.0, 0
    for turn in range(steps):
        bound, used = _knapsacks(squared, weight, reward, low, high, case.k)
        if bound > best:
            best, kept, since = bound, reward.copy(), 0
        else:
            since += 1
        if (turn and halted()) or best >= value * (1 - 1e-6) or pace < 1e-4:
            break
        if since >= 10:
            pace, since, reward = pace * 0.6, 0, kept.copy()
            continue
        slope = 1.0 - used
        reward = reward + pace * (value - bound) / max(float(slope @ slope), 1e-9) * slope
    return best


def _knapsacks(
    squared: Floats, weight: Floats, reward: Floats, low: float, high: float, k: int
) -> tuple[float, Floats]:
    """The relaxation's optimum for given rewards, and how often each unit is used in it."""
    ratio = squared - (reward / weight)[:, None]
    order = ratio.argsort(axis=0)
    sorted_ratio = np.take_along_axis(ratio, order, axis=0)
    load = weight[order]
    carried = load.cumsum(axis=0)
    worth = (load * sorted_ratio).cumsum(axis=0)
    columns = np.arange(ratio.shape[1])
    gainful = (load * (sorted_ratio < 0)).sum(axis=0)
    fill = np.clip(gainful, low, min(high, float(weight.sum())))
    full = np.minimum((carried <= fill).sum(axis=0), len(weight) - 1)
    before = np.where(full > 0, carried[full - 1, columns], 0.0)
    value = np.where(full > 0, worth[full - 1, columns], 0.0)
    value = value + (fill - before) * sorted_ratio[full, columns]
    used = np.zeros(len(weight))
    chosen = np.argpartition(value, k - 1)[:k] if k < len(value) else columns
    for j in chosen:
        used[order[: full[j], j]] += 1.0
        last = order[full[j], j]
        used[last] += (fill[j] - before[j]) / weight[last]
    return float(value[chosen].sum() + reward.sum()), used


def _case(proposal: Proposal) -> Case:
    plan = proposal.plan
    measure = max(proposal.measures, key=lambda name: proposal.measures[name])
    weight = plan.units.values(measure)
    target = plan.territories["target"].to_numpy(float) * weight.sum()
    reach = _reach(proposal, measure)
    xy = plan.units.xy / 1e3
    return Case(xy, weight, target * (1 - reach), target * (1 + reach))


def _reach(proposal: Proposal, measure: str) -> float:
    """The tolerance that the proposal itself keeps."""
    return max(proposal.tolerance, proposal.max_deviation[measure])


def _homes(proposal: Proposal, team: Team) -> Ints:
    home = dict(zip(team.ids, team.homes(proposal.plan.units), strict=True))
    reps = list(proposal.plan.territories["rep_id"])
    lost = [rep for rep in reps if home.get(rep, -1) < 0]
    if lost:
        raise InputError(f"No bound on travel: the home of rep {lost[0] or '(none)'} is not known.")
    return np.array([home[rep] for rep in reps], dtype=np.int64)


def _distances(a: Floats, b: Floats) -> Floats:
    """(len(a), len(b)) km."""
    return np.asarray(np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]))


def _until(deadline: float, cancel: Callable[[], bool] | None) -> Callable[[], bool]:
    def halted() -> bool:
        return time.perf_counter() > deadline or (cancel is not None and cancel())

    return halted
