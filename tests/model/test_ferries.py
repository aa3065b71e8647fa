"""Links over water: listed, closed one by one, and running again."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.errors import PlanError
from territory.intake.adjacency import adjacency
from territory.model import (
    Plan,
    Units,
    close_ferry,
    ferries,
    in_metres,
    noncontiguous,
    open_ferry,
    with_closed,
)


def islands() -> Units:
    """Two squares that touch, and an island 8 km (a tenth of a degree) east of them."""
    shapes = [shapely.box(-72 + x, 42, -71.9 + x, 42.1) for x in (0, 0.1, 0.3)]
    geometry = gpd.GeoSeries(shapes, crs=4326)
    graph = adjacency(in_metres(geometry).to_numpy())
    frame = pd.DataFrame({"potential": [1.0, 2, 3]})
    return Units(np.array(["a", "b", "c"], object), geometry, frame, graph)


def test_a_ferry_is_listed_and_closed():
    """The territory comes apart at once; the region is another one, the old one as it was."""
    units = islands()
    (ferry,) = ferries(units)
    assert (ferry.a, ferry.b, ferry.open) == ("b", "c", True)
    assert ferry.km == pytest.approx(8.3, abs=0.1)
    closed = close_ferry(units, "c", "b")
    plan = Plan.from_alignment(closed, dict.fromkeys("abc", "T1"))
    assert noncontiguous(closed.graph, plan.alignment, 1).tolist() == [0]
    assert ferries(closed) == (ferry._replace(open=False),)
    assert closed.fingerprint != units.fingerprint and not units.closed
    with pytest.raises(PlanError, match="No ferry links"):
        close_ferry(closed, "b", "c")
    with pytest.raises(PlanError, match="No ferry links"):
        close_ferry(units, "a", "b")


def test_a_closed_ferry_runs_again():
    """The region is then exactly the one it was."""
    units = islands()
    again = open_ferry(close_ferry(units, "b", "c"), "c", "b")
    assert again.fingerprint == units.fingerprint
    assert (again.graph.border_km == units.graph.border_km).all()
    with pytest.raises(PlanError, match="is closed"):
        open_ferry(units, "b", "c")


def test_areas_read_again_keep_the_choice():
    """By the names of the units; where there is no such ferry any more, nothing happens."""
    units = islands()
    assert with_closed(units, [("b", "c"), ("x", "y"), ("a", "b")]).closed == (("b", "c"),)
    part = close_ferry(units, "b", "c").take(np.array([0, 1]))
    assert part.closed == ()
