"""Tables as text: encodings, delimiters, headers, ragged rows, workbooks, Parquet."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from territory.errors import InputError
from territory.intake.tables import read_table
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares, xlsx


def rows(table: pd.DataFrame) -> list[list[str]]:
    return table.to_numpy().tolist()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    """The header decides, also where cells hold other delimiters and the letter z."""
    text = f'zip{delimiter}"zone{delimiter}name"\n01001{delimiter}"a;b,c|d\te"\n'
    assert rows(read_table(csv(text))) == [["01001", "a;b,c|d\te"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(encoding):
    """Byte-order marks are obeyed; what is no UTF-8 is read as Windows-1252, with a note."""
    table = read_table(csv("zip,name\n01001,Zoë Çelik\n", encoding=encoding))
    assert table.columns.tolist() == ["zip", "name"]
    assert rows(table) == [["01001", "Zoë Çelik"]]
    assert bool(table.attrs["notes"]) == (encoding == "cp1252")


def test_everything_stays_text():
    """Leading zeros, NA, 1E5 and TRUE are what the user typed."""
    table = read_table(csv("a,b,c,d\n00501,NA,1E5,TRUE\n"))
    assert rows(table) == [["00501", "NA", "1E5", "TRUE"]]


def test_rows_are_numbered_as_the_user_sees_them():
    """The header is row 1, blank lines count, cells with line breaks are one row."""
    table = read_table(csv('zip,name\n01001,"two\nlines"\n\n01002,b\n'))
    assert table.index.tolist() == [2, 4]


def test_carriage_returns_and_a_missing_last_newline():
    """Line ends of old Macs and Windows are line ends."""
    for end in ("\r\n", "\r"):
        assert len(read_table(csv(f"zip,name{end}01001,a{end}01002,b"))) == 2


def test_ragged_rows_are_refused_with_their_numbers():
    """Cells are never shifted: each bad row is named."""
    with pytest.raises(InputError) as refused:
        read_table(csv("zip,name\n01001,a\n01002\n01003,b,c\n"))
    assert [p.row for p in refused.value.problems] == [3, 4]


def test_duplicate_and_blank_headers_are_refused():
    """A column needs a name of its own; a column without name and content is left out."""
    with pytest.raises(InputError, match="2 columns are called 'zip'"):
        read_table(csv("zip,name,zip\n1,2,3\n"))
    with pytest.raises(InputError, match="column 2 has no name"):
        read_table(csv("zip,,name\n1,2,3\n"))
    table = read_table(csv("zip,name,,\n1,2,,\n"))
    assert table.columns.tolist() == ["zip", "name"]
    assert table.attrs["notes"]


def test_workbook_cells_as_typed():
    """Whole numbers without decimals, dates as ISO, blank cells empty; rows as in the sheet."""
    book = xlsx(
        [
            [None, None],
            ["zip", "start", "note", "share"],
            [1001, pd.Timestamp("2025-03-31").to_pydatetime(), None, 0.5],
            [],
            ["01002", True],
        ]
    )
    table = read_table(book)
    assert rows(table) == [["1001", "2025-03-31", "", "0.5"], ["01002", "TRUE", "", ""]]
    assert table.index.tolist() == [3, 5]


def test_workbook_by_another_name_and_the_other_way_round():
    """The content decides, not the ending."""
    assert len(read_table(xlsx([["zip"], ["01001"]], "table.csv"))) == 1
    assert len(read_table(csv("zip,a\n01001,1\n", "table.xlsx"))) == 1


def test_parquet_as_text():
    """Numbers lose no digits and gain no decimals; geometry and lists are left out."""
    out = io.BytesIO()
    frame = pd.DataFrame(
        {"zip": [1001.0, None], "n": [12345678901, 2], "x": [0.1, 2.0], "l": [[1], [2]]}
    )
    frame.to_parquet(out)
    table = read_table(("t.parquet", out.getvalue()))
    assert rows(table) == [["1001", "12345678901", "0.1"], ["", "2", "2"]]


def test_many_rows_of_a_workbook():
    """A sheet of five thousand rows comes back whole."""
    book = xlsx([["zip", "n"], *([f"{i:05d}", i] for i in range(5000))])
    table = read_table(book)
    assert len(table) == 5000 and table.iloc[-1].tolist() == ["04999", "4999"]


def test_large_text(monkeypatch):
    """Beyond some megabytes another reader gives the same cells, and refuses the same rows."""
    monkeypatch.setattr("territory.intake.tables._LARGE", 10)
    table = read_table(csv('zip;"a;b";c\n00501;NA;\n1E5;"x\ny";ü\n'))
    assert table.columns.tolist() == ["zip", "a;b", "c"]
    assert rows(table) == [["00501", "NA", ""], ["1E5", "x\ny", "ü"]]
    assert table.index.tolist() == [2, 3]
    with pytest.raises(InputError) as refused:
        read_table(csv("zip,name\n01001,a\n01002\n01003,b,c\n"))
    assert [p.row for p in refused.value.problems] == [3, 4]
    with pytest.raises(InputError, match="2 columns are called"):
        read_table(csv("zip,zip\n01001,a\n"))
    with pytest.raises(InputError):
        read_table(csv('zip,name\n01001,"open\n'))


@pytest.mark.parametrize("first", ["sep=;", "SEP=;\r", '"sep=;"'])
def test_the_delimiter_that_excel_announces(first):
    """A first line sep=; is obeyed and is no header; rows keep their numbers."""
    table = read_table(csv(f"{first}\nzip;name\n01001;a,b,c\n"))
    assert rows(table) == [["01001", "a,b,c"]]
    assert table.index.tolist() == [3]


def test_a_column_may_be_called_sep():
    """Only sep= and one delimiter is an announcement."""
    assert read_table(csv("sep=x,b\n1,2\n")).columns.tolist() == ["sep=x", "b"]


def test_tables_beyond_measure(monkeypatch):
    """More rows than are read, more areas than are drawn: how many, how many may be, the way out.
    A long table of short lines is read by Arrow and says the same as a short one."""
    text = "zip,potential\n" + "".join(f"0100{i},{i}\n" for i in range(1, 9))
    plain = read_table(csv(text))
    monkeypatch.setattr("territory.intake.tables._LONG", 5)
    assert read_table(csv(text)).equals(plain)
    monkeypatch.setattr("territory.intake.boundaries.MOST_AREAS", 7)
    frame = squares([f"0100{i}" for i in range(1, 9)])
    for upload in (csv(text), geojson(frame)):
        with pytest.raises(InputError, match=r"8 areas, of which at most 7.*counties"):
            read_units(upload)
    monkeypatch.setattr("territory.intake.tables.MOST_ROWS", 7)
    with pytest.raises(InputError, match=r"9 rows, of which at most 7.*by unit first"):
        read_table(csv(text))
