"""Millions of accounts, summed to units by DuckDB: seconds, and little memory.

Only the sums are kept: what plans are made with. Rows are never held in Python.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from territory.errors import Cancelled, InputError, Problem
from territory.intake.boundaries import kind
from territory.intake.exports import recognise
from territory.intake.match import place_ids, unknown_ids
from territory.intake.names import column_of
from territory.intake.numbers import decimal_comma, parse_numbers
from territory.intake.report import Report
from territory.intake.source import Source, SourceLike, open_source
from territory.intake.tables import read_head

if TYPE_CHECKING:
    import duckdb

    from territory.model.units import Units

BULK_BYTES = 30_000_000
"""Files from this size on are summed; smaller ones keep each account."""

_MEMORY = "600MB"
_NUMBERS = ("revenue", "potential", "workload_hours")
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
        path = _within(file, Path(folder))
        with _connect(folder) as database:
            table = _table(database, file, head, path)
            sums = _sum(database, table, names, head, file, progress, cancel)
            _refuse_cells(database, table, names, sums, head, file)
            doubled = _doubled(database, table, names, file, cancel)
    report.block(doubled)
    if report.blocking:
        raise InputError(report.blocking)
    return _to_units(sums, names, units, report)


def _columns(head: pd.DataFrame, file: Source) -> dict[str, str]:
    """Field → column: where an account is, and what adds up."""
    fields = ("unit_id", "account_id", *_NUMBERS)
    found = {name: column_of(head, name) for name in fields}
    if found["unit_id"] is None:
        raise file.refuse(
            "no column says where the accounts are; the columns are: "
            + ", ".join(map(str, head.columns[:12])),
            "So long a table needs a column zip (or unit_id).",
        )
    return {name: column for name, column in found.items() if column is not None}


def _within(file: Source, folder: Path) -> Path:
    """The file under a name of ours: DuckDB reads ``*`` and ``[`` in a path as a pattern."""
    path = folder / ("accounts.parquet" if kind(file) == "parquet" else "accounts.csv")
    if file.path is None:
        path.write_bytes(file.data)
        return path
    try:
        path.symlink_to(file.path.resolve())
    except OSError:  # Windows lets few users make links.
        shutil.copyfile(file.path, path)
    return path


def _connect(folder: str) -> duckdb.DuckDBPyConnection:
    """A database in memory that may spill into our folder and never fetches an extension."""
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "temp_directory": folder,
            "threads": "2",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
    )


def _table(database: Any, file: Source, head: pd.DataFrame, path: Path) -> str:
    """The SQL of the rows, all of it text; CSV with the dialect that was found out."""
    if path.suffix == ".parquet":
        return f"read_parquet({_text(str(path))})"
    columns = ", ".join(f"{_text(str(c))}: 'VARCHAR'" for c in head.columns)
    return (
        f"read_csv({_text(str(path))}, delim={_text(head.attrs['delimiter'])}, quote='\"', "
        f"escape='\"', header=true, columns={{{columns}}}, auto_detect=false, "
        "strict_mode=true, null_padding=false, max_line_size=2000000, "
        f"encoding={_text(head.attrs['encoding'])})"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _number(column: str, comma: bool) -> str:
    """SQL that reads a cell as ``parse_numbers`` does: signs, brackets, separators."""
    cell = f"{_name(column)}::VARCHAR"
    bare = f"regexp_replace({cell}, '[$€£¥\\s]|USD|EUR|GBP|CHF', '', 'g')"
    bare = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
    if comma:
        other = f"replace(replace({bare}, '.', ''), ',', '.')"
    else:
        # Only whole groups of three: 1,2 stays a fault instead of becoming 12.
        grouped = f"regexp_matches({bare}, '^-?\\d{{1,3}}(,\\d{{3}})+(\\.\\d*)?$')"
        other = f"CASE WHEN {grouped} THEN replace({bare}, ',', '') ELSE {bare} END"
    plain = f"try_cast({cell} AS DOUBLE)"
    return (
        f"coalesce({plain}, try_cast({other} AS DOUBLE))"
        if not comma
        else (f"try_cast({other} AS DOUBLE)")
    )


def _sum(
    database: Any,
    table: str,
    names: dict[str, str],
    head: pd.DataFrame,
    file: Source,
    progress: Callable[[float], None] | None,
    cancel: Callable[[], bool] | None,
) -> pd.DataFrame:
    """A row for each way a unit is written: count, sums, and how many cells are no numbers."""
    plain = _run(database, _plain_sums(table, names), file, progress, cancel)
    measures = [name for name in _NUMBERS if name in names]
    sound = all(
        (plain[f"filled_{m}"] == plain[f"read_{m}"]).all()
        and np.isfinite(plain[m].fillna(0)).all()
        and not (plain[f"least_{m}"] < 0).any()
        for m in measures
    )
    if sound and not any(_comma(head, names[m]) for m in measures):
        return plain.assign(**{f"bad_{m}": 0 for m in measures})
    return _run(database, _careful_sums(table, names, head), file, progress, cancel)


def _plain_sums(table: str, names: dict[str, str]) -> str:
    """Most files hold plain digits: three times as fast as expecting anything else."""
    parts = [f"{_name(names['unit_id'])}::VARCHAR AS unit", "count(*) AS accounts"]
    for name in _NUMBERS:
        if name in names:
            cell = f"{_name(names[name])}::VARCHAR"
            value = f"try_cast({cell} AS DOUBLE)"
            parts += [
                f"sum({value}) AS {name}",
                f"min({value}) AS least_{name}",
                f"count({value}) AS read_{name}",
                f"count({cell}) - count(*) FILTER ({cell} = '') AS filled_{name}",
            ]
    return f"SELECT {', '.join(parts)} FROM {table} GROUP BY 1"


def _careful_sums(table: str, names: dict[str, str], head: pd.DataFrame) -> str:
    inner = [f"{_name(names['unit_id'])}::VARCHAR AS unit"]
    outer = ["unit", "count(*) AS accounts"]
    for name in _NUMBERS:
        if name not in names:
            continue
        inner += [
            f"{_number(names[name], _comma(head, names[name]))} AS {name}",
            f"{_name(names[name])}::VARCHAR AS cell_{name}",
        ]
        fine = f"coalesce(isfinite({name}) AND {name} >= 0, false)"
        outer += [
            f"sum({name}) FILTER ({fine}) AS {name}",
            f"count(*) FILTER (NOT {fine} AND trim(coalesce(cell_{name}, '')) <> '') AS bad_{name}",
        ]
    return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {table}) GROUP BY 1"


def _comma(head: pd.DataFrame, column: str) -> bool:
    return bool(decimal_comma(head[column]))


def _run(
    database: Any,
    sql: str,
    file: Source,
    progress: Callable[[float], None] | None,
    cancel: Callable[[], bool] | None,
) -> pd.DataFrame:
    """Run a query in a thread, so that it can be watched and stopped."""
    import threading

    import duckdb

    answer: dict[str, Any] = {}

    def work() -> None:
        try:
            answer["frame"] = database.execute(sql).df()
        except duckdb.Error as error:
            answer["error"] = error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)
        if cancel is not None and cancel():
            database.interrupt()
            thread.join()
            raise Cancelled("Stopped; nothing was changed.")
        if progress is not None:
            progress(min(max(float(database.query_progress()), 0.0) / 100, 1.0))
    if "error" in answer:
        raise _damaged(answer["error"], file) from answer["error"]
    return answer["frame"]


def _damaged(error: Exception, file: Source) -> InputError:
    """DuckDB's complaint in our words: the row, and what to do; never its own text with paths."""
    import re

    said = str(error)
    row = re.search(r"Line: (\d+)", said)
    if "unicode" in said.lower() or "utf-8" in said.lower():
        return file.refuse("the text is not UTF-8", "Name its encoding, such as cp1252.")
    if "memory" in said.lower() and "limit" in said.lower():
        return file.refuse("the table needs too much memory", "Split it, or save it as Parquet.")
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    what = "the row can't be read: its quotes or cells don't match the header"
    if cells:
        what = f"has {cells[2]} cells where the header has {cells[1]}"
    return InputError(
        Problem(
            what,
            file.name,
            int(row[1]) if row else None,
            remedy="Put cells that hold the delimiter in quotes, or fill the row up.",
        )
    )


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
    for name in _NUMBERS:
        if name not in names or not sums[f"bad_{name}"].sum():
            continue
        value = _number(names[name], _comma(head, names[name]))
        cell = f"nullif(trim({_name(names[name])}::VARCHAR), '')"
        sql = (
            f"SELECT row, cell FROM (SELECT row_number() OVER () + 1 AS row, {cell} AS cell, "
            f"{value} AS value FROM {table}) WHERE cell IS NOT NULL AND "
            f"coalesce(NOT isfinite(value) OR value < 0, true) ORDER BY row LIMIT {_LISTED}"
        )
        database.execute("SET preserve_insertion_order = true")
        for row, text in _run(database, sql, file, None, None).itertuples(index=False):
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
    file: Source,
    cancel: Callable[[], bool] | None,
) -> list[Problem]:
    """Ids that occur again or are missing: counted, with an example."""
    if "account_id" not in names:
        return []
    column = _name(names["account_id"])
    sql = (
        f"SELECT count(*) AS n, count(DISTINCT hash(trim({column}::VARCHAR))) AS different, "
        f"count(*) FILTER (coalesce(trim({column}::VARCHAR), '') = '') AS missing FROM {table}"
    )
    n, different, missing = (int(v) for v in _run(database, sql, file, None, cancel).iloc[0])
    problems = []
    if missing:
        said = f"{missing:,} account(s) have no id"
        problems.append(Problem(said, file.name, None, names["account_id"], remedy="Fill it in."))
    again = n - missing - (different - (1 if missing else 0))
    if again > 0:
        example = _run(
            database,
            f"SELECT {column} AS id FROM {table} WHERE coalesce({column}::VARCHAR, '') <> '' "
            "GROUP BY 1 HAVING count(*) > 1 LIMIT 1",
            file,
            None,
            cancel,
        )["id"].iloc[0]
        said = f"{again:,} account(s) occur again, such as {str(example)[:80]!r}"
        remedy = "Keep one row an account."
        problems.append(
            Problem(said, file.name, None, names["account_id"], str(example)[:80], remedy)
        )
    return problems


def _to_units(sums: pd.DataFrame, names: dict[str, str], units: Units, report: Report) -> Sums:
    """The sums by unit; what lies in none is listed and stays in the totals."""
    column = names["unit_id"]
    measures = [name for name in _NUMBERS if name in names]
    _, ids = place_ids(sums["unit"].fillna(""), column, units.position, report)
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
