"""Which rep gets which territory: the match with the least travel."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from territory.optimize.arrays import Floats, Ints, Land, Rules

FAR = 1e5
"""Kilometres that a unit counts as, where it is too far from a home to be served from it."""


def travel(land: Land, rules: Rules, label: Ints) -> Floats:
    """(k, k) Σ demand · km from the units of each territory (row) to each rep's home (column)."""
    k = len(rules.target)
    out = np.empty((k, k))
    for rep in range(k):  # a column at a time: n × k distances at once would not fit a big region
        away = np.hypot(land.x - rules.home_x[rep], land.y - rules.home_y[rep])
        if rules.ban > 0.0:
            away = away + FAR * land.barred[:, rep]
        out[:, rep] = np.bincount(label, land.demand * away, k)
    return out


def match_homes(land: Land, rules: Rules, label: Ints) -> Ints:
    """Relabel territories so that the reps' travel is least (Hungarian method, O(k³)).

    Only for plans without locked units: those are bound to their territory's name.
    """
    rows, columns = linear_sum_assignment(travel(land, rules, label))
    rep = np.empty(len(rows), np.int64)
    rep[rows] = columns
    return rep[label]
