"""Approximate areas around points: a power diagram whose cells have a wanted area.

Nobody ships the outlines of ZIP areas in a package, but the Census publishes a point and a land
area for each. A power diagram (a Voronoi diagram with one weight a point) can be fitted so that
every cell has its area; cut along county lines it looks like the real map and has most of its
neighbours. The result is approximate and has to be labelled so on screen.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

Floats = NDArray[np.float64]
Geometries = NDArray[Any]  # of shapely geometries

FIT_STEPS = 80
SAMPLES_PER_CELL = 220  # grid points that measure a cell's area: about 7 % error a cell
MAX_SAMPLES = 160_000
MIN_CELL_M2 = 20_000.0
GRID_M = 10.0


def power_cells(points: Floats, weights: Floats, extent: float = 0.0) -> Geometries:
    """Cells of the power diagram: where ``|x - p_i|² - w_i`` is smallest for point i.

    Parameters
    ----------
    points
        (n, 2) in metres, no two alike.
    weights
        (n,) in m²; a larger weight gives a larger cell, equal weights the Voronoi diagram.
    extent
        Width in metres of the region to cover, where it is much wider than the points' own spread.

    Returns
    -------
    (n,) convex polygons, reaching far beyond the points; empty where a point's weight is so small
    that it has no cell.

    Source: Aurenhammer (1987), the lower convex hull of the points lifted to |p|² - w.
    """
    n = len(points)
    centre = points.mean(axis=0)
    size = max(float(np.ptp(points, axis=0).max()), extent, 1.0)
    # Four far points close every cell, so that no unbounded ones need special treatment.
    far = 30.0 * np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], float)
    site = np.vstack([(points - centre) / size, far])
    lifted = np.c_[site, (site**2).sum(axis=1) - np.r_[weights / size**2, np.zeros(4)]]
    hull = ConvexHull(lifted, qhull_options="Qt")
    lower = hull.equations[:, 2] < -1e-12
    facets, planes = hull.simplices[lower], hull.equations[lower]
    # A facet's plane z = αx + βy + γ is the lifted image of the diagram's corner (α/2, β/2).
    corners = -planes[:, :2] / (2 * planes[:, 2:3]) * size + centre
    owner = facets.ravel()
    order = np.argsort(owner, kind="stable")
    corner_of = np.repeat(np.arange(len(facets)), 3)[order]
    bounds = np.searchsorted(owner[order], np.arange(n + 1))
    hulls = [
        shapely.convex_hull(shapely.multipoints(corners[corner_of[start:stop]]))
        if stop - start >= 3
        else shapely.Polygon()
        for start, stop in pairwise(bounds)
    ]
    return np.array(hulls, dtype=object)


def fit_weights(
    points: Floats, areas: Floats, boundary: shapely.Geometry, steps: int = FIT_STEPS
) -> Floats:
    """Weights for which each cell's share of the boundary's area is near its share of `areas`.

    Parameters
    ----------
    points
        (n, 2) in metres.
    areas
        (n,) wanted areas, positive, in any unit: only their proportions count.
    boundary
        The polygon that the cells have to fill.
    steps
        Rounds of correction; the best one is returned.
    """
    n = len(points)
    sample = _sample_points(boundary, min(max(n * SAMPLES_PER_CELL, 4_000), MAX_SAMPLES))
    if n == 1 or len(sample) < 5 * n:
        return np.zeros(n)
    distance, near = cKDTree(points).query(sample, k=min(n, 24))
    squared = distance**2
    wanted = areas / areas.sum() * len(sample)
    # A cell's squared radius is the natural size of its weight; the clip keeps steps comparable.
    reach = boundary.area / n / np.pi * np.clip(wanted / wanted.mean(), 0.3, 3.0)
    weights, best, best_error = np.zeros(n), np.zeros(n), np.inf
    for _ in range(steps):
        nearest = near[np.arange(len(sample)), np.argmin(squared - weights[near], axis=1)]
        count = np.bincount(nearest, minlength=n)
        error = float(np.abs(count - wanted).sum())
        if error < best_error:
            best, best_error = weights, error
        weights = weights + 0.35 * reach * np.log((wanted + 1) / (count + 1))
        weights = weights - weights.mean()
    return best


def cells_in(
    points: Floats, areas: Floats, boundary: shapely.Geometry, steps: int = FIT_STEPS
) -> Geometries:
    """Area-matched cells that share one boundary; none of them empty.

    Points outside the boundary, or on it, are drawn a little inside first.
    """
    points = _inside(np.asarray(points, float), boundary)
    if len(points) == 1:
        return np.array([boundary], dtype=object)
    weights = _hold_points(points, fit_weights(points, areas, boundary, steps))
    x0, y0, x1, y1 = boundary.bounds
    extent = max(x1 - x0, y1 - y0)
    cells = np.array([], dtype=object)
    for share in (1.0, 0.7, 0.5, 0.3, 0.15, 0.0):  # 0 is the Voronoi diagram: every cell exists
        cells = shapely.intersection(power_cells(points, weights * share, extent), boundary)
        if (shapely.area(cells) > MIN_CELL_M2).all():
            break
    return cells


def build_areas(
    points: Floats,
    areas: Floats,
    regions: Sequence[Hashable],
    boundaries: Mapping[Any, shapely.Geometry],
    grid: float = GRID_M,
) -> Geometries:
    """Areas for points of many regions (counties, say), as one coverage without gaps or overlaps.

    Parameters
    ----------
    points
        (n, 2) in a metric projection.
    areas
        (n,) wanted areas.
    regions
        (n,) the region that each point belongs to; no cell crosses into another.
    boundaries
        The outline of each region, same projection.
    grid
        Corners lie on a grid of this many metres.

    Returns
    -------
    (n,) polygons or multipolygons.
    """
    groups: dict[Hashable, list[int]] = {}
    for i, region in enumerate(regions):
        groups.setdefault(region, []).append(i)
    cells = np.empty(len(points), dtype=object)
    for region, members in groups.items():
        cells[members] = cells_in(points[members], areas[members], boundaries[region])
    return as_coverage(cells, grid)


def as_coverage(cells: Geometries, grid: float = GRID_M) -> Geometries:
    """Node almost-matching polygons to each other, so that neighbours share their border exactly.

    Raises
    ------
    ValueError
        If a polygon is too small to survive the grid; the message gives its position.
    """
    lines = shapely.union_all(shapely.boundary(cells), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inner = shapely.point_on_surface(faces)
    tree = shapely.STRtree(cells)
    face, cell = tree.query(inner, predicate="within")
    owner = np.full(len(faces), -1)
    owner[face[::-1]] = cell[::-1]
    # What lies in no cell is a sliver of the snapping, or a real hole: only slivers are given away.
    sliver = (owner < 0) & (shapely.area(faces) < grid * shapely.length(faces))
    if sliver.any():
        owner[sliver] = tree.nearest(inner[sliver])
    frame = gpd.GeoDataFrame({"cell": owner}, geometry=faces)
    merged = frame[owner >= 0].dissolve("cell", method="unary").geometry
    lost = np.setdiff1d(np.arange(len(cells)), merged.index)
    if len(lost):
        raise ValueError(f"areas too small for a grid of {grid:g} m: {lost[:10].tolist()}")
    return np.asarray(merged.sort_index().values, dtype=object)


def _sample_points(boundary: shapely.Geometry, count: int) -> Floats:
    """About `count` grid points inside the boundary."""
    step = float(np.sqrt(boundary.area / count))
    x0, y0, x1, y1 = boundary.bounds
    x, y = np.meshgrid(np.arange(x0 + step / 2, x1, step), np.arange(y0 + step / 2, y1, step))
    shapely.prepare(boundary)
    inside = shapely.contains_xy(boundary, x.ravel(), y.ravel())
    return np.c_[x.ravel(), y.ravel()][inside]


def _inside(points: Floats, boundary: shapely.Geometry, margin: float = 150.0) -> Floats:
    """Move points that are outside, or nearly, to the nearest place inside; part any twins."""
    inner = shapely.buffer(boundary, -margin)
    if inner.is_empty:
        inner = boundary
    outside = ~shapely.contains_xy(inner, points[:, 0], points[:, 1])
    moved = points.copy()
    if outside.any():
        line = shapely.shortest_line(shapely.points(points[outside]), inner)
        moved[outside] = shapely.get_coordinates(shapely.get_point(line, 1))
    # Seeded, and by metres only: two ZIPs at one point would leave one of them without a cell.
    return moved + np.random.default_rng(len(points)).normal(0.0, 5.0, points.shape)


def _hold_points(points: Floats, weights: Floats, rounds: int = 6) -> Floats:
    """Raise weights until every point lies well inside its own cell."""
    distance, near = cKDTree(points).query(points, k=min(24, len(points)))
    squared, near = distance[:, 1:] ** 2, near[:, 1:]
    for _ in range(rounds):
        raised = np.maximum(weights, (weights[near] - 0.92 * squared).max(axis=1))
        if np.allclose(raised, weights):
            break
        weights = raised
    return weights
