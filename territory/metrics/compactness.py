"""How compact territories are: in shape, and in travel for their weight."""

from __future__ import annotations

import itertools
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import shapely

from territory.metrics.case import Case
from territory.model import Plan

__all__ = [
    "convex_hull_mean",
    "convex_hull_ratio",
    "cut_edges",
    "outlines",
    "polsby_popper",
    "polsby_popper_mean",
    "radius_km",
    "reock",
    "reock_mean",
    "rms_radius_km",
    "sprawl",
]


_outlines: WeakKeyDictionary[Plan, np.ndarray] = WeakKeyDictionary()
"""Three figures of shape ask for the same, and uniting areas is slow."""


def outlines(case: Case) -> np.ndarray:
    """(k,) each territory as one area in metres; an empty area where it has no unit."""
    if case.plan not in _outlines:
        _outlines[case.plan] = _united(case.plan)
    return _outlines[case.plan]


def _united(plan: Plan) -> np.ndarray:
    areas = plan.units.projected.to_numpy()
    order = np.argsort(plan.alignment, kind="stable")
    ends = np.searchsorted(plan.alignment[order], np.arange(plan.k + 1))
    spans = itertools.pairwise(ends)
    return np.array([shapely.union_all(areas[order[a:b]]) for a, b in spans], dtype=object)


def polsby_popper(case: Case) -> pd.Series:
    """Compactness of the outline: 4πA / P², from 0 (sprawling) to 1 (a circle).

    NaN for an empty territory. Source: Polsby & Popper (1991).
    """
    shapes = outlines(case)
    perimeter = shapely.length(shapes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return case.series(4 * np.pi * shapely.area(shapes) / perimeter**2)


def polsby_popper_mean(case: Case) -> float:
    """Mean of ``polsby_popper`` over the territories that have units."""
    return float(polsby_popper(case).mean())


def reock(case: Case) -> pd.Series:
    """Area over the area of the smallest circle around it, 0 to 1. Source: Reock (1961)."""
    shapes = outlines(case)
    circle = np.pi * shapely.minimum_bounding_radius(shapes) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return case.series(shapely.area(shapes) / circle)


def convex_hull_ratio(case: Case) -> pd.Series:
    """Area over the area of the convex hull, 0 to 1."""
    shapes = outlines(case)
    with np.errstate(invalid="ignore", divide="ignore"):
        return case.series(shapely.area(shapes) / shapely.area(shapely.convex_hull(shapes)))


def reock_mean(case: Case) -> float:
    """Mean of ``reock`` over the territories that have units."""
    return float(reock(case).mean())


def convex_hull_mean(case: Case) -> float:
    """Mean of ``convex_hull_ratio`` over the territories that have units."""
    return float(convex_hull_ratio(case).mean())


def _squared_distances(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Territory, weight and weight × squared distance (m²) to its centre, of assigned units."""
    plan, k = case.plan, case.plan.k
    inside = plan.alignment >= 0
    t, xy = plan.alignment[inside], plan.units.xy[inside]
    w = np.nan_to_num(plan.units.values(case.main)[inside])
    # Only shares matter: numbers of any size must neither overflow nor vanish in squared metres.
    w = w / (w.max(initial=0.0) or 1.0)
    total = np.bincount(t, w, k)
    total[total == 0] = 1.0
    centre = np.c_[tuple(np.bincount(t, w * xy[:, d], k) / total for d in (0, 1))]
    return t, w, w * ((xy - centre[t]) ** 2).sum(axis=1)


def radius_km(case: Case) -> pd.Series:
    """Weighted root-mean-square distance of a territory's units to its centre, km.

    The weight is the heaviest measure; the centre is the weighted mean of the units' points. NaN
    for a territory without weight.
    """
    t, w, moment = _squared_distances(case)
    total = np.bincount(t, w, case.plan.k)
    with np.errstate(invalid="ignore", divide="ignore"):
        return case.series(np.sqrt(np.bincount(t, moment, case.plan.k) / total) / 1000)


def sprawl(case: Case) -> pd.Series:
    """``radius_km`` over that of an even disc of the territory's area, √(A / 2π); 1 is round.

    Whatever the size: below 1 the weight lies in the middle, far above 1 along a line or in parts
    that are far apart. NaN for a territory without weight.
    """
    even = np.sqrt(case.plan.totals("area_km2") / (2 * np.pi))
    return radius_km(case) / np.where(even > 0, even, np.nan)


def rms_radius_km(case: Case) -> float:
    """The same over all territories together: √(Σ w d² / Σ w), km; travel in one figure."""
    _, w, moment = _squared_distances(case)
    return float(np.sqrt(moment.sum() / w.sum()) / 1000) if w.sum() > 0 else float("nan")


def cut_edges(case: Case) -> float:
    """Share of neighbouring pairs of units that lie in different territories."""
    pairs = case.plan.units.graph.pairs()
    if not len(pairs):
        return 0.0
    owner = case.plan.alignment
    return float((owner[pairs[:, 0]] != owner[pairs[:, 1]]).mean())
