"""Raw shapes → valid areas in longitude and latitude, with every change counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.intake.degrees import in_degrees, own_places
from territory.intake.match import Swap
from territory.intake.report import Report, row_problems

if TYPE_CHECKING:
    import geopandas as gpd

_POLYGONS = (3, 6)
_POINTS = (0, 4)


def clean_geometry(
    layer: gpd.GeoDataFrame, report: Report, rows: np.ndarray, swap: Swap = "auto"
) -> tuple[gpd.GeoSeries, np.ndarray]:
    """Make the shapes of a layer fit for use.

    Parameters
    ----------
    layer
        As read.
    report
        Gets repairs, and a problem for each row whose shape can't be used.
    rows
        The number of each feature in its file.
    swap
        Whether the file has latitude first; found out where nothing is said.

    Returns
    -------
    Areas in EPSG:4326, and which rows have one. A layer of points keeps its points.

    Raises
    ------
    InputError
        If it can't be told what the coordinates are.
    """
    shapes = np.array(layer.geometry.values, dtype=object)
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    _left_out(report, rows, np.flatnonzero(~usable), "has no shape")
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    odd = np.zeros(len(shapes), bool)
    odd[of[~np.isfinite(xy).all(axis=1)]] = True
    _left_out(report, rows, np.flatnonzero(usable & odd), "has coordinates that are no numbers")
    usable &= ~odd
    shapes[~usable] = None
    series = layer.geometry.__class__(shapes, crs=layer.crs)
    series = in_degrees(series, usable, report, swap, own_places(layer))
    good = np.isfinite(shapely.bounds(series.values)).all(axis=1)
    _left_out(report, rows, np.flatnonzero(usable & ~good), "lies outside its projection")
    usable &= good
    shapes = shapely.force_2d(np.asarray(series.values, dtype=object))
    shapes, usable = _areas(shapes, usable, report, rows)
    return series.__class__(shapes, index=series.index, crs=4326), usable


def _left_out(report: Report, rows: np.ndarray, where: np.ndarray, message: str) -> None:
    report.problems += row_problems(
        f"the unit {message}; it is left out",
        where,
        file=report.file,
        rows=rows,
        column="geometry",
        remedy="Draw it, or remove the row.",
    )


def _areas(
    shapes: np.ndarray, usable: np.ndarray, report: Report, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Valid polygons only; what is no area is a problem."""
    shapes = shapes.copy()
    shapes[~usable] = None
    kinds = shapely.get_type_id(shapes)
    if usable.any() and np.isin(kinds[usable], _POINTS).all():
        report.notes.append("The file holds points, not areas.")
        return shapes, usable
    invalid = usable & ~shapely.is_valid(shapes)
    report.repaired("invalid outline repaired", int(invalid.sum()), "geometry")
    shapes[invalid] = shapely.make_valid(shapes[invalid])
    mixed = usable & ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    collections = mixed & (shapely.get_type_id(shapes) == 7)
    for i in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        areas = parts[shapely.get_dimensions(parts) == 2]
        shapes[i] = shapely.union_all(areas) if len(areas) else None
    flat = usable & (shapely.is_missing(shapes) | ~(shapely.area(shapes) > 0))
    report.repaired(
        "collection reduced to its areas", int((collections & ~invalid & ~flat).sum()), "geometry"
    )
    _left_out(report, rows, np.flatnonzero(flat), "is no area (a line, point or sliver)")
    return shapes, usable & ~flat
