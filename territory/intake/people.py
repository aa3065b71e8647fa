"""Tables of reps, accounts and sales → model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import as_typed, clean_ids, id_problems, unknown_problems
from territory.intake.names import find
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report, row_problems
from territory.intake.source import SourceLike
from territory.intake.tables import read_table
from territory.model.people import ACCOUNT_COLUMNS, TEAM_COLUMNS, Accounts, Sales, Team

if TYPE_CHECKING:
    from territory.model.units import Units

_TEAM_NUMBERS = ("home_lat", "home_lon", "capacity_hours", "quota")
_ACCOUNT_NUMBERS = ("revenue", "potential", "workload_hours")
_SIGNED = ("home_lat", "home_lon", "amount")
"""Numbers that may be negative: coordinates, and sales with returns."""


def read_team(source: SourceLike, units: Units | None = None) -> Team:
    """Read the reps.

    Parameters
    ----------
    source
        A table with ``rep_id`` and, all optional, ``name``, ``home_zip`` or ``home_lat`` and
        ``home_lon``, ``capacity_hours``, ``quota``, ``skills``, ``segments``, ``start_date``,
        ``manager``, under these or other common names.
    units
        The region; with it, a home is only changed where that makes it one of its units.

    Raises
    ------
    InputError
        If ``rep_id`` is missing or repeats, or a number is none; with the row of each.
    """
    table, report = _open(source)
    frame = _people(table, "rep_id", TEAM_COLUMNS, _TEAM_NUMBERS, report)
    if report.blocking:
        raise InputError(report.blocking)
    if "home_zip" in frame:
        known = None if units is None else units.position
        frame["home_zip"] = clean_ids(frame["home_zip"], "home_zip", report, known)
    told = _told(report)
    team = Team(frame.drop(columns="row"))
    if units is not None:
        told = (*told, *_lost_homes(team, units, report.file))
    # Whoever refuses a rep later can say where the rep is written.
    team.frame.attrs |= {"notes": told, "file": report.file, "rows": report_rows(frame).tolist()}
    return team


def _lost_homes(team: Team, units: Units, file: str) -> list[str]:
    """A note on reps whose home can't be found, unless nobody's home was asked for."""
    frame = team.frame
    if not ((frame["home_zip"] != "") | frame["home_lat"].notna()).any():
        return []
    lost = [rep for rep, home in zip(team.ids, team.homes(units), strict=True) if home < 0]
    if not lost:
        return []
    named = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
    return [f"{file}: the home of {len(lost)} rep(s) is unknown or outside the region: {named}."]


def read_accounts(source: SourceLike, units: Units) -> Accounts:
    """Read the accounts and place each in a unit.

    An account goes to the unit of its ZIP (or other unit id), else to the one its coordinates lie
    in. What has neither stays with an empty ``unit_id``; ``frame.attrs["notes"]`` says how many.

    Raises
    ------
    InputError
        If ids are missing or repeat, a number is none, or no account at all lies in the region.
    """
    accounts, report = read_accounts_report(source, units)
    if report.blocking:
        raise InputError(report.blocking)
    return accounts


def read_accounts_report(source: SourceLike, units: Units) -> tuple[Accounts, Report]:
    """The same from the usable rows, with all problems, unplaced accounts among them."""
    table, report = _open(source)
    frame = _people(
        table, "account_id", ACCOUNT_COLUMNS, _ACCOUNT_NUMBERS, report, keep=["unit_id"]
    )
    rows = report_rows(frame)
    column = find(table.columns, "unit_id")
    at = np.full(len(frame), "", dtype=object)
    if column is not None:
        at = clean_ids(
            table.loc[rows, column].reset_index(drop=True), column, report, units.position
        )
    lost = ~np.isin(at.astype(str), units.ids.astype(str))
    placed = _by_coordinates(table.loc[rows[lost]], units)
    if column is None and placed is None:
        raise InputError(
            Problem(
                "no column says where the accounts are (unit_id, ZIP, or lat and lon); the columns "
                f"are: {', '.join(map(str, table.columns[:12]))}",
                report.file,
                remedy="Add a column zip, or lat and lon.",
            )
        )
    if placed is not None:
        report.repaired("account placed by its coordinates", int((placed != "").sum()))
        at[lost] = np.where(placed != "", placed, at[lost])
    report.problems += _unplaced(at, units, column, report.file, rows)
    unplaced = ~np.isin(at.astype(str), units.ids.astype(str))
    if unplaced.all():
        raise InputError(
            Problem(
                f"none of the {len(frame):,} accounts lies in this region; the first is in "
                f"{at[0]!r}, the first unit is {units.ids[0]!r}",
                report.file,
                column=column,
                remedy="Check that the column holds ids of these units.",
            )
        )
    if unplaced.any():
        report.notes.append(f"{report.file}: {int(unplaced.sum()):,} accounts lie in no unit.")
    at[unplaced] = ""
    frame["unit_id"] = at
    accounts = Accounts(_with_workload(frame.drop(columns="row"), table.loc[rows], report))
    accounts.frame.attrs["notes"] = _told(report)
    report.usable_rows = int((~unplaced).sum())
    return accounts, report


def read_sales(source: SourceLike, units: Units | None = None) -> Sales:
    """Read sales so far: unit (or account) id, period, amount.

    Parameters
    ----------
    source
        A table with ``unit_id``, ``period`` and ``amount``, under these or other common names.
    units
        The region; with it, unknown units are refused and lost leading zeros restored.
    """
    table, report = _open(source)
    columns = {name: find(table.columns, name) for name in ("unit_id", "period", "amount")}
    missing = [name for name, column in columns.items() if column is None]
    if missing:
        raise _no_column(table, missing)
    rows = table.index.to_numpy()
    known = None if units is None else units.position
    unit_column = str(columns["unit_id"])
    ids = clean_ids(table[unit_column].reset_index(drop=True), unit_column, report, known)
    if units is not None:
        report.block(unknown_problems(ids, units.position, unit_column, report.file, rows))
    report.block(
        row_problems(
            "the id is missing",
            np.flatnonzero(ids == ""),
            file=report.file,
            rows=rows,
            column=unit_column,
            remedy="Fill it in, or remove the row.",
        )
    )
    amount = _number(table[str(columns["amount"])], "amount", report, rows)
    if report.blocking:
        raise InputError(report.blocking)
    period = table[str(columns["period"])].to_numpy(dtype=object)
    return Sales(pd.DataFrame({"unit_id": ids, "period": period, "amount": np.nan_to_num(amount)}))


def report_rows(frame: pd.DataFrame) -> np.ndarray:
    """The rows of the file that a frame was made from."""
    return frame["row"].to_numpy()


def _open(source: SourceLike) -> tuple[pd.DataFrame, Report]:
    table = read_table(source)
    report = Report(file=str(table.attrs["file"]), rows=len(table))
    report.notes += table.attrs["notes"]
    return table, report


def _told(report: Report) -> tuple[str, ...]:
    return (*report.notes, *(f"{report.file}: {repair}" for repair in report.repairs))


def _no_column(table: pd.DataFrame, names: Iterable[str]) -> InputError:
    have = ", ".join(map(str, table.columns[:12]))
    return InputError(
        Problem(
            f"there is no column {' or '.join(names)}; the columns are: {have}",
            str(table.attrs["file"]),
            1,
            remedy="Add it, or rename the column that holds it.",
        )
    )


def _people(
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
    column = find(table.columns, id_name)
    if column is None:
        raise _no_column(table, [id_name])
    rows = table.index.to_numpy()
    ids = as_typed(table[column])
    faults, good = id_problems(ids, column, report.file, rows)
    report.block(faults)
    taken = {column}
    out: dict[str, np.ndarray] = {}
    for name in fields:
        held = None if name in keep else find([c for c in table.columns if c not in taken], name)
        if held is None:
            continue
        taken.add(held)
        if name in numbers:
            out[name] = _number(table[held], name, report, rows)
        else:
            out[name] = table[held].to_numpy(dtype=object)
    for name in table.columns:
        if name not in taken and name not in out and name != "row" and name not in keep:
            out[str(name)] = table[name].to_numpy(dtype=object)
    frame = pd.DataFrame(out, index=pd.Index(ids, dtype=object))
    frame["row"] = rows
    return frame[good]


def _number(column: pd.Series, name: str, report: Report, rows: np.ndarray) -> np.ndarray:
    """A column of numbers; gaps are unknown, words and (mostly) negatives are problems."""
    numbers = parse_numbers(column)
    raw = column.to_numpy(dtype=object)
    report.repaired("formatted number read", int(numbers.rewritten.sum()), str(column.name))
    faults = [(numbers.bad, "{} is not a number")]
    if name not in _SIGNED:
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


def _with_workload(frame: pd.DataFrame, table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Hours a year from visits and minutes, where the table has no hours."""
    visits, minutes = find(table.columns, "visits"), find(table.columns, "minutes")
    if "workload_hours" in frame or visits is None or minutes is None:
        return frame
    rows = table.index.to_numpy()
    hours = _number(table[visits], "visits", report, rows) / 60
    hours = hours * _number(table[minutes], "minutes", report, rows)
    report.repaired("workload worked out from visits × minutes", int(np.isfinite(hours).sum()))
    return frame.assign(workload_hours=hours)


def _by_coordinates(table: pd.DataFrame, units: Units) -> np.ndarray | None:
    """The unit that each row's coordinates lie in, "" where none; None without coordinates."""
    lat, lon = find(table.columns, "lat"), find(table.columns, "lon")
    if lat is None or lon is None:
        return None
    import geopandas as gpd

    y, x = parse_numbers(table[lat]).values, parse_numbers(table[lon]).values
    out = np.full(len(table), "", dtype=object)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = gpd.points_from_xy(x[known], y[known])
    # Not a join of frames: a point on a border belongs to the first unit, never to two.
    point, unit = units.geometry.sindex.query(points, predicate="intersects")
    point, first = np.unique(point, return_index=True)
    out[known[point]] = units.ids[unit[first]]
    return out


def _unplaced(
    at: np.ndarray, units: Units, column: str | None, file: str, rows: np.ndarray
) -> list[Problem]:
    # A file of millions of accounts may belong to another region: examples will do.
    lost = np.flatnonzero(~np.isin(at.astype(str), units.ids.astype(str)))[:1000]
    at, rows = at[lost], rows[lost]
    faults = unknown_problems(at, units.position, column or "", file, rows)
    return faults + row_problems(
        "the account lies in no unit",
        np.flatnonzero(at == ""),
        file=file,
        rows=rows,
        column=column,
        remedy="Give its ZIP, or lat and lon.",
    )
