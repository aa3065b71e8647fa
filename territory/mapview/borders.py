"""Which unit lies on the other side of each stretch of an outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from territory.mapview.geometry import Grid

__all__ = ["OUTSIDE", "facing_units", "runs"]

OUTSIDE = -1
NEAR = 6.0
"""Grid steps within which an outline that fits no neighbour exactly still faces one."""


def following(start: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The next vertex on the same ring, for each vertex."""
    after = np.arange(1, size + 1)
    after[start[1:] - 1] = start[:-1]
    return after


def facing_units(
    xy: NDArray[np.int64],
    start: NDArray[np.int64],
    unit_of_ring: NDArray[np.int64],
    areas: NDArray[np.object_],
    grid: Grid,
) -> NDArray[np.int64]:
    """(v,) the unit across the segment that leaves each vertex, -1 where nothing lies there.

    Segments that two units share exactly are paired by their end points. What is left (real
    boundary files have slivers between areas) faces the unit that is close to its middle.
    """
    v = len(xy)
    if not v:
        return np.zeros(0, np.int64)
    unit = np.repeat(unit_of_ring, np.diff(start))
    after = following(start, v)
    _, point = np.unique(xy, axis=0, return_inverse=True)
    point = point.reshape(-1).astype(np.int64)
    key = point * v + point[after]
    order = np.argsort(key, kind="stable")
    sought = point[after] * v + point
    at = np.minimum(np.searchsorted(key[order], sought), v - 1)
    hit = key[order][at] == sought
    across = np.where(hit, unit[order[at]], OUTSIDE)
    across[across == unit] = OUTSIDE
    loose = np.flatnonzero(across == OUTSIDE)
    if len(loose):
        middle = (xy[loose] + xy[after[loose]]) / 2 * grid.step + (grid.x, grid.y)
        tree = shapely.STRtree(areas)
        segment, near = tree.query(
            shapely.points(middle), predicate="dwithin", distance=NEAR * grid.step
        )
        foreign = near != unit[loose[segment]]
        across[loose[segment[foreign]]] = near[foreign]
    return across


def runs(
    across: NDArray[np.int64], start: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Runs of equal values within each ring: how many a ring, how long, which value."""
    v = len(across)
    if not v:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    begins = np.r_[True, across[1:] != across[:-1]]
    begins[start[:-1]] = True
    at = np.flatnonzero(begins)
    ring = np.searchsorted(start, at, side="right") - 1
    count = np.bincount(ring, minlength=len(start) - 1)
    return count, np.diff(np.r_[at, v]), across[at]
