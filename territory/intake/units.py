"""Boundaries, and a table joined to them → Units."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from territory.errors import InputError
from territory.intake.adjacency import adjacency
from territory.intake.boundaries import is_table, kind, read_boundaries, refuse_many
from territory.intake.cells import cells_around
from territory.intake.degrees import with_projection
from territory.intake.geometry import clean_geometry
from territory.intake.ids import clean_ids, find_id, id_problems
from territory.intake.join import Joined, join_table
from territory.intake.match import Choices, unmapped_note
from territory.intake.names import id_candidates, our_measures
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report
from territory.intake.source import Source, SourceLike, open_source
from territory.intake.table_units import no_areas, read_table_units
from territory.intake.validate import BUILT_IN, require_measures, to_numbers
from territory.intake.zips import FACTS, are_zips, census_facts, vintage_notes
from territory.model.graph import Graph, components
from territory.model.measures import measure
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
        GeoParquet, zipped shapefile, FlatGeobuf or KML. Or a table of US ZIPs, or of points:
        areas are then built, and a note says that they are approximate.
    id_column
        The column that identifies a unit; without it, the one unique column with a known name.
    attributes
        A table (CSV, TSV, Excel, Parquet) joined by unit id.
    measures
        Names of the measures in use: these must be numbers, without gaps or negative values.
        Census facts of US ZIPs (population, households, …) need not be in any file.

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
    if units is None and report.usable_rows:
        raise no_areas(report.file)
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
    choices: Choices | None = None,
) -> tuple[Units | None, Report]:
    """The same with a report, and made from the rows that are usable.

    ``strict`` also checks ``potential``, the measure that plans are balanced on by default, and
    lists stray words in columns of numbers that nobody asked for. ``choices`` says what becomes of
    repeated and unknown ids, and whether Census facts are joined. Units are None where no row is
    usable, or nothing says where the units are. What can't be read at all still raises InputError;
    a plan must not be made where ``report.blocking`` lists anything (see ``usable``).
    """
    start = time.perf_counter()
    file = open_source(source)
    report = Report(file=file.name)
    wanted = set(measures or ()) - set(BUILT_IN)
    used = wanted | {"potential"} if strict else wanted
    choices = choices or Choices()
    if is_table(file):
        raw = _from_table(file, report, id_column, used, strict, choices)
    else:
        raw = _from_layer(file, report, id_column, used, strict, choices)
    joined = None
    if attributes is not None:
        joined = join_table(attributes, raw.every_id, raw.id_name, used, report, strict, choices)
    have = [raw.frame, *([joined.frame] if joined else [])]
    facts = _facts(raw, wanted, have, choices)
    require_measures(sorted(wanted), [*have, facts], file.name)
    table = _together(raw.frame, joined, report)
    table = pd.concat([table, facts.reindex(raw.ids)], axis=1)
    report.sort()
    bad = {p.row for p in report.problems if p.file == file.name and p.row is not None}
    report.usable_rows = report.rows - len(bad)
    report.columns = tuple(table.columns)
    report.seconds_read = time.perf_counter() - start
    if not len(raw.ids) or raw.geometry is None:
        report.measures = ("units", *map(str, table.select_dtypes("number").columns))
        return None, report
    return _assemble(raw, table, report), report


class _Raw(NamedTuple):
    """What a file says of its units; ``every_id`` also has those whose shape can't be used."""

    ids: np.ndarray
    every_id: np.ndarray
    geometry: gpd.GeoSeries | None
    frame: pd.DataFrame
    id_name: str


def _from_table(
    file: Source,
    report: Report,
    id_column: str | None,
    used: set[str],
    strict: bool,
    choices: Choices,
) -> _Raw:
    found = read_table_units(
        file, report, id_column=id_column, in_use=used, strict=strict, choices=choices
    )
    return _Raw(found.ids, found.ids, found.geometry, found.frame, found.id_name)


def _from_layer(
    file: Source,
    report: Report,
    id_column: str | None,
    used: set[str],
    strict: bool,
    choices: Choices,
) -> _Raw:
    """The areas of a boundary file with their own attributes."""
    layer = with_projection(read_boundaries(file), choices.crs, report)
    report.rows = len(layer)
    refuse_many(file, len(layer))
    if not len(layer):
        raise file.refuse("there are no areas in it", "Export the layer again.")
    rows = np.arange(1, len(layer) + 1)
    own = _own_columns(layer)
    name = find_id(own, file.columns.get("unit_id") or id_column or _drawn(own, file), file.name)
    report.id_column = name
    geometry, shaped = clean_geometry(layer, report, rows, choices.swap)
    american = _north_american(geometry[shaped])
    ids = clean_ids(own.pop(name), name, report, zips=american)
    own = own.rename(columns=our_measures(own.columns, used))
    found, good = id_problems(ids, name, file.name, rows)
    report.block(found)
    keep = good & shaped
    frame = to_numbers(
        own[keep],
        report,
        file=file.name,
        rows=rows[keep],
        in_use=used & set(own.columns),
        strict=strict,
    )
    frame.index = pd.Index(ids[keep], dtype=object)
    _account_for(own, frame, keep, good, report)
    if strict and american:
        report.notes += vintage_notes(ids[keep], file.name)
    return _Raw(ids[keep], ids[good], geometry[keep], frame, name)


def _drawn(own: pd.DataFrame, file: Source) -> str | None:
    """The names in a KML, where nothing in it has a known name of an id: people draw such maps."""
    known = any(id_candidates(own.columns))
    return "name" if "name" in own and not known and kind(file) == "kml" else None


def _account_for(
    own: pd.DataFrame, frame: pd.DataFrame, keep: np.ndarray, good: np.ndarray, report: Report
) -> None:
    """Totals before and after, and what units without an area take out of the map."""
    if not keep.all():
        report.notes += unmapped_note(report.file, int((good & ~keep).sum()))
    for column in frame.select_dtypes("number").columns:
        if measure(str(column)).additive:
            values = parse_numbers(own[column]).values
            report.reconcile(report.file, str(column), values, keep, good & ~keep)


def _facts(
    raw: _Raw, wanted: set[str], have: Sequence[pd.DataFrame], choices: Choices
) -> pd.DataFrame:
    """Census facts that were asked for and that no table has, for US ZIPs."""
    there = {str(c) for frame in have for c in frame.columns}
    asked = set(FACTS.values()) if choices.census else wanted & set(FACTS.values())
    asked -= there
    if not asked or not are_zips(raw.ids, 0.8):
        return pd.DataFrame(index=pd.Index(raw.ids, dtype=object))
    return census_facts(raw.ids)[[name for name in FACTS.values() if name in asked]]


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


def _together(own: pd.DataFrame, joined: Joined | None, report: Report) -> pd.DataFrame:
    """Own columns and joined ones; where both have a name, the joined one wins."""
    if joined is None:
        return own
    over = [c for c in own.columns if c in joined.frame.columns]
    if over:
        report.notes.append(f"{joined.file} replaces the columns {', '.join(over)}.")
        report.totals = [t for t in report.totals if t.file == joined.file or t.measure not in over]
    return pd.concat([own.drop(columns=over), joined.frame.reindex(own.index)], axis=1)


def _assemble(raw: _Raw, table: pd.DataFrame, report: Report) -> Units:
    """Neighbours, notes, and the whole."""
    assert raw.geometry is not None
    geometry = raw.geometry.reset_index(drop=True)
    left_out = report.rows - report.usable_rows
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
    units = Units(raw.ids, geometry, table, graph, tuple(notes), raw.id_name, report.unmapped)
    report.measures = units.measure_names
    return units


def _describe(graph: Graph, report: Report) -> None:
    """Neighbours per unit, parts before bridges, and how many bridges are ferries."""
    land = graph.rows[~graph.ferry], graph.indices[~graph.ferry]
    report.mean_degree = round(len(graph.indices) / max(graph.n, 1), 2)
    dry = Graph.from_pairs(graph.n, np.column_stack(land))
    report.components = int(components(dry).max(initial=-1)) + 1
    report.ferries = int(graph.ferry.sum()) // 2
