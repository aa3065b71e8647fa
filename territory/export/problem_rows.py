"""A user's own file, with a column that says what is wrong with each row."""

from __future__ import annotations

from collections.abc import Iterable

from territory.errors import InputError, Problem
from territory.export.text import csv_bytes, guarded
from territory.intake import read_table
from territory.intake.source import SourceLike

__all__ = ["problem_list", "problem_rows"]

LEAD = "problem"


def problem_rows(source: SourceLike, problems: Iterable[Problem], file: str) -> bytes:
    """The rows of a table that have problems, as they were, the problem in the first column.

    Parameters
    ----------
    source
        The table. Where it can't be read at all, the problems alone are listed.
    problems
        Those of all files.
    file
        The name of this one.

    Returns
    -------
    CSV that is safe to open in a spreadsheet.
    """
    mine = [p for p in problems if p.file == file]
    try:
        table = read_table(source)
    except InputError:
        return problem_list(mine)
    said: dict[int, list[str]] = {}
    for problem in mine:
        if problem.row is not None:
            where = f"{problem.column}: " if problem.column else ""
            remedy = f" ({problem.remedy})" if problem.remedy else ""
            said.setdefault(problem.row, []).append(f"{where}{problem.message}{remedy}")
    if not said:
        return problem_list(mine)
    lead = LEAD
    while lead in table.columns:
        lead += "_"
    rows = [[guarded(lead), "row", *(guarded(str(name)) for name in table.columns)]]
    kept = table[table.index.isin(said.keys())]
    for row, *cells in kept.itertuples(name=None):
        rows.append([guarded("; ".join(said[row])), str(row), *(guarded(c) for c in cells)])
    return csv_bytes(rows)


def problem_list(problems: Iterable[Problem]) -> bytes:
    """File, row, column, value, message and remedy of each problem, as CSV."""
    rows = [["file", "row", "column", "value", "message", "remedy"]]
    rows += [[guarded(value) for value in problem.as_dict().values()] for problem in problems]
    return csv_bytes(rows)
