"""GeoJSON and GeoPackage: every unit, its owner, and outlines that cover the same ground."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.export import EXPORTS, territories_geojson, units_geojson, units_gpkg
from territory.model import Plan


def test_units_geojson(sample):
    """One feature a unit, with territory and rep; gaps are null, coordinates six decimals."""
    project, plan = sample
    features = json.loads(units_geojson(project, plan))["features"]
    assert len(features) == plan.units.n
    first = features[0]["properties"]
    assert (first["unit_id"], first["territory_id"], first["rep"]) == (
        "01001",
        "R09",
        "Lucia Ferrante",
    )
    assert sum(f["properties"]["median_income"] is None for f in features) == 125
    x, y = features[0]["geometry"]["coordinates"][0][0]
    assert (round(x, 6), round(y, 6)) == (x, y)


def test_outlines_cover_the_units(sample):
    """Dissolved territories have the units' total area and carry totals."""
    project, plan = sample
    layer = gpd.read_file(io.BytesIO(territories_geojson(project, plan)))
    assert len(layer) == 24
    whole = shapely.area(plan.units.geometry.to_numpy()).sum()
    assert shapely.area(layer.geometry.to_numpy()).sum() == pytest.approx(whole)
    np.testing.assert_allclose(layer["potential"], plan.totals("potential"))


def test_geopackage_layers(sample, tmp_path):
    """The GeoPackage has units and territories, and is the same every time."""
    project, plan = sample
    content = units_gpkg(project, plan)
    assert content == units_gpkg(project, plan)
    (tmp_path / "plan.gpkg").write_bytes(content)
    units = gpd.read_file(tmp_path / "plan.gpkg", layer="units")
    assert dict(zip(units["unit_id"], units["territory_id"], strict=True)) == plan.to_mapping()
    assert len(gpd.read_file(tmp_path / "plan.gpkg", layer="territories")) == 24


def test_awkward_columns(board, tmp_path):
    """Columns that SQLite can't tell apart, or keeps for itself, all arrive."""
    names = {"FID": 1.0, "Name": 2.0, "name": 3.0, "geom": 4.0, "rep": "x", "geometry": 5.0}
    frame = pd.DataFrame(names, index=board.ids)
    plan = Plan.blank(board.with_attributes(frame), 2).with_alignment(np.zeros(12, int))
    (tmp_path / "plan.gpkg").write_bytes(units_gpkg(None, plan))
    back = gpd.read_file(tmp_path / "plan.gpkg", layer="units")
    assert {"FID_2", "Name", "name_2", "geom_2", "rep (attribute)"} <= set(back.columns)


def test_empty_territory_has_no_outline(board):
    """A territory without units is left out of the outlines."""
    plan = Plan.blank(board, 2).with_alignment(np.zeros(12, int))
    features = json.loads(territories_geojson(None, plan))["features"]
    assert [f["properties"]["territory_id"] for f in features] == ["T01"]


@pytest.mark.parametrize("name", list(EXPORTS))
def test_every_export_takes_hostile_names(name, hostile):
    """Each line of EXPORTS makes a file of hostile names, with and without project."""
    project, plan, baseline = hostile
    assert len(EXPORTS[name].make(project, plan, baseline)) > 100
    assert len(EXPORTS[name].make(None, plan, None)) > 100


@pytest.mark.parametrize("name", list(EXPORTS))
def test_every_export_takes_a_blank_plan(name, board):
    """Each line of EXPORTS makes a file of a plan without territories."""
    assert EXPORTS[name].make(None, Plan.blank(board, 0), None)
