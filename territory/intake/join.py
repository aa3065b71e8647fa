"""A table of measures, matched to units by their id."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import find_id
from territory.intake.match import Choices, match_rows
from territory.intake.names import column_of, key, our_measures
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report
from territory.intake.source import SourceLike
from territory.intake.tables import read_table
from territory.intake.validate import to_numbers
from territory.model.measures import measure


class Joined(NamedTuple):
    """Columns by unit id, and the name of the file they come from."""

    frame: pd.DataFrame
    file: str


def id_in_table(table: pd.DataFrame, id_name: str | None, file: str) -> str:
    """The column of a table that refers to units: named like their own id, else a known name."""
    if "unit_id" in table.attrs.get("columns", {}):
        told = column_of(table, "unit_id")
        if told is not None:
            return told
    for wanted in (id_name, "unit_id"):
        alike = [str(c) for c in table.columns if wanted and key(c) == key(wanted)]
        if len(alike) == 1:
            return alike[0]
    return find_id(table, None, file)


def join_table(
    source: SourceLike,
    ids: np.ndarray,
    id_name: str,
    in_use: set[str],
    report: Report,
    strict: bool = False,
    choices: Choices | None = None,
) -> Joined:
    """Read a table of attributes and match it to the units.

    Parameters
    ----------
    source
        The table.
    ids
        The units'.
    id_name
        What the boundaries call the id.
    in_use
        Measures that must be sound, and present for every unit, where the table has them.
    report
        Gets unknown, repeated and missing ids by row: these block a plan.
    strict
        Also list stray words in columns of numbers that nobody asked for.
    choices
        What becomes of repeated and unknown ids.
    """
    table = read_table(source)
    file = str(table.attrs["file"])
    own = Report(file=file, notes=list(table.attrs["notes"]))
    name = id_in_table(table, id_name, file)
    rows = table.index.to_numpy()
    known = frozenset(map(str, ids))
    spot = match_rows(table[name], name, known, rows, own, file=file, choices=choices)
    if not spot.mapped.any():
        raise InputError(
            Problem(
                f"no id of this table is a unit; here {spot.ids[0]!r}, "
                f"in the boundaries {ids[0]!r}",
                file,
                column=name,
                remedy="Check that both files use the same ids.",
            )
        )
    body = table.drop(columns=name)
    body = body.rename(columns=our_measures(body.columns, in_use))
    used = in_use & set(body.columns)
    kept = spot.mapped
    numbers = to_numbers(body[kept], own, file=file, rows=rows[kept], in_use=used, strict=strict)
    for column in numbers.select_dtypes("number").columns:
        if measure(str(column)).additive:
            everything = parse_numbers(body[column]).values
            own.reconcile(file, str(column), everything, spot.mapped, spot.unmapped)
    numbers = add_up(numbers, spot.ids[kept])
    _missing(ids, numbers, used, name, file, own)
    report.take(own)
    return Joined(numbers, file)


def add_up(frame: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:
    """One row a unit: what adds up is summed, of the rest the mean or the first is taken.

    Parameters
    ----------
    frame
        Numbers and text, a row each.
    ids
        The unit of each row.
    """
    frame = frame.set_axis(pd.Index(ids, dtype=object), axis=0)
    if frame.index.is_unique:
        return frame
    how: dict[str, str] = {}
    for name, column in frame.items():
        number = pd.api.types.is_numeric_dtype(column.dtype)
        adds = number and measure(str(name)).additive
        how[str(name)] = "sum" if adds else "mean" if number else "first"
    grouped = frame.groupby(level=0, sort=False)
    out = grouped.agg(how)
    # A sum of nothing but gaps is a gap.
    gaps = [name for name, way in how.items() if way == "sum"]
    out[gaps] = out[gaps].where(grouped[gaps].count() > 0)
    return out


def _missing(
    ids: np.ndarray, frame: pd.DataFrame, used: set[str], name: str, file: str, report: Report
) -> None:
    """Units without a row: a note, but a fault where a measure in use needs them."""
    absent = [str(unit) for unit in ids if unit not in frame.index]
    if not absent:
        return
    report.notes.append(f"{file}: {len(absent):,} of {len(ids):,} units have no row in it.")
    if used:
        names = ", ".join(sorted(used))
        report.block(
            [
                Problem(
                    f"{len(absent):,} unit(s) have no row, so {names} is unknown there: "
                    + ", ".join(repr(unit) for unit in absent[:5])
                    + (" …" if len(absent) > 5 else ""),
                    file,
                    column=name,
                    value=absent[0],
                    remedy="Add the rows; 0 means there is nothing.",
                )
            ]
        )
