"""Figures of units that the map can be coloured by though no file brought them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.market import market_units
from territory.metrics.potential import potential_of
from territory.model import Measure

__all__ = ["map_figures"]


def map_figures(case: Case) -> list[tuple[Measure, NDArray[np.float64]]]:
    """Potential in use (where it is not a column), white space, penetration, growth; those known.

    (n,) values each, NaN where a unit has none; penetration and growth in percent.
    """
    estimate = potential_of(case)
    table = market_units(case)
    money = estimate is not None and estimate.money
    form, unit = ("money", "") if money else ("number", "points")
    wanted = [
        ("potential", Measure("market_potential", "Potential in use", unit, form), 1.0),
        ("white_space", Measure("white_space", "White space", unit, form), 1.0),
        ("penetration", Measure("penetration", "Penetration", "%", "number"), 100.0),
        ("growth", Measure("growth", "Sales growth", "%", "number"), 100.0),
    ]
    if estimate is not None and estimate.kind == "own":
        wanted = wanted[1:]
    found = [(about, scale * table[c].to_numpy(float)) for c, about, scale in wanted if c in table]
    return [(about, values) for about, values in found if np.isfinite(values).any()]
