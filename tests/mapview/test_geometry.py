"""Areas as bytes for the browser: unpacked here as static/geometry.js does it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.errors import TerritoryError
from territory.mapview.cache import asset_files, geometry_file
from territory.mapview.geometry import encode
from territory.model import Graph, Units, close_ferry
from tests.conftest import chessboard


def unpack(blob: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Header and arrays of an encoded region."""
    raw = gzip.decompress(blob)
    assert raw[:4] == b"TWG4"
    size = int(np.frombuffer(raw, "<u4", 1, 4)[0])
    header, at, arrays = json.loads(raw[8 : 8 + size]), 8 + size, {}
    for entry in header["arrays"]:
        array = np.frombuffer(raw, "<" + entry["type"], entry["length"], at)
        arrays[entry["name"]] = array
        at += -(-array.nbytes // 4) * 4
    return header, arrays


def areas(header: dict, a: dict[str, np.ndarray]) -> list[shapely.Geometry]:
    """Each unit's area in grid steps."""
    out, delta, d, ring = [], a["delta"].reshape(-1, 2), 0, 0
    for count in a["ringsOfUnit"]:
        polygons = []
        for _ in range(count):
            size = int(a["sizeOfRing"][ring])
            step = np.vstack([a["first"].reshape(-1, 2)[ring], delta[d : d + size - 1]])
            polygons.append(shapely.Polygon(np.cumsum(step.astype(int), axis=0)))
            d, ring = d + size - 1, ring + 1
        out.append(shapely.union_all(polygons))
    return out


def odd_units(shapes: list[shapely.Geometry]) -> Units:
    """Units of any shapes, without neighbours."""
    ids = np.array([f"u{i}" for i in range(len(shapes))], object)
    return Units(
        ids,
        gpd.GeoSeries(shapes, crs=4326),
        pd.DataFrame({"potential": np.ones(len(shapes))}, index=ids),
        Graph.from_pairs(len(shapes), []),
    )


def test_a_chessboard_comes_back_square_and_in_order(board):
    """Twelve equal squares, ids in order, values as float32."""
    header, arrays = unpack(encode(board))
    squares = areas(header, arrays)
    assert header["ids"] == list(board.ids)
    sizes = np.array([s.area for s in squares])
    assert np.allclose(sizes, sizes.mean(), rtol=0.01)
    names = [m["name"] for m in header["measures"]]
    potential = arrays[f"measure{names.index('potential')}"]
    assert (potential == np.arange(1, 13)).all()


def test_runs_name_the_unit_on_the_other_side():
    """The middle of three squares in a row faces both others and nothing above and below."""
    header, a = unpack(encode(chessboard(1, 3)))
    starts = np.r_[0, np.cumsum(a["runsOfRing"])]
    faces = set(a["runUnit"][starts[1] : starts[2]].tolist())
    assert faces == {-1, 0, 2}
    assert a["runLength"].sum() == a["sizeOfRing"].sum()
    assert header["n"] == 3


def test_a_border_with_a_sliver_still_faces_the_neighbour():
    """Real files leave gaps of a few metres between areas that touch."""
    gap = 1e-6
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1 + gap, 0, 2, 1)
    _, a = unpack(encode(odd_units([left, right])))
    assert {0, 1} <= set(a["runUnit"].tolist())


def test_broken_and_tiny_areas_keep_their_place():
    """A bow-tie, an island group, a hole and a speck each stay one clickable unit."""
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    islands = shapely.MultiPolygon([shapely.box(2, 0, 3, 1), shapely.box(4, 0, 5, 1)])
    ring = shapely.box(6, 0, 8, 2) - shapely.box(6.5, 0.5, 7, 1)
    speck = shapely.box(9, 0, 9 + 1e-9, 1e-9)
    header, a = unpack(encode(odd_units([bow, islands, ring, speck])))
    assert header["n"] == 4
    assert (a["ringsOfUnit"] >= 1).all()
    assert a["ringsOfUnit"][1] == 2
    assert a["ringsOfUnit"][2] == 2
    assert (a["sizeOfRing"] >= 3).all()


def test_words_are_coded_and_hostile_ones_stay_text():
    """City names travel as a list and codes; nothing is interpreted."""
    names = ["<script>alert(1)</script>", "${1}", "שלום", "\"'"]
    board = chessboard(2, 2)
    units = board.with_attributes(pd.DataFrame({"city": names}, index=board.ids))
    header, a = unpack(encode(units))
    words = header["words"][0]
    assert [words["values"][c] for c in a["words0"]] == names


def test_the_same_region_gives_the_same_bytes(board):
    """A cache by content needs that."""
    assert encode(board) == encode(chessboard(3, 4, potential=np.arange(1.0, 13.0)))


def test_the_file_name_is_secret_and_stable(board, tmp_path):
    """One file a region under a name that another installation would not have."""
    here, there = tmp_path / "a", tmp_path / "b"
    for folder in (here, there):
        (folder / "served").mkdir(parents=True)
    first, again = geometry_file(board, here), geometry_file(board, here)
    other = geometry_file(board, there)
    assert first == again
    assert first.name != other.name
    assert first.read_bytes() == other.read_bytes()
    assert "_" not in first.name and board.fingerprint[:8] not in first.name
    assert not (here / "served" / "key").exists()


def test_old_regions_leave_the_cache(board, tmp_path, monkeypatch):
    """Only the most recent ones are kept."""
    monkeypatch.setattr("territory.mapview.cache.KEPT", 2)
    (tmp_path / "served").mkdir()
    for columns in (1, 2, 3, 4):
        last = geometry_file(chessboard(1, columns), tmp_path)
    kept = list((tmp_path / "served").glob("*.twg"))
    assert len(kept) == 2
    assert last in kept


def test_script_and_style_are_written_once(tmp_path):
    """Named by content, so that a browser may keep them."""
    (tmp_path / "served").mkdir()
    script, style = asset_files(tmp_path)
    assert "TerritoryWorkbench" in (tmp_path / "served" / script).read_text("utf-8")
    assert ".tw-tools" in (tmp_path / "served" / style).read_text("utf-8")


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path, board: Units) -> None:
    """A full disk or a shut folder is words with a way out, and nothing half-written stays."""
    (tmp_path / "served").write_text("a file where a folder should be")
    with pytest.raises(TerritoryError, match="can't be prepared"):
        geometry_file(board, tmp_path)


def test_neighbours_come_along_as_the_region_has_them(board):
    """What hangs together means the same in the browser: the graph is sent, not guessed."""
    _, arrays = unpack(encode(board))
    assert (np.cumsum(arrays["degree"]) == board.graph.indptr[1:]).all()
    assert (arrays["neighbour"] == board.graph.indices).all()


def test_ferries_are_lines_from_shore_to_shore():
    """An island two squares off: the line meets both shores; closed, it is no neighbour."""
    squares = [shapely.box(x, 42, x + 1, 43) for x in (-72, -71, -68)]
    units = odd_units(squares)
    graph = Graph.from_pairs(3, [(0, 1), (1, 2)], ferry=np.array([False, True]))
    units = replace(units, graph=graph)
    header, a = unpack(encode(units))
    assert header["ferries"] == [["u1", "u2"]] and a["ferryOpen"].tolist() == [1]
    assert a["ferryKm"][0] == pytest.approx(163, abs=3)
    shapes = areas(header, a)
    ends = shapely.points(a["ferryLine"].reshape(2, 2))
    assert shapely.distance(ends, np.array(shapes, object)[1:]).max() < 2
    header, a = unpack(encode(close_ferry(units, "u1", "u2")))
    assert header["ferries"] == [["u1", "u2"]] and a["ferryOpen"].tolist() == [0]
    assert a["degree"].tolist() == [1, 1, 0]
