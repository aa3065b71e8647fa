"""KML → areas with all that it says of them. GDAL's reader drops the columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import shapely

from territory.intake.source import Source

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_kml"]

_DAMAGED = "Export it again; GeoPackage is the safest format."
_SPACE = re.compile(r"\s+")


def read_kml(source: Source) -> gpd.GeoDataFrame:
    """The placemarks of all folders: their name, their data and their shape.

    The caller has seen that no entity is defined and nothing else is referred to.

    Raises
    ------
    InputError
        If it is no well-formed XML, or has no placemarks.
    """
    import geopandas as gpd

    try:
        root = ElementTree.fromstring(source.data)
    except ElementTree.ParseError as error:
        said = f"the boundaries can't be read: the KML is damaged ({error})"
        raise source.refuse(said, _DAMAGED) from error
    marks = [e for e in root.iter() if _tag(e) == "Placemark"]
    if not marks:
        raise source.refuse("there is no layer with shapes in it", _DAMAGED)
    try:
        shapes = [_shape(mark) for mark in marks]
    except (ValueError, shapely.errors.ShapelyError) as error:
        said = "the boundaries can't be read: coordinates in the KML are no numbers"
        raise source.refuse(said, _DAMAGED) from error
    rows = [_columns(mark) for mark in marks]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    return gpd.GeoDataFrame(columns, geometry=np.array(shapes, dtype=object), crs=4326)


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: ElementTree.Element, *names: str) -> list[ElementTree.Element]:
    return [child for child in element if _tag(child) in names]


def _columns(mark: ElementTree.Element) -> dict[str, str | None]:
    """Its name and data; the name is the last, where the data has one, too."""
    out: dict[str, str | None] = {}
    for element in mark.iter():
        name = element.get("name")
        if not name or name == "geometry":
            continue
        if _tag(element) == "SimpleData":
            out[name] = (element.text or "").strip() or None
        elif _tag(element) == "Data":
            value = next(iter(_children(element, "value")), None)
            out[name] = ((value.text if value is not None else "") or "").strip() or None
    for own in _children(mark, "name"):
        out.setdefault("name", (own.text or "").strip() or None)
    return out


def _shape(mark: ElementTree.Element) -> shapely.Geometry | None:
    """The placemark's areas as one; its points or lines where it has no area."""
    polygons = [_polygon(e) for e in mark.iter() if _tag(e) == "Polygon"]
    if len(polygons) == 1:
        return polygons[0]
    if polygons:
        # Parts that overlap are for the repair of geometry to see to.
        return shapely.multipolygons(polygons)
    for kind, make in (("Point", shapely.points), ("LineString", shapely.linestrings)):
        found = [_coordinates(e) for e in mark.iter() if _tag(e) == kind]
        found = [xy for xy in found if len(xy) > (kind == "LineString")]
        if found:
            return make(found[0][0] if kind == "Point" else found[0])
    return None


def _polygon(element: ElementTree.Element) -> shapely.Polygon:
    rings: dict[str, list[np.ndarray]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for side in _children(element, *rings):
        for ring in _children(side, "LinearRing"):
            xy = _coordinates(ring)
            if len(xy) >= 3:
                rings[_tag(side)].append(xy)
    if not rings["outerBoundaryIs"]:
        return shapely.Polygon()
    return shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])


def _coordinates(element: ElementTree.Element) -> np.ndarray:
    """(m, 2) longitude and latitude; heights are left out."""
    text = " ".join(c.text or "" for c in _children(element, "coordinates"))
    places = [place.split(",")[:2] for place in _SPACE.split(text.strip()) if place]
    return np.array(places, dtype=float).reshape(-1, 2)
