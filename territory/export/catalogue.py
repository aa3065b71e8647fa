"""EXPORTS: every file that the workbench can make, in one visible list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from territory.export.excel import workbook_bytes
from territory.export.geo import territories_geojson, units_geojson, units_gpkg
from territory.export.outlines import territories_kml, territories_shapefile
from territory.export.text import people_csv, plan_csv
from territory.model import Plan, Project

__all__ = ["EXPORTS", "Export"]

Make = Callable[[Project | None, Plan, Plan | None], bytes]


@dataclass(frozen=True)
class Export:
    """One kind of file: its name on screen, the end of its file name, its type, its maker."""

    label: str
    suffix: str
    mime: str
    make: Make


EXPORTS: dict[str, Export] = {
    "xlsx": Export(
        "Excel workbook",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbook_bytes,
    ),
    "people": Export("Table for people (CSV)", "-table.csv", "text/csv", people_csv),
    "csv": Export("Plan file for the next import (CSV)", ".csv", "text/csv", plan_csv),
    "geojson": Export("Units (GeoJSON)", ".geojson", "application/geo+json", units_geojson),
    "outlines": Export(
        "Territory outlines (GeoJSON)",
        "-outlines.geojson",
        "application/geo+json",
        territories_geojson,
    ),
    "gpkg": Export(
        "Units and territories (GeoPackage)",
        ".gpkg",
        "application/geopackage+sqlite3",
        units_gpkg,
    ),
    "kml": Export(
        "Territories for Google Earth (KML)",
        ".kml",
        "application/vnd.google-earth.kml+xml",
        territories_kml,
    ),
    "shapefile": Export(
        "Territories (shapefile, zipped)",
        "-shapefile.zip",
        "application/zip",
        territories_shapefile,
    ),
}
"""The first one is the one to offer first. Keys are stable: buttons and scripts use them."""
