"""A small picture of a plan as SVG: colours and borders, no text, so nothing to escape."""

from __future__ import annotations

import itertools

import numpy as np
import shapely

from territory.model import Plan, stray

__all__ = ["thumbnail"]

LAND = {False: "#E3E7EB", True: "#3A444E"}
LINE = {False: "#FFFFFF", True: "#12181F"}
TROUBLE = {False: "#1C2733", True: "#F2F5F8"}


def thumbnail(plan: Plan, *, dark: bool = False, box: tuple[int, int] = (600, 600)) -> str:
    """An SVG of the territories, their stray pieces outlined strongly.

    Parameters
    ----------
    plan
        The plan to draw; unassigned units are grey.
    dark
        Colours for a dark page.
    box
        Largest width and height in pixels; the picture keeps the region's proportions.
    """
    # The map's own projection, so that both show the same shape.
    areas = plan.units.geometry.to_crs(3857)
    west, south, east, north = areas.total_bounds
    scale = min(box[0] / max(east - west, 1.0), box[1] / max(north - south, 1.0))
    width, height = (east - west) * scale, (north - south) * scale
    simple = _simplified(areas.to_numpy(), 0.8 / scale)
    origin = np.array([west, north])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">'
    ]
    order = np.argsort(plan.alignment, kind="stable")
    ends = np.searchsorted(plan.alignment[order], np.arange(-1, plan.k + 1))
    colours = [LAND[dark], *plan.territories["colour"]]
    for colour, (a, b) in zip(colours, itertools.pairwise(ends), strict=True):
        if b > a:
            shape = shapely.union_all(simple[order[a:b]])
            path = _path(shape, origin, scale)
            parts.append(
                f'<path d="{path}" fill="{colour}" fill-opacity="0.75" '
                f'stroke="{LINE[dark]}" stroke-width="1.2" stroke-linejoin="round"/>'
            )
    loose = np.flatnonzero(stray(plan.units.graph, plan.alignment, plan.k))
    if len(loose):
        path = _path(shapely.union_all(simple[loose]), origin, scale)
        parts.append(f'<path d="{path}" fill="none" stroke="{TROUBLE[dark]}" stroke-width="1.6"/>')
    return "".join(parts) + "</svg>"


def _simplified(areas: np.ndarray, tolerance: float) -> np.ndarray:
    """(n,) areas with fewer corners; shared borders stay shared where they were."""
    if shapely.coverage_is_valid(areas):
        return shapely.coverage_simplify(areas, tolerance)
    return shapely.make_valid(shapely.simplify(areas, tolerance))


def _path(shape: shapely.Geometry, origin: np.ndarray, scale: float) -> str:
    """SVG path data of an area, y downwards, tenths of a pixel."""
    out = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            xy = (shapely.get_coordinates(ring) - origin) * (scale, -scale)
            out.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in xy[:-1]) + "Z")
    return "".join(out)
