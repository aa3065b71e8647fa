"""Neighbours of bare points: a Delaunay triangulation that survives lines and duplicates."""

from __future__ import annotations

import numpy as np
from scipy.spatial import Delaunay, QhullError


def delaunay_pairs(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbouring points and the border that their catchments would share.

    Parameters
    ----------
    xy
        Points in metres, shape (n, 2).

    Returns
    -------
    Pairs (m, 2) with i < j, and metres of border: the side of a hexagon at that distance.
    """
    n = len(xy)
    if n < 2:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    try:
        if n < 4:
            raise QhullError
        mesh = Delaunay(xy - xy.mean(axis=0))
        corners = mesh.simplices[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
        # Points that coincide with another are no corners: tie each to the corner it lies on.
        pairs = np.concatenate([corners, mesh.coplanar[:, [0, 2]]])
    except QhullError:
        # Too few points, or all on one line: neighbours are the next along the longest extent.
        axis = np.linalg.svd(xy - xy.mean(axis=0), full_matrices=False)[2][0]
        order = np.argsort(xy @ axis, kind="stable")
        pairs = np.column_stack([order[:-1], order[1:]])
    pairs = np.unique(np.sort(pairs.astype(np.int64), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return pairs, np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) / np.sqrt(3)
