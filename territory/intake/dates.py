"""Dates as people write them → 2026-01-31, or said which can't be read."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from territory.intake.report import Report, row_problems

__all__ = ["date_column"]

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
PARTS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?")


def date_column(column: pd.Series, report: Report, rows: np.ndarray) -> np.ndarray:
    """(n,) dates as YYYY-MM-DD text, "" where empty.

    1/2/2026 is the second of January unless a day beyond 12 stands first somewhere in the column,
    or dots part the numbers, as they do in Europe. What is no date is a problem, with its row.
    """
    text = column.fillna("").astype(str).str.strip()
    found = text.str.extract(PARTS)
    first = pd.to_numeric(found[0], errors="coerce")
    day_first = bool((first > 12).any()) or bool(
        text.str.contains(r"^\d{1,2}\.\d", regex=True).any()
    )
    out = np.array([_iso(cell, day_first) for cell in text], dtype=object)
    bad = (out == "") & (text != "").to_numpy()
    raw = column.to_numpy(dtype=object)
    report.block(
        row_problems(
            "{} is no date",
            np.flatnonzero(bad),
            file=report.file,
            rows=rows,
            column=str(column.name),
            values=raw,
            remedy="Write dates like 2026-01-31, or leave the cell empty where it is not known.",
        )
    )
    changed = np.flatnonzero((out != text.to_numpy(dtype=object)) & ~bad)
    order = "day first" if day_first else "month first"
    examples = [f"{raw[i]} → {out[i]}" for i in changed[:3]]
    report.repaired(f"date read, {order}", len(changed), str(column.name), examples)
    return out


def _iso(cell: str, day_first: bool) -> str:
    """One date; "" for what is none."""
    if whole := ISO.fullmatch(cell):
        year, month, day = whole.groups()
    elif parts := PARTS.fullmatch(cell):
        month, day, year = parts.groups()
        if day_first:
            month, day = day, month
    else:
        moment = pd.to_datetime(cell, errors="coerce", format="%d %B %Y") if cell else pd.NaT
        return "" if pd.isna(moment) else f"{moment:%Y-%m-%d}"
    moment = pd.to_datetime(f"{year}-{int(month):02d}-{int(day):02d}", errors="coerce")
    return "" if pd.isna(moment) else f"{moment:%Y-%m-%d}"
