"""How far from the home of its rep a unit may lie: so many kilometres, so many minutes, or both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from territory.metrics.roads import Roads, roads_of
from territory.model import Project, Rules, Units

__all__ = ["Reach", "reaches"]


@dataclass(frozen=True, eq=False)
class Reach:
    """A limit on the way from home.

    Parameters
    ----------
    more
        More of it, in words: "larger distance" or "longer drive".
    unit
        "km" or "minutes".
    most
        How much is allowed.
    away
        Position of a home → (n,) how far each unit is from it; 0 for the home's own.
    """

    more: str
    unit: str
    most: float
    away: Callable[[int], NDArray[np.float64]]

    def __str__(self) -> str:
        return f"{self.most:g} {self.unit}"


def reaches(rules: Rules, units: Units, roads: Roads | None = None) -> list[Reach]:
    """The limits that the rules set. Without ``roads`` minutes go by the formula alone."""
    out = []
    if rules.max_km is not None:
        out.append(Reach("larger distance", "km", rules.max_km, _straight(units)))
    if rules.max_minutes is not None:
        ways = roads or roads_of(Project("", units))
        out.append(Reach("longer drive", "minutes", rules.max_minutes, _driven(ways)))
    return out


def _straight(units: Units) -> Callable[[int], NDArray[np.float64]]:
    xy = units.xy / 1e3
    return lambda home: np.hypot(*(xy - xy[home]).T)


def _driven(roads: Roads) -> Callable[[int], NDArray[np.float64]]:
    every = np.arange(roads.units.n)

    def away(home: int) -> NDArray[np.float64]:
        out = roads.minutes(np.array([home]), every)
        # What lies between two points of one unit is no way from home.
        out[home] = 0.0
        return out

    return away
