"""Boundary files → a raw layer. The content decides what a file is, not its name."""

from __future__ import annotations

import io
import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from territory.errors import InputError, Problem
from territory.intake.archive import unpack_shapefile
from territory.intake.gdal import read_layer, strangers
from territory.intake.kml import read_kml
from territory.intake.source import Source

if TYPE_CHECKING:
    import geopandas as gpd

FORMATS = "GeoJSON, TopoJSON, GeoPackage, GeoParquet, zipped shapefile, FlatGeobuf or KML"

_TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')
_FEATURES = re.compile(rb'"type"\s*:\s*"Feature(Collection)?"')
_KML_ROOT = re.compile(rb"<(\w+:)?kml[\s>]")
_CELLS = 300_000_000
MOST_AREAS = 300_000
"""The United States have 33,791 ZIP areas and 240,000 block groups."""

_AGAIN = "Export the layer again."

_SUFFIX = {
    "geojson": ".geojson",
    "topojson": ".topojson",
    "geopackage": ".gpkg",
    "flatgeobuf": ".fgb",
}


def kind(source: Source) -> str:
    """What a file really is: a key of FORMATS in lower case, "table", "workbook" or "unknown"."""
    data = source.head(4096)
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if data[:4] == b"PAR1":
        return "parquet"
    if data[:2] == b"PK":
        whole = source.data
        return "workbook" if b"[Content_Types].xml" in whole or b"xl/workbook" in whole else "zip"
    if data[:16] == b"SQLite format 3\0":
        return "geopackage"
    if data[:4] == b"fgb\x03":
        return "flatgeobuf"
    if data[:4] == b"\x00\x00\x27\x0a":
        return "bare shapefile"
    if data[:2] == b"\x1f\x8b":
        return "archive"
    if head[:1] in (b"{", b"["):
        if _TOPOLOGY.search(source.data):
            return "topojson"
        return "geojson" if _FEATURES.search(source.data) else "json"
    if head[:1] == b"<":
        return "kml" if _KML_ROOT.search(head) else "xml"
    if b"\0" in head and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return "unknown"
    return "table"


def is_table(source: Source) -> bool:
    """Whether a file holds rows without shapes, and doesn't call itself something else."""
    if source.suffix in (".geojson", ".json", ".topojson", ".gpkg", ".fgb", ".kml", ".shp"):
        return False
    what = kind(source)
    if what != "parquet":
        return what in ("table", "workbook")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return b"geo" not in (pq.ParquetFile(io.BytesIO(source.data)).metadata.metadata or {})
    except (pa.ArrowException, ValueError, OSError):
        return False  # Damaged: the reader of boundaries says so.


def read_boundaries(source: Source) -> gpd.GeoDataFrame:
    """Read the features of a boundary file as they are: any projection, any geometry.

    Raises
    ------
    InputError
        If the file is of no known kind, hostile, damaged or without shapes.
    """
    what = kind(source)
    if what == "parquet":
        return _parquet(source)
    if what == "kml":
        _too_many(source, what)
        _suspicious(source, what)
        return read_kml(source)
    if what == "zip" or what in _SUFFIX:
        # GDAL looks for files beside the one it is given: in a folder of ours there are none.
        with tempfile.TemporaryDirectory(prefix="territory-") as folder:
            if what == "zip":
                path = unpack_shapefile(source, Path(folder))
            else:
                _too_many(source, what)
                _suspicious(source, what)
                path = Path(folder) / f"layer{_SUFFIX[what]}"
                path.write_bytes(source.data)
            layer = _plain_table(path, source) if what == "geopackage" else None
            return read_layer(path, source.name, layer)
    raise source.refuse(_why_not(what), _REMEDY.get(what, f"Boundaries come as {FORMATS}."))


_REMEDY = {
    "bare shapefile": "Zip the .shp together with its .shx, .dbf and .prj.",
    "archive": "Unpack it first.",
    "table": f"Give it with --attributes and the boundaries ({FORMATS}) as UNITS.",
    "workbook": f"Give it with --attributes and the boundaries ({FORMATS}) as UNITS.",
}


def _why_not(what: str) -> str:
    return {
        "bare shapefile": "a .shp alone lacks its ids and projection",
        "archive": "this is a compressed archive of another kind than .zip",
        "table": "this is a table or text, not boundaries",
        "workbook": "this is a workbook, not boundaries",
        "json": "this is JSON, but neither GeoJSON nor TopoJSON",
        "xml": "this is XML or a web page, not boundaries",
    }.get(what, "this is no boundary file")


def _too_many(source: Source, what: str) -> None:
    """Refuse more areas than anybody draws, before a parser spends minutes on them."""
    marks = {"geojson": rb'"geometry"', "topojson": rb'"properties"', "kml": b"<Placemark"}
    if what in marks:
        refuse_many(source, source.data.count(marks[what]))


def refuse_many(source: Source, count: int) -> None:
    """InputError where there are more areas than anybody draws or the engine is made for."""
    if count > MOST_AREAS:
        raise source.refuse(
            f"the file holds {count:,} areas, of which at most {MOST_AREAS:,} are read",
            "Leave out the areas you don't need, or use larger ones such as ZIPs or counties.",
        )


def _suspicious(source: Source, what: str) -> None:
    """Refuse content that asks the reader to fetch something else."""
    data = source.data
    if what == "kml" and (b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"NetworkLink" in data):
        raise source.refuse("this KML refers to other documents", "Export the shapes alone.")
    if strangers() and what in ("geojson", "topojson") and b"gdal_streamed_alg" in data:
        raise source.refuse("this is a GDAL pipeline, not boundaries", f"Use {FORMATS}.")


def _plain_table(path: Path, source: Source) -> str:
    """The first layer of a GeoPackage that is a table: a view may be a program without end."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute(
                "SELECT c.table_name, m.type, m.sql FROM gpkg_contents c JOIN sqlite_master m "
                "ON lower(m.name) = lower(c.table_name) WHERE c.data_type = 'features'"
            ).fetchall()
    except (sqlite3.Error, ValueError) as error:
        raise source.refuse("the GeoPackage can't be read: it is damaged", _AGAIN) from error
    for name, sort, sql in found:
        if sort == "table" and not str(sql).upper().startswith("CREATE VIRTUAL"):
            return str(name)
    raise source.refuse("there is no layer with shapes in this GeoPackage", _AGAIN)


def _parquet(source: Source) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyproj.exceptions import ProjError
    from shapely.errors import ShapelyError

    faults = (pa.ArrowException, ProjError, ShapelyError, ValueError, KeyError, TypeError, OSError)

    try:
        # What a few hundred bytes claim to unpack to is checked before memory is given.
        meta = pq.ParquetFile(io.BytesIO(source.data)).metadata
        if meta.num_rows * max(meta.num_columns, 1) > _CELLS:
            raise source.refuse(f"the table claims {meta.num_rows:,} rows, which is too many")
        if b"geo" not in (meta.metadata or {}):
            raise source.refuse("this Parquet file has no geometry", _REMEDY["table"])
        return gpd.read_parquet(io.BytesIO(source.data))
    except faults as error:
        problem = Problem(
            "the GeoParquet file is damaged or incomplete", source.name, remedy="Export it again."
        )
        raise InputError(problem) from error
