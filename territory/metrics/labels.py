"""A column as labels: text as it is, numbers in bands with as many rows each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.model import measure
from territory.model.figures import amount, share
from territory.model.settings import Settings

__all__ = ["Labels", "as_labels", "bands", "fit_for_labels", "words"]

BANDS = 4
MOST_LABELS = 60
"""A column of text with more different values, such as names, divides nothing."""
FEW_NUMBERS = 6
"""Numbers with so few different values, such as a class 1 to 5, are labels themselves."""


@dataclass(frozen=True, eq=False)
class Labels:
    """Which label each row has: ``codes`` (m,) position in ``names``, -1 where not known."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]

    @cached_property
    def divide(self) -> bool:
        """Are there at least two groups?"""
        return len(self.codes) > 0 and bool((self.codes != self.codes[0]).any())

    def kept(self, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
        """(m,) rows with one of these labels; all rows where none of them is known here."""
        chosen = [i for i, name in enumerate(self.names) if name in wanted]
        if not chosen:
            return np.ones(len(self.codes), bool)
        return np.isin(self.codes, chosen)


def words(column: pd.Series) -> Labels:
    """Text as labels, sorted; empty text is not known."""
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    codes, found = pd.factorize(text, sort=True)
    names = [str(name) for name in found]
    if "" in names:
        gap = names.index("")
        names.pop(gap)
        codes = np.where(codes == gap, -1, codes - (codes > gap))
    return Labels(codes.astype(np.int64), tuple(names))


def bands(column: pd.Series, name: str, settings: Settings, count: int = BANDS) -> Labels:
    """Numbers in bands of about as many rows each, lowest first; fewer where values repeat."""
    values = column.to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(values)
    codes = np.full(len(values), -1, np.int64)
    if not known.any():
        return Labels(codes, ())
    cuts = np.unique(np.quantile(values[known], np.linspace(0, 1, count + 1)[1:-1]))
    cuts = cuts[(cuts > values[known].min()) & (cuts <= values[known].max())]
    codes[known] = np.searchsorted(cuts, values[known], side="right")
    percent = measure(name).additive is False and values[known].max() <= 1
    texts = [share(cut) if percent else amount(cut, name, settings) for cut in cuts]
    if not texts:
        return Labels(codes, ("all the same",))
    middle = [f"{a} – {b}" for a, b in pairwise(texts)]
    return _merged(codes, [f"under {texts[0]}", *middle, f"{texts[-1]} and more"])


def _merged(codes: NDArray[np.int64], names: list[str]) -> Labels:
    """Bands whose borders are written alike are one."""
    unique = list(dict.fromkeys(names))
    to = np.array([*(unique.index(name) for name in names), -1])
    return Labels(to[codes], tuple(unique))


def as_labels(column: pd.Series, name: str, settings: Settings) -> Labels:
    """Any column as labels."""
    column = as_numbers(column)
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numeric and column.nunique() > FEW_NUMBERS:
        return bands(column, name, settings)
    if numeric:
        return words(column.map(lambda v: f"{v:,.10g}", na_action="ignore"))
    return words(column)


def fit_for_labels(column: pd.Series) -> bool:
    """Does this column divide rows into a few groups?"""
    column = as_numbers(column)
    different = column.nunique()
    numeric = pd.api.types.is_numeric_dtype(column)
    return different > 1 and (numeric or different <= MOST_LABELS)


def as_numbers(column: pd.Series) -> pd.Series:
    """A column of text that holds nothing but numbers, as tables are read, becomes numbers.

    Codes such as ZIPs, which begin with a zero, stay text.
    """
    if pd.api.types.is_numeric_dtype(column):
        return column
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    some = text[text != ""]
    if some.empty or some.str.match(r"0\d").any():
        return column
    numbers = pd.to_numeric(some, errors="coerce")
    if not np.isfinite(numbers.to_numpy(float)).all():
        return column
    return numbers.astype(float).reindex(column.index)
