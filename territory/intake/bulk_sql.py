"""Long tables in DuckDB: where they are, how their cells are read, and who watches the query."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.errors import Cancelled, InputError, Problem
from territory.intake.boundaries import kind
from territory.intake.numbers import decimal_comma
from territory.intake.source import Source

if TYPE_CHECKING:
    import duckdb

NUMBERS = ("revenue", "potential", "workload_hours")
"""What is summed, where a table has it."""

_MEMORY = "600MB"


def linked(file: Source, folder: Path) -> Path:
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


def connect(folder: str) -> duckdb.DuckDBPyConnection:
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


def rows_of(head: pd.DataFrame, path: Path, numbers: Collection[str] = ()) -> str:
    """The SQL of the rows; CSV with the dialect that was found out.

    All of CSV is text but ``numbers``, which must then hold nothing else; digits are read while
    lines are, which takes half the time of reading text and casting it.
    """
    if path.suffix == ".parquet":
        return f"read_parquet({quoted(str(path))})"
    kinds = {str(c): "DOUBLE" if c in numbers else "VARCHAR" for c in head.columns}
    columns = ", ".join(f"{quoted(name)}: '{kind}'" for name, kind in kinds.items())
    return (
        f"read_csv({quoted(str(path))}, delim={quoted(head.attrs['delimiter'])}, quote='\"', "
        f"escape='\"', header=true, columns={{{columns}}}, auto_detect=false, "
        "strict_mode=true, null_padding=false, max_line_size=2000000, "
        f"encoding={quoted(head.attrs['encoding'])})"
    )


def quoted(value: str) -> str:
    """A text of SQL."""
    return "'" + value.replace("'", "''") + "'"


def column_name(column: str) -> str:
    """A name of SQL."""
    return '"' + column.replace('"', '""') + '"'


def number_of(column: str, comma: bool) -> str:
    """SQL that reads a cell as ``parse_numbers`` does: signs, brackets, separators."""
    cell = f"{column_name(column)}::VARCHAR"
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


PLAIN = "plain_rows"
"""The table of what one pass over a file takes along: units, numbers, and a hash of each id."""


def plain_rows(rows: str, names: Mapping[str, str]) -> str:
    """Take what is needed along in one pass. Most files hold plain digits; others raise."""
    parts = [f"{column_name(names['unit_id'])}::VARCHAR AS unit"]
    parts += [f"{column_name(names[n])}::DOUBLE AS {n}" for n in NUMBERS if n in names]
    if "account_id" in names:
        cell = f"trim({column_name(names['account_id'])}::VARCHAR)"
        parts.append(f"CASE WHEN coalesce({cell}, '') = '' THEN NULL ELSE hash({cell}) END AS id")
    return f"CREATE TEMP TABLE {PLAIN} AS SELECT {', '.join(parts)} FROM {rows}"


def plain_sums(names: Mapping[str, str]) -> str:
    """Sums by unit, and whether any number is negative or none at all."""
    parts = ["unit", "count(*) AS accounts"]
    for name in NUMBERS:
        if name in names:
            fine = f"isfinite({name}) AND {name} >= 0"
            parts += [f"sum({name}) AS {name}", f"count(*) FILTER (NOT ({fine})) AS bad_{name}"]
    return f"SELECT {', '.join(parts)} FROM {PLAIN} GROUP BY 1"


def careful_sums(table: str, names: dict[str, str], head: pd.DataFrame) -> str:
    """The same for whatever people write: money, brackets, groups of thousands."""
    inner = [f"{column_name(names['unit_id'])}::VARCHAR AS unit"]
    outer = ["unit", "count(*) AS accounts"]
    for name in NUMBERS:
        if name not in names:
            continue
        inner += [
            f"{number_of(names[name], decimal_in(head, names[name]))} AS {name}",
            f"{column_name(names[name])}::VARCHAR AS cell_{name}",
        ]
        fine = f"coalesce(isfinite({name}) AND {name} >= 0, false)"
        outer += [
            f"sum({name}) FILTER ({fine}) AS {name}",
            f"count(*) FILTER (NOT {fine} AND trim(coalesce(cell_{name}, '')) <> '') AS bad_{name}",
        ]
    return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {table}) GROUP BY 1"


def run(
    database: Any,
    sql: str,
    file: Source,
    progress: Callable[[float], None] | None,
    cancel: Callable[[], bool] | None,
) -> pd.DataFrame:
    """Run a query in a thread, so that it can be watched and stopped."""
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


def decimal_in(head: pd.DataFrame, column: str) -> bool:
    """Whether a column is written with decimal commas, by its first rows."""
    return bool(decimal_comma(head[column]))
