"""Delimited text of many megabytes, read by Arrow."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from territory.errors import Problem
from territory.intake.source import Source

_ENOUGH = 1000
"""Ragged rows after which there is no point in reading on."""


def read_large(
    source: Source, text: str, delimiter: str
) -> tuple[list[str], pd.DataFrame, list[Problem]]:
    """Read all cells as text.

    Returns
    -------
    The header, the rows, and the first ragged rows, if any (then the rows are incomplete).

    Raises
    ------
    InputError
        If the quotes don't match, or a line has no end.
    """
    import pyarrow as pa
    from pyarrow import csv

    if text.count('"') % 2:
        # Arrow would swallow the rest of the file as one cell.
        raise source.refuse("a quote is never closed", 'Close every " that opens a cell.')
    bad: list[Problem] = []

    def ragged(row: Any) -> str:
        if len(bad) >= _ENOUGH:
            return "error"
        message = f"has {row.actual_columns} cells where the header has {row.expected_columns}"
        remedy = "Put cells that hold the delimiter in quotes, or fill the row up."
        bad.append(Problem(message, source.name, row.number, remedy=remedy))
        return "skip"

    content = io.BytesIO(text.encode())
    header = text[: 1 << 16].splitlines()[0]
    parse = csv.ParseOptions(
        delimiter=delimiter,
        newlines_in_values='"' in text,
        invalid_row_handler=ragged,
    )
    # A thread knows the number of a row only when it reads alone.
    alone = csv.ReadOptions(use_threads=False, block_size=1 << 24)
    names: list[str] = []
    try:
        first = csv.read_csv(
            io.BytesIO((header + "\n").encode()),
            parse_options=csv.ParseOptions(delimiter=delimiter),
        )
        names = [str(name).strip() for name in first.column_names]
        as_text = csv.ConvertOptions(
            column_types={name: pa.string() for name in first.column_names},
            strings_can_be_null=False,
        )
        table = csv.read_csv(
            content, read_options=alone, parse_options=parse, convert_options=as_text
        )
    except pa.ArrowException as error:
        if bad:
            return names, pd.DataFrame(), bad
        raise source.refuse(
            "the table can't be read: its lines are too long or its quotes don't match",
            'Close every " that opens a cell, and give every row the cells of the header.',
        ) from error
    frame = table.rename_columns([str(i) for i in range(len(names))]).to_pandas()
    frame.columns = pd.Index(names, dtype=object)
    return names, frame.astype("str"), bad
