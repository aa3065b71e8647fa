"""Numbers as people write them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.intake.numbers import looks_numeric, parse_numbers


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "2.5", "-3", "1e3", ".5"], [1, 2.5, -3, 1000, 0.5]),
        (["$1,234.50", "€ 5", "5 EUR", "-$7"], [1234.5, 5, 5, -7]),
        (["(12)", "($1,200)"], [-12, -1200]),
        (["12 %", "50%"], [0.12, 0.5]),
        (["1.234,5", "3,5", "1.234"], [1234.5, 3.5, 1234]),
        (["1,234", "1,234,567"], [1234, 1234567]),
        (["1.234.567", "2"], [1234567, 2]),
        (["1 234", "1'234", "1\u202f234,5"], [1234, 1234, 1234.5]),
        (["0,25"], [0.25]),
    ],
)
def test_notations(cells, values):
    """Separators are read by what the whole column shows."""
    numbers = parse_numbers(pd.Series(cells))
    assert numbers.values.tolist() == values
    assert not numbers.bad.any()


@pytest.mark.parametrize(
    "cell", ["abc", "NaN", "inf", "-Infinity", "1e999", "1_000", "0x10", "1,2,3", "--1"]
)
def test_words_are_no_numbers(cell):
    """What Python would take for a number, or half of one, is refused."""
    numbers = parse_numbers(pd.Series([cell, "1"]))
    assert numbers.bad.tolist() == [True, False]
    assert np.isnan(numbers.values[0])


def test_gaps_are_no_faults():
    """Empty cells are unknown, in text and in numbers."""
    assert parse_numbers(pd.Series(["", "1", None])).empty.tolist() == [True, False, True]
    assert parse_numbers(pd.Series([np.nan, 1.0])).empty.tolist() == [True, False]
    assert parse_numbers(pd.Series([np.inf, 1.0])).bad.tolist() == [True, False]


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=20))
def test_formatting_is_undone(values):
    """Numbers written with thousands separators and two decimals come back."""
    cells = pd.Series([f"{value:,.2f}" for value in values])
    # Python and NumPy round a half differently: what was written is what must come back.
    assert parse_numbers(cells).values.tolist() == [float(f"{value:.2f}") for value in values]


def test_codes_are_not_numbers():
    """A column with 007 in it holds codes."""
    assert not looks_numeric(pd.Series(["007", "12"]))
    assert looks_numeric(pd.Series(["0", "0.5", ""]))
    assert not looks_numeric(pd.Series(["", ""]))
