"""Units from a table alone: known US ZIPs and points get areas, other ids are only checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.boundaries import refuse_many
from territory.intake.ids import clean_ids, find_id, id_problems
from territory.intake.join import add_up
from territory.intake.match import Choices, match_rows
from territory.intake.names import ZIPS, column_of, key, our_measures
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report, row_problems
from territory.intake.source import Source
from territory.intake.tables import read_table
from territory.intake.validate import to_numbers
from territory.intake.zip_areas import NOTE, zip_areas
from territory.intake.zips import are_zips, census, point_of
from territory.model.measures import measure

if TYPE_CHECKING:
    import geopandas as gpd


class TableUnits(NamedTuple):
    """Units by id, their areas or points (None where nothing says), and their columns."""

    ids: np.ndarray
    geometry: gpd.GeoSeries | None
    frame: pd.DataFrame
    id_name: str


def read_table_units(
    file: Source,
    report: Report,
    *,
    id_column: str | None,
    in_use: set[str],
    strict: bool,
    choices: Choices,
) -> TableUnits:
    """Read a table whose rows are units.

    Raises
    ------
    InputError
        If it is no table, or no column identifies a unit.
    """
    table = read_table(file)
    report.rows = len(table)
    report.notes += table.attrs["notes"]
    rows = table.index.to_numpy()
    name = _id_column(table, id_column, file.name)
    report.id_column = name
    refuse_many(file, table[name].nunique())
    cleaned = clean_ids(table[name].reset_index(drop=True), name, Report())
    # A handful of codes under a clear name may well hold a wrong one.
    lenient = key(name).startswith(ZIPS) and len(table) <= 5
    if are_zips(cleaned, 0.25 if lenient else 0.6) and not _elsewhere(table, cleaned):
        known = frozenset(census().index)
        spot = match_rows(
            table[name],
            name,
            known,
            rows,
            report,
            file=file.name,
            choices=choices,
            unknown="is no ZIP with an area in the United States",
        )
        ids, good, unmapped = spot
    else:
        ids = clean_ids(table[name].reset_index(drop=True), name, report)
        faults, good = id_problems(ids, name, file.name, rows)
        report.block(faults)
        unmapped = np.zeros(len(ids), bool)
    zips = are_zips(ids[good], 0.99) and not _elsewhere(table, ids)
    places, good = _places(table, ids, good, report, zips)
    body = table.drop(columns=name)
    body = body.rename(columns=our_measures(body.columns, in_use))
    used = in_use & set(body.columns)
    numbers = to_numbers(
        body[good], report, file=file.name, rows=rows[good], in_use=used, strict=strict
    )
    for column in numbers.select_dtypes("number").columns:
        if measure(str(column)).additive:
            values = parse_numbers(body[column]).values
            report.reconcile(file.name, str(column), values, good, unmapped)
    frame = add_up(numbers, ids[good])
    if places is not None and len(places) > len(frame):
        places = places[~pd.Series(ids[good]).duplicated().to_numpy()]
    if places is None and good.any() and zips:
        places = zip_areas(frame.index.to_numpy(dtype=object))
        report.notes.append(NOTE)
    elif places is None:
        report.notes.append(
            f"{file.name}: a table without boundaries, and its ids are no US ZIPs; neighbours are "
            "unknown."
        )
    return TableUnits(frame.index.to_numpy(dtype=object), places, frame, name)


def _id_column(table: pd.DataFrame, asked: str | None, file: str) -> str:
    told = column_of(table, "unit_id") if "unit_id" in table.attrs.get("columns", {}) else None
    return told or find_id(table, asked, file)


def _elsewhere(table: pd.DataFrame, ids: np.ndarray) -> bool:
    """Whether the table's own coordinates say that its codes are another country's."""
    lat, lon = column_of(table, "lat"), column_of(table, "lon")
    if lat is None or lon is None:
        return False
    there = np.column_stack([parse_numbers(table[c]).values for c in (lat, lon)])
    apart = np.abs(there - point_of(ids)).max(axis=1)
    known = np.isfinite(apart)
    return bool(known.any() and np.median(apart[known]) > 2)


def _places(
    table: pd.DataFrame, ids: np.ndarray, good: np.ndarray, report: Report, zips: bool
) -> tuple[gpd.GeoSeries | None, np.ndarray]:
    """The points of the table's own coordinates, where it has them and its ids are no ZIPs."""
    lat, lon = column_of(table, "lat"), column_of(table, "lon")
    if zips or lat is None or lon is None:
        return None, good
    import geopandas as gpd

    y, x = parse_numbers(table[lat]).values, parse_numbers(table[lon]).values
    placed = (np.abs(y) <= 90) & (np.abs(x) <= 180)
    report.problems += row_problems(
        "the unit has no place: latitude or longitude is missing or out of range",
        np.flatnonzero(good & ~placed),
        file=report.file,
        rows=table.index.to_numpy(),
        column=lat,
        values=table[lat].to_numpy(dtype=object),
        remedy="Fill in both, in degrees.",
    )
    good = good & placed
    if not good.any():
        return None, good
    return gpd.GeoSeries.from_xy(x[good], y[good], crs=4326), good


def no_areas(file: str) -> InputError:
    """The refusal of a table whose rows can't be drawn."""
    return InputError(
        Problem(
            "this is a table, not boundaries, and its ids are no US ZIPs, so no areas can be "
            "built for it",
            file,
            remedy="Give the boundaries as UNITS and this table with --attributes.",
        )
    )
