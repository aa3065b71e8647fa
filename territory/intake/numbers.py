"""Numbers as people write them: $1,234.50, (12), 12 %, 1.234,5."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

_CURRENCY = r"(?:US\$|CA\$|A\$|R\$|kr\.?|Fr\.?|zł|USD|EUR|GBP|CHF|CAD|AUD|[$€£¥₹])"
_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


class Numbers(NamedTuple):
    """A column read as numbers: NaN where there is none."""

    values: np.ndarray
    empty: np.ndarray
    """Cells with nothing in them."""
    bad: np.ndarray
    """Cells with something that is no finite number."""
    rewritten: np.ndarray
    """Numbers that took more than reading digits: separators, signs, brackets."""


def parse_numbers(column: pd.Series) -> Numbers:
    """Read a column of text, or of numbers, as numbers.

    A comma is a decimal comma where the column proves it ("3,5", "1.234,5"), else it separates
    thousands. Brackets mean negative; a percent sign divides by 100.
    """
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        empty = np.isnan(values)
        return Numbers(values, empty, np.isinf(values), np.zeros(len(values), bool))
    text = column.astype("str").where(column.notna(), "").str.strip()
    empty = (text == "").to_numpy()
    plain = text.str.fullmatch(_PLAIN).to_numpy(bool)
    values = np.full(len(text), np.nan)
    values[plain] = text[plain].to_numpy(dtype=object).astype(float)
    other = ~plain & ~empty
    if other.any() or decimal_comma(text):
        values, plain = _rewrite(text, values, plain)
    bad = (~plain & ~empty) | np.isinf(values)
    values[bad] = np.nan
    return Numbers(values, empty, bad, other & ~bad)


def decimal_comma(text: pd.Series) -> bool:
    """Whether some cell can only be read with a decimal comma."""
    proof = r"^[^\d]*(?:[\d.'\s ]*\d)?,(?:\d{1,2}|\d{4,})[^\d,]*$|\d\.\d{3},\d|^[^\d]*0,\d"
    return bool(text.str.contains(proof, regex=True).any())


def _rewrite(
    text: pd.Series, values: np.ndarray, plain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Strip what decorates a number, then read it; returns new values and which are numbers."""
    comma = decimal_comma(text)
    body = text.str.replace(_CURRENCY, "", regex=True).str.replace("−", "-")
    body = body.str.strip()
    negative = body.str.fullmatch(r"\(.*\)")
    body = body.str.replace(r"^\((.*)\)$", r"\1", regex=True).str.strip()
    percent = body.str.endswith("%")
    body = body.str.rstrip("%").str.strip()
    # Spaces and apostrophes group digits in several countries, but only in threes.
    body = body.str.replace(r"(?<=\d)[\s  '’](?=\d{3}(?!\d))", "", regex=True)
    grouped = (
        r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?" if comma else r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"
    )
    is_grouped = body.str.fullmatch(grouped)
    body = body.where(~is_grouped, body.str.replace("." if comma else ",", "", regex=False))
    if comma:
        body = body.str.replace(",", ".", regex=False)
    # With a decimal point, 1.234.567 can only be thousands.
    thousands = body.str.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3}){2,}")
    body = body.where(~thousands, body.str.replace(".", "", regex=False))
    good = body.str.fullmatch(_PLAIN).to_numpy(bool)
    out = np.full(len(text), np.nan)
    out[good] = body[good].to_numpy(dtype=object).astype(float)
    out = np.where(negative, -out, out)
    return np.where(percent, out / 100, out), good


def looks_numeric(column: pd.Series) -> bool:
    """Whether text is better kept as numbers: all of it numbers, none a code such as 007."""
    text = column.astype("str").where(column.notna(), "").str.strip()
    if not (text != "").any() or text.str.fullmatch(r"[+-]?0\d+").any():
        return False
    return not parse_numbers(column).bad.any()
