"""Where the table begins and ends in a sheet that people have dressed up: titles, sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from territory.intake.numbers import parse_numbers

__all__ = ["find_header", "sum_row"]

_LOOKED_AT = 25
"""Filled rows in which the header is looked for; below them begins the data."""
_TOTAL = frozenset(
    ("total", "totals", "grandtotal", "grandtotals", "sum", "sums", "summe", "gesamt", "totaal")
)


def find_header(rows: Sequence[Sequence[str]], filled: Sequence[int]) -> int:
    """Which of the filled rows holds the names of the columns: the first, unless that is a title.

    Parameters
    ----------
    rows
        Cells as text.
    filled
        Positions of the rows with anything in them.

    Returns
    -------
    A position in ``filled``. Above a header there may be titles, dates and the merged captions of
    groups of columns: rows with half of the cells that rows below have, or fewer. The header is
    then the first row as full as most, with no number in it.
    """
    counts = [sum(1 for cell in rows[i] if cell.strip()) for i in filled[: 4 * _LOOKED_AT]]
    usual = Counter(counts).most_common(1)[0][0] if counts else 0
    if usual < 2 or 2 * counts[0] > usual:
        return 0
    for at in range(1, min(len(counts) - 1, _LOOKED_AT)):
        if counts[at] >= usual - usual // 4 and not any(map(_is_number, rows[filled[at]])):
            return at
    return 0


def _is_number(cell: str) -> bool:
    return bool(np.isfinite(parse_numbers(pd.Series([cell])).values[0])) if cell.strip() else False


def sum_row(frame: pd.DataFrame) -> bool:
    """Whether the last row is the sum of those above it and says so.

    A customer may be called Total: so the word stands first, and one of its numbers is the sum, or
    most of what other rows fill is empty (a sum need not agree while rows above it are wrong).
    """
    if len(frame) < 3:
        return False
    last = frame.iloc[-1]
    first = next((cell for cell in last if cell.strip()), "")
    if "".join(filter(str.isalpha, first.lower())) not in _TOTAL:
        return False
    usual = frame.iloc[:-1].ne("").sum(axis=1).median()
    if last.ne("").sum() <= usual / 3:
        return True
    for name, cell in last.items():
        value = parse_numbers(pd.Series([cell])).values[0]
        if not np.isfinite(value) or value == 0:
            continue
        above = parse_numbers(frame[name].iloc[:-1].reset_index(drop=True))
        if not above.bad.any() and np.isclose(np.nansum(above.values), value, rtol=1e-6, atol=0.01):
            return True
    return False
