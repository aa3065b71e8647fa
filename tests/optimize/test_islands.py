"""Far parts of a map: by themselves where they are worth whole territories, else drawn near."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.model import Graph, Rules, Units, noncontiguous
from territory.optimize import propose
from territory.optimize.islands import alone, drawn_near, far_links, reach
from tests.optimize.instances import request

COAST, ISLAND = (-100.0, 40.0), (-70.0, 40.0)
SIDE = 0.1


def archipelago(mainland: int, island: int, ferry: bool = True, share: float = 1.0) -> Units:
    """A square mainland, and 2,500 km further east a square island; units of 1 and of ``share``."""
    places = [(*COAST, mainland), (*ISLAND, island)]
    squares, pairs = [], []
    for west, south, rows in places:
        first = len(squares)
        for i in range(rows * rows):
            x, y = west + SIDE * (i % rows), south + SIDE * (i // rows)
            squares.append(shapely.box(x, y, x + SIDE, y + SIDE))
            pairs += [(first + i, first + i + 1)] if i % rows < rows - 1 else []
            pairs += [(first + i, first + i + rows)] if i + rows < rows * rows else []
    crossing = [(mainland * mainland - 1, mainland * mainland)] if ferry else []
    n = len(squares)
    graph = Graph.from_pairs(
        n,
        pairs + crossing,
        np.r_[np.full(len(pairs), 9.0), np.zeros(len(crossing))],
        np.r_[np.zeros(len(pairs), bool), np.ones(len(crossing), bool)],
    )
    potential = np.r_[np.ones(mainland**2), np.full(island**2, share)]
    ids = np.array([f"a{i}" for i in range(n)], dtype=object)
    table = pd.DataFrame({"potential": potential})
    return Units(ids=ids, geometry=gpd.GeoSeries(squares, crs=4326), attributes=table, graph=graph)


def test_an_island_worth_a_whole_number_is_a_region_of_its_own() -> None:
    """36 of 180 units for 5 territories: one lies on the island, four on the mainland."""
    units = archipelago(12, 6)
    ruled = alone(request(units, 5)).ruled
    assert np.bincount(ruled.region).tolist() == [144, 36]
    assert np.bincount(ruled.place).tolist() == [4, 1]
    assert not ruled.graph.ferry.any()


@pytest.mark.parametrize(
    "changed",
    [
        {"rules": Rules(regions={"a0": "north"}, per_region={})},
        {"tolerance": 0.01, "territories": 7},
    ],
)
def test_other_requests_stay_as_they_are(changed: dict) -> None:
    """Regions of the user's own, or a part worth 1.4 territories: nothing is divided."""
    given_request = request(archipelago(12, 6), **{"territories": 5, **changed})
    assert alone(given_request) is given_request


def test_a_near_island_is_not_divided_off() -> None:
    """A ferry that is as short as a territory is wide joins the map like any border."""
    units = archipelago(12, 6)
    lonlat = units.geometry.to_numpy().copy()
    lonlat[144:] = shapely.transform(lonlat[144:], lambda xy: xy + np.array([-28.5, 1.1]))
    near = replace(units, geometry=gpd.GeoSeries(lonlat, crs=4326))
    asked = request(near, 5)
    assert not far_links(near.graph, near, reach(near, 5)).any()
    assert alone(asked) is asked
    assert np.array_equal(drawn_near(asked), near.xy / 1e3)


def test_drawn_near_moves_the_smaller_part_as_a_whole() -> None:
    """Distances within each part stay; the ferry becomes as long as `reach`."""
    units = archipelago(12, 6)
    asked = request(units, 7)
    before, after = units.xy / 1e3, drawn_near(asked)
    assert np.array_equal(after[:144], before[:144])
    assert np.allclose(after[144:] - after[144], before[144:] - before[144])
    assert np.hypot(*(after[144] - after[143])) == pytest.approx(reach(units, 7))


def test_a_second_ferry_moves_nothing_twice() -> None:
    """Of several ferries between two parts the shortest decides."""
    units = archipelago(12, 6)
    pairs = np.vstack([units.graph.pairs(), [[131, 150]]])
    ferry = np.append(np.isin(pairs[:-1], 144).any(axis=1) & (pairs[:-1, 0] == 143), True)
    twice = replace(units, graph=Graph.from_pairs(units.n, pairs, np.where(ferry, 0.0, 9.0), ferry))
    after = drawn_near(request(twice, 7))
    assert np.array_equal(after[:144], twice.xy[:144] / 1e3)
    gaps = [np.hypot(*(after[a] - after[b])) for a, b in ((143, 144), (131, 150))]
    assert min(gaps) == pytest.approx(reach(twice, 7))


def test_the_island_gets_its_territory() -> None:
    """Four territories on the mainland, one on the island, all within ±5 % and in one piece."""
    units = archipelago(12, 6)
    result = propose(units, territories=5, measures={"potential": 1.0}, restarts=1)
    assert result.within_tolerance and result.noncontiguous == 0
    assert len(set(result.plan.alignment[:144]) & set(result.plan.alignment[144:])) == 0


def test_without_a_ferry_whole_numbers_are_met_as_well() -> None:
    """Two parts with no link at all, worth 4 and 1 territories: nothing crosses the water."""
    units = archipelago(12, 6, ferry=False)
    result = propose(units, territories=5, measures={"potential": 1.0}, restarts=1)
    assert result.within_tolerance and result.noncontiguous == 0


def test_what_is_no_whole_number_crosses_by_the_ferry_once() -> None:
    """An island worth 1.4 territories shares one with the mainland, in one piece by the ferry."""
    units = archipelago(12, 6)
    result = propose(units, territories=7, measures={"potential": 1.0}, tolerance=0.1, restarts=1)
    assert result.within_tolerance and result.noncontiguous == 0
    both = set(result.plan.alignment[:144]) & set(result.plan.alignment[144:])
    assert len(both) == 1


def test_groups_that_lie_in_two_parts_keep_them_together() -> None:
    """A group of units on both sides of the water: the parts are one problem."""
    rules = Rules(together={"family": frozenset({"a0", "a150"})})
    asked = request(archipelago(12, 6), 5, rules=rules)
    assert alone(asked) is asked


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0.2, 2.0), k=st.integers(2, 8), seed=st.integers(1, 20))
def test_any_island_is_divided(share: float, k: int, seed: int) -> None:
    """Whatever the island is worth: every unit once, every territory used and in one piece."""
    units = archipelago(8, 4, share=share)
    result = propose(
        units, territories=k, measures={"potential": 1.0}, tolerance=0.15, seed=seed, restarts=1
    )
    assert result.noncontiguous == 0
    assert len(noncontiguous(units.graph, result.plan.alignment, k)) == 0
    assert np.unique(result.plan.alignment).tolist() == list(range(k))
