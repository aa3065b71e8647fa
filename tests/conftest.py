"""Fixtures for everybody: small regions that are easy to draw on paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.model import Graph, Plan, Project, Units
from tests.store.server import Server, find_server


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side by file, with every browser test on one worker.

    Two browsers and two servers on two processors would wait for each other.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Halves(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid.split("::")[0]

    return Halves(config, log)


@pytest.fixture(autouse=True, scope="session")
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the tests' store away from the developer's own work."""
    folder = tmp_path_factory.mktemp("data")
    before = os.environ.get("TERRITORY_DATA_DIR")
    os.environ["TERRITORY_DATA_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["TERRITORY_DATA_DIR"]
    else:
        os.environ["TERRITORY_DATA_DIR"] = before


def chessboard(rows: int, columns: int, **measures: object) -> Units:
    """Square units of about 9 × 11 km, ids "00", "01", … row by row from the south-west."""
    boxes, pairs = [], []
    for r in range(rows):
        for c in range(columns):
            i = r * columns + c
            boxes.append(shapely.box(-72 + c * 0.1, 42 + r * 0.1, -71.9 + c * 0.1, 42.1 + r * 0.1))
            pairs += [(i, i + 1)] if c + 1 < columns else []
            pairs += [(i, i + columns)] if r + 1 < rows else []
    n = rows * columns
    ids = np.array([f"{i:02d}" for i in range(n)], object)
    graph = Graph.from_pairs(n, pairs, np.full(len(pairs), 10.0))
    attributes = pd.DataFrame(measures, index=ids)
    return Units(ids, gpd.GeoSeries(boxes, crs=4326), attributes, graph)


@pytest.fixture
def board() -> Units:
    """Three rows of four units; potential 1 … 12."""
    return chessboard(3, 4, potential=np.arange(1.0, 13.0))


@pytest.fixture
def halves(board: Units) -> Plan:
    """West (columns 0, 1) and East (columns 2, 3) of the board."""
    owner = {u: "West" if i % 4 < 2 else "East" for i, u in enumerate(board.ids)}
    return Plan.from_alignment(board, owner)


@pytest.fixture(scope="session")
def sample() -> tuple[Project, Plan]:
    """The sample region and its current alignment."""
    from territory.intake import load_sample

    return load_sample()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of our own, on this machine only."""
    programs = find_server()
    if programs is None:
        reason = "No PostgreSQL found: install it (Debian: apt install postgresql)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with Server(programs) as running:
        yield running
