"""Layers of other countries: their codes, grids and islands, from file to plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from territory.intake.files import Files
from territory.intake.project import read_project
from territory.intake.units import read_units_report
from territory.model.graph import components
from tests.intake.files import csv, geojson, shapefile


def grid(crs: int, west: float, south: float, side: float, codes: list[str]) -> gpd.GeoDataFrame:
    """Squares of a side in metres, four a row, in a country's own grid."""
    shapes = [
        shapely.box(
            west + side * (i % 4), south + side * (i // 4),
            west + side * (i % 4 + 1), south + side * (i // 4 + 1),
        )
        for i in range(len(codes))
    ]  # fmt: skip
    return gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=crs)


def test_german_postcodes(tmp_path):
    """PLZ of Saxony: their zeros stay or return, no PO box of America is folded into them."""
    codes = ["01067", "01069", "01097", "01099", "01108", "01109", "01127", "01129"]
    layer = grid(25833, 410_000, 5_655_000, 4000, codes).rename(columns={"code": "PLZ"})
    table = csv("PLZ;Umsatz\n1067;1.234,50\n01069;7\n99999;5\n", "umsatz.csv")
    units, report = read_units_report(shapefile(layer, tmp_path), attributes=table)
    assert units is not None and set(units.ids) == set(codes)
    assert units.values("Umsatz")[list(units.ids).index("01067")] == 1234.5
    assert units.area_km2 == pytest.approx(np.full(8, 16.0), rel=0.01)
    assert components(units.graph).max() == 0
    assert [(p.row, p.value) for p in report.problems] == [(4, "99999")]
    assert not any("PO box" in r.message for r in report.repairs)


def test_british_districts_with_an_island():
    """Postcode districts with letters, one across the sea: a ferry links it; accounts by place."""
    codes = ["PO1", "PO2", "PO3", "PO4", "SO14", "SO15", "SO16", "SO17"]
    layer = grid(27700, 440_000, 100_000, 5000, codes)
    away = shapely.affinity.translate(layer.geometry.iloc[0], 0, -14_000)
    island = gpd.GeoDataFrame({"code": ["PO30"]}, geometry=[away], crs=27700)
    layer = gpd.GeoDataFrame({"code": [*layer["code"], *island["code"]]},
                             geometry=[*layer.geometry, *island.geometry], crs=27700)  # fmt: skip
    inside = layer.to_crs(4326).geometry.representative_point()
    accounts = csv(
        f"id,postcode,lat,lon\na,PO1,,\nb,,{inside.iloc[8].y:.5f},{inside.iloc[8].x:.5f}\nc,XX9,,\n"
    )
    upload = geojson(layer.to_crs(4326).rename(columns={"code": "postcode"}))
    project, plan, report = read_project(Files(upload, accounts=accounts), territories=2)
    assert report.components == 2 and report.ferries == 1
    assert project.units.graph.ferry.sum() == 2 and components(project.units.graph).max() == 0
    assert project.accounts is not None
    assert project.accounts.frame["unit_id"].tolist() == ["PO1", "PO30", ""]
    assert plan.k == 2 and project.units.unmapped == {"accounts": 1}
