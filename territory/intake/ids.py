"""Which column identifies a unit, and what spreadsheets did to its codes."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.names import ZIPS, id_candidates, key
from territory.intake.report import Report, row_problems

NAME_IT = (
    "Say which column it is (Column with the unit id, under More tables and options; --id-column "
    "on the command line)."
)


def find_id(frame: pd.DataFrame, id_column: str | None, file: str) -> str:
    """The column that identifies units: the one asked for, else the only one it can be.

    Without ``id_column`` it is the one unique, non-null column with a known name. Where the only
    known name has gaps or repeats, it is taken too: saying which rows repeat helps more.

    Raises
    ------
    InputError
        If the column asked for is not there, or none or several could be meant.
    """
    columns = [str(c) for c in frame.columns if c != "geometry"]
    if id_column is not None:
        return _asked_for(columns, id_column, file)
    for names in id_candidates(columns):
        unique = [c for c in names if _identifies(frame[c])]
        if len(unique) == 1:
            return unique[0]
        if len(unique) > 1:
            raise InputError(
                Problem(
                    f"several columns could be the unit's id: {', '.join(unique)}",
                    file,
                    remedy=NAME_IT,
                )
            )
        if len(names) == 1 and not _text(frame[names[0]]).eq("").all():
            return names[0]
    could = [c for c in columns if _identifies(frame[c])]
    raise InputError(
        Problem(
            "no column has a known name of a unit's id (such as zip, ZCTA5CE20, GEOID, postcode)"
            + (f"; these identify each row: {', '.join(could[:8])}" if could else "")
            + ("" if could else f"; the columns are: {', '.join(columns[:12])}"),
            file,
            remedy=NAME_IT,
        )
    )


def _asked_for(columns: list[str], wanted: str, file: str) -> str:
    if wanted in columns:
        return wanted
    alike = [c for c in columns if key(c) == key(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise InputError(
        Problem(
            f"there is no column {wanted!r}; the columns are: {', '.join(columns[:20])}",
            file,
            remedy="Name one of these as the id column.",
        )
    )


def _identifies(column: pd.Series) -> bool:
    text = _text(column)
    return bool(len(text)) and not text.eq("").any() and text.is_unique


def as_typed(column: pd.Series) -> np.ndarray:
    """Ids of people and accounts: as the user wrote them, a gap as empty text."""
    return _text(column).to_numpy(dtype=object)


def _text(column: pd.Series) -> pd.Series:
    """Ids as text; 1001.0 becomes 1001, a missing one becomes empty."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        whole = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 1e15)
        out = column.astype("str")
        out[whole] = values[whole].astype(np.int64).astype(str)
    else:
        out = column.astype("str").str.strip()
    return out.where(column.notna(), "")


def clean_ids(
    column: pd.Series,
    name: str,
    report: Report,
    known: Collection[str] | None = None,
    *,
    zips: bool = True,
) -> np.ndarray:
    """Ids as text, with what spreadsheets lose put back and every repair counted.

    Parameters
    ----------
    column
        As read.
    name
        Its name: a ZIP has five digits, other codes only where the column shows it.
    report
        Gets the repairs.
    known
        The ids of the units, where this column refers to them: then only what makes an unknown id
        a known one is changed.
    zips
        Whether the region may have ZIPs of five digits; a Danish ``zip`` has four.
    """
    text = _text(column)
    if pd.api.types.is_float_dtype(column.dtype):
        report.repaired("decimal code read as whole", int((text != "").sum()), name)
    whole = _whole(text)
    powers = text.str.contains("[eE]") & (text != whole)
    _note_powers(text[powers], name, report)
    text = _apply(text, whole.where(powers, text), "code like 1.001E3 read as whole", name, report)
    text = _apply(text, whole, "decimal code read as whole", name, report)
    if known is not None:
        return _towards(text, frozenset(known), name, report)
    if zips and key(name).startswith(ZIPS):
        text = _apply(text, _cut(text), "ZIP+4 cut to 5 digits", name, report)
    if _five_digits(text, name, zips):
        zeros = text.where(~text.str.fullmatch(r"\d{3,4}"), text.str.zfill(5))
        text = _apply(text, zeros, "lost leading zeros restored", name, report)
    return text.to_numpy(dtype=object)


def _apply(old: pd.Series, new: pd.Series, message: str, name: str, report: Report) -> pd.Series:
    changed = np.flatnonzero((old != new).to_numpy())
    seen = dict.fromkeys(f"{old.iloc[i]} → {new.iloc[i]}" for i in changed[:1000])
    examples = list(seen)[:3]
    report.repaired(message, len(changed), name, examples)
    return new


def _whole(text: pd.Series) -> pd.Series:
    """1001.0 and 1.001E3, which are how spreadsheets write the code 1001."""
    # 1E4 may be a ZIP; 1E5 has six digits and is none.
    odd = text.str.fullmatch(r"\d+\.0+|\d(?:\.\d+)?[eE]\+?0?[1-4]")
    # Where other ids have letters, 1E5 is a name, not a number.
    if not odd.any() or not text[~odd].str.fullmatch(r"[\d -]*|\d(?:\.\d+)?[eE]\+?\d+").all():
        return text
    values = text[odd].to_numpy(dtype=object).astype(float)
    whole = values == np.floor(values)
    out = text.copy()
    out[odd] = np.where(whole, [f"{v:.0f}" for v in values], text[odd])
    return out


def _note_powers(text: pd.Series, name: str, report: Report) -> None:
    """A note where a spreadsheet may have rounded codes: 2.11E+03 was 2110, or 2113."""
    digits = text.str.replace(r"[eE].*|\.", "", regex=True).str.len()
    lost = text[digits <= text.str.extract(r"[eE]\+?(\d+)", expand=False).astype(float)]
    if len(lost):
        report.notes.append(
            f"{report.file}: {len(lost)} code(s) of column {name} were shortened by a spreadsheet, "
            f"such as {lost.iloc[0]}; compare them with the original, where the column is text."
        )


def _cut(text: pd.Series) -> pd.Series:
    """ZIP+4 to its ZIP: 01001-1234, 010011234, and 10011234 that lost its zero."""
    split = text.str.replace(r"^(\d{3,5})[- ]\d{4}$", r"\1", regex=True)
    joined = text.str.fullmatch(r"\d{8,9}")
    return split.where(~joined, text.str.zfill(9).str[:5])


def _five_digits(text: pd.Series, name: str, zips: bool) -> bool:
    """Whether short codes in a column lost zeros: by its name, or by its longer neighbours."""
    if zips and key(name).startswith(ZIPS):
        return True
    some = text[text != ""]
    if not len(some) or not some.str.fullmatch(r"\d{3,5}").all():
        return False
    # No GEOID has three or four digits; a Danish postcode does, and then all of them do.
    posted = key(name).startswith(("geoid", "post"))
    return (zips and posted) or bool((some.str.len() == 5).any())


def _towards(text: pd.Series, known: frozenset[str], name: str, report: Report) -> np.ndarray:
    """Change unknown ids only where that makes them known."""
    for message, change in (
        ("lost leading zeros restored", lambda t: t.str.zfill(5)),
        ("ZIP+4 cut to 5 digits", lambda t: _cut(t).str.zfill(5)),
        ("leading zeros cut", lambda t: t.str.lstrip("0")),
    ):
        unknown = (text != "") & ~text.isin(known)
        if not unknown.any():
            break
        new = change(text)
        text = _apply(text, new.where(unknown & new.isin(known), text), message, name, report)
    return text.to_numpy(dtype=object)


REPEATED = (
    "Keep one row a unit, or let them be added up (More tables and options; --duplicates sum)."
)
"""What to do about units that occur again."""


def id_problems(
    ids: np.ndarray, column: str, file: str, rows: np.ndarray, remedy: str = REPEATED
) -> tuple[list[Problem], np.ndarray]:
    """Missing and repeated ids, by row; also which rows have a good one.

    ``remedy`` says what to do about the repeated ones.
    """
    empty = ids == ""
    series = pd.Series(ids)
    again = series.duplicated().to_numpy() & ~empty
    problems = row_problems(
        "the id is missing",
        np.flatnonzero(empty),
        file=file,
        rows=rows,
        column=column,
        remedy="Fill it in, or remove the row.",
    )
    first = dict(zip(series[~again], rows[~again], strict=True))
    for i in np.flatnonzero(again):
        problems.append(
            Problem(
                f"{ids[i]!r} occurs again (first in row {first[ids[i]]})",
                file,
                int(rows[i]),
                column,
                str(ids[i]),
                remedy,
            )
        )
    return problems, ~(empty | again)


def unknown_problems(
    ids: np.ndarray, known: Collection[str], column: str, file: str, rows: np.ndarray
) -> list[Problem]:
    """Ids that are no unit of the region, by row."""
    unknown = np.flatnonzero(~pd.Series(ids).isin(known).to_numpy() & (ids != ""))
    return row_problems(
        "{} is no unit of these boundaries",
        unknown,
        file=file,
        rows=rows,
        column=column,
        values=ids,
        remedy="Correct the id, remove the row, or use boundaries that hold it.",
    )
