"""Coordinates of a layer → longitude and latitude, whichever way round the file has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pyproj.exceptions import CRSError, ProjError

from territory.errors import InputError, Problem
from territory.intake.antimeridian import folded, unwound
from territory.intake.match import Swap
from territory.intake.names import find
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["in_degrees", "own_places", "with_projection"]

_EDGE = 1e-6
_ANTARCTIC = -60.0
"""Degrees: nobody sells south of it, so latitudes there are longitudes."""
_WORLD = 50_000.0
"""Square degrees: an area of use this large says nothing about where a layer lies."""
_NEAR = 1.0
"""Degrees that a label's own coordinates may lie from its area."""


class Box(NamedTuple):
    """Bounds of a layer as its file has them."""

    west: float
    south: float
    east: float
    north: float

    @property
    def fits(self) -> bool:
        """Whether x may be longitudes and y latitudes."""
        return max(abs(self.west), abs(self.east)) <= 180 + _EDGE and (
            max(abs(self.south), abs(self.north)) <= 90 + _EDGE
        )

    @property
    def turned(self) -> Box:
        """The same the other way round."""
        return Box(self.south, self.west, self.north, self.east)

    def __str__(self) -> str:
        return f"{_span(self.south, self.north, 'NS')}, {_span(self.west, self.east, 'EW')}"


def _span(low: float, high: float, ends: str) -> str:
    def one(value: float) -> str:
        return f"{abs(value):.1f}° {ends[0] if value >= 0 else ends[1]}"

    return f"{one(low)} to {one(high)}"


def own_places(layer: gpd.GeoDataFrame) -> np.ndarray | None:
    """(n, 2) longitude and latitude that the layer's columns give for each area, if they do."""
    lat, lon = find(layer.columns, "lat"), find(layer.columns, "lon")
    if lat is None or lon is None:
        return None
    columns = [parse_numbers(layer[c].reset_index(drop=True)).values for c in (lon, lat)]
    return np.column_stack(columns)


def with_projection(layer: gpd.GeoDataFrame, said: str, report: Report) -> gpd.GeoDataFrame:
    """The layer in the projection that the user names, where its file names none.

    Raises
    ------
    InputError
        If there is no such projection.
    """
    if not said.strip():
        return layer
    if layer.crs is not None:
        report.notes.append(
            f"{report.file} names its projection ({layer.crs.name}), so {said} was not used."
        )
        return layer
    code = said.strip()
    try:
        return layer.set_crs(f"EPSG:{code}" if code.isdecimal() else code)
    except CRSError as error:
        raise InputError(
            Problem(
                f"{said[:80]!r} is no projection that is known",
                report.file,
                column="geometry",
                remedy="Give its EPSG code, such as 25832; epsg.io finds it by name.",
            )
        ) from error


def in_degrees(
    series: gpd.GeoSeries,
    usable: np.ndarray,
    report: Report,
    swap: Swap = "auto",
    places: np.ndarray | None = None,
) -> gpd.GeoSeries:
    """The shapes in EPSG:4326.

    Parameters
    ----------
    series
        As read, with or without a projection.
    usable
        (n,) shapes to look at.
    report
        Gets what was turned, and what could as well be the other way round.
    swap
        What the user says: latitude first ("yes"), longitude first ("no"), or to find out.
    places
        (n, 2) longitude and latitude that the file gives beside the shapes.

    Raises
    ------
    InputError
        If it can't be told what the coordinates are.
    """
    if not usable.any():
        return series.set_crs(4326, allow_override=True)
    if series.crs is not None and not series.crs.is_geographic:
        return _unprojected(series, report.file)
    box = Box(*series[usable].total_bounds)
    if not box.fits and swap != "yes" and _counts_on(box):
        # Across the 180th meridian some count on; a country's grid, in metres, is never so small.
        beyond = (series.bounds["minx"] < -180) | (series.bounds["maxx"] > 180)
        report.repaired("longitude beyond 180° brought back", int(beyond.sum()), "geometry")
        series = _like(series, folded(np.asarray(series, dtype=object)))
        box = Box(*series[usable].total_bounds)
    if _latitude_first(series, usable, box, swap, places):
        report.repaired(
            "latitude and longitude were swapped; turned back", int(usable.sum()), "geometry"
        )
        report.notes.append(
            f"{report.file}: latitude and longitude are swapped in this file; they were turned."
        )
        if box.fits and box.north >= _ANTARCTIC and swap == "auto":
            report.offer(f"{report.file} was read as {box.turned}, latitude first. {_OTHERWISE}")
        swapped = series.set_crs(4326, allow_override=True)
        return swapped.transform(lambda xy: xy[:, ::-1])
    if not box.fits:
        raise _no_degrees(series, box, report.file)
    if swap == "auto" and box.turned.fits and not _known(series, usable, box, places):
        report.offer(f"{report.file} was read as {box}, longitude first. {_OTHERWISE}")
    if series.crs is None:
        report.notes.append(
            f"{report.file}: no projection is given; the coordinates were read as longitude and "
            "latitude."
        )
        return series.set_crs(4326)
    return series.to_crs(4326)


_OTHERWISE = (
    "If that is not where the areas are, choose the other order of coordinates "
    "(More tables and options; --coordinates on the command line) and read it again."
)


def _like(series: gpd.GeoSeries, shapes: np.ndarray) -> gpd.GeoSeries:
    return series.__class__(shapes, index=series.index, crs=series.crs)


def _unprojected(series: gpd.GeoSeries, file: str) -> gpd.GeoSeries:
    try:
        degrees = series.to_crs(4326)
    except ProjError as error:
        name = series.crs.name if series.crs is not None else ""
        problem = Problem(
            f"the projection {name!r} can't be turned into longitude and latitude",
            file,
            column="geometry",
            remedy="Export the layer in EPSG:4326.",
        )
        raise InputError(problem) from error
    return _like(degrees, unwound(np.asarray(degrees, dtype=object)))


def _counts_on(box: Box) -> bool:
    return max(abs(box.west), abs(box.east)) <= 360 and (
        max(abs(box.south), abs(box.north)) <= 90 + _EDGE
    )


def _latitude_first(
    series: gpd.GeoSeries, usable: np.ndarray, box: Box, swap: Swap, places: np.ndarray | None
) -> bool:
    """What the user says, else what only one order allows, else what the file says of itself."""
    if swap != "auto" or not box.turned.fits:
        return swap == "yes" and box.turned.fits
    if not box.fits or box.north < _ANTARCTIC:
        return True
    return _evidence(series, usable, box, places) < 0


def _known(series: gpd.GeoSeries, usable: np.ndarray, box: Box, places: np.ndarray | None) -> bool:
    """Whether there is no doubt about the order: the other one lies where nobody lives."""
    return box.turned.north < _ANTARCTIC or _evidence(series, usable, box, places) > 0


def _evidence(
    series: gpd.GeoSeries, usable: np.ndarray, box: Box, places: np.ndarray | None
) -> int:
    """1 where the file itself says that longitude comes first, -1 latitude, 0 nothing."""
    if places is not None:
        xy = np.column_stack([series.bounds[["minx", "maxx"]].mean(axis=1),
                              series.bounds[["miny", "maxy"]].mean(axis=1)])  # fmt: skip
        both = usable & np.isfinite(places).all(axis=1)
        if both.any():
            near = [
                (np.abs(xy[both] - places[both][:, order]).max(axis=1) < _NEAR).mean()
                for order in ([0, 1], [1, 0])
            ]
            if max(near) > 0.5:
                return 1 if near[0] >= near[1] else -1
    use = series.crs.area_of_use if series.crs is not None else None
    if use is None or (use.east - use.west) * (use.north - use.south) > _WORLD:
        return 0

    def inside(where: Box) -> bool:
        x, y = (where.west + where.east) / 2, (where.south + where.north) / 2
        return use.west <= x <= use.east and use.south <= y <= use.north

    return int(inside(box)) - int(inside(box.turned))


def _no_degrees(series: gpd.GeoSeries, box: Box, file: str) -> InputError:
    said = "says it has degrees" if series.crs is not None else "does not say its projection"
    return InputError(
        Problem(
            f"the file {said}, but has coordinates such as ({box.west:.0f}, {box.south:.0f})",
            file,
            column="geometry",
            remedy="Name its projection by its EPSG code (More tables and options; --crs on the "
            "command line), include the .prj file, or export it in EPSG:4326.",
        )
    )
