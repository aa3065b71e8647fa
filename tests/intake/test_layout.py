"""Sheets that people dressed up: titles, merged captions, covers, sums, blank columns."""

from __future__ import annotations

import io

import openpyxl
import pytest

from territory.errors import InputError
from territory.intake.tables import read_table
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares

ROWS = [["01001", "5", "7"], ["01002", "6", "8"], ["01003", "7", "9.5"]]


def book(**sheets: list[list[object]]) -> tuple[str, bytes]:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return "book.xlsx", out.getvalue()


@pytest.mark.parametrize(
    "above",
    [
        [["Sales report Q3"], ["made by J. Doe", None, None], []],
        [["Territory", None, None]],
        [["Where"], [], ["What it is worth", None, None]],
    ],
)
def test_titles_above_the_header(above):
    """Left out with a word; rows keep the numbers that the user sees."""
    header = ["zip", "potential", "sales"]
    table = read_table(book(Data=[*above, header, *ROWS]))
    assert list(table.columns) == header and table["zip"].tolist() == ["01001", "01002", "01003"]
    assert table.index.tolist() == [len(above) + 2, len(above) + 3, len(above) + 4]
    assert f"header (row {len(above) + 1})" in table.attrs["notes"][0]
    text = "\n".join(",".join(str(c or "") for c in row) for row in [*above, header, *ROWS])
    assert read_table(csv(text)).equals(table)


def test_headers_that_only_look_like_titles():
    """A header that is short by a cell, or of one column, stays the header; its fault is named."""
    for text in ("zip,potential\n01001,5,6\n01002,5,6\n", "zip\n01001,5\n01002,5\n"):
        with pytest.raises(InputError, match="cells where the header \\(row 1\\)"):
            read_table(csv(text))
    assert list(read_table(csv("zip\n01001\n")).columns) == ["zip"]
    with pytest.raises(InputError, match="a name in the header"):
        read_table(book(Data=[["zip", "a", "b"], ["01001", "1", "2", "3"], ["1", "2", "3", "4"]]))


def test_the_sum_below():
    """Left out where it says so and is the sum; a customer called Total stays."""
    table = read_table(csv("zip,potential\n01001,5\n01002,6.5\nTotal:,11.50\n"))
    assert len(table) == 2 and "sum of the others" in table.attrs["notes"][0]
    firm = read_table(csv("id,name,revenue\n1,Shell,5\n2,BP,6\n3,Total,7\n"))
    assert len(firm) == 3 and not firm.attrs["notes"]
    assert len(read_table(csv("name,revenue\nShell,5\nBP,6\nTotal,7\n"))) == 3
    wrong = "id,name,city,zip,owner,revenue\n1,A,B,1,R,$5\n2,C,D,2,R,n/a\n,,,,,\nTotal,,,,,$99\n"
    assert len(read_table(csv(wrong))) == 2, "nothing but a name and a sum is no customer"


def test_covers_and_empty_sheets():
    """The first sheet with a table is read, whatever lies before it; others are named."""
    sheets = {"Cover": [], "Read me": [["Please read"], ["this"]], "Data": [["zip", "a"], *ROWS]}
    with pytest.raises(InputError, match="row 2: has 3 cells"):
        read_table(book(**sheets))
    sheets["Data"] = [["zip", "a", "b"], *ROWS]
    table = read_table(book(**sheets))
    assert len(table) == 3 and "'Data' was read; not read: 'Cover', 'Read me'" in str(table.attrs)
    assert read_table(book(Only=[["name"], ["a"]]))["name"].tolist() == ["a"]


def test_measures_are_known_however_they_are_written():
    """Potential is potential; a name that was asked for stays."""
    areas = geojson(squares(["01001", "01002"], POTENTIAL=[1, 2], **{"Median Income": [5, 6]}))
    units = read_units(areas)
    assert units.default_measure == "potential" and "POTENTIAL" not in units.measure_names
    assert units.measure_names[-1] == "median_income"
    assert "POTENTIAL" in read_units(areas, measures=["POTENTIAL"]).measure_names
    more = csv("zip,Workload Hours\n01001,3\n01002,4\n")
    assert read_units(areas, attributes=more).values("workload_hours").tolist() == [3, 4]
