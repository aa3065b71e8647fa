"""Where an account is: by its unit id, else its coordinates, else its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from territory.intake.match import place_ids
from territory.intake.names import column_of
from territory.intake.numbers import parse_numbers
from territory.intake.report import Report
from territory.intake.zips import are_zips, census, point_of

if TYPE_CHECKING:
    from territory.model.units import Units

_ADDRESSES = 50_000
"""Different addresses taken apart at most: each costs a fraction of a millisecond."""

_STATES = re.compile(r"^[A-Za-z]{2}$")


class Placed(NamedTuple):
    """The unit of each row ("" or the stranger's id where none), and what said so."""

    ids: np.ndarray
    column: str | None
    asked: bool
    """Whether the table has any column that could say it."""


def place(table: pd.DataFrame, units: Units, report: Report) -> Placed:
    """Place the rows of a table in the units of a region.

    Parameters
    ----------
    table
        As read, a row an account.
    units
        The region.
    report
        Gets what was placed otherwise than by its id.
    """
    column = column_of(table, "unit_id")
    ids = np.full(len(table), "", dtype=object)
    if column is not None:
        _, ids = place_ids(table[column], column, units.position, report)
        ids = zips_in_units(ids, units, report, column)
    lost = _lost(ids, units)
    by_point = _by_coordinates(table[lost], table.attrs, units, report) if lost.any() else None
    if by_point is not None:
        ids[lost] = np.where(by_point != "", by_point, ids[lost])
        lost = _lost(ids, units)
    by_address = _by_address(table[lost], table.attrs, units, report) if lost.any() else None
    if by_address is not None:
        ids[lost] = np.where(by_address != "", by_address, ids[lost])
    asked = column is not None or by_point is not None or by_address is not None
    return Placed(ids, column, asked)


def zips_in_units(ids: np.ndarray, units: Units, report: Report, name: str) -> np.ndarray:
    """Ids with US ZIPs replaced by the unit they lie in, where units are no ZIPs themselves."""
    strange = np.flatnonzero(~pd.Series(ids).isin(units.position).to_numpy() & (ids != ""))
    codes = pd.Series(ids[strange]).str.extract(r"^(\d{3,5})(?:-?\d{4})?$")[0].fillna("")
    codes = codes.str.zfill(5).where(codes != "", "")
    if not len(strange) or are_zips(units.ids, 0.8) or not are_zips(codes, 0.6):
        return ids
    known = [c for c in codes.unique() if c]
    lat, lon = point_of(np.array(known, object)).T
    unit = dict(zip(known, _units_at(units, lon, lat), strict=True))
    found = codes.map(unit).fillna("").to_numpy(object)
    out = ids.copy()
    out[strange] = np.where(found != "", found, ids[strange])
    report.repaired("ZIP placed in the area that holds it", int((found != "").sum()), name)
    return out


def _lost(ids: np.ndarray, units: Units) -> np.ndarray:
    return np.asarray(~pd.Series(ids).isin(units.position.keys()).to_numpy())


def _by_coordinates(
    table: pd.DataFrame, attrs: dict, units: Units, report: Report
) -> np.ndarray | None:
    """The unit that each row's coordinates lie in, "" where none; None without coordinates."""
    table.attrs = attrs
    lat, lon = column_of(table, "lat"), column_of(table, "lon")
    if lat is None or lon is None:
        return None
    y, x = parse_numbers(table[lat]).values, parse_numbers(table[lon]).values
    out = _units_at(units, x, y)
    found, turned = int((out != "").sum()), np.full(0, "", dtype=object)
    if found < 0.5 * len(out):
        turned = _units_at(units, y, x)
    here = int((turned != "").sum())
    if here > max(5 * found, 0.5 * np.isfinite(x).sum()):
        out = turned
        report.repaired(
            "latitude and longitude were swapped; turned back", int((out != "").sum()), lat
        )
        report.notes.append(
            f"{report.file}: {lat} holds longitudes and {lon} latitudes; they were turned."
        )
    elif here > found:
        report.offer(
            f"{report.file}: {found:,} accounts lie in the areas as {lat} and {lon} are; the other "
            f"way round {here:,} would. If that is right, exchange the two under Columns of "
            f"{report.file} and read it again."
        )
    report.repaired("account placed by its coordinates", int((out != "").sum()))
    return out


def _units_at(units: Units, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    import geopandas as gpd

    out = np.full(len(x), "", dtype=object)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = gpd.points_from_xy(x[known], y[known])
    # Not a join of frames: a point on a border belongs to the first unit, never to two.
    point, unit = units.geometry.sindex.query(points, predicate="intersects")
    point, first = np.unique(point, return_index=True)
    out[known[point]] = units.ids[unit[first]]
    return out


def _by_address(
    table: pd.DataFrame, attrs: dict, units: Units, report: Report
) -> np.ndarray | None:
    """The unit of the ZIP in each row's address, else of its town; None without addresses."""
    table.attrs = attrs
    parts = [column_of(table, name) for name in ("address", "city", "state")]
    if parts[0] is None and (parts[1] is None or parts[2] is None):
        return None
    if not are_zips(units.ids, 0.8):
        return None
    text = pd.Series("", index=table.index, dtype="str")
    for column in parts:
        if column is not None:
            text = text.str.cat(table[column].astype("str"), sep=", ")
    whole = text.str.strip(", ")
    unique = [a for a in whole.unique() if a][:_ADDRESSES]
    found = {address: _zip_of(address) for address in unique}
    codes = whole.map(found).fillna("").to_numpy(dtype=object)
    _, ids = place_ids(pd.Series(codes), "address", units.position, Report())
    inside = pd.Series(ids).isin(units.position).to_numpy()
    report.repaired("account placed by its address", int(inside.sum()), parts[0])
    towns = np.full(len(ids), "", dtype=object)
    city, state = parts[1], parts[2]
    if city is not None and state is not None:
        towns = _town(table[city], table[state], units)
        towns[inside] = ""
        report.repaired(
            "account placed in the largest ZIP of its town (approximate)",
            int((towns != "").sum()),
            city,
        )
    return np.where(inside, ids, towns)


def _zip_of(address: str) -> str:
    """The ZIP in an address, "" if there is none; the house number of 12345 Main St is none."""
    import usaddress

    last = re.search(r"\b(\d{5})(?:-\d{4})?\s*(?:,?\s*(?:USA?|United States))?\W*$", address)
    if last and last.start() > 0:
        return last.group(1)
    try:
        words = usaddress.parse(address[:300])
    except (ValueError, KeyError):  # What it can't make sense of has no ZIP for us.
        return ""
    codes = [word.strip(",.") for word, label in words if label == "ZipCode"]
    return codes[-1][:5] if codes and re.fullmatch(r"\d{5}(-\d{4})?", codes[-1]) else ""


def _town(city: pd.Series, state: pd.Series, units: Units) -> np.ndarray:
    """The most populous unit of each town, "" where the town has none."""
    facts = census().reindex(units.ids)
    facts["unit"] = units.ids
    facts = facts.dropna(subset=["city", "state"]).sort_values("population", ascending=False)
    largest = facts.groupby([facts["city"].str.casefold(), facts["state"].str.upper()], sort=False)[
        "unit"
    ].first()
    short = {n.casefold(): s for n, s in STATE_CODES.items()}
    code = state.str.strip().map(
        lambda s: s.upper() if _STATES.match(s) else short.get(s.casefold(), "")
    )
    pairs = pd.MultiIndex.from_arrays([city.str.strip().str.casefold(), code])
    return largest.reindex(pairs).fillna("").to_numpy(dtype=object)


STATE_CODES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA",
    "Colorado": "CO", "Connecticut": "CT", "Delaware": "DE", "District of Columbia": "DC",
    "Florida": "FL", "Georgia": "GA", "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL",
    "Indiana": "IN", "Iowa": "IA", "Kansas": "KS", "Kentucky": "KY", "Louisiana": "LA",
    "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN",
    "Mississippi": "MS", "Missouri": "MO", "Montana": "MT", "Nebraska": "NE", "Nevada": "NV",
    "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY",
    "North Carolina": "NC", "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR",
    "Pennsylvania": "PA", "Puerto Rico": "PR", "Rhode Island": "RI", "South Carolina": "SC",
    "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX", "Utah": "UT", "Vermont": "VT",
    "Virginia": "VA", "Washington": "WA", "West Virginia": "WV", "Wisconsin": "WI",
    "Wyoming": "WY",
}  # fmt: skip
"""CRM systems write states in full or by their codes."""
