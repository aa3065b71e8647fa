"""Where a region is cut when it lies across the 180th meridian, and what the first view shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from territory.model.graph import Graph, land_components

__all__ = ["Seam", "find_seam", "main_part"]

MOST_LEFT_OUT = 0.05
"""Share of the units that the first view may leave out, as Alaska and Hawaii of the states."""
WORTH = 0.6
"""Left out only where the rest fills less than this share of the whole frame."""


@dataclass(frozen=True)
class Seam:
    """The longitude at which a region is cut instead of at ±180°, so that it lies together.

    ``turn`` is added to the longitudes east of the cut, or, where it is positive, west of it.
    """

    cut: float = 180.0
    turn: float = 0.0

    def unrolled(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Degrees in which the region lies together; some may be beyond ±180."""
        lon = lonlat[:, 0]
        moved = lon > self.cut if self.turn < 0 else lon < self.cut
        return np.c_[np.where(moved, lon + self.turn, lon), lonlat[:, 1]]


def find_seam(areas: NDArray[np.object_]) -> Seam:
    """The cut through the widest stretch of the globe without areas.

    Parameters
    ----------
    areas
        In degrees, cut at the 180th meridian as usual.
    """
    parts = shapely.get_parts(areas)
    west, _, east, _ = shapely.bounds(parts).T
    if not len(parts) or np.nanmax(east) - np.nanmin(west) <= 180:
        return Seam()
    order = np.argsort(west)
    reach = np.maximum.accumulate(east[order])
    gaps = west[order][1:] - reach[:-1]
    at = int(np.argmax(gaps)) if len(gaps) else 0
    if not len(gaps) or gaps[at] <= 360 - (reach[-1] - west[order][0]):
        return Seam()
    cut = float(reach[at] + gaps[at] / 2)
    # The smaller side moves, so that most longitudes stay as people know them.
    return Seam(cut, -360.0 if (west > cut).mean() <= 0.5 else 360.0)


def main_part(graph: Graph, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4,) the frame of the first view: everything, unless a few far islands would shrink it.

    Parameters
    ----------
    graph
        Neighbours; what only a ferry reaches is an island.
    boxes
        (n, 4) left, top, right, bottom of each unit.
    """

    def frame(of: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.r_[of[:, :2].min(axis=0), of[:, 2:].max(axis=0)]

    def size(box: NDArray[np.float64]) -> float:
        return float(np.prod(box[2:] - box[:2]))

    whole = frame(boxes)
    part = land_components(graph)
    largest = int(np.argmax(np.bincount(part)))
    if (part != largest).mean() > MOST_LEFT_OUT:
        return whole
    main = frame(boxes[part == largest])
    # Islands off the coast belong to the picture.
    margin = np.tile((main[2:] - main[:2]) * 0.1, 2) * (-1, -1, 1, 1)
    left, top, right, bottom = main + margin
    close = (boxes[:, 0] >= left) & (boxes[:, 1] >= top)
    close &= (boxes[:, 2] <= right) & (boxes[:, 3] <= bottom)
    main = frame(boxes[close])
    return main if size(main) < WORTH * size(whole) else whole
