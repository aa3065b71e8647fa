"""Boundaries, and a table joined to them → Units."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.errors import InputError
from territory.intake.adjacency import adjacency
from territory.intake.boundaries import read_boundaries
from territory.intake.cells import cells_around
from territory.intake.geometry import clean_geometry
from territory.intake.ids import clean_ids, find_id, id_problems
from territory.intake.join import Joined, join_table
from territory.intake.report import Report
from territory.intake.source import SourceLike, open_source
from territory.intake.validate import BUILT_IN, require_measures, to_numbers
from territory.model.graph import Graph, components
from territory.model.units import Units, in_metres

if TYPE_CHECKING:
    import geopandas as gpd


def read_units(
    source: SourceLike,
    *,
    id_column: str | None = None,
    attributes: SourceLike | None = None,
    measures: Iterable[str] | None = None,
) -> Units:
    """Read the units of a region: their ids, areas, attributes and neighbours.

    Parameters
    ----------
    source
        Boundaries: a path, or (name, bytes) of an upload. GeoJSON, TopoJSON, GeoPackage,
        GeoParquet, zipped shapefile, FlatGeobuf or KML.
    id_column
        The column that identifies a unit; without it, the one unique column with a known name.
    attributes
        A table (CSV, TSV, Excel, Parquet) joined by unit id.
    measures
        Names of the measures in use: these must be numbers, without gaps or negative values.

    Raises
    ------
    InputError
        With every problem at once: file, row, column and remedy.
    """
    units, report = read_units_report(
        source, id_column=id_column, attributes=attributes, measures=measures
    )
    return usable(units, report)


def usable(units: Units | None, report: Report) -> Units:
    """The units, if a plan may be made with them.

    Raises
    ------
    InputError
        With the problems that forbid it.
    """
    if report.blocking:
        raise InputError(report.blocking)
    if units is None:
        raise InputError(report.problems or f"{report.file}: there is no usable unit in it.")
    return units


def read_units_report(
    source: SourceLike,
    *,
    id_column: str | None = None,
    attributes: SourceLike | None = None,
    measures: Iterable[str] | None = None,
    strict: bool = False,
) -> tuple[Units | None, Report]:
    """The same with a report, and made from the rows that are usable.

    ``strict`` also checks ``potential``, the measure that plans are balanced on by default, and
    lists stray words in columns of numbers that nobody asked for. Units are None where no row is
    usable. What can't be read at all still raises InputError; a plan must not be
    made where ``report.blocking`` lists anything (see ``usable``).
    """
    start = time.perf_counter()
    file = open_source(source)
    layer = read_boundaries(file)
    report = Report(file=file.name, rows=len(layer))
    if not len(layer):
        raise file.refuse("there are no areas in it", "Export the layer again.")
    rows = np.arange(1, len(layer) + 1)
    own = _own_columns(layer)
    name = find_id(own, id_column, file.name)
    report.id_column = name
    geometry, shaped = clean_geometry(layer, report, rows)
    ids = clean_ids(own.pop(name), name, report, zips=_north_american(geometry[shaped]))
    found, good = id_problems(ids, name, file.name, rows)
    report.block(found)
    keep = np.flatnonzero(good & shaped)

    wanted = set(measures or ()) - set(BUILT_IN)
    used = wanted | {"potential"} if strict else wanted
    joined = None
    if attributes is not None:
        joined = join_table(attributes, ids[good], name, used, report, strict)
    require_measures(sorted(wanted), [own, *([joined.frame] if joined else [])], file.name)
    table = _attributes(own.iloc[keep], ids[keep], rows[keep], joined, used, report, strict)

    report.sort()
    bad = {p.row for p in report.problems if p.file == file.name and p.row is not None}
    report.usable_rows = len(layer) - len(bad)
    report.columns = tuple(table.columns)
    report.seconds_read = time.perf_counter() - start
    if not len(keep):
        return None, report
    return _assemble(ids[keep], geometry.iloc[keep], table, report), report


def _north_american(geometry: gpd.GeoSeries) -> bool:
    """Whether codes may be ZIPs, or Mexico's, of five digits: both are west of 60° W."""
    if not len(geometry):
        return True
    west, south, _, _ = geometry.total_bounds
    return bool(west < -60 and south > 13)


def _own_columns(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """The boundary file's own attributes, without shapes and the empty columns GDAL makes up."""
    shapes = [c for c in layer.columns if str(layer[c].dtype) == "geometry"]
    own = pd.DataFrame(layer.drop(columns=shapes)).reset_index(drop=True)
    return own.dropna(axis="columns", how="all").rename(columns=str)


def _attributes(
    own: pd.DataFrame,
    ids: np.ndarray,
    rows: np.ndarray,
    joined: Joined | None,
    in_use: set[str],
    report: Report,
    strict: bool,
) -> pd.DataFrame:
    """Own columns and joined ones; where both have a name, the joined one wins."""
    if joined is not None:
        over = [c for c in own.columns if c in joined.frame.columns]
        if over:
            report.notes.append(f"{joined.file} replaces the columns {', '.join(over)}.")
        own = own.drop(columns=over)
    used = in_use & set(own.columns)
    table = to_numbers(own, report, file=report.file, rows=rows, in_use=used, strict=strict)
    table.index = pd.Index(ids, dtype=object)
    return table if joined is None else pd.concat([table, joined.frame.reindex(ids)], axis=1)


def _assemble(
    ids: np.ndarray, geometry: gpd.GeoSeries, table: pd.DataFrame, report: Report
) -> Units:
    """Neighbours, notes, and the whole."""
    geometry = geometry.reset_index(drop=True)
    left_out = report.rows - len(ids)
    notes = [*report.notes]
    if left_out:
        notes.append(f"{report.file}: {left_out:,} row(s) without a usable id or area left out.")
    if (shapely.get_dimensions(geometry.values) == 0).any():
        geometry = cells_around(geometry)
        notes.append("Approximate areas, drawn around points; load boundaries for exact ones.")
    flat = in_metres(geometry)
    start = time.perf_counter()
    graph = adjacency(np.asarray(flat.values, dtype=object))
    report.seconds_adjacency = time.perf_counter() - start
    _describe(graph, report)
    if report.ferries:
        notes.append(
            f"{report.components} separate parts are joined by {report.ferries} ferry link(s)."
        )
    units = Units(ids, geometry, table, graph, tuple(notes), report.id_column or "unit_id")
    report.measures = units.measure_names
    return units


def _describe(graph: Graph, report: Report) -> None:
    """Neighbours per unit, parts before bridges, and how many bridges are ferries."""
    land = graph.rows[~graph.ferry], graph.indices[~graph.ferry]
    report.mean_degree = round(len(graph.indices) / max(graph.n, 1), 2)
    dry = Graph.from_pairs(graph.n, np.column_stack(land))
    report.components = int(components(dry).max(initial=-1)) + 1
    report.ferries = int(graph.ferry.sum()) // 2
