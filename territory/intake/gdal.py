"""The only door to GDAL: few formats, content that was looked at first, never a user's path.

GDAL guesses the format from the content, and several of its formats are programs in disguise: a
VRT named ``zips.geojson`` reads any file of the server, a GDALG runs a pipeline, others fetch an
address. So all but an allow-list are switched off before pyogrio registers its drivers, the caller
looks at the content first, and GDAL sees nothing but a copy in a folder of ours.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from territory.errors import InputError, Problem

if TYPE_CHECKING:
    import geopandas as gpd

ALLOWED = ("GeoJSON", "TopoJSON", "GPKG", "ESRI Shapefile", "FlatGeobuf", "KML")
"""Drivers that stay, by GDAL's names. KML is for writing: reading, GDAL drops its columns."""

# OGR_SKIP wants the names of those to leave out, and there is no call for "all others": this is
# every vector driver of GDAL 3.4 to 3.12. The content check is what holds for names still unborn.
_SKIPPED = """
    ADBC AIVector AVCBin AVCE00 AmigoCloud Arrow CAD CSV CSW Carto Cloudant CouchDB DGN DODS DWG DXF
    EDIGEO EEDA ESRIJSON Elasticsearch FileGDB GDALG GEOJSONSEQ GML GMLAS GMT GPSBabel GPX GTFS
    GeoJSONSeq GeoRSS Geoconcept HANA HTTP IDB INGRES Idrisi Interlis Interlis_1 Interlis_2 JML
    JP2ECW JP2KAK JP2OpenJPEG JSONFG LIBKML LVBAG MBTiles MEM MSSQLSpatial MVT MapML Memory
    MiraMonVector MongoDBv3 MySQL NAS NGW NTF OAPIF OCI ODBC ODS OGCAPI OGDI OGR_DODS OGR_GMT
    OGR_OGDI OGR_PDS OGR_SDE OGR_VRT OSM OpenFileGDB Oracle PCIDSK PDF PDS4 PGDUMP PGDump PGeo
    PLSCENES PMTiles Parquet PostgreSQL PostGISRaster REC S57 SDTS SEGUKOOA SEGY SOSI SQLite SUA SVG
    SXF Selafin TIGER Tiger UK_.NTF VDV VFK VICAR VRT WAsP WFS WMS Walk XLS XLSX XODR XPLANE netCDF
"""


def harden() -> None:
    """Switch off all other drivers; only effective before pyogrio is imported, harmless after."""
    names = dict.fromkeys([*_SKIPPED.split(), "MapInfo File", "UK .NTF", "Interlis 1"])
    os.environ["OGR_SKIP"] = ",".join(names)
    # SQL inside a GeoPackage may otherwise open other files.
    os.environ["OGR_SQLITE_ALLOW_EXTERNAL_ACCESS"] = "NO"
    # GDAL would print a line for each name that this build has never had.
    os.environ.setdefault("CPL_LOG", os.devnull)


if "pyogrio" not in sys.modules:
    harden()


def strangers() -> set[str]:
    """Drivers that are registered although not allowed: some other code imported pyogrio first."""
    import pyogrio

    return set(pyogrio.list_drivers()) - set(ALLOWED)


def read_layer(path: Path, file: str, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read the first layer of a boundary file whose content has been identified.

    Parameters
    ----------
    path
        Inside a temporary folder that this package made; its name is ours, too.
    file
        The user's name of it, for messages only.
    layer
        Its name, if not the first.

    Raises
    ------
    InputError
        If GDAL can't read it, or it holds no areas.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError
    from shapely.errors import ShapelyError

    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        if not layers:
            raise InputError(Problem("there is no layer with shapes in it", file))
        with warnings.catch_warnings():
            # GDAL grumbles about rings that it closes and fields that it widens.
            warnings.simplefilter("ignore")
            return pyogrio.read_dataframe(path, layer=layer or layers[0], on_invalid="fix")
    except (DataSourceError, DataLayerError, ShapelyError, ValueError, RuntimeError) as error:
        detail = str(error).split("; ")[0].strip()[:200]
        if any(word in detail for word in ("/", "\\", "not recognized")):
            # GDAL's own words name its temporary files, which tell a user nothing.
            detail = "the content is damaged or of another kind"
        raise InputError(
            Problem(
                f"the boundaries can't be read: {detail}",
                file,
                remedy="Export the layer again; GeoPackage is the safest format.",
            )
        ) from error
