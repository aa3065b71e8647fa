"""Raw shapes → valid areas in longitude and latitude, with every change counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj.exceptions import ProjError

from territory.errors import InputError, Problem
from territory.intake.antimeridian import folded, unwound
from territory.intake.report import Report, row_problems

if TYPE_CHECKING:
    import geopandas as gpd

_POLYGONS = (3, 6)
_POINTS = (0, 4)
_EDGE = 1e-6
_ANTARCTIC = -60.0
"""Degrees: nobody sells south of it, so latitudes there are longitudes."""


def clean_geometry(
    layer: gpd.GeoDataFrame, report: Report, rows: np.ndarray
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
    series = _degrees(layer.geometry.__class__(shapes, crs=layer.crs), usable, report)
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


def _like(series: gpd.GeoSeries, shapes: np.ndarray) -> gpd.GeoSeries:
    return series.__class__(shapes, index=series.index, crs=series.crs)


def _degrees(series: gpd.GeoSeries, usable: np.ndarray, report: Report) -> gpd.GeoSeries:
    """The shapes in EPSG:4326, found out where the file doesn't say."""
    if not usable.any():
        return series.set_crs(4326, allow_override=True)
    crs = series.crs
    if crs is not None and not crs.is_geographic:
        try:
            degrees = series.to_crs(4326)
        except ProjError as error:
            problem = Problem(
                f"the projection {crs.name!r} can't be turned into longitude and latitude",
                report.file,
                column="geometry",
                remedy="Export the layer in EPSG:4326.",
            )
            raise InputError(problem) from error
        return _like(degrees, unwound(np.asarray(degrees, dtype=object)))
    west, south, east, north = series[usable].total_bounds
    fits = max(abs(west), abs(east)) <= 180 + _EDGE and max(abs(south), abs(north)) <= 90 + _EDGE
    turned = max(abs(west), abs(east)) <= 90 + _EDGE and max(abs(south), abs(north)) <= 180 + _EDGE
    if not fits and max(abs(west), abs(east)) <= 360 and max(abs(south), abs(north)) <= 90 + _EDGE:
        # Across the 180th meridian some count on; a country's grid, in metres, is never so small.
        beyond = (series.bounds["minx"] < -180) | (series.bounds["maxx"] > 180)
        report.repaired("longitude beyond 180° brought back", int(beyond.sum()), "geometry")
        series = _like(series, folded(np.asarray(series, dtype=object)))
        fits = True
    if turned and (not fits or north < _ANTARCTIC):
        report.repaired(
            "latitude and longitude were swapped; turned back", int(usable.sum()), "geometry"
        )
        report.notes.append(
            f"{report.file}: latitude and longitude are swapped in this file; they were turned."
        )
        swapped = series.set_crs(4326, allow_override=True)
        return swapped.transform(lambda xy: xy[:, ::-1])
    if not fits:
        said = "says it has degrees" if crs is not None else "does not say its projection"
        raise InputError(
            Problem(
                f"the file {said}, but has coordinates such as ({west:.0f}, {south:.0f})",
                report.file,
                column="geometry",
                remedy="Export it in longitude/latitude (EPSG:4326), or include the .prj file.",
            )
        )
    if crs is None:
        report.notes.append(
            f"{report.file}: no projection is given; the coordinates were read as longitude and "
            "latitude."
        )
        return series.set_crs(4326)
    return series.to_crs(4326)
