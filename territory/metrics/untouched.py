"""White space without coverage: potential where nobody buys yet and nobody has hours to go."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.capacity import vacant
from territory.metrics.case import Case
from territory.metrics.market import added_up
from territory.metrics.people import utilisation

__all__ = ["untouched", "untouched_share"]

FULL = 1.0
"""From this utilisation on a rep has no hours left."""


def _ground(case: Case) -> NDArray[np.float64] | None:
    """(n,) share of all potential in each unit that has no sale and no customer."""
    units = added_up(case).units
    if not {"potential", "sales"} <= set(units):
        return None
    potential = np.nan_to_num(units["potential"].to_numpy(float))
    empty = np.nan_to_num(units["sales"].to_numpy(float)) <= 0
    if "customers" in units:
        empty &= np.nan_to_num(units["customers"].to_numpy(float)) <= 0
    whole = potential.sum()
    return np.where(empty, potential, 0.0) / whole if whole > 0 else None


def _without_hours(case: Case) -> NDArray[np.bool_]:
    """(k,) territories whose rep has no hours left, or that nobody works."""
    return np.asarray(utilisation(case).to_numpy(float) > FULL) | vacant(case)


def untouched(case: Case) -> pd.Series:
    """By territory without hours, the share of all potential in its units where nobody buys.

    0 where the rep has hours left: there the white space can be worked. NaN where potential or
    sales are not known.
    """
    ground = _ground(case)
    if ground is None:
        return case.series(np.full(case.plan.k, np.nan))
    inside = case.plan.alignment >= 0
    held = np.bincount(case.plan.alignment[inside], ground[inside], case.plan.k)
    return case.series(np.where(_without_hours(case), held, 0.0))


def untouched_share(case: Case) -> float:
    """Share of all potential where nobody buys and nobody has hours, unassigned units included."""
    ground = _ground(case)
    if ground is None:
        return float("nan")
    return float(untouched(case).sum() + ground[case.plan.alignment < 0].sum())
