"""Millions of accounts, summed to units by DuckDB: seconds, and little memory.

Only the sums are kept: what plans are made with. Rows are never held in Python.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.bulk_sql import (
    NUMBERS,
    PLAIN,
    careful_sums,
    column_name,
    connect,
    decimal_in,
    linked,
    number_of,
    plain_rows,
    plain_sums,
    rows_of,
    run,
)
from territory.intake.exports import recognise
from territory.intake.match import place_ids, unknown_ids
from territory.intake.names import column_of
from territory.intake.numbers import parse_numbers
from territory.intake.places import zips_in_units
from territory.intake.report import Report
from territory.intake.source import Source, SourceLike, open_source
from territory.intake.tables import read_head

if TYPE_CHECKING:
    from territory.model.units import Units

log = logging.getLogger(__name__)

BULK_BYTES = 30_000_000
"""Files from this size on are summed; smaller ones keep each account."""

_LISTED = 100


class Sums(NamedTuple):
    """Index unit_id: accounts and the measures that the file has; and how it went."""

    frame: pd.DataFrame
    report: Report


def is_bulk(source: SourceLike) -> bool:
    """Whether a table of accounts is too long to keep each of them."""
    file = open_source(source)
    if file.upload is not None:
        size = len(file.upload)
    else:
        assert file.path is not None
        size = file.path.stat().st_size
    return size >= BULK_BYTES and file.suffix not in (".xlsx", ".xlsm", ".xls")


def sum_accounts(
    source: SourceLike,
    units: Units,
    *,
    progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Sums:
    """Sum a long table of accounts to units.

    Parameters
    ----------
    source
        CSV or Parquet. A path is read where it is, never as a whole.
    units
        The region. Accounts are placed by unit id (ZIP) alone.
    progress
        Told the share that is done, from 0 to 1.
    cancel
        Asked now and then whether to stop.

    Raises
    ------
    InputError
        If the file is damaged, has ragged rows, doubled or missing ids, or cells that are no
        numbers; with the first rows of each.
    Cancelled
        If the user stopped it.
    """
    file = open_source(source)
    head = read_head(file)
    names = _columns(head, file)
    report = Report(file=file.name, notes=list(head.attrs["notes"]))
    system = recognise(head.columns)
    if system:
        report.notes.append(f"{file.name}: read as an account export of {system}.")
    with tempfile.TemporaryDirectory(prefix="territory-") as folder:
        path = linked(file, Path(folder))
        with connect(folder) as database:
            table = rows_of(head, path)
            sums = _plain(database, path, names, head, file, progress, cancel)
            hashes = None
            if sums is None:
                sql = careful_sums(table, names, head)
                sums = run(database, sql, file, progress, cancel)
                _refuse_cells(database, table, names, sums, head, file)
            elif "account_id" in names:
                hashes = run(database, f"SELECT id FROM {PLAIN}", file, None, cancel)["id"]
            doubled = _doubled(database, table, names, hashes, file, cancel)
    report.block(doubled)
    if report.blocking:
        raise InputError(report.blocking)
    return _to_units(sums, names, units, report)


def _columns(head: pd.DataFrame, file: Source) -> dict[str, str]:
    """Field → column: where an account is, and what adds up."""
    fields = ("unit_id", "account_id", *NUMBERS)
    found = {name: column_of(head, name) for name in fields}
    if found["unit_id"] is None:
        raise file.refuse(
            "no column says where the accounts are; the columns are: "
            + ", ".join(map(str, head.columns[:12])),
            "So long a table needs a column zip (or unit_id).",
        )
    return {name: column for name, column in found.items() if column is not None}


def _plain(
    database: Any,
    path: Path,
    names: dict[str, str],
    head: pd.DataFrame,
    file: Source,
    progress: Callable[[float], None] | None,
    cancel: Callable[[], bool] | None,
) -> pd.DataFrame | None:
    """A row for each way a unit is written: count and sums; None where digits are not all there is.

    The file is read once, also for the ids.
    """
    measures = [name for name in NUMBERS if name in names]
    if any(decimal_in(head, names[m]) for m in measures):
        return None
    rows = rows_of(head, path, {names[m] for m in measures})
    try:
        run(database, plain_rows(rows, names), file, progress, cancel)
        sums = run(database, plain_sums(names), file, None, cancel)
    except InputError as error:
        log.info("Reading carefully: %s", error)
        return None
    return None if any(sums[f"bad_{m}"].sum() for m in measures) else sums


def _refuse_cells(
    database: Any,
    table: str,
    names: dict[str, str],
    sums: pd.DataFrame,
    head: pd.DataFrame,
    file: Source,
) -> None:
    """Name the first cells that are no numbers, or negative; a second pass only where needed."""
    problems = []
    for name in NUMBERS:
        if name not in names or not sums[f"bad_{name}"].sum():
            continue
        value = number_of(names[name], decimal_in(head, names[name]))
        cell = f"nullif(trim({column_name(names[name])}::VARCHAR), '')"
        sql = (
            f"SELECT row, cell FROM (SELECT row_number() OVER () + 1 AS row, {cell} AS cell, "
            f"{value} AS value FROM {table}) WHERE cell IS NOT NULL AND "
            f"coalesce(NOT isfinite(value) OR value < 0, true) ORDER BY row LIMIT {_LISTED}"
        )
        database.execute("SET preserve_insertion_order = true")
        for row, text in run(database, sql, file, None, None).itertuples(index=False):
            said = "is negative" if not parse_numbers(pd.Series([text])).bad[0] else "is no number"
            problems.append(
                Problem(
                    f"{str(text)[:80]!r} {said}",
                    file.name,
                    int(row),
                    names[name],
                    str(text)[:80],
                    "Correct the cell, or leave it empty where it is not known.",
                )
            )
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.row or 0))


def _doubled(
    database: Any,
    table: str,
    names: dict[str, str],
    hashes: pd.Series | None,
    file: Source,
    cancel: Callable[[], bool] | None,
) -> list[Problem]:
    """Ids that occur again or are missing: counted, with an example.

    ``hashes`` are those of the ids, missing where the id is, if there are any at hand: sorting
    them takes a fifth of the time of counting what differs in the database.
    """
    if "account_id" not in names:
        return []
    column = column_name(names["account_id"])
    if hashes is None:
        cell = f"trim({column}::VARCHAR)"
        sql = (
            f"SELECT CASE WHEN coalesce({cell}, '') <> '' THEN hash({cell}) END AS id FROM {table}"
        )
        hashes = run(database, sql, file, None, cancel)["id"]
    present = np.sort(hashes.dropna().to_numpy())
    missing = len(hashes) - len(present)
    again = int((present[1:] == present[:-1]).sum())
    problems = []
    if missing:
        said = f"{missing:,} account(s) have no id"
        problems.append(Problem(said, file.name, None, names["account_id"], remedy="Fill it in."))
    if again:
        example = run(
            database,
            f"SELECT {column} AS id FROM {table} WHERE coalesce({column}::VARCHAR, '') <> '' "
            "GROUP BY 1 HAVING count(*) > 1 LIMIT 1",
            file,
            None,
            cancel,
        )["id"]
        shown = str(example.iloc[0])[:80] if len(example) else ""
        said = f"{again:,} account(s) occur again" + (f", such as {shown!r}" if shown else "")
        remedy = "Keep one row an account."
        problems.append(Problem(said, file.name, None, names["account_id"], shown or None, remedy))
    return problems


def _to_units(sums: pd.DataFrame, names: dict[str, str], units: Units, report: Report) -> Sums:
    """The sums by unit; what lies in none is listed and stays in the totals."""
    column = names["unit_id"]
    measures = [name for name in NUMBERS if name in names]
    _, ids = place_ids(sums["unit"].fillna(""), column, units.position, report)
    ids = zips_in_units(ids, units, report, column)
    inside = pd.Series(ids).isin(units.position).to_numpy()
    report.rows = int(sums["accounts"].sum())
    report.usable_rows = int(sums["accounts"][inside].sum())
    report.accounts = report.rows
    if not inside.any():
        raise InputError(
            Problem(
                f"none of the {report.rows:,} accounts lies in this region",
                report.file,
                column=column,
                remedy="Check that the column holds ids of these units.",
            )
        )
    lost = np.flatnonzero(~inside)
    if len(lost):
        report.notes.append(
            f"{report.file}: {report.rows - report.usable_rows:,} accounts lie in no unit; they "
            'stay in the totals as "unmapped".'
        )
        counts = sums["accounts"].to_numpy()
        lost = lost[np.argsort(-counts[lost], kind="stable")][:_LISTED]
        for i, problem in zip(lost, unknown_ids(ids, lost, column, report.file, ids), strict=True):
            report.problems.append(
                Problem(
                    f"{problem.message}; {counts[i]:,} account(s)",
                    report.file,
                    None,
                    column,
                    problem.value,
                    problem.remedy,
                )
            )
    for name in ("accounts", *measures):
        values = sums[name].to_numpy(float, na_value=np.nan)
        report.reconcile(report.file, name, values, inside, ~inside)
    kept = sums.loc[inside, ["accounts", *measures]].astype(float)
    frame = kept.groupby(ids[inside]).sum().reindex(units.ids).fillna(0.0)
    report.notes.append(
        f"{report.file}: {report.rows:,} accounts summed to units; they are not kept one by one."
    )
    return Sums(frame, report)
