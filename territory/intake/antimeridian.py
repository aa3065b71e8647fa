"""Areas across the 180th meridian, as in Fiji, Chukotka or the Aleutians: cut there, never wound
around the globe."""

from __future__ import annotations

import numpy as np
import shapely

_HALVES = ((-540.0, -180.0, 360.0), (-180.0, 180.0, 0.0), (180.0, 540.0, -360.0))
"""West and east of each world, and the degrees that bring it onto ours."""


def unwound(shapes: np.ndarray) -> np.ndarray:
    """Shapes that a projection has just been undone for: what lies across the line was torn apart
    to both ends of the map, and is brought together and cut.

    Parameters
    ----------
    shapes
        In degrees; None where there is nothing.
    """
    west, _, east, _ = shapely.bounds(shapes).T
    out = shapes.copy()
    for i in np.flatnonzero(east - west > 180):
        parts = shapely.get_parts(shapes[i])
        bounds = shapely.bounds(parts)
        torn = bounds[:, 2] - bounds[:, 0] > 180
        if torn.any():
            parts[torn] = shapely.transform(parts[torn], _eastwards)
            out[i] = _joined(parts)
    return folded(out)


def folded(shapes: np.ndarray) -> np.ndarray:
    """Shapes with longitudes such as 181 or −190: cut at the line, each side where it belongs."""
    west, _, east, _ = shapely.bounds(shapes).T
    out = shapes.copy()
    for i in np.flatnonzero((west < -180) | (east > 180)):
        pieces = []
        for left, right, shift in _HALVES:
            inside = shapely.intersection(shapes[i], shapely.box(left, -90, right, 90))
            pieces.append(shapely.transform(inside, lambda xy, by=shift: np.add(xy, (by, 0))))
        parts = shapely.get_parts(shapely.get_parts(np.array(pieces, dtype=object)))
        most = shapely.get_dimensions(shapes[i])
        out[i] = _joined(parts[shapely.get_dimensions(parts) == most])
    return out


def _eastwards(xy: np.ndarray) -> np.ndarray:
    """The western hemisphere behind the eastern one."""
    return np.column_stack([np.where(xy[:, 0] < 0, xy[:, 0] + 360, xy[:, 0]), xy[:, 1]])


def _joined(parts: np.ndarray) -> shapely.Geometry:
    """One area, or several; a repair where the parts were drawn badly."""
    return shapely.union_all(shapely.make_valid(parts))
