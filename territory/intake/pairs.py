"""Tables of two ids a row: barriers between units, reps and units that do not suit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import clean_ids, unknown_problems
from territory.intake.names import key
from territory.intake.report import Report
from territory.intake.source import SourceLike
from territory.intake.tables import read_table

if TYPE_CHECKING:
    from territory.model.units import Units

__all__ = ["read_barriers", "read_excluded"]

Pairs = frozenset[tuple[str, str]]


def read_barriers(source: SourceLike, units: Units) -> Pairs:
    """Pairs of units that are no neighbours, whatever the map says.

    Parameters
    ----------
    source
        A table with the columns ``unit_a`` and ``unit_b``.

    Raises
    ------
    InputError
        If a column is missing or a unit is unknown, with its row.
    """
    table = read_table(source)
    columns = [_column(table, name) for name in ("unit_a", "unit_b")]
    ends = [_units_of(table, column, units) for column in columns]
    return frozenset((a, b) for a, b in zip(*ends, strict=True) if a and b)


def read_excluded(source: SourceLike, units: Units) -> Pairs:
    """Pairs of a rep and a unit that do not suit each other.

    Parameters
    ----------
    source
        A table with the columns ``rep_id`` and ``unit_id``.

    Raises
    ------
    InputError
        If a column is missing or a unit is unknown, with its row.
    """
    table = read_table(source)
    rep, unit = _column(table, "rep_id"), _column(table, "unit_id")
    reps = [str(r).strip() for r in table[rep]]
    return frozenset(
        (r, u) for r, u in zip(reps, _units_of(table, unit, units), strict=True) if r and u
    )


def _column(table: pd.DataFrame, name: str) -> str:
    found = next((str(c) for c in table.columns if key(c) == key(name)), None)
    if found is None:
        raise InputError(
            Problem(
                f"there is no column {name}; the columns are: "
                + ", ".join(map(str, table.columns[:12])),
                str(table.attrs["file"]),
                1,
                remedy=f"Name the column {name}.",
            )
        )
    return found


def _units_of(table: pd.DataFrame, column: str, units: Units) -> list[str]:
    cells = clean_ids(table[column].reset_index(drop=True), column, Report(), units.position)
    file = str(table.attrs["file"])
    faults = unknown_problems(cells, units.position, column, file, table.index.to_numpy())
    if faults:
        raise InputError(faults)
    return [str(cell) for cell in cells]
