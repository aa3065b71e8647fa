"""A user's own file back, with what is wrong in its first column."""

from __future__ import annotations

import csv
import io

from territory.errors import Problem
from territory.export.problem_rows import problem_rows


def rows(content: bytes) -> list[list[str]]:
    """The cells of a CSV."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_only_the_rows_with_problems():
    """Cells as they were, the row's number, all problems of a row together; no formula."""
    source = ("acc.csv", b"id,zip,note\na,01001,x\nb,99999,=1+1\nc,01002,y\n")
    problems = [
        Problem("'99999' is no unit", "acc.csv", 3, "zip", "99999", "Correct it."),
        Problem("odd", "acc.csv", 3),
        Problem("other", "team.csv", 2),
    ]
    table = rows(problem_rows(source, problems, "acc.csv"))
    assert table[0] == ["problem", "row", "id", "zip", "note"]
    assert table[1:] == [["zip: '99999' is no unit (Correct it.); odd", "3", "b", "99999", "'=1+1"]]


def test_a_table_that_cannot_be_read_is_a_list():
    """Ragged rows can't be handed back as a table: the problems alone are."""
    source = ("acc.csv", b"id,zip\na,01001\nb\n")
    table = rows(problem_rows(source, [Problem("short", "acc.csv", 3)], "acc.csv"))
    assert table[0][:2] == ["file", "row"] and table[1][:2] == ["acc.csv", "3"]
