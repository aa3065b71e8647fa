"""Files as users bring them, good and bad, made in memory."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import shapely

Upload = tuple[str, bytes]


def squares(ids: Sequence[object], name: str = "zip", **columns: Sequence[Any]) -> gpd.GeoDataFrame:
    """A row of squares of a tenth of a degree in Massachusetts, one an id."""
    shapes = [shapely.box(-72 + i / 10, 42, -71.9 + i / 10, 42.1) for i in range(len(ids))]
    return gpd.GeoDataFrame({name: ids, **columns}, geometry=shapes, crs=4326)


def geojson(frame: gpd.GeoDataFrame, name: str = "zips.geojson") -> Upload:
    return name, frame.to_json(drop_id=True).encode()


def shapefile(frame: gpd.GeoDataFrame, folder: Path, leave_out: Sequence[str] = ()) -> Upload:
    """A zipped shapefile, without the parts that end in ``leave_out``."""
    frame.to_file(folder / "my zips.shp")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in sorted(folder.iterdir()):
            if part.suffix not in leave_out:
                archive.write(part, f"export/{part.name}")
    return "zips.zip", out.getvalue()


def csv(text: str, name: str = "table.csv", encoding: str = "utf-8") -> Upload:
    return name, text.encode(encoding)


def xlsx(rows: Sequence[Sequence[object]], name: str = "table.xlsx") -> Upload:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return name, out.getvalue()


def archive(members: Mapping[str, bytes], name: str = "upload.zip") -> Upload:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for member, content in members.items():
            zipped.writestr(member, content)
    return name, out.getvalue()


def changed(book: Upload, member: str, content: bytes) -> Upload:
    """A workbook with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(book[1])) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    return archive({**parts, member: content}, book[0])


def topojson() -> Upload:
    """Two neighbours that share an arc."""
    arcs = [
        [[-72, 42], [-72, 42.1]],
        [[-72, 42.1], [-72.1, 42.1], [-72.1, 42], [-72, 42]],
        [[-72, 42.1], [-71.9, 42.1], [-71.9, 42], [-72, 42]],
    ]
    units = [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"ZCTA5CE20": "01001"}},
        {"type": "Polygon", "arcs": [[0, 2]], "properties": {"ZCTA5CE20": "01002"}},
    ]
    layer = {"type": "GeometryCollection", "geometries": units}
    document = {"type": "Topology", "objects": {"zips": layer}, "arcs": arcs}
    return "zips.topojson", json.dumps(document).encode()
