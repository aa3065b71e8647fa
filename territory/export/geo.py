"""Plans as maps for other programs: GeoJSON and GeoPackage."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.export.tables import additive_measures, case_for, rep_names, unit_table
from territory.metrics import worst_deviation
from territory.model import Plan, Project

__all__ = ["territories_geojson", "territory_layer", "units_geojson", "units_gpkg"]

DECIMALS = 6
"""Of a degree: a tenth of a metre."""
FIXED_DATE = "2000-01-01T00:00:00.000Z"


def units_geojson(project: Project | None, plan: Plan, baseline: Plan | None = None) -> bytes:
    """One feature a unit, with territory, rep and measures (RFC 7946)."""
    return _geojson(_unit_layer(project, plan))


def territories_geojson(project: Project | None, plan: Plan, baseline: Plan | None = None) -> bytes:
    """One feature a territory: its outline, owner, colour, totals and deviation."""
    return _geojson(territory_layer(project, plan, baseline))


def units_gpkg(project: Project | None, plan: Plan, baseline: Plan | None = None) -> bytes:
    """A GeoPackage with the layers ``units`` and ``territories``."""
    import pyogrio

    layers = {
        "units": _unit_layer(project, plan),
        "territories": territory_layer(project, plan, baseline),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        # A fixed date in the file: the same plan gives the same bytes.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
        try:
            for name, layer in layers.items():
                safe = layer.set_axis(_field_names(list(layer.columns)), axis=1)
                safe = gpd.GeoDataFrame(safe, geometry="geometry", crs=4326)
                pyogrio.write_dataframe(safe, path, layer=name, driver="GPKG")
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes()


def _unit_layer(project: Project | None, plan: Plan) -> gpd.GeoDataFrame:
    table = unit_table(project, plan)
    return gpd.GeoDataFrame(table, geometry=plan.units.geometry.values, crs=4326)


def territory_layer(project: Project | None, plan: Plan, baseline: Plan | None) -> gpd.GeoDataFrame:
    """Territories with units only: an empty one has no outline to show."""
    case = case_for(project, plan, baseline)
    area = shapely.make_valid(np.asarray(plan.units.geometry.values, dtype=object))
    table = pd.DataFrame(
        {
            "territory_id": list(plan.territory_ids),
            "territory": list(plan.territories["name"]),
            "rep_id": list(plan.territories["rep_id"]),
            "rep": rep_names(project, plan),
            "colour": list(plan.territories["colour"]),
            "units": plan.totals("units").astype(int),
        }
    )
    for name in additive_measures(case):
        if name not in table:
            table[name] = case.totals(name)
    table["deviation"] = worst_deviation(case).to_numpy(float)
    outline = [shapely.union_all(area[plan.alignment == t]) for t in range(plan.k)]
    layer = gpd.GeoDataFrame(table, geometry=outline, crs=4326)
    return layer[layer["units"] > 0].reset_index(drop=True)


def _field_names(names: list[str]) -> list[str]:
    """Column names that differ for SQLite, which ignores case and keeps ``fid`` for itself."""
    taken = {"fid", "geom", "geometry"}
    out = []
    for name in names:
        fresh, n = name, 2
        while name != "geometry" and fresh.lower() in taken:
            fresh, n = f"{name}_{n}", n + 1
        taken.add(fresh.lower())
        out.append(fresh)
    return out


def _geojson(layer: gpd.GeoDataFrame) -> bytes:
    rounded = shapely.transform(layer.geometry.values, lambda xy: xy.round(DECIMALS))
    shapes = shapely.to_geojson(rounded)
    records = layer.drop(columns="geometry").to_dict("records")
    features = [
        f'{{"type":"Feature","properties":{_properties(record)},"geometry":{shape or "null"}}}'
        for record, shape in zip(records, shapes, strict=True)
    ]
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode("utf-8", "replace")


def _properties(record: dict[str, object]) -> str:
    """JSON has no NaN: what is not known is null."""
    known = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in record.items()
    }
    return json.dumps(known, ensure_ascii=False, allow_nan=False)
