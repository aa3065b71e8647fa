"""Small regions to test the engine on: chessboards and random cells."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.intake.adjacency import border_edges
from territory.model import Graph, Units
from territory.optimize.arrays import Ints
from territory.optimize.check import Request, check
from territory.optimize.instance import Instance, prepare

SOUTH_WEST = (-72.0, 42.0)
STEP = 0.05


def board(
    rows: int,
    columns: int,
    potential: Sequence[float] | None = None,
    *,
    holes: Sequence[int] = (),
    **measures: Sequence[float],
) -> Units:
    """Squares named a0, a1, … row by row; ``holes`` are left out, which can cut the map in two."""
    keep = [i for i in range(rows * columns) if i not in holes]
    where = {i: j for j, i in enumerate(keep)}
    west, south = SOUTH_WEST
    squares = [
        shapely.box(
            west + STEP * (i % columns),
            south + STEP * (i // columns),
            west + STEP * (i % columns + 1),
            south + STEP * (i // columns + 1),
        )
        for i in keep
    ]
    pairs = [(i, i + 1) for i in keep if i % columns + 1 < columns]
    pairs += [(i, i + columns) for i in keep]
    links = [(where[i], where[j]) for i, j in pairs if i in where and j in where]
    return _units(squares, links, np.full(len(links), 5.0), potential, **measures)


def cells(n: int, seed: int, spread: float = 1.0) -> Units:
    """Random cells with log-normal potential and a workload that partly follows it."""
    rng = np.random.default_rng(seed)
    west, south = SOUTH_WEST
    points = shapely.points(west + 3 * rng.random(n), south + 3 * rng.random(n))
    frame = shapely.box(west, south, west + 3, south + 3)
    shapes = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, ordered=True)
    )
    shapes = shapely.intersection(shapes, frame)
    metric = gpd.GeoSeries(shapes, crs=4326).to_crs(5070).to_numpy()
    edges = border_edges(metric)
    potential = rng.lognormal(0, spread, n)
    workload = np.sqrt(potential) * rng.lognormal(0, 0.3, n)
    pairs = np.column_stack([edges.i, edges.j])
    return _units(list(shapes), pairs, edges.length / 1e3, potential, workload=workload)


def _units(
    shapes: list[shapely.Geometry],
    pairs: object,
    km: object,
    potential: Sequence[float] | None,
    **measures: Sequence[float],
) -> Units:
    n = len(shapes)
    columns = {"potential": np.ones(n) if potential is None else potential, **measures}
    return Units(
        ids=np.array([f"a{i}" for i in range(n)], dtype=object),
        geometry=gpd.GeoSeries(shapes, crs=4326),
        attributes=pd.DataFrame(columns),
        graph=Graph.from_pairs(n, pairs, km),
    )


def request(units: Units, territories: int | None = None, **given: object) -> Request:
    """A checked request with defaults."""
    settings: dict[str, object] = {
        "territories": territories,
        "team": None,
        "measures": {"potential": 1.0},
        "tolerance": 0.05,
        "homes": False,
        "current": None,
        "locks": None,
        "max_disruption": None,
        "disruption_measure": None,
        "offset": None,
    }
    return check(units, **{**settings, **given})


def instance(units: Units, territories: int | None = None, **given: object) -> Instance:
    """What the search sees of a request."""
    return prepare(request(units, territories, **given))


def connected_without(part: Instance, label: Ints, i: int) -> bool:
    """Oracle: would the rest of unit i's territory be one piece without it?"""
    rest = {int(u) for u in np.flatnonzero(label == label[i])} - {i}
    if not rest:
        return False
    return len(reached(part, rest)) == len(rest)


def reached(part: Instance, units: set[int]) -> set[int]:
    """Oracle: the units of a set that can be reached from one of them within it."""
    todo = [min(units)]
    seen = set(todo)
    while todo:
        u = todo.pop()
        for v in part.net.indices[part.net.indptr[u] : part.net.indptr[u + 1]].tolist():
            if v in units and v not in seen:
                seen.add(v)
                todo.append(v)
    return seen


def in_one_piece(part: Instance, label: Ints) -> bool:
    """Oracle: is every territory one piece?"""
    groups = [{int(u) for u in np.flatnonzero(label == t)} for t in range(part.k)]
    return all(group and len(reached(part, group)) == len(group) for group in groups)
