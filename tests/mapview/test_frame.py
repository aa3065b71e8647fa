"""Regions across the 180th meridian lie together; far islands do not shrink the first view."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.mapview.frame import Seam, find_seam, main_part
from territory.mapview.geometry import encode
from territory.model import Graph, Units
from tests.mapview.test_geometry import unpack


def row_of_boxes(lons: list[float], width: float = 10.0) -> np.ndarray:
    """Areas side by side on the equator, each from its longitude eastwards."""
    return np.array([shapely.box(lon, 0, lon + width, 10) for lon in lons], dtype=object)


def test_a_region_that_lies_together_is_left_alone():
    """No cut: longitudes stay as they are."""
    seam = find_seam(row_of_boxes([-120, -110, -80]))
    assert seam == Seam()
    lonlat = np.array([[-120.0, 1.0], [180.0, 2.0], [-180.0, 3.0]])
    assert (seam.unrolled(lonlat) == lonlat).all()


def test_the_smaller_side_of_the_dateline_joins_the_larger():
    """Alaska's last islands go west of −180; Russia's last cape goes east of 180."""
    islands = find_seam(row_of_boxes([-170, -160, -120, 170]))
    assert islands.unrolled(np.array([[175.0, 5.0]])).tolist() == [[-185.0, 5.0]]
    assert islands.unrolled(np.array([[-120.0, 5.0]])).tolist() == [[-120.0, 5.0]]
    cape = find_seam(row_of_boxes([30, 60, 100, 170, -180]))
    assert cape.unrolled(np.array([[-175.0, 5.0]])).tolist() == [[185.0, 5.0]]
    assert cape.unrolled(np.array([[60.0, 5.0]])).tolist() == [[60.0, 5.0]]


def test_a_ring_around_the_globe_is_cut_where_it_always_was():
    """Nothing is wider than the gap at the 180th meridian itself."""
    assert find_seam(row_of_boxes([-175, -120, -60, 0, 60, 120])) == Seam()


def test_an_area_that_the_dateline_cuts_is_one_area_on_the_map():
    """Both halves of an island group are encoded next to each other."""
    halves = shapely.multipolygons([shapely.box(175, 0, 180, 5), shapely.box(-180, 0, -175, 5)])
    shapes = [halves, shapely.box(-175, 0, -165, 5)]
    units = Units(
        np.array(["a", "b"], object),
        gpd.GeoSeries(shapes, crs=4326),
        pd.DataFrame({"potential": [1.0, 2.0]}, index=["a", "b"]),
        Graph.from_pairs(2, [(0, 1)]),
    )
    header, arrays = unpack(encode(units))
    left, _, right, _ = header["frame"]
    width = (right - left) * header["step"] * 360 / 256
    assert width == pytest.approx(20, rel=0.02)
    inside = arrays["inside"].reshape(-1, 2)[:, 0]
    assert left < inside[0] < inside[1] < right


def mainland(extra: list[tuple[float, float]], ferry: bool = True) -> tuple[Graph, np.ndarray]:
    """A hundred unit squares in a row, linked, and more squares that only a ferry reaches."""
    corners = [(float(i), 0.0) for i in range(100)] + extra
    pairs = [(i, i + 1) for i in range(99)] + [(0, 100 + j) for j in range(len(extra))]
    over_water = np.array([False] * 99 + [ferry] * len(extra))
    boxes = np.array([[x, y, x + 1, y + 1] for x, y in corners])
    return Graph.from_pairs(len(corners), pairs, ferry=over_water), boxes


@pytest.mark.parametrize(
    ("extra", "ferry", "frame"),
    [
        ([(300.0, 50.0)], True, [0, 0, 100, 1]),  # an island far away: left out
        ([(103.0, 0.0)], True, [0, 0, 104, 1]),  # close to the coast: in
        ([(300.0, 50.0)], False, [0, 0, 301, 51]),  # no ferry: land like any other
        ([(300.0 + i, 50.0) for i in range(9)], True, [0, 0, 309, 51]),  # too many to leave out
    ],
)
def test_far_islands_do_not_shrink_the_first_view(extra, ferry, frame):
    """Only few units, only over water, and only where it makes the rest clearly larger."""
    graph, boxes = mainland(extra, ferry)
    assert main_part(graph, boxes).tolist() == frame
