"""A region of 36 square units that is easy to picture, and a store in a fresh folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.model import Accounts, Graph, Plan, Project, Sales, Team, TravelTimes, Units
from territory.store import Store

SIDE = 6


def region(side: int = SIDE) -> Units:
    """side × side squares; ids keep their leading zeros."""
    n = side * side
    row, column = np.divmod(np.arange(n), side)
    areas = shapely.box(column, row, column + 1, row + 1)
    at = np.arange(n).reshape(side, side)
    east = np.c_[at[:, :-1].ravel(), at[:, 1:].ravel()]
    north = np.c_[at[:-1].ravel(), at[1:].ravel()]
    pairs = np.r_[east, north]
    measures = pd.DataFrame({"potential": np.linspace(0.1, 3, n), "city": ["Zürich"] * n})
    return Units(
        ids=np.array([f"{i:05d}" for i in range(n)]),
        geometry=gpd.GeoSeries(areas, crs=4326),
        attributes=measures,
        graph=Graph.from_pairs(n, pairs, np.full(len(pairs), 111.0)),
        notes=("approximate areas",),
        id_name="ZCTA5CE20",
    )


@pytest.fixture(scope="session")
def units() -> Units:
    return region()


@pytest.fixture(scope="session")
def project(units: Units) -> Project:
    reps = pd.DataFrame({"name": ["Blake", "=1+1"]}, index=["r1", "r2"])
    accounts = pd.DataFrame({"unit_id": ["00003"], "revenue": [1.5]}, index=["a1"])
    sales = pd.DataFrame({"unit_id": ["00003"], "period": ["2025Q1"], "amount": [9.0]})
    road = pd.DataFrame({"from_id": ["00003"], "to_id": ["00004"], "minutes": [7.5]})
    people = (Team(reps), Accounts(accounts), Sales(sales))
    return Project("North", units, *people, travel_times=TravelTimes(road))


@pytest.fixture(scope="session")
def plan(units: Units) -> Plan:
    """Three territories of two columns each."""
    return Plan.blank(units, 3).with_alignment(np.arange(units.n) % SIDE // 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "workbench.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> str:
    """An empty store of each kind: a file, and a database on a real server."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("path"))
    return request.getfixturevalue("server").new_database()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    store = Store(place)
    yield store
    store.close()
