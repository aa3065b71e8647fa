"""A region as pixels, and plans painted on them."""

from __future__ import annotations

import io

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from PIL import Image

from territory.mapview.raster import edges, paint, rasterise
from territory.model import Graph, Plan, Units


def picture(png: bytes) -> NDArray[np.uint8]:
    """(height, width, 4) of a PNG."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def test_every_unit_has_its_pixels(board: Units) -> None:
    """North is up, nothing between units is left open, and places lie in their units."""
    raster = rasterise(board, (200, 200))
    assert max(raster.size) == 200
    assert set(np.unique(raster.unit)) - {-1} == set(range(board.n))
    assert raster.unit[-5, 5] == 0 and raster.unit[5, -5] == board.n - 1
    assert raster.inside[5:-5, 5:-5].all()
    column, row = raster.places[6].astype(int)
    assert raster.unit[row, column] == 6


def test_a_unit_inside_a_hole_is_seen_and_a_lake_is_not_filled() -> None:
    """An enclave lies in the hole of its neighbour; the other hole stays empty."""
    whole = shapely.box(0, 0, 0.9, 0.9)
    enclave, lake = shapely.box(0.1, 0.4, 0.3, 0.6), shapely.box(0.6, 0.4, 0.8, 0.6)
    shapes = gpd.GeoSeries([enclave, whole.difference(enclave).difference(lake)], crs=4326)
    ids = np.array(["in", "out"], object)
    units = Units(ids, shapes, pd.DataFrame(index=ids), Graph.from_pairs(2, [(0, 1)]))
    raster = rasterise(units, (90, 90))
    assert [raster.unit[45, 20], raster.unit[45, 45], raster.unit[45, 70]] == [0, 1, -1]


def test_colours_are_the_territories_and_outside_is_clear(halves: Plan) -> None:
    """West and East differ, unassigned is grey, and dark paper gives darker colours."""
    loose = halves.move(["00"], None)
    raster = rasterise(loose.units, (120, 120))
    image = picture(paint(raster, loose))
    west, east, nobody = image[5, 5], image[5, -5], image[-5, 5]
    assert len({tuple(c) for c in (west, east, nobody)}) == 3
    assert np.ptp(nobody[:3]) < 12
    dark = picture(paint(raster, loose, dark=True))
    assert dark[5, 5, :3].sum() < west[:3].sum()
    hole = rasterise(loose.units, (120, 120))
    hole.unit[:3] = -1
    assert (picture(paint(hole, loose))[0, :, 3] == 0).all()


def test_what_changes_stands_out(halves: Plan) -> None:
    """Changed units keep their colour with an outline, the rest fades; chosen ones are bolder."""
    raster = rasterise(halves.units, (120, 120))
    changed = np.zeros(halves.units.n, bool)
    changed[[0, 11]] = True
    plain, shown = picture(paint(raster, halves)), picture(paint(raster, halves, changed=changed))
    inside, aside = (np.argwhere(raster.unit == i)[0] + 12 for i in (0, 5))
    assert np.abs(shown[*inside].astype(int) - plain[*inside]).max() < 12
    assert shown[*aside, :3].sum() > plain[*aside, :3].sum() + 60
    bold = picture(paint(raster, halves, changed=changed, chosen=changed & (np.arange(12) == 0)))
    ink = [int((p[..., :3].sum(axis=2) < 200).sum()) for p in (shown, bold)]
    assert ink[1] > ink[0] + 50


def test_edges_lie_on_both_sides() -> None:
    """A border is two pixels wide: one on each side."""
    assert edges(np.array([[1, 1, 2, 2]])).tolist() == [[False, True, True, False]]
