"""Tables of text from CSV, TSV, Excel and Parquet files.

Everything is read as text: leading zeros stay, and a rep named "NA" stays a person.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.boundaries import kind
from territory.intake.delimited import announced, decode, find_delimiter
from territory.intake.exports import without_footer
from territory.intake.large import read_large
from territory.intake.layout import find_header, sum_row
from territory.intake.source import Source, SourceLike, open_source
from territory.intake.workbook import read_workbook

_CELLS = 100_000_000

MOST_ROWS = 5_000_000
"""Every way between 2,000 areas, or ten years of months of 40,000 accounts: 11 s and 1.3 GB."""

_LARGE = 20_000_000
_LONG = 300_000
"""Bytes, and lines, from which Arrow reads the text: quicker and smaller, but it does not count
blank lines, nor look for titles above the header."""


def read_table(source: SourceLike) -> pd.DataFrame:
    """Read a table as text.

    Parameters
    ----------
    source
        A path, or (name, bytes). The content decides the format, not the name.

    Returns
    -------
    DataFrame of str. Its index, "row", is the row that a user sees in the file (the header is
    row 1). ``attrs["file"]`` has the file's name, ``attrs["notes"]`` what the user should know.

    Raises
    ------
    InputError
        If the file is no table, is damaged or hostile, has ragged rows, or a column without a
        name or with the name of another one.
    """
    source = open_source(source)
    what = kind(source)
    if what == "parquet":
        return _parquet(source)
    if what == "workbook" or (what == "zip" and source.suffix in (".xlsx", ".xlsm")):
        sheet = read_workbook(source)
        return _frame(source, sheet.rows, sheet.notes, padded=True)
    if what == "table":
        return _csv(source)
    raise source.refuse(_why_not(source, what), "Save it as .csv, .xlsx or .parquet.")


def first_rows(
    source: Source, most: int = 200, tell: Callable[[str], None] = lambda stage: None
) -> pd.DataFrame:
    """The first rows of any table; a workbook has to be read whole.

    Raises
    ------
    InputError
        If the file is no table, or damaged.
    """
    tell("Reading the first rows")
    table = read_table(source) if source.suffix in (".xlsx", ".xlsm") else read_head(source)
    return table.head(most)


def read_head(source: Source, most: int = 1 << 20) -> pd.DataFrame:
    """The first rows of a long CSV or Parquet file, without reading the rest.

    ``attrs`` also has its ``delimiter`` and its ``encoding`` in DuckDB's words.
    """
    if kind(source) == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        place = io.BytesIO(source.data) if source.path is None else source.path
        try:
            file = pq.ParquetFile(place)
            types = zip(file.schema_arrow.names, file.schema_arrow.types, strict=True)
            keep = [str(n) for n, t in types if _plain(t)]
            batch = next(file.iter_batches(1000, columns=keep)).to_pandas()
        except (pa.ArrowException, ValueError, OSError, StopIteration) as error:
            raise source.refuse(
                "the Parquet file is damaged or has no rows", "Export it again."
            ) from error
        frame = pd.DataFrame({n: _as_text(c) for n, c in batch.items()})
        return _finish(source, frame, np.arange(2, len(frame) + 2), [])
    data = source.head(most)
    whole = replace(source, path=None, upload=data[: data.rfind(b"\n") + 1] or data)
    text, notes = decode(whole)
    encoding = "latin-1" if notes or source.encoding in ("cp1252", "latin-1") else "utf-8"
    said, text = announced(text)
    delimiter = said or find_delimiter(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    frame = _frame(whole, rows, notes, padded=False)
    frame.attrs |= {"delimiter": delimiter, "encoding": encoding, "columns": dict(source.columns)}
    return frame


def _why_not(source: Source, what: str) -> str:
    if source.data[:4] == b"\xd0\xcf\x11\xe0":
        return "this is an old .xls or an encrypted workbook"
    return {
        "zip": "this is a zip archive, not a table",
        "geojson": "these are boundaries, not a table",
        "topojson": "these are boundaries, not a table",
        "geopackage": "these are boundaries, not a table",
        "xml": "this is XML or a web page, not a table",
        "json": "this is JSON, not a table",
    }.get(what, "this is no table: it holds binary data")


def _parquet(source: Source) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(source.data))
        names = [str(name) for name in file.schema_arrow.names]
        meta = file.metadata
        if meta.num_rows * max(meta.num_columns, 1) > _CELLS:
            raise source.refuse(f"the table claims {meta.num_rows:,} rows, which is too many")
        _check_header(source, names)
        keep = [n for n, t in zip(names, file.schema_arrow.types, strict=True) if _plain(t)]
        frame = file.read(columns=keep).to_pandas()
    except (pa.ArrowException, ValueError, KeyError, TypeError, OSError) as error:
        raise source.refuse("the Parquet file is damaged", "Export it again.") from error
    frame = pd.DataFrame({name: _as_text(frame[name]) for name in keep})
    return _finish(source, frame, np.arange(2, len(frame) + 2), [])


def _plain(kind: object) -> bool:
    """Whether an Arrow column is text, number, date or flag, not geometry or nested."""
    import pyarrow.types as t

    return not (t.is_nested(kind) or t.is_binary(kind) or t.is_large_binary(kind))


def _as_text(column: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        whole = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 1e15)
        out = column.astype("str")
        out[whole] = values[whole].astype(np.int64).astype(str)
    else:
        out = column.astype("str")
    return out.where(column.notna(), "")


def _csv(source: Source) -> pd.DataFrame:
    lines = source.data.count(b"\n")
    if lines > MOST_ROWS:
        raise source.refuse(
            f"the table has about {lines:,} rows, of which at most {MOST_ROWS:,} are read",
            "Sum it by unit first, or leave out periods you don't need; accounts may be longer.",
        )
    text, notes = decode(source)
    if not text.strip():
        raise source.refuse("the file has nothing in it", "Export it again.")
    delimiter, text = announced(text)
    delimiter = delimiter or find_delimiter(text)
    if len(source.data) > _LARGE or lines > _LONG:
        names, frame, bad = read_large(source, text.lstrip("\r\n"), delimiter)
        if bad:
            raise InputError(bad)
        _check_header(source, names)
        return _finish(source, frame, np.arange(2, len(frame) + 2), notes)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise source.refuse(
            f"the quotes in the table don't match: {error}", 'Close every " that opens a cell.'
        ) from error
    rows, cut = without_footer(rows)
    if cut:
        notes.append(f"{source.name}: {cut} line(s) that Salesforce prints below a report left out")
    return _frame(source, rows, notes, padded=False)


def _frame(source: Source, rows: list[list[str]], notes: list[str], padded: bool) -> pd.DataFrame:
    """Header, body and row numbers; refuses what would have to be guessed.

    ``padded``: rows of a workbook end with their last cell, so short ones are no fault.
    """
    filled = [i for i, row in enumerate(rows) if any(row) and "".join(row).strip()]
    if not filled:
        raise source.refuse("the table has nothing in it", "Export it again.")
    above = find_header(rows, filled)
    top = filled[above]
    if above:
        first = next(cell.strip() for cell in rows[filled[0]] if cell.strip())
        notes = [
            *notes,
            f"{source.name}: {above} line(s) above the header (row {top + 1}) left out, the first "
            f"is {first[:60]!r}",
        ]
    header = [name.strip() for name in rows[top]]
    if padded:
        while header and not header[-1]:
            header.pop()
    width = len(header)
    body = filled[above + 1 :]
    if not body:
        raise source.refuse("the table has a header, but no rows", "Export it again.")
    length = np.fromiter((len(rows[i]) for i in body), int, len(body))
    if padded:
        extra = [i for i, m in zip(body, length, strict=True) if m > width and any(rows[i][width:])]
        cells = [(rows[i] + [""] * width)[:width] for i in body]
    else:
        extra = [body[k] for k in np.flatnonzero(length != width)]
        cells = [rows[i] for i in body]
    if extra:
        raise _ragged(source, rows, extra, width, top, padded)
    frame = pd.DataFrame(cells, columns=pd.Index(header, dtype=object), dtype="str")
    blank = [j for j, name in enumerate(header) if not name]
    if blank and (frame.iloc[:, blank] == "").all(axis=None):
        # Spreadsheets leave such columns behind; without a name and a value they are nothing.
        frame = frame.iloc[:, [j for j, name in enumerate(header) if name]]
        header = list(frame.columns)
        notes = [*notes, f"{source.name}: {len(blank)} column(s) without name and content left out"]
    _check_header(source, header, top + 1)
    numbers = np.array(body) + 1
    if sum_row(frame):
        notes = [*notes, f"{source.name}: row {numbers[-1]} is the sum of the others; left out"]
        frame, numbers = frame.iloc[:-1], numbers[:-1]
    return _finish(source, frame, numbers, notes)


def _ragged(
    source: Source, rows: list[list[str]], bad: list[int], width: int, top: int, sheet: bool
) -> InputError:
    remedy = "Put cells that hold the delimiter in quotes, or fill the row up."
    if sheet:
        remedy = "Give the columns on the right a name in the header, or empty them."
    return InputError(
        [
            Problem(
                f"has {len(rows[i])} cells where the header (row {top + 1}) has {width}",
                source.name,
                i + 1,
                remedy=remedy,
            )
            for i in bad[:1000]
        ]
    )


def _check_header(source: Source, header: list[str], row: int = 1) -> None:
    blank = [j + 1 for j, name in enumerate(header) if not name.strip()]
    problems = [
        Problem(f"column {j} has no name", source.name, row, remedy="Give it one, or remove it.")
        for j in blank
    ]
    problems += [
        Problem(
            f"{count} columns are called {name!r}",
            source.name,
            row,
            name,
            remedy="Give each column its own name.",
        )
        for name, count in Counter(header).items()
        if name.strip() and count > 1
    ]
    if problems:
        raise InputError(problems)


def _finish(
    source: Source, frame: pd.DataFrame, rows: np.ndarray, notes: list[str]
) -> pd.DataFrame:
    frame.index = pd.Index(rows, name="row")
    frame = frame.apply(lambda column: column.str.strip())
    frame.attrs = {"file": source.name, "notes": notes, "columns": dict(source.columns)}
    return frame
