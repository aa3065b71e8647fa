"""Why the potential of a place is high or low: the parts of the index against an average place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.case import Case
from territory.metrics.potential import COMPONENTS, BuyingPower, potential_of

__all__ = ["driver_words", "territory_drivers", "unit_drivers"]

NOTABLE = 0.05
"""Parts that shift the index by less than this share of an average place are not worth a word."""


def unit_drivers(index: BuyingPower) -> pd.DataFrame:
    """Each part of each unit as a multiple of the average unit; 2 is twice as much.

    Returns
    -------
    Index unit_id, a column a part in use, such as income.
    """
    return index.parts[list(index.weights)] * len(index.parts)


def territory_drivers(case: Case) -> pd.DataFrame | None:
    """Each part of each territory as a multiple of the average territory; None without an index."""
    estimate = potential_of(case)
    if estimate is None or estimate.index is None:
        return None
    plan, parts = case.plan, estimate.index.parts[list(estimate.index.weights)]
    inside = plan.alignment >= 0
    sums = {
        name: np.bincount(plan.alignment[inside], parts[name].to_numpy()[inside], plan.k)
        for name in parts
    }
    return pd.DataFrame(sums, index=plan.territories.index) * plan.k


def driver_words(multiples: pd.DataFrame, index: BuyingPower) -> list[str]:
    """A few words a row: the part that pushes the index most, then the one against it.

    A part's push is its weight times its distance from the average: "Income 2.1 × the average,
    but retail 0.6 ×".
    """
    names = list(multiples)
    values = multiples.to_numpy(float)
    push = (values - 1) * np.array([index.weights[name] for name in names])
    return [_words(names, value, row) for value, row in zip(values, push, strict=True)]


def _words(names: list[str], values: np.ndarray, push: np.ndarray) -> str:
    """One row of ``driver_words``."""
    if not np.isfinite(push).all() or abs(push).max(initial=0.0) < NOTABLE:
        return "Average in every part"
    sign = 1.0 if push.sum() >= 0 else -1.0
    strongest, against = int(np.argmax(sign * push)), int(np.argmin(sign * push))
    text = f"{COMPONENTS[names[strongest]]} {_times(values[strongest])} the average"
    if sign * push[against] <= -NOTABLE:
        text += f", but {COMPONENTS[names[against]].lower()} {_times(values[against])}"
    return text


def _times(value: float) -> str:
    return f"{value:.0f} ×" if value >= 9.95 else f"{value:.1f} ×"
