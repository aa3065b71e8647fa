"""Neighbours: against libpysal on clean data, and by recall on badly drawn borders."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.intake.adjacency import adjacency, border_edges
from territory.intake.triangulation import delaunay_pairs
from territory.model.graph import Graph, components
from tests.intake.shapes import grid, shifted, voronoi


def links(graph: Graph) -> set[tuple[int, int]]:
    return set(map(tuple, graph.pairs().tolist()))


def borders(geoms: np.ndarray) -> set[tuple[int, int]]:
    edges = border_edges(geoms)
    return set(zip(edges.i.tolist(), edges.j.tolist(), strict=True))


def rook(geoms: np.ndarray) -> set[tuple[int, int]]:
    """The oracle: libpysal's rook contiguity."""
    graph = pytest.importorskip("libpysal.graph").Graph
    pairs = graph.build_contiguity(gpd.GeoSeries(geoms), rook=True).adjacency.reset_index()
    pairs = pairs[pairs.focal < pairs.neighbor]
    return set(zip(pairs.focal.tolist(), pairs.neighbor.tolist(), strict=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_clean_layer_equals_libpysal(seed):
    """On a clean tessellation we find the pairs of libpysal's rook, neither more nor fewer."""
    geoms = voronoi(600, seed)
    assert borders(geoms) == rook(geoms)


def test_grid_with_corners():
    """Squares that meet in a corner are no neighbours; shared sides are 10 km each."""
    graph = adjacency(grid(3, 3))
    assert links(graph) == rook(grid(3, 3))
    assert graph.border_km == pytest.approx(10.0)
    assert not graph.ferry.any()


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 60), st.integers(0, 10_000))
def test_relabelling_changes_nothing(n, seed):
    """The order of the units does not matter."""
    geoms = voronoi(n, seed)
    order = np.random.default_rng(seed).permutation(len(geoms))
    renamed = {tuple(sorted((int(order[i]), int(order[j])))) for i, j in borders(geoms[order])}
    assert renamed == borders(geoms)


def shrink(geoms: np.ndarray) -> np.ndarray:
    return shapely.buffer(geoms, -5, quad_segs=1)


def grow(geoms: np.ndarray) -> np.ndarray:
    return shapely.buffer(geoms, 5, quad_segs=1)


def shift(geoms: np.ndarray) -> np.ndarray:
    by = np.random.default_rng(5).uniform(-7, 7, (len(geoms), 2))
    return np.concatenate([shifted(geoms[[i]], *d) for i, d in enumerate(by)])


@pytest.mark.parametrize("spoil", [shrink, grow, shift])
def test_gaps_and_overlaps_of_ten_metres(spoil):
    """Borders drawn 10 m apart, or 10 m over each other, are still found, and little else."""
    clean = voronoi(800, 7)
    truth, found = borders(clean), borders(spoil(clean))
    assert len(found & truth) >= 0.99 * len(truth)
    assert len(found & truth) >= 0.99 * len(found)


def test_shared_border_across_a_gap_has_its_length():
    """Two 10 km squares with 10 m between them share 10 km of border."""
    west, east = shapely.box(0, 0, 10_000, 10_000), shapely.box(10_010, 0, 20_010, 10_000)
    graph = adjacency(np.array([west, east]))
    assert graph.border_km == pytest.approx([10.0, 10.0], rel=0.01)
    assert not graph.ferry.any()


def test_t_junction():
    """A vertex of one unit in the middle of another's edge separates two real borders."""
    south = shapely.box(0, 0, 20_000, 10_000)
    north = [shapely.box(0, 10_000, 8_000, 20_000), shapely.box(8_000, 10_000, 20_000, 20_000)]
    graph = adjacency(np.array([south, *north]))
    assert links(graph) == {(0, 1), (0, 2), (1, 2)}
    shared = dict(zip(map(tuple, graph.pairs().tolist()), graph.border_km[[0, 1, 3]], strict=True))
    assert shared[0, 1] == pytest.approx(8, rel=0.01)
    assert shared[0, 2] == pytest.approx(12, rel=0.01)


def test_hole_and_multipolygon():
    """An enclave borders the ring around it; the parts of one unit do not border each other."""
    inner = shapely.box(4_000, 4_000, 6_000, 6_000)
    ring = shapely.box(0, 0, 10_000, 10_000) - inner
    pair = shapely.MultiPolygon(
        [shapely.box(10_000, 0, 20_000, 10_000), shapely.box(20_000, 0, 30_000, 10_000)]
    )
    graph = adjacency(np.array([inner, ring, pair]))
    assert links(graph) == {(0, 1), (1, 2)}


def test_island_gets_a_ferry_to_the_nearest_shore():
    """An island is linked to its nearest unit, flagged, without shared border."""
    island = shapely.box(42_000, 2_000, 45_000, 5_000)
    graph = adjacency(np.array([*grid(3, 3), island]))
    assert components(graph).max() == 0
    assert graph.neighbours(9).tolist() == [2]
    ferry = graph.ferry[graph.indptr[9] : graph.indptr[10]]
    assert ferry.all() and graph.border_km[graph.indptr[9]] == 0


def test_several_bridges_when_several_are_nearly_as_short():
    """An island chain as long as the coast is linked along the coast, not by one thread."""
    coast = grid(4, 1)
    graph = adjacency(np.concatenate([coast, shifted(coast, 0, 15_000)]))
    assert {(0, 4), (1, 5), (2, 6), (3, 7)} <= links(graph)
    assert graph.ferry.sum() >= 8
    assert components(graph).max() == 0


def test_two_coasts_are_joined_where_they_are_nearest():
    """An island halfway out, nearly as far from both coasts, does not become their only link."""
    west, east = grid(3, 3), shifted(grid(3, 3), 50_000, 0)
    island = shapely.box(38_000, -120_000, 42_000, -116_000)
    graph = adjacency(np.array([*west, *east, island]))
    coasts = graph.take(np.arange(18))
    assert components(coasts).max() == 0
    assert components(graph).max() == 0
    assert graph.neighbours(18).tolist()


def test_overlapping_unit_is_no_ferry():
    """A unit drawn inside another without a hole hangs on it by land."""
    graph = adjacency(np.array([*grid(2, 1), shapely.box(3_000, 3_000, 6_000, 6_000)]))
    assert graph.neighbours(2).tolist() == [0]
    assert not graph.ferry.any()


def test_one_two_and_no_units():
    """The smallest layers work: nothing, one unit, two far apart."""
    assert adjacency(np.array([], dtype=object)).n == 0
    assert adjacency(grid(1, 1)).n == 1
    far = adjacency(np.concatenate([grid(1, 1), shifted(grid(1, 1), 5e6, 0)]))
    assert links(far) == {(0, 1)} and far.ferry.all()


def test_thousands_of_scattered_areas_are_joined():
    """Dots that touch nobody are joined by a spanning tree, each link to somebody near."""
    dots = shapely.buffer(shapely.points(np.random.default_rng(3).uniform(0, 1e6, (1500, 2))), 500)
    graph = adjacency(dots)
    assert components(graph).max() == 0
    assert graph.ferry.sum() >= 2 * 1400


def test_points_are_triangulated():
    """Bare points get Delaunay neighbours; lines and duplicates of points do not break it."""
    points = shapely.points([[0, 0], [1e4, 0], [0, 1e4], [1e4, 1.1e4], [0, 0]])
    graph = adjacency(points)
    assert components(graph).max() == 0
    assert {(0, 1), (0, 2), (0, 4)} <= links(graph)
    line, _ = delaunay_pairs(np.column_stack([np.arange(5.0), np.zeros(5)]))
    assert line.tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]


def test_heaps_of_areas_are_linked_in_bounded_time():
    """The same area many times, and nearly the same, hang together without all pairs."""
    same = np.repeat(grid(1, 1), 2000)
    assert components(adjacency(same)).max() == 0
    by = np.random.default_rng(1).uniform(-8, 8, (600, 2))
    nearly = np.concatenate([shifted(grid(1, 1), *d) for d in by])
    assert components(adjacency(nearly)).max() == 0
