"""Areas for US ZIPs that come without any: cells around their Census points, cut at state lines."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.intake.antimeridian import unwound
from territory.intake.areas import cells_in
from territory.intake.cells import cells_around
from territory.intake.sample import sample_folder
from territory.intake.zips import census
from territory.model.units import in_metres

_STEPS = 25
"""Rounds of fitting a cell's area."""

NOTE = (
    "Approximate ZIP areas, built around Census points; load the Census ZIP boundaries "
    "(ZCTA5, census.gov) for exact ones."
)


def zip_areas(ids: np.ndarray) -> gpd.GeoSeries:
    """An area for each ZIP, as large as the Census says.

    Parameters
    ----------
    ids
        ZIPs that the Census knows (``census().index``).

    Returns
    -------
    Polygons in EPSG:4326 in the order of ``ids``. All ZIPs of a state share its ground, also those
    not asked for, so that a few ZIPs are not blown up to fill it.
    """
    outlines = gpd.read_parquet(sample_folder() / "states.parquet").set_index("state").geometry
    facts = census().loc[ids]
    out = pd.Series(index=facts.index, dtype=object)
    for state, asked in facts.groupby("state"):
        if state in outlines.index:
            found = _state_cells(str(state), outlines.loc[[state]])
        else:
            found = cells_around(gpd.GeoSeries.from_xy(asked["lon"], asked["lat"], crs=4326))
            found.index = asked.index
        out[asked.index] = found.loc[asked.index].to_numpy()
    return gpd.GeoSeries(out.to_numpy(), crs=4326)


def _state_cells(state: str, outline: gpd.GeoSeries) -> gpd.GeoSeries:
    """The cells of all ZIPs of a state, by ZIP."""
    everyone = census()[census()["state"] == state]
    flat = in_metres(outline)
    points = gpd.GeoSeries.from_xy(everyone["lon"], everyone["lat"], crs=4326).to_crs(flat.crs)
    ground = shapely.make_valid(flat.iloc[0])
    land = np.maximum(everyone["land_km2"].to_numpy(), 0.35)
    cells = cells_in(np.c_[points.x, points.y], land, ground, steps=_STEPS)
    degrees = gpd.GeoSeries(cells, index=everyone.index, crs=flat.crs).to_crs(4326)
    shapes = unwound(np.asarray(degrees, dtype=object))
    return gpd.GeoSeries(shapes, index=everyone.index, crs=4326)
