"""The units of a market: ids, areas, measures and neighbours. Immutable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.model.graph import Graph, frozen

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

__all__ = ["Units", "in_metres", "metric_crs"]

LOWER_48 = (-125.0, 24.0, -66.5, 49.6)
"""Where EPSG:5070, the usual equal-area projection of the United States, is fit for use."""


def metric_crs(west: float, south: float, east: float, north: float) -> CRS:
    """An equal-area projection in metres that suits a region given in degrees."""
    from pyproj import CRS

    inside = west >= LOWER_48[0] and south >= LOWER_48[1]
    if inside and east <= LOWER_48[2] and north <= LOWER_48[3]:
        return CRS.from_epsg(5070)
    middle = f"+lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f}"
    return CRS.from_proj4(f"+proj=laea {middle} +datum=WGS84 +units=m +no_defs")


def in_metres(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Areas in an equal-area projection that suits them; whole where the 180th meridian cuts them.

    Parameters
    ----------
    geometry
        In longitude and latitude, cut at the 180th meridian as usual.
    """
    import shapely

    west, south, east, north = geometry.total_bounds
    if east - west <= 180:
        return geometry.to_crs(metric_crs(west, south, east, north))
    # Maybe a region across the Pacific: from 0° to 360° it is then narrower.
    ends = shapely.bounds(shapely.get_parts(geometry.values))[:, [0, 2]]
    middle = ends.mean(axis=1) % 360
    if np.ptp(middle) >= min(np.ptp(ends.mean(axis=1)), 180):
        return geometry.to_crs(metric_crs(west, south, east, north))
    flat = geometry.to_crs(metric_crs(middle.min(), south, middle.max(), north))
    shapes = np.array(flat.values, dtype=object)
    cut = geometry.bounds["maxx"].to_numpy() - geometry.bounds["minx"].to_numpy() > 180
    for i in np.flatnonzero(cut):
        # The halves meet again, to a millimetre.
        shapes[i] = shapely.union_all(shapely.get_parts(shapes[i]), grid_size=1e-3)
    return geometry.__class__(shapes, index=geometry.index, crs=flat.crs)


@dataclass(frozen=True, eq=False)
class Units:
    """Everything about the areas that no plan changes.

    Parameters
    ----------
    ids
        (n,) unit ids, unique text.
    geometry
        (n,) areas in longitude and latitude (EPSG:4326), in the order of ids.
    attributes
        One row a unit, index unit_id in the order of ids; numeric columns are measures.
    graph
        Neighbours.
    notes
        What the reader should be told about these areas, in words.
    id_name
        How the user's file called the id.
    unmapped
        Measure → what the user's files have of it outside these areas. It is no part of any
        territory, but of the whole.
    closed
        Pairs of units between which a ferry was found that nobody wants: no link of the graph.

    Raises
    ------
    PlanError
        If ids repeat or the parts differ in length.
    """

    ids: NDArray[np.object_]
    geometry: gpd.GeoSeries
    attributes: pd.DataFrame
    graph: Graph
    notes: tuple[str, ...] = ()
    id_name: str = "unit_id"
    unmapped: Mapping[str, float] = field(default_factory=dict)
    closed: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        ids = frozen([str(i) for i in self.ids], object)
        object.__setattr__(self, "ids", ids)
        if len(set(ids)) != len(ids):
            raise PlanError("Units: ids must be unique.")
        if not len(ids) == len(self.geometry) == len(self.attributes) == self.graph.n:
            raise PlanError("Units: ids, geometry, attributes and graph must have the same length.")
        if self.geometry.crs is None or self.geometry.crs.to_epsg() != 4326:
            raise PlanError("Units: geometry must be in longitude and latitude (EPSG:4326).")
        attributes = self.attributes.set_axis(pd.Index(ids, dtype=object, name="unit_id"), axis=0)
        object.__setattr__(self, "attributes", attributes)
        object.__setattr__(self, "geometry", self.geometry.reset_index(drop=True))

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.ids)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over ids, areas, attributes and neighbours, as hexadecimal text."""
        digest = hashlib.sha256()
        digest.update("\x00".join(self.ids).encode())
        for blob in self.geometry.to_wkb():
            digest.update(blob or b"")
        for name, column in self.attributes.items():
            digest.update(f"\x00{name}\x00".encode())
            digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
        for part in (self.graph.indptr, self.graph.indices, self.graph.ferry):
            digest.update(part.tobytes())
        for pair in self.closed:
            digest.update("\x00".join(("closed", *pair)).encode())
        return digest.hexdigest()

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each unit id."""
        return {unit: i for i, unit in enumerate(self.ids)}

    def positions(self, unit_ids: Iterable[str]) -> NDArray[np.int64]:
        """Positions of the given ids; PlanError names the first unknown one."""
        try:
            return np.array([self.position[u] for u in unit_ids], dtype=np.int64)
        except KeyError as missing:
            raise PlanError(f"There is no unit {missing.args[0]!r} in this region.") from None

    @cached_property
    def projected(self) -> gpd.GeoSeries:
        """The areas in an equal-area projection, in metres."""
        return in_metres(self.geometry)

    @cached_property
    def xy(self) -> NDArray[np.float64]:
        """(n, 2) a point inside each area, metres in the projection of ``projected``."""
        inside = self.projected.representative_point()
        return frozen(np.c_[inside.x, inside.y], np.float64)

    @cached_property
    def lonlat(self) -> NDArray[np.float64]:
        """(n, 2) the same points in degrees."""
        inside = self.projected.representative_point().to_crs(4326)
        return frozen(np.c_[inside.x, inside.y], np.float64)

    @cached_property
    def area_km2(self) -> NDArray[np.float64]:
        """(n,) area of each unit."""
        return frozen(self.projected.area / 1e6, np.float64)

    @cached_property
    def perimeter_km(self) -> NDArray[np.float64]:
        """(n,) length of each unit's outline."""
        return frozen(self.projected.length / 1e3, np.float64)

    @cached_property
    def measure_names(self) -> tuple[str, ...]:
        """Measures at hand: units and area first, then every numeric column."""
        numeric = self.attributes.select_dtypes("number").columns
        return ("units", "area_km2", *(str(c) for c in numeric if c not in ("units", "area_km2")))

    @property
    def default_measure(self) -> str:
        """Potential where there is one, else the number of units."""
        return "potential" if "potential" in self.measure_names else "units"

    def values(self, measure: str) -> NDArray[np.float64]:
        """(n,) a measure of each unit, as read.

        Raises
        ------
        PlanError
            If the region has no such measure, or the column is not numeric.
        """
        if measure == "units":
            return np.ones(self.n)
        if measure == "area_km2":
            return self.area_km2
        if measure not in self.measure_names:
            have = ", ".join(self.measure_names)
            raise PlanError(f"There is no measure {measure!r} in this region. It has: {have}.")
        return self.attributes[measure].to_numpy(dtype=np.float64, na_value=np.nan)

    def take(self, positions: NDArray[np.integer]) -> Units:
        """A part of the region, in the order given; what is unmapped stays with the whole."""
        where = np.asarray(positions, dtype=np.int64)
        kept = {str(i) for i in self.ids[where]}
        return Units(
            ids=self.ids[where],
            geometry=self.geometry.iloc[where],
            attributes=self.attributes.iloc[where],
            graph=self.graph.take(where),
            notes=self.notes,
            id_name=self.id_name,
            closed=tuple(pair for pair in self.closed if kept.issuperset(pair)),
        )

    def with_attributes(self, extra: pd.DataFrame) -> Units:
        """The same units with more columns; ``extra`` is indexed by unit_id, gaps become NaN."""
        joined = self.attributes.drop(columns=extra.columns, errors="ignore").join(extra)
        return replace(self, attributes=joined)
