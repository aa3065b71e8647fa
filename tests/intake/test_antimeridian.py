"""Regions across the 180th meridian: whole areas, true neighbours, usual longitudes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from territory.intake.antimeridian import folded, unwound
from territory.intake.units import read_units, read_units_report
from territory.model import in_metres
from tests.intake.files import geojson


def row(start: float, count: int = 4, south: float = 52.0) -> gpd.GeoDataFrame:
    """Squares of a degree from west to east; the middle of the row lies where it is put."""
    shapes = [shapely.box(start + i, south, start + i + 1, south + 1) for i in range(count)]
    ids = [f"9954{i}" for i in range(count)]
    return gpd.GeoDataFrame({"zip": ids}, geometry=shapes, crs=4326)


@pytest.mark.parametrize("start", [177.5, -181.5])
def test_longitudes_that_count_on(start):
    """181° and −181° are the same row: four squares in line, all areas alike."""
    units, report = read_units_report(geojson(row(start)))
    west, _, east, _ = units.geometry.total_bounds
    assert (west, east) == (-180, 180)
    assert sorted(map(tuple, units.graph.pairs())) == [(0, 1), (1, 2), (2, 3)]
    assert not units.graph.ferry.any()
    np.testing.assert_allclose(units.area_km2, units.area_km2[0], rtol=1e-3)
    assert units.projected.is_valid.all()
    assert (units.projected.geom_type == "Polygon").all(), "The halves meet again."
    assert np.ptp(units.xy[:, 0]) < 300_000
    assert [(r.message, r.count) for r in report.repairs] == [
        ("longitude beyond 180° brought back", 2)
    ]


def test_areas_cut_as_usual_need_no_repair():
    """A file that follows the rules is the same region, without a repair."""
    cut = row(177.5).assign(geometry=lambda f: folded(np.array(f.geometry, dtype=object)))
    units, report = read_units_report(geojson(cut))
    assert len(units.graph.pairs()) == 3 and not report.repairs


def test_a_projection_that_tears_areas_apart():
    """Alaska's own projection comes back in degrees with areas around the globe: put right."""
    frame = row(177.5)
    flat = frame.to_crs(3338).to_crs(4326)
    assert (flat.bounds["maxx"] - flat.bounds["minx"]).max() > 350
    repaired = unwound(np.array(flat.geometry, dtype=object))
    np.testing.assert_allclose(shapely.area(repaired), 1, rtol=1e-4)
    units = read_units(geojson(frame.to_crs(3338)))
    assert len(units.graph.pairs()) == 3


def test_points_on_both_sides():
    """Cells around points near the line end at it and stay small."""
    points = row(177.5).assign(geometry=lambda f: f.geometry.representative_point())
    units = read_units(geojson(points))
    assert units.area_km2.max() < 20_000
    assert len(units.graph.pairs()) >= 3


def test_none_and_wide_regions_are_left_alone():
    """Gaps pass through; a region around the globe is not one across the Pacific."""
    assert folded(np.array([None], dtype=object))[0] is None
    assert unwound(np.array([None], dtype=object))[0] is None
    world = gpd.GeoSeries([shapely.box(x, 0, x + 20, 20) for x in range(-180, 180, 20)], crs=4326)
    assert in_metres(world).crs.to_dict()["lon_0"] == 0


def test_the_united_states_with_the_aleutians():
    """The projection is centred on the country, not on Greenwich."""
    west = row(173.0, 2).geometry.tolist() + row(-177.0, 2).geometry.tolist()
    east = row(-70.0, 2, 42.0).geometry.tolist()
    flat = in_metres(gpd.GeoSeries([*west, *east], crs=4326))
    assert flat.crs.to_dict()["lon_0"] == pytest.approx(232.5)
    assert flat.area.max() / flat.area.min() < 1.3
