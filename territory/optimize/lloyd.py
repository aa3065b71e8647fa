"""Balanced Lloyd: k-means with a price per territory.

Each unit goes to the centre with the least  mass·distance² + price·load.  A territory that carries
too much raises its price until units on its border prefer a neighbour: the result is a power
diagram whose cells weigh nearly the same (Aurenhammer, Hoffmann & Aronov 1998). Prices move by a
*local* scale, mass·distance²/load of the territory, since one step for all would either ruin the
cities or leave the countryside as it is; the step shrinks when the error changes sign.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from territory.optimize.arrays import Floats, Ints
from territory.optimize.jit import kernel
from territory.optimize.seed import centres_of

CANDIDATES = 16
"""Centres considered for each unit; further ones never win."""


@kernel
def assign(near, dist2, mass, load, price, label):  # type: ignore[no-untyped-def]
    """Cheapest of the candidate centres for each unit, in place. O(n · candidates)."""
    for i in range(near.shape[0]):
        best = np.inf
        for c in range(near.shape[1]):
            t = near[i, c]
            cost = mass[i] * dist2[i, c] + price[t] * load[i]
            if cost < best:
                best = cost
                label[i] = t


@kernel
def settle_prices(near, dist2, mass, load, target, scale, price, label, sweeps):  # type: ignore[no-untyped-def]
    """Assign, compare with the targets, adjust prices, `sweeps` times; keeps the best prices."""
    k = len(target)
    step = np.full(k, 0.3)
    last = np.zeros(k)
    kept = price.copy()
    best = np.inf
    for _ in range(sweeps):
        assign(near, dist2, mass, load, price, label)
        carried = np.zeros(k)
        for i in range(len(label)):
            carried[label[i]] += load[i]
        error = carried / target - 1.0
        off = np.sum(error * error)
        if off < best:
            best = off
            kept[:] = price
        for t in range(k):
            step[t] = step[t] * 0.6 if error[t] * last[t] < 0.0 else min(step[t] * 1.15, 2.0)
            last[t] = error[t]
            price[t] += step[t] * scale[t] * max(-1.0, min(1.0, error[t]))
    price[:] = kept
    assign(near, dist2, mass, load, price, label)


def balanced_lloyd(
    xy: Floats, mass: Floats, load: Floats, target: Floats, label: Ints, rounds: int = 12
) -> tuple[Ints, Floats, Floats]:
    """Move centres and prices in turn until territories are compact and nearly balanced.

    Parameters
    ----------
    xy
        (n, 2) points in km.
    mass, load
        (n,) weight in the compactness term, and what is to be balanced.
    target
        (k,) load wanted in each territory.
    label
        (n,) a first assignment; it only provides the first centres.

    Returns
    -------
    label (n,), price (k,), centres (k, 2). A territory may be empty. O(rounds · n · candidates).
    """
    k = len(target)
    price = np.zeros(k)
    centres = np.nan_to_num(centres_of(xy, mass, label, k))
    for turn in range(rounds):
        reach = min(k, CANDIDATES)
        dist, near = cKDTree(centres).query(xy, k=reach)
        dist2 = np.ascontiguousarray(dist.reshape(-1, reach) ** 2)
        near = np.ascontiguousarray(near.reshape(-1, reach), dtype=np.int64)
        label = near[:, 0].copy() if turn == 0 else label
        away = mass * ((xy - centres[label]) ** 2).sum(axis=1)
        scale = np.bincount(label, away, k) / np.maximum(np.bincount(label, load, k), 0.2) + 1e-9
        last = turn == rounds - 1
        settle_prices(near, dist2, mass, load, target, scale, price, label, 48 if last else 12)
        if not last:
            fresh = centres_of(xy, mass, label, k)
            centres = np.where(np.isnan(fresh), centres, fresh)
    return label, price, centres
