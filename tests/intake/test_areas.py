"""Power cells: few points in plain shapes whose answer can be worked out by hand."""

import numpy as np
import pytest
import shapely

from territory.intake.areas import as_coverage, build_areas, cells_in, fit_weights, power_cells

SQUARE = shapely.box(0, 0, 10_000, 10_000)
PAIR = np.array([[2_500.0, 5_000.0], [7_500.0, 5_000.0]])


def clipped_areas(points, weights, boundary=SQUARE):
    """Area of each power cell within the boundary."""
    return shapely.area(shapely.intersection(power_cells(points, weights), boundary))


def test_equal_weights_are_voronoi():
    """Two points with equal weights split the square in the middle."""
    np.testing.assert_allclose(clipped_areas(PAIR, np.zeros(2)), [5e7, 5e7])


def test_weight_moves_the_border():
    """The border lies where |x-p|² - w is equal: a difference of d²/5 moves it by d/10."""
    areas = clipped_areas(PAIR, np.array([5_000.0**2 / 5, 0.0]))
    np.testing.assert_allclose(areas, [5.5e7, 4.5e7])


def test_cells_cover_everything_once():
    """Cells of many points fill the square and do not overlap."""
    points = np.random.default_rng(1).uniform(0, 10_000, (40, 2))
    weights = np.random.default_rng(2).uniform(0, 4e5, 40)
    assert clipped_areas(points, weights).sum() == pytest.approx(SQUARE.area)


def test_hidden_point_has_no_cell():
    """A point whose weight is far too small gets an empty cell."""
    points = np.vstack([PAIR, [[5_000.0, 5_000.0]]])
    assert power_cells(points, np.array([0.0, 0.0, -1e8]))[2].is_empty


def test_fit_reaches_wanted_areas():
    """Fitted cells are within 5 % of a 1 : 3 split."""
    weights = fit_weights(PAIR, np.array([1.0, 3.0]), SQUARE)
    np.testing.assert_allclose(clipped_areas(PAIR, weights), [2.5e7, 7.5e7], rtol=0.05)


def test_one_point_takes_all():
    """A county with a single ZIP is that ZIP."""
    assert cells_in(PAIR[:1], np.ones(1), SQUARE)[0].equals(SQUARE)


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(np.array([[5_000.0, 5_000.0], [5_000.0, 5_000.0]]), id="twins"),
        pytest.param(np.array([[5_000.0, 5_000.0], [50_000.0, 5_000.0]]), id="outside"),
        pytest.param(np.array([[0.0, 0.0], [1.0, 0.0], [9_000.0, 9_000.0]]), id="corner"),
    ],
)
def test_awkward_points_still_get_a_cell(points):
    """Two points in one place, outside or on the edge: nobody ends up without an area."""
    cells = cells_in(points, np.ones(len(points)), SQUARE)
    assert (shapely.area(cells) > 20_000).all()
    assert shapely.area(cells).sum() == pytest.approx(SQUARE.area)


def test_cells_stay_within_their_region():
    """Cells stop at the line between two regions, and all share their borders exactly."""
    left, right = shapely.box(0, 0, 5_000, 10_000), shapely.box(5_000, 0, 10_000, 10_000)
    points = np.array([[1e3, 2e3], [4.9e3, 8e3], [5.1e3, 2e3], [9e3, 8e3]])
    cells = build_areas(points, np.ones(4), ["l", "l", "r", "r"], {"l": left, "r": right})
    assert shapely.coverage_is_valid(cells)
    assert shapely.covers(left, cells[:2]).all()
    assert shapely.covers(right, cells[2:]).all()


def test_build_is_reproducible():
    """The same points give the same areas, to the last digit."""
    points = np.random.default_rng(3).uniform(0, 10_000, (25, 2))
    first, second = (build_areas(points, np.ones(25), ["a"] * 25, {"a": SQUARE}) for _ in range(2))
    assert shapely.equals_exact(first, second, 0).all()


def test_coverage_closes_small_mismatches():
    """Neighbours that miss each other by a metre share a border afterwards."""
    cells = np.array([shapely.box(0, 0, 500, 1_000), shapely.box(501, 0, 1_000, 1_000)], object)
    assert shapely.coverage_is_valid(as_coverage(cells))
    assert shapely.area(as_coverage(cells)).sum() == pytest.approx(1e6, rel=0.02)


def test_too_small_for_the_grid_is_refused():
    """An area that the grid would swallow is named, not lost."""
    cells = np.array([shapely.box(0, 0, 1_000, 1_000), shapely.box(2_001, 0, 2_003, 2)], object)
    with pytest.raises(ValueError, match=r"\[1\]"):
        as_coverage(cells)
