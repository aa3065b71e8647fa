"""Territory outlines for Google Earth (KML) and for older map programs (shapefile)."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import geopandas as gpd
import shapely

from territory.export.archive import packed
from territory.export.geo import DECIMALS, territory_layer
from territory.export.legible import fit
from territory.model import Plan, Project

__all__ = ["territories_kml", "territories_shapefile"]


def territories_kml(project: Project | None, plan: Plan, baseline: Plan | None = None) -> bytes:
    """One placemark a territory, in its colour, with its figures (KML 2.2)."""
    layer = territory_layer(project, plan, baseline)
    name = escape(fit(project.name if project else "Territories"))
    places = [_placemark(row) for row in layer.to_dict("records")]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
        f"<name>{name}</name>\n{''.join(places)}</Document></kml>\n"
    ).encode("utf-8", "replace")


def _placemark(row: dict[str, object]) -> str:
    figures = "".join(
        f'<Data name="{_quoted(key)}"><value>{escape(fit(_written(value)))}</value></Data>'
        for key, value in row.items()
        if key != "geometry"
    )
    colour = str(row["colour"]).lstrip("#")
    # KML writes alpha, blue, green, red.
    code = "".join(reversed([colour[i : i + 2] for i in (0, 2, 4)])) if len(colour) == 6 else "888"
    return (
        f"<Placemark><name>{escape(fit(str(row['territory'])))}</name>"
        f"<Style><LineStyle><color>ff{code}</color><width>2</width></LineStyle>"
        f"<PolyStyle><color>99{code}</color></PolyStyle></Style>"
        f"<ExtendedData>{figures}</ExtendedData>{_areas(row['geometry'])}</Placemark>\n"
    )


def _areas(shape: object) -> str:
    def ring(kind: str, line: shapely.LinearRing) -> str:
        points = shapely.get_coordinates(line).round(DECIMALS)
        text = " ".join(f"{x:.10g},{y:.10g}" for x, y in points)
        return f"<{kind}><LinearRing><coordinates>{text}</coordinates></LinearRing></{kind}>"

    parts = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type == "Polygon":
            rings = ring("outerBoundaryIs", polygon.exterior)
            rings += "".join(ring("innerBoundaryIs", hole) for hole in polygon.interiors)
            parts.append(f"<Polygon>{rings}</Polygon>")
    return f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def _quoted(text: str) -> str:
    return escape(fit(text), {'"': "&quot;"})


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}" if math.isfinite(value) else ""
    return str(value)


def territories_shapefile(
    project: Project | None, plan: Plan, baseline: Plan | None = None
) -> bytes:
    """A zip with territories.shp and its companions; long column names are cut to ten letters."""
    import pyogrio

    layer = territory_layer(project, plan, baseline)
    names = _short([str(c) for c in layer.columns if c != "geometry"])
    layer = layer.rename(columns=names)
    for column in names.values():
        if layer[column].dtype == object or str(layer[column].dtype) == "str":
            layer[column] = [_cut(fit(str(v))) for v in layer[column]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "territories.shp"
        if len(layer):
            ready = gpd.GeoDataFrame(layer, geometry="geometry", crs=4326)
            pyogrio.write_dataframe(ready, path, driver="ESRI Shapefile", encoding="UTF-8")
        files = [(p.name, _undated(p.name, p.read_bytes())) for p in sorted(Path(folder).iterdir())]
    note = "Columns: " + ", ".join(f"{short} = {name}" for name, short in names.items()) + "\n"
    return packed([*files, ("columns.txt", note.encode("utf-8", "replace"))])


def _undated(name: str, content: bytes) -> bytes:
    """A dBASE header has the day of writing in it: the same plan should give the same bytes."""
    return content[:1] + b"\x64\x01\x01" + content[4:] if name.endswith(".dbf") else content


def _cut(text: str) -> str:
    """What fits into a field of 254 bytes."""
    return text.encode()[:250].decode("utf-8", "ignore")


def _short(names: list[str]) -> dict[str, str]:
    """Ten letters each, all different."""
    out: dict[str, str] = {}
    for name in names:
        short, n = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)[:10], 2
        base = short
        while short.lower() in {s.lower() for s in out.values()}:
            short, n = f"{base[:8]}{n}", n + 1
        out[name] = short
    return out
