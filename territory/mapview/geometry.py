"""Areas of the units as one small binary that the browser fetches once.

The file is gzipped: ``TWG4``, the length of a JSON header, the header, then the arrays that the
header lists, each aligned to four bytes, little-endian. Coordinates are whole steps on a grid in
Web Mercator (exact in the browser's float32), rings are stored as differences. Every ring also
says which unit lies on the other side of each stretch of its outline, so that the browser finds
the border between two territories without any geometry of its own. Neighbours come along as the
region has them, ferries too: what hangs together must mean the same on both sides. A ferry is also
a line from shore to shore, as is one that was closed.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from territory.mapview.borders import facing_units, runs
from territory.mapview.frame import find_seam, main_part
from territory.model.ferries import Ferry, ferries
from territory.model.measures import measure
from territory.model.units import Units

__all__ = ["FORMAT", "encode"]

FORMAT = "TWG4"
DETAIL = 0.012
"""Largest simplification, as a share of a typical unit's width."""
FINEST = 2**22
"""Grid steps across the region at most: whole numbers up to 2²⁴ are exact in float32."""
TEXT_COLUMNS = 6


@dataclass(frozen=True)
class Rings:
    """Outlines on the grid: ``xy`` (v, 2) closed without repeating the first vertex.

    ``start`` is the first vertex of each ring plus the end; ``unit`` the unit of each ring.
    """

    xy: NDArray[np.int64]
    start: NDArray[np.int64]
    unit: NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Where the grid lies: world pixels at zoom 0 = origin + step × grid position."""

    x: float
    y: float
    step: float

    def place(self, world: NDArray[np.float64]) -> NDArray[np.int64]:
        """World pixels to whole grid positions."""
        return np.rint((world - (self.x, self.y)) / self.step).astype(np.int64)


def world_pixels(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Web Mercator pixels at zoom 0 (256 × 256, y downwards) of degrees."""
    lat = np.radians(np.clip(lonlat[:, 1], -85.0511, 85.0511))
    y = (0.5 - np.arctanh(np.sin(lat)) / (2 * np.pi)) * 256
    return np.c_[(lonlat[:, 0] + 180) / 360 * 256, y]


def polygons(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Valid areas without the stray points and lines that a repair may leave."""
    out = shapely.make_valid(areas)
    for i in np.flatnonzero(~np.isin(shapely.get_type_id(out), (3, 6))):
        parts = shapely.get_parts(shapely.get_parts(out[i]))
        out[i] = shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])
    return out


def simplify(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Fewer vertices at the same look; shared borders stay shared where they were."""
    width = float(np.median(np.sqrt(shapely.area(areas)))) if len(areas) else 0.0
    if not width > 0:
        return areas
    try:
        return shapely.coverage_simplify(areas, width * DETAIL)
    except shapely.errors.GEOSException:
        # Not a coverage (overlaps, broken rings): each area on its own is still a fair picture.
        return shapely.simplify(areas, width * DETAIL)


def fit_grid(areas: NDArray[np.object_]) -> Grid:
    """A grid eight times finer than the simplification, within what float32 keeps exact."""
    west, north, east, south = shapely.total_bounds(areas)
    width = float(np.median(np.sqrt(shapely.area(areas))))
    extent = max(east - west, south - north, 1e-6)
    return Grid(float(west), float(north), max(extent / FINEST, width * DETAIL / 8))


def grid_rings(areas: NDArray[np.object_], grid: Grid) -> Rings:
    """Every ring of every area on the grid, without repeated vertices or collapsed rings."""
    parts, part_unit = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    unit = part_unit[ring_part]
    xy = grid.place(coords)
    # A vertex goes when it equals the one before it; a closing vertex equals the ring's first.
    first = np.r_[True, ring[1:] != ring[:-1]] if len(ring) else np.zeros(0, bool)
    repeat = np.r_[False, (xy[1:] == xy[:-1]).all(axis=1)] & ~first if len(ring) else first
    xy, ring = xy[~repeat], ring[~repeat]
    last = np.r_[ring[1:] != ring[:-1], True] if len(ring) else np.zeros(0, bool)
    start_of = np.searchsorted(ring, np.arange(len(rings)))
    closing = last & (xy == xy[start_of[ring]]).all(axis=1)
    xy, ring = xy[~closing], ring[~closing]
    size = np.bincount(ring, minlength=len(rings))
    keep = size >= 3
    xy, size, unit = xy[keep[ring]], size[keep], unit[keep]
    return Rings(xy, np.r_[0, np.cumsum(size)], unit)


def with_every_unit(rings: Rings, inside: NDArray[np.int64], n: int) -> Rings:
    """A tiny square for a unit whose rings all collapsed, so that it can still be clicked."""
    lost = np.setdiff1d(np.arange(n), rings.unit)
    if not len(lost):
        return rings
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    xy = np.vstack([rings.xy, (inside[lost][:, None] + square).reshape(-1, 2)])
    start = np.r_[rings.start, rings.start[-1] + 4 * np.arange(1, len(lost) + 1)]
    unit = np.r_[rings.unit, lost]
    order = np.argsort(unit, kind="stable")
    size = np.diff(start)
    vertex = np.concatenate([np.arange(start[r], start[r + 1]) for r in order])
    return Rings(xy[vertex], np.r_[0, np.cumsum(size[order])], unit[order])


def text_columns(attributes: pd.DataFrame) -> dict[str, tuple[list[str], NDArray[np.uint32]]]:
    """Columns of words (city, county, state …) as dictionary and codes."""
    found: dict[str, tuple[list[str], NDArray[np.uint32]]] = {}
    for name in attributes.columns:
        column = attributes[name]
        if pd.api.types.is_numeric_dtype(column) or len(found) == TEXT_COLUMNS:
            continue
        codes, words = pd.factorize(column.astype("string").fillna(""), sort=True)
        found[str(name)] = ([str(w) for w in words], codes.astype(np.uint32))
    return found


def encode(units: Units) -> bytes:
    """The region as bytes for ``static/geometry.js``.

    Parameters
    ----------
    units
        Areas, ids, measures and words (city, county …) that the hover card shows.

    Returns
    -------
    gzipped bytes, the same for the same units.
    """
    shapes = np.asarray(units.geometry.values, object)
    seam = find_seam(shapes)
    world = shapely.transform(shapes, lambda lonlat: world_pixels(seam.unrolled(lonlat)))
    areas = simplify(polygons(world))
    grid = fit_grid(areas)
    inside = grid.place(world_pixels(seam.unrolled(units.lonlat)))
    rings = with_every_unit(grid_rings(areas, grid), inside, units.n)
    across = facing_units(rings.xy, rings.start, rings.unit, areas, grid)
    run_count, run_length, run_unit = runs(across, rings.start)
    first = rings.xy[rings.start[:-1]]
    delta = np.delete(np.diff(rings.xy, axis=0, prepend=0), rings.start[:-1], axis=0)
    crossings = ferries(units)
    small = not delta.size or np.abs(delta).max() < 2**15
    measures = [m for m in units.measure_names if m != "units"]
    words = text_columns(units.attributes)
    arrays: dict[str, NDArray[np.generic]] = {
        "ringsOfUnit": np.bincount(rings.unit, minlength=units.n).astype("<u4"),
        "sizeOfRing": np.diff(rings.start).astype("<u4"),
        "first": first.astype("<i4"),
        "delta": delta.astype("<i2" if small else "<i4"),
        "runsOfRing": run_count.astype("<u4"),
        "runLength": run_length.astype("<u4"),
        "runUnit": run_unit.astype("<i4"),
        "inside": inside.astype("<i4"),
        "degree": np.diff(units.graph.indptr).astype("<u4"),
        "neighbour": units.graph.indices.astype("<u4"),
        "ferryLine": grid.place(shores(units, areas, crossings)).astype("<i4"),
        "ferryKm": np.array([f.km for f in crossings], "<f4"),
        "ferryOpen": np.array([f.open for f in crossings], "<u4"),
    }
    for j, name in enumerate(measures):
        arrays[f"measure{j}"] = units.values(name).astype("<f4")
    for j, (_, codes) in enumerate(words.values()):
        arrays[f"words{j}"] = codes.astype("<u4")
    header = {
        "n": units.n,
        "ids": [str(i) for i in units.ids],
        "ferries": [[f.a, f.b] for f in crossings],
        "origin": [grid.x, grid.y],
        "step": grid.step,
        "frame": first_view(units, areas, grid),
        "measures": [{"name": m, "label": measure(m).label, **_shape(m)} for m in measures],
        "words": [{"name": name, "values": values} for name, (values, _) in words.items()],
    }
    return gzip.compress(pack(header, arrays), compresslevel=6, mtime=0)


def shores(
    units: Units, areas: NDArray[np.object_], crossings: tuple[Ferry, ...]
) -> NDArray[np.float64]:
    """(2m, 2) where each ferry leaves one area and reaches the other, world pixels."""
    ends = np.array([units.positions([f.a, f.b]) for f in crossings], int).reshape(-1, 2)
    lines = shapely.shortest_line(areas[ends[:, 0]], areas[ends[:, 1]])
    return shapely.get_coordinates(lines)


def first_view(units: Units, areas: NDArray[np.object_], grid: Grid) -> list[int]:
    """Left, top, right, bottom of what the map shows at first, on the grid."""
    if not units.n:
        return [0, 0, 1, 1]
    corners = main_part(units.graph, shapely.bounds(areas)).reshape(2, 2)
    return [int(v) for v in grid.place(corners).ravel()]


def _shape(name: str) -> dict[str, str]:
    """How the browser writes a measure."""
    return {"unit": measure(name).unit, "format": measure(name).format}


def pack(header: dict[str, object], arrays: dict[str, NDArray[np.generic]]) -> bytes:
    """Header and arrays in one blob; each array starts at a multiple of four bytes."""
    listed = [{"name": k, "type": a.dtype.str[1:], "length": a.size} for k, a in arrays.items()]
    text = json.dumps({**header, "arrays": listed}, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    parts = [FORMAT.encode(), np.array([len(text)], "<u4").tobytes(), text]
    for array in arrays.values():
        raw = array.tobytes()
        parts.append(raw + b"\0" * (-len(raw) % 4))
    return b"".join(parts)
