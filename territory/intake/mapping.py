"""What the columns of a table mean: proposed by name, then by content; kept by layout."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from territory.intake.ids import clean_ids
from territory.intake.names import column_of
from territory.intake.numbers import looks_numeric, parse_numbers
from territory.intake.report import Report
from territory.intake.zips import are_zips

FIELDS: Mapping[str, tuple[str, ...]] = {
    "boundaries": ("unit_id", "lat", "lon"),
    "attributes": ("unit_id",),
    "alignment": ("unit_id", "territory_id"),
    "team": (
        "rep_id", "name", "home_zip", "home_lat", "home_lon", "capacity_hours", "quota", "skills",
        "segments", "start_date", "end_date", "part_time", "manager",
    ),
    "accounts": (
        "account_id", "name", "unit_id", "lat", "lon", "address", "city", "state", "segment",
        "industry", "status", "revenue", "potential", "workload_hours", "visits", "minutes",
        "owner", "family", "named_to",
    ),
    "sales": ("unit_id", "account_id", "period", "amount", "new_customers"),
    "competition": ("unit_id", "competitors"),
    "quotas": ("rep_id", "quota"),
    "travel_times": ("from_id", "to_id", "travel_minutes"),
}  # fmt: skip
"""Kind of table → what of it is used, the needed first."""

NUMBERS = frozenset(
    (
        "home_lat", "home_lon", "lat", "lon", "capacity_hours", "quota", "part_time", "revenue",
        "potential",
        "workload_hours", "visits", "minutes", "amount", "competitors", "new_customers",
        "travel_minutes",
    )
)  # fmt: skip
"""Fields that hold numbers."""


IDS = frozenset(("unit_id", "home_zip", "from_id", "to_id"))
"""Fields that hold ids of units."""


LABELS: Mapping[str, str] = {
    "unit_id": "ZIP or other id",
    "lat": "Latitude",
    "lon": "Longitude",
    "home_zip": "Home ZIP",
    "home_lat": "Home latitude",
    "home_lon": "Home longitude",
    "rep_id": "Rep's id",
    "account_id": "Account's id",
    "territory_id": "Territory or rep",
    "workload_hours": "Hours a year",
    "capacity_hours": "Hours a year",
    "visits": "Visits a year",
    "minutes": "Minutes a visit",
    "named_to": "Named to rep",
    "from_id": "From",
    "to_id": "To",
    "travel_minutes": "Minutes",
}
"""Field → what it is called on screen, where its own words with a space do not say it."""


def label_of(field: str) -> str:
    """What a field is called on screen."""
    return LABELS.get(field, field.replace("_", " ").capitalize())


def layout_key(header: Iterable[object]) -> str:
    """A name for files with this header: SHA-256 of it."""
    return hashlib.sha256("\x1f".join(map(str, header)).encode()).hexdigest()


def propose_columns(table: pd.DataFrame, kind: str) -> dict[str, str]:
    """Field → column for what can be told; by name, and where names say nothing by content."""
    taken: dict[str, str] = {}
    for field in FIELDS[kind]:
        found = column_of(table, field, set(taken.values()))
        if found is not None:
            taken[field] = found
    # Places first: what is left over is easier to tell.
    for field in [f for f in _BY_CONTENT if f in FIELDS[kind] and f not in taken]:
        rest = [str(c) for c in table.columns if str(c) not in taken.values()]
        fits = [c for c in rest if _BY_CONTENT[field](table[c])]
        if len(fits) == 1 and not _after_name(field, fits[0], taken, table):
            taken[field] = fits[0]
    if kind == "boundaries" and "unit_id" not in taken:
        rest = [str(c) for c in table.columns if str(c) not in taken.values()]
        fits = [c for c in rest if _identifies(table[c])]
        taken |= {"unit_id": fits[0]} if len(fits) == 1 else {}
    return taken


def _after_name(field: str, column: str, taken: Mapping[str, str], table: pd.DataFrame) -> bool:
    """Whether a column right of the names is taken for their id: streets differ, too."""
    if field != "account_id" or "name" not in taken:
        return False
    columns = [str(c) for c in table.columns]
    return columns.index(column) > columns.index(taken["name"])


def _holds_zips(column: pd.Series) -> bool:
    text = column[column != ""].reset_index(drop=True)
    # Money has five digits, too, but seldom only such that are in use somewhere.
    return len(text) > 0 and are_zips(clean_ids(text, "zip", Report()), 0.9)


def _within(low: float, high: float, column: pd.Series) -> bool:
    """Whether all cells are degrees in a range, with decimals: whole numbers are counts."""
    numbers = parse_numbers(column)
    known = numbers.values[np.isfinite(numbers.values)]
    if numbers.bad.any() or not len(known) or (known == np.round(known, 1)).mean() > 0.5:
        return False
    return bool(((known >= low) & (known <= high)).all())


def _identifies(column: pd.Series) -> bool:
    return bool(column.is_unique and column.ne("").all() and not looks_numeric(column))


_BY_CONTENT = {
    "unit_id": _holds_zips,
    "home_zip": _holds_zips,
    "lat": lambda column: _within(17, 72, column),
    "lon": lambda column: _within(-180, -60, column),
    "account_id": _identifies,
    "rep_id": _identifies,
}


def preview(table: pd.DataFrame, columns: Mapping[str, str], rows: int = 5) -> pd.DataFrame:
    """The first rows as they will be read: our fields, ids mended, numbers as numbers."""
    head = table.head(rows).reset_index(drop=True)
    out: dict[str, object] = {}
    for field, column in columns.items():
        if not column or column not in head:
            continue
        if field in NUMBERS:
            out[field] = parse_numbers(head[column]).values
        elif field in IDS:
            out[field] = clean_ids(head[column], column, Report())
        else:
            out[field] = head[column].to_numpy(dtype=object)
    return pd.DataFrame(out)
