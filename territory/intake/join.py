"""A table of measures, matched to units by their id."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import clean_ids, find_id, id_problems, unknown_problems
from territory.intake.names import key
from territory.intake.report import Report
from territory.intake.source import SourceLike
from territory.intake.tables import read_table
from territory.intake.validate import to_numbers


class Joined(NamedTuple):
    """Columns by unit id, and the name of the file they come from."""

    frame: pd.DataFrame
    file: str


def id_in_table(table: pd.DataFrame, id_name: str | None, file: str) -> str:
    """The column of a table that refers to units: named like their own id, else a known name."""
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
    """
    table = read_table(source)
    file = str(table.attrs["file"])
    report.notes += table.attrs["notes"]
    name = id_in_table(table, id_name, file)
    rows = table.index.to_numpy()
    found = clean_ids(table[name].reset_index(drop=True), name, report, set(ids))
    faults, good = id_problems(found, name, file, rows)
    unknown = unknown_problems(found, set(ids), name, file, rows)
    report.block(sorted([*faults, *unknown], key=lambda p: p.row or 0))
    if len(unknown) == len(table):
        raise InputError(
            Problem(
                f"no id of this table is a unit; here {found[0]!r}, in the boundaries {ids[0]!r}",
                file,
                column=name,
                remedy="Check that both files use the same ids.",
            )
        )
    keep = good & np.isin(found.astype(str), ids.astype(str))
    body = table.drop(columns=name)[keep]
    used = in_use & set(body.columns)
    numbers = to_numbers(body, report, file=file, rows=rows[keep], in_use=used, strict=strict)
    numbers.index = pd.Index(found[keep], dtype=object)
    _missing(ids, numbers, used, name, file, report)
    return Joined(numbers, file)


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
