"""First plans: from scratch, or today's."""

from __future__ import annotations

import numpy as np

from territory.optimize.arrays import Floats, Ints
from territory.optimize.instance import Instance
from territory.optimize.lloyd import balanced_lloyd
from territory.optimize.repair import repair
from territory.optimize.seed import Start, bisect, centres_of, fill_empty, kmeans

TILT = 0.7
"""Radians by which each further start turns the first cuts."""


def rough(instance: Instance, start: Start, seed: int, turn: int) -> Ints:
    """First shapes, neither balanced nor contiguous: what k-means or the bisection gives.

    Every region by itself.
    """
    label = np.empty(instance.n, np.int64)
    for units, places in instance.blocks:
        xy, weight = instance.xy[units], instance.weight[units]
        if start == "kmeans":
            shapes = kmeans(xy, weight, len(places), seed)
        else:
            shapes = bisect(xy, weight, instance.rules.target[places], TILT * turn)
        label[units] = places[shapes]
    return label


def settled(instance: Instance, label: Ints) -> Ints:
    """Balanced Lloyd from the centres of a rough plan, then every territory in one piece."""
    label = label.copy()
    price, centres = np.zeros(instance.k), np.zeros((instance.k, 2))
    for units, places in instance.blocks:
        inner = _within(places, instance.k)[label[units]]
        inner, price[places], centres[places] = balanced_lloyd(
            instance.xy[units],
            instance.land.mass[units],
            instance.weight[units],
            instance.rules.target[places],
            inner,
        )
        label[units] = places[inner]
    return joined(instance, label, price, centres)


def todays(instance: Instance) -> Ints:
    """Today's plan: pieces joined, loose units given to a neighbour, empty territories filled.

    A territory that crosses regions keeps what it has in its own; a region where none of its
    territories has anything is drawn anew.
    """
    label = instance.start.copy()
    if (label < 0).all():
        return settled(instance, rough(instance, "balanced", 1, 0))
    for units, places in instance.blocks:
        mine = np.where(np.isin(label[units], places), label[units], -1)
        if (mine < 0).all():
            mine = rough(instance, "balanced", 1, 0)[units]
        label[units] = mine
    assigned = label >= 0
    centres = centres_of(
        instance.xy[assigned], instance.land.mass[assigned], label[assigned], instance.k
    )
    return joined(instance, label, np.zeros(instance.k), np.nan_to_num(centres))


def joined(instance: Instance, label: Ints, price: Floats, centres: Floats) -> Ints:
    """No territory empty, each in one piece as far as locks allow."""
    land, xy = instance.land, instance.xy
    for _ in range(3):
        label = repair(
            instance.net, xy, land.mass, instance.weight, land.lock, label, centres, price
        )
        if (np.bincount(label, minlength=instance.k) > 0).all():
            break
        for units, places in instance.blocks:
            inner, lock = _within(places, instance.k), land.lock[units]
            part = inner[label[units]]
            target = instance.rules.target[places]
            fill_empty(xy[units], instance.weight[units], part, target, lock)
            label[units] = places[part]
    return label


def _within(places: Ints, k: int) -> Ints:
    """(k,) number of each territory among those of one region."""
    out = np.full(k, -1, np.int64)
    out[places] = np.arange(len(places))
    return out
