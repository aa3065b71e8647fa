"""CSV: exact for programs, harmless for people."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from territory.export import people_csv, plan_csv
from territory.export.text import guarded
from tests.export.conftest import HOSTILE


def read(content: bytes, encoding: str = "utf-8") -> list[list[str]]:
    """Rows of a CSV file, line ends within fields kept."""
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def test_plan_file(halves):
    """unit_id and territory_id as text, leading zeros kept, empty where unassigned."""
    rows = read(plan_csv(None, halves.move(["01"], None)))
    assert rows[:4] == [["unit_id", "territory_id"], ["00", "West"], ["01", ""], ["02", "East"]]


def test_plan_file_changes_no_name(hostile):
    """The plan file has every id exactly as it is: no guard there."""
    project, plan, _ = hostile
    rows = read(plan_csv(project, plan))
    expected = [u.encode("utf-8", "replace").decode() for u in plan.units.ids]
    assert [row[0] for row in rows[1:]] == expected
    assert rows[1][1] == "=1+1"


def test_people_file_guards_every_cell(hostile):
    """No cell of the file for people starts like a formula, in any column."""
    project, plan, _ = hostile
    rows = read(people_csv(project, plan), "utf-8-sig")
    assert len(rows) == plan.units.n + 1
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert rows[1][0] == "'=1+1"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(-3.5, "-3.5"), (np.nan, ""), (None, ""), (1e7, "10000000"), ("-3", "'-3"), (7, "7")],
)
def test_cells(cell, shown):
    """Numbers stay numbers, also negative ones; text that looks like a formula is marked."""
    assert guarded(cell) == shown


def test_people_file_opens_with_accents():
    """A byte order mark tells Excel that this is UTF-8."""
    assert HOSTILE[20].startswith("Zoë")
    assert "Zoë".encode("utf-8-sig")[:3] == b"\xef\xbb\xbf"


def test_people_file_has_names(sample):
    """Territory, rep, city and measures stand beside the unit."""
    project, plan = sample
    content = people_csv(project, plan)
    assert content.startswith(b"\xef\xbb\xbf")
    first = dict(zip(*read(content, "utf-8-sig")[:2], strict=True))
    assert (first["unit_id"], first["rep"], first["city"]) == ("01001", "Lucia Ferrante", "Agawam")
