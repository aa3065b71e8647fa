"""Plans and locks from tables: PLAN.csv and its relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import clean_ids, id_problems, unknown_problems
from territory.intake.match import Choices, place_ids, unknown_ids
from territory.intake.names import column_of, key
from territory.intake.report import Report
from territory.intake.source import SourceLike
from territory.intake.tables import read_table
from territory.model.locks import Locks

if TYPE_CHECKING:
    from territory.model.units import Units


def read_alignment(source: SourceLike, units: Units) -> dict[str, str]:
    """Read which territory each unit belongs to.

    Parameters
    ----------
    source
        A table with ``unit_id`` and ``territory_id``, both text; other common names will do.
    units
        The region.

    Returns
    -------
    unit_id → territory_id. An empty ``territory_id`` and an absent unit are unassigned: neither
    is in the result.

    Raises
    ------
    InputError
        If a unit is unknown or occurs twice, with its row.
    """
    found, report = read_alignment_report(source, units)
    if report.blocking:
        raise InputError(report.blocking)
    return found


def read_alignment_report(
    source: SourceLike, units: Units, choices: Choices | None = None
) -> tuple[dict[str, str], Report]:
    """The same from the usable rows, with all problems.

    ZIPs of PO boxes and single organisations follow the area around them, which a row of its own
    overrules. ``choices`` may keep ids that are no unit from being a fault: lists of a whole
    country are used for a part of it.
    """
    table = read_table(source)
    file = str(table.attrs["file"])
    unit, territory = _columns(table, units, file)
    report = Report(file=file, rows=len(table), notes=list(table.attrs["notes"]))
    rows = table.index.to_numpy()
    written, ids = place_ids(table[unit], unit, units.position, report)
    faults, good = id_problems(written, unit, file, rows)
    inside = pd.Series(ids).isin(units.position).to_numpy()
    strangers = np.flatnonzero(good & ~inside)
    lost = unknown_ids(ids, strangers, unit, file, rows)
    if choices is not None and choices.unknown == "keep":
        report.problems += lost
        report.notes += elsewhere_note(file, len(strangers))
    else:
        faults += lost
    report.block(sorted(faults, key=lambda p: p.row or 0))
    values = table[territory].to_numpy(dtype=object)
    # A unit's own row comes after those of the boxes in it, so that it wins.
    order = np.argsort(written == ids, kind="stable")
    order = order[(good & inside)[order]]
    found = {str(ids[i]): str(values[i]) for i in order}
    report.usable_rows = int((good & inside).sum())
    return {u: found[u] for u in units.ids if found.get(u)}, report


def elsewhere_note(file: str, count: int) -> list[str]:
    """What whoever looks for a unit's owner should know, if there is anything."""
    return [f"{file}: {count:,} row(s) are of no area here; left out."] if count else []


def owner_column(source: SourceLike, units: Units) -> str:
    """Which column says whose a unit is."""
    table = read_table(source)
    return _columns(table, units, str(table.attrs["file"]))[1]


def _columns(table: pd.DataFrame, units: Units, file: str) -> tuple[str, str]:
    """The columns of the unit and the territory."""
    unit = column_of(table, "unit_id")
    for column in table.columns:
        if key(column) == key(units.id_name) and "unit_id" not in table.attrs.get("columns", {}):
            unit = unit if unit is not None and key(unit) == "unitid" else str(column)
    territory = column_of(table, "territory_id", {unit} if unit else ())
    missing = [
        name for name, found in (("unit_id", unit), ("territory_id", territory)) if found is None
    ]
    if unit is None or territory is None:
        raise InputError(
            Problem(
                f"there is no column {' and no column '.join(missing)}; the columns are: "
                + ", ".join(map(str, table.columns[:12])),
                file,
                1,
                remedy="A plan has the columns unit_id and territory_id.",
            )
        )
    return unit, territory


def read_locks(source: SourceLike, units: Units) -> Locks:
    """Read what must not change.

    Parameters
    ----------
    source
        A table with one or more of the columns ``unit_id``, ``territory_id``, ``account_id``;
        each cell that is filled locks what it names.
    units
        The region.

    Raises
    ------
    InputError
        If none of the columns is there, or a unit is unknown, with its row.
    """
    table = read_table(source)
    file = str(table.attrs["file"])
    columns = {
        name: next((str(c) for c in table.columns if key(c) == key(name)), None)
        for name in ("unit_id", "territory_id", "account_id")
    }
    columns["unit_id"] = columns["unit_id"] or next(
        (str(c) for c in table.columns if key(c) == key(units.id_name)), None
    )
    if not any(columns.values()):
        raise InputError(
            Problem(
                "there is no column unit_id, territory_id or account_id; the columns are: "
                + ", ".join(map(str, table.columns[:12])),
                file,
                1,
                remedy="Name what is locked in columns of these names.",
            )
        )
    rows = table.index.to_numpy()
    locked: dict[str, np.ndarray] = {}
    for name, column in columns.items():
        cells = np.zeros(0, dtype=object)
        if column is not None:
            cells = table[column].to_numpy(dtype=object)
        if name == "unit_id" and column is not None:
            series = table[column].reset_index(drop=True)
            cells = clean_ids(series, column, Report(), units.position)
            faults = unknown_problems(cells, units.position, column, file, rows)
            if faults:
                raise InputError(faults)
        locked[name] = cells[cells != ""]
    return Locks.of(
        map(str, locked["unit_id"]),
        map(str, locked["territory_id"]),
        map(str, locked["account_id"]),
    )
