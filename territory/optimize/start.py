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
    """First shapes, neither balanced nor contiguous: what k-means or the bisection gives."""
    if start == "kmeans":
        return kmeans(instance.xy, instance.weight, instance.k, seed)
    return bisect(instance.xy, instance.weight, instance.rules.target, TILT * turn)


def settled(instance: Instance, label: Ints) -> Ints:
    """Balanced Lloyd from the centres of a rough plan, then every territory in one piece."""
    label, price, centres = balanced_lloyd(
        instance.xy, instance.land.mass, instance.weight, instance.rules.target, label
    )
    return joined(instance, label, price, centres)


def todays(instance: Instance) -> Ints:
    """Today's plan: pieces joined, loose units given to a neighbour, empty territories filled."""
    label = instance.start.copy()
    assigned = label >= 0
    centres = centres_of(
        instance.xy[assigned], instance.land.mass[assigned], label[assigned], instance.k
    )
    if not assigned.any():
        return settled(instance, rough(instance, "balanced", 1, 0))
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
        fill_empty(xy, instance.weight, label, instance.rules.target, land.lock)
    return label
