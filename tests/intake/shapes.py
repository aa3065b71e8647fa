"""Small layers with known neighbours, shared by the tests of intake."""

from __future__ import annotations

import numpy as np
import shapely


def grid(columns: int, rows: int, side: float = 10_000.0) -> np.ndarray:
    """Squares row by row from the south-west; metres."""
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    x, y = x.ravel() * side, y.ravel() * side
    return np.asarray(shapely.box(x, y, x + side, y + side))


def voronoi(n: int, seed: int = 1, side: float = 10_000.0) -> np.ndarray:
    """A clean tessellation of about n irregular cells of about side² each."""
    extent = side * n**0.5
    xy = np.random.default_rng(seed).uniform(0, extent, (n, 2))
    frame = shapely.box(0, 0, extent, extent)
    cells = shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=frame)
    return np.asarray(shapely.intersection(shapely.get_parts(cells), frame))


def shifted(geoms: np.ndarray, x: float, y: float) -> np.ndarray:
    """The same shapes, moved by metres."""
    return np.asarray(shapely.transform(geoms, lambda c: c + np.array([x, y])))
