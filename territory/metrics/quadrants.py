"""Penetration against potential: four kinds of places, and what to do in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["QUADRANTS", "Quadrant", "Quadrants", "quadrants"]


@dataclass(frozen=True)
class Quadrant:
    """One corner: its name, where it lies, what to do there."""

    name: str
    potential: str
    penetration: str
    advice: str


QUADRANTS = (
    Quadrant("Grow", "high", "low", "Much to win: prospects first, more calls, your best hunters."),
    Quadrant("Defend", "high", "high", "Much won already: keep key accounts, sell them more."),
    Quadrant("Maintain", "low", "high", "Little left to win: serve well at little cost."),
    Quadrant("Review", "low", "low", "Little there, little won: fewer calls, or a merger."),
)


@dataclass(frozen=True, eq=False)
class Quadrants:
    """Which place lies in which quadrant.

    ``table`` has potential, penetration and quadrant of each place that has both figures; the
    cross stands at ``potential`` and ``penetration``, the medians of the places.
    """

    table: pd.DataFrame
    potential: float
    penetration: float

    def members(self, name: str) -> pd.DataFrame:
        """The places of a quadrant, most potential first."""
        mine = self.table[self.table["quadrant"] == name]
        return mine.sort_values("potential", ascending=False, kind="stable")


def quadrants(market: pd.DataFrame) -> Quadrants | None:
    """Places above and below the median potential and the median penetration.

    Parameters
    ----------
    market
        Rows of ``market_table`` or ``market_units``.

    Returns
    -------
    None where potential or sales are not known, or no place has any potential.
    """
    if not {"potential", "penetration"} <= set(market):
        return None
    table = market[["potential", "penetration"]].dropna()
    if table.empty:
        return None
    potential, penetration = (float(table[name].median()) for name in table)
    much = table["potential"].to_numpy() >= potential
    won = table["penetration"].to_numpy() >= penetration
    names = np.select(
        [much & ~won, much & won, ~much & won], ["Grow", "Defend", "Maintain"], "Review"
    )
    return Quadrants(table.assign(quadrant=names), potential, penetration)
