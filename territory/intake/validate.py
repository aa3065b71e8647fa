"""Columns of numbers: what becomes a measure, and what is wrong with the measures in use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.names import key
from territory.intake.numbers import looks_numeric, parse_numbers
from territory.intake.report import Report, row_problems
from territory.model.units import Units

BUILT_IN = ("units", "area_km2")
_REMEDY = "Correct the cell; 0 means there is nothing."


def to_numbers(
    frame: pd.DataFrame,
    report: Report,
    *,
    file: str,
    rows: np.ndarray,
    in_use: Iterable[str] = (),
    strict: bool = False,
) -> pd.DataFrame:
    """Turn columns that hold numbers into numbers; check those that are in use.

    Parameters
    ----------
    frame
        Text or numbers, a row a unit.
    report
        Gets repairs, problems of the columns in use (these block) and notes on others.
    file, rows
        Where the rows come from.
    in_use
        Columns that must be numbers, finite, not negative, without gaps.
    strict
        Also list the stray words of columns that are otherwise numbers, as ``check`` does.
    """
    used = set(in_use)
    out = {}
    for name, column in frame.items():
        column = column.reset_index(drop=True)
        label = str(name)
        if label in used:
            out[label] = _checked(column, label, report, file, rows)
            continue
        numeric = pd.api.types.is_numeric_dtype(column.dtype)
        if numeric and strict:
            _negatives(column, label, report, file, rows)
        if numeric or not _worth_a_look(column):
            out[label] = column
        elif looks_numeric(column):
            numbers = parse_numbers(column)
            _note_rewritten(numbers.rewritten, column, label, report)
            out[label] = pd.Series(numbers.values)
            if strict:
                _negatives(out[label], label, report, file, rows)
        else:
            out[label] = column
            _mostly_numbers(column, label, report, file, rows, strict)
    return pd.DataFrame(out, index=range(len(frame)))


def _worth_a_look(column: pd.Series) -> bool:
    kind = column.dtype
    return pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind)


def _note_rewritten(where: np.ndarray, column: pd.Series, name: str, report: Report) -> None:
    examples = [str(column.iloc[i]) for i in np.flatnonzero(where)[:3]]
    report.repaired("formatted number read", int(where.sum()), name, examples)


def _checked(
    column: pd.Series, name: str, report: Report, file: str, rows: np.ndarray
) -> pd.Series:
    numbers = parse_numbers(column)
    _note_rewritten(numbers.rewritten, column, name, report)
    report.block(measure_problems(column, name, file=file, rows=rows))
    return pd.Series(numbers.values)


def measure_problems(column: pd.Series, name: str, *, file: str, rows: np.ndarray) -> list[Problem]:
    """Each cell of a measure that is empty, no finite number, or negative; sorted by row."""
    numbers = parse_numbers(column)
    raw = column.to_numpy(dtype=object)
    filled = ~numbers.empty
    if filled.sum() > 1 and numbers.bad[filled].all():
        first = int(np.flatnonzero(filled)[0])
        message = f"the column holds no numbers; the first cell is {str(raw[first])[:80]!r}"
        remedy = "Choose a column of numbers."
        return [Problem(message, file, int(rows[first]), name, str(raw[first])[:80], remedy)]
    found = []
    for where, message in (
        (
            numbers.bad,
            "{} is not a finite number" if _finite_only(column) else "{} is not a number",
        ),
        (numbers.empty, "the cell is empty"),
        (~numbers.bad & (numbers.values < 0), "{} is negative"),
    ):
        found += row_problems(
            message,
            np.flatnonzero(where),
            file=file,
            rows=rows,
            column=name,
            values=None if "{}" not in message else raw,
            remedy=_REMEDY,
        )
    return sorted(found, key=lambda p: p.row or 0)


def _finite_only(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column.dtype))


def _negatives(column: pd.Series, name: str, report: Report, file: str, rows: np.ndarray) -> None:
    """A note on columns that can't be a measure as they are; coordinates are none anyway."""
    values = column.to_numpy(dtype=float, na_value=np.nan)
    below = np.flatnonzero(values < 0)
    if len(below) and not key(name).endswith(
        ("lat", "lon", "lng", "long", "latitude", "longitude")
    ):
        report.notes.append(
            f"{file}: column {name} has {len(below)} negative value(s), the first in row "
            f"{rows[below[0]]}; it can't be used as a measure until they are corrected."
        )


def _mostly_numbers(
    column: pd.Series, name: str, report: Report, file: str, rows: np.ndarray, strict: bool
) -> None:
    """Say so where a few words keep a column from being a measure."""
    numbers = parse_numbers(column)
    filled = int((~numbers.empty).sum())
    bad = np.flatnonzero(numbers.bad)
    if not filled or not len(bad) or len(bad) > max(1, 0.2 * filled):
        return
    report.notes.append(
        f"{file}: column {name} has {len(bad)} cell(s) that are not numbers, the first in row "
        f"{rows[bad[0]]}; it can't be used as a measure until they are corrected."
    )
    if strict:
        report.problems += row_problems(
            "{} is not a number",
            bad,
            file=file,
            rows=rows,
            column=name,
            values=column.to_numpy(dtype=object),
            remedy=_REMEDY,
        )


def require_measures(names: Iterable[str], tables: Sequence[pd.DataFrame], file: str) -> None:
    """Refuse measures that no table has.

    Raises
    ------
    InputError
        Naming those there are.
    """
    have = {str(c) for table in tables for c in table.columns}
    missing = [name for name in names if name not in BUILT_IN and name not in have]
    if not missing:
        return
    numeric = [str(c) for table in tables for c in table.select_dtypes("number").columns]
    offer = ", ".join(dict.fromkeys([*BUILT_IN, *numeric][:20]))
    raise InputError(
        [
            Problem(
                f"there is no column {name!r} to use as a measure; there are: {offer}",
                file,
                column=name,
                remedy="Name one of these, or join a table that has it.",
            )
            for name in missing
        ]
    )


def validate_measures(units: Units, names: Iterable[str], file: str = "") -> None:
    """Check measures of units that are at hand already.

    Raises
    ------
    InputError
        With the row (1-based) and the value of each cell that is empty, no number or negative.
    """
    names = list(names)
    require_measures(names, [units.attributes], file)
    rows = np.arange(1, units.n + 1)
    problems = [
        problem
        for name in names
        if name not in BUILT_IN
        for problem in measure_problems(units.attributes[name], name, file=file, rows=rows)
    ]
    if problems:
        raise InputError(problems)
