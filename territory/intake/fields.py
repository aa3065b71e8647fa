"""What tables of people, accounts and sales have in common: known columns, ids, numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import as_typed, id_problems
from territory.intake.names import column_of
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report, row_problems
from territory.intake.source import SourceLike
from territory.intake.tables import read_table

SIGNED = ("home_lat", "home_lon", "amount")
"""Numbers that may be negative: coordinates, and sales with returns."""


def open_table(source: SourceLike) -> tuple[pd.DataFrame, Report]:
    """The table, and a report that knows its name and notes."""
    table = read_table(source)
    report = Report(file=str(table.attrs["file"]), rows=len(table))
    report.notes += table.attrs["notes"]
    return table, report


def told(report: Report) -> tuple[str, ...]:
    """Notes and repairs in words, for whoever looks at the project later."""
    return (*report.notes, *(f"{report.file}: {repair}" for repair in report.repairs))


def no_column(table: pd.DataFrame, names: Iterable[str]) -> InputError:
    """The refusal of a table without columns that it needs."""
    have = ", ".join(map(str, table.columns[:12]))
    return InputError(
        Problem(
            f"there is no column {' or '.join(names)}; the columns are: {have}",
            str(table.attrs["file"]),
            1,
            remedy=f"Say which column holds it (Columns of {table.attrs['file']}), or add it.",
        )
    )


def known_columns(
    table: pd.DataFrame,
    id_name: str,
    fields: Iterable[str],
    numbers: tuple[str, ...],
    report: Report,
    keep: Iterable[str] = (),
) -> pd.DataFrame:
    """Rename known columns, check ids and numbers; other columns stay as they are.

    Returns rows with a good id, indexed by it, their row numbers in column ``row``.
    """
    column = column_of(table, id_name)
    if column is None:
        raise no_column(table, [id_name])
    rows = table.index.to_numpy()
    ids = as_typed(table[column])
    once = "Keep one of these rows and remove the others."
    faults, good = id_problems(ids, column, report.file, rows, once)
    report.block(faults)
    taken = {column}
    out: dict[str, np.ndarray] = {}
    for name in fields:
        held = None if name in keep else column_of(table, name, taken)
        if held is None:
            continue
        taken.add(held)
        if name in numbers:
            out[name] = number_column(table[held], name, report, rows)
        else:
            out[name] = table[held].to_numpy(dtype=object)
    for name in table.columns:
        if name not in taken and name not in out and name != "row" and name not in keep:
            out[str(name)] = table[name].to_numpy(dtype=object)
    frame = pd.DataFrame(out, index=pd.Index(ids, dtype=object))
    frame["row"] = rows
    return frame[good]


def number_column(column: pd.Series, name: str, report: Report, rows: np.ndarray) -> np.ndarray:
    """A column of numbers; gaps are unknown, words and (mostly) negatives are problems."""
    numbers = parse_numbers(column)
    raw = column.to_numpy(dtype=object)
    examples = [str(raw[i]) for i in np.flatnonzero(numbers.rewritten)[:3]]
    report.repaired(
        "formatted number read", int(numbers.rewritten.sum()), str(column.name), examples
    )
    faults = [(numbers.bad, "{} is not a number")]
    if name not in SIGNED:
        faults.append((~numbers.bad & (numbers.values < 0), "{} is negative"))
    for where, message in faults:
        report.block(
            row_problems(
                message,
                np.flatnonzero(where),
                file=report.file,
                rows=rows,
                column=str(column.name),
                values=raw,
                remedy="Correct the cell, or leave it empty where it is not known.",
            )
        )
    return numbers.values


def report_rows(frame: pd.DataFrame) -> np.ndarray:
    """The rows of the file that a frame was made from."""
    return frame["row"].to_numpy()
