"""Units: projections, measures, refusals."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.errors import PlanError
from territory.model import Graph, Units, measure, metric_crs
from tests.conftest import chessboard


def test_areas_are_in_square_kilometres(board: Units) -> None:
    """A tenth of a degree at 42° north is about 8.3 × 11.1 km."""
    assert board.area_km2[0] == pytest.approx(91.9, abs=0.5)
    assert board.perimeter_km[0] == pytest.approx(2 * (8.26 + 11.1), rel=0.03)


def test_projection_follows_the_region() -> None:
    """The lower 48 have their usual projection; elsewhere one is centred on the region."""
    assert metric_crs(-73, 41, -67, 47).to_epsg() == 5070
    assert metric_crs(5, 47, 15, 55).to_dict()["lat_0"] == 51


def test_built_in_measures_are_always_there(board: Units) -> None:
    """units and area_km2 exist; text columns are no measures; unknown names list what there is."""
    with_text = board.with_attributes(pd.DataFrame({"city": "x"}, index=board.ids))
    assert with_text.measure_names == ("units", "area_km2", "potential")
    assert board.values("units").sum() == 12
    with pytest.raises(PlanError, match="potential"):
        board.values("revenue")
    assert board.default_measure == "potential"
    assert chessboard(1, 2).default_measure == "units"


def test_extra_attributes_join_by_id(board: Units) -> None:
    """Order does not matter, gaps become NaN."""
    extra = pd.DataFrame({"sales": [7.0, 5.0]}, index=["03", "00"])
    sales = board.with_attributes(extra).values("sales")
    assert sales[[0, 3]].tolist() == [5.0, 7.0] and np.isnan(sales[1])


def test_contradictory_parts_are_refused() -> None:
    """Doubled ids, wrong lengths and a projected geometry each get a sentence."""
    box, graph = shapely.box(-72, 42, -71, 43), Graph.from_pairs(2, [(0, 1)])
    two = gpd.GeoSeries([box, box], crs=4326)
    with pytest.raises(PlanError, match="unique"):
        Units(np.array(["a", "a"], object), two, pd.DataFrame(index=range(2)), graph)
    with pytest.raises(PlanError, match="same length"):
        Units(np.array(["a"], object), two, pd.DataFrame(index=range(2)), graph)
    with pytest.raises(PlanError, match="4326"):
        Units(np.array(["a", "b"], object), two.to_crs(5070), pd.DataFrame(index=range(2)), graph)


def test_unknown_measures_get_a_readable_label() -> None:
    """A user's own column is shown as words."""
    assert measure("open_pipeline").label == "Open pipeline"
    assert measure("potential").format == "money"


def test_some_columns_do_not_add_up() -> None:
    """Medians, shares and coordinates are no measures to balance."""
    odd = ["median_income", "pct_employed", "Growth_Rate", "lat", "population_density"]
    assert not any(measure(name).additive for name in odd)
    assert all(measure(name).additive for name in ["potential", "ratepayers", "plates", "pages"])
