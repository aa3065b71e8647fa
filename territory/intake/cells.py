"""Areas for units that come as points only."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from territory.intake.antimeridian import unwound
from territory.model.units import in_metres


def cells_around(points: gpd.GeoSeries) -> gpd.GeoSeries:
    """The area nearer to each point than to any other, cut off where the points end.

    Parameters
    ----------
    points
        In EPSG:4326.

    Returns
    -------
    Polygons in EPSG:4326. Points that coincide are moved apart by a few metres first.
    """
    flat = in_metres(points)
    xy = shapely.get_coordinates(shapely.centroid(flat.values))
    same = np.unique(xy, axis=0, return_inverse=True)[1].ravel()
    first = np.zeros(len(xy), bool)
    first[np.unique(same, return_index=True)[1]] = True
    turn = np.arange(len(xy)) * 2.399963  # the golden angle: no two neighbours alike
    xy[~first] += 10 * np.column_stack([np.cos(turn), np.sin(turn)])[~first]
    spacing = 10_000.0
    if len(xy) > 1:
        spacing = float(np.median(cKDTree(xy).query(xy, k=2)[0][:, 1])) or spacing
    cloud = shapely.multipoints(xy)
    frame = shapely.buffer(shapely.convex_hull(cloud), spacing)
    if len(xy) == 1:
        cells = np.array([frame])
    else:
        mesh = shapely.voronoi_polygons(cloud, extend_to=frame, ordered=True)
        cells = shapely.intersection(shapely.get_parts(mesh), frame)
    degrees = gpd.GeoSeries(cells, index=points.index, crs=flat.crs).to_crs(4326)
    return gpd.GeoSeries(unwound(np.asarray(degrees)), index=points.index, crs=4326)
