"""Ways without a road map: great-circle distance × circuity, at a speed by density.

Where the user's own travel times are known they are taken instead. Each assumption is a number in
``settings.travel``:

=========== =====================================================================================
distance    great circle × circuity (road kilometres per straight kilometre)
speed       the first and last 5 km at local speed, the rest at that of the open road; local speed
            falls from the country's to the city's with the logarithm of people per km²
=========== =====================================================================================
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from territory.model import Project, Travel, TravelTimes, Units

__all__ = [
    "CIRCUITY",
    "DEFAULT_CIRCUITY",
    "FormulaError",
    "Roads",
    "circuity_of",
    "formula_error",
    "minutes",
    "roads_of",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

EARTH_KM = 6371.0088
LOCAL_KM = 5.0
"""Road kilometres at either end of a way that are driven at local speed."""
CITY, COUNTRY = 4000.0, 10.0
"""People per km²: more is as slow as the city, less as fast as the country."""
TYPICAL = 36.0
"""People per km² of the United States: what stands for a density that nobody knows."""
WITHIN = 0.5214
"""Mean distance of two random points in a square, by its side."""

CIRCUITY = {
    "New England": 1.35,
    "Middle Atlantic": 1.33,
    "East North Central": 1.25,
    "West North Central": 1.22,
    "South Atlantic": 1.33,
    "East South Central": 1.34,
    "West South Central": 1.27,
    "Mountain": 1.36,
    "Pacific": 1.36,
    "Alaska and Hawaii": 1.42,
}
"""Road over straight distance by US census division.

The bounds are measured: 1.20 between far cities (Ballou, Rahardja & Sakai 2002, Transportation
Research A 36), 1.42 from home addresses to hospitals (Boscoe, Henry & Zdeb 2012, The Professional
Geographer 64). Where a division stands between them, by coast and mountains, is our estimate.
"""
DEFAULT_CIRCUITY = 1.3
DIVISIONS = {
    "New England": "CT MA ME NH RI VT",
    "Middle Atlantic": "NJ NY PA",
    "East North Central": "IL IN MI OH WI",
    "West North Central": "IA KS MN MO ND NE SD",
    "South Atlantic": "DC DE FL GA MD NC SC VA WV",
    "East South Central": "AL KY MS TN",
    "West South Central": "AR LA OK TX",
    "Mountain": "AZ CO ID MT NM NV UT WY",
    "Pacific": "CA OR WA",
    "Alaska and Hawaii": "AK HI",
}
BY_STATE = {s: CIRCUITY[name] for name, states in DIVISIONS.items() for s in states.split()}


@dataclass(frozen=True, eq=False)
class Roads:
    """How far and how long it is between units.

    Parameters
    ----------
    units
        The region.
    circuity
        (n,) road kilometres per straight kilometre.
    local_kmh
        (n,) speed within and near each unit.
    highway_kmh
        Speed on the open road.
    times
        Known minutes between units, one way; the way back counts as long where it is not given.
    """

    units: Units
    circuity: Floats
    local_kmh: Floats
    highway_kmh: float
    times: TravelTimes | None = None

    def km(self, start: Ints, end: Ints) -> Floats:
        """Road kilometres between units, by position; the two broadcast against each other.

        Within a unit it is what lies between two random points of it.
        """
        straight = great_circle(self._radians[start], self._radians[end])
        inside = WITHIN * np.sqrt(self.units.area_km2[start])
        straight = np.where(np.equal(start, end), inside, straight)
        return straight * (self.circuity[start] + self.circuity[end]) / 2

    def minutes(self, start: Ints, end: Ints) -> Floats:
        """Driving minutes one way: the user's where known, else from distance and speeds."""
        return self._known_or(start, end, self._at_speed(self.km(start, end), start, end))

    def between(self, start: Ints, end: Ints, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """Minutes and kilometres between points (longitude, latitude) that lie in these units.

        Known minutes hold between units, so that points of one unit always go by the formula.
        """
        km = great_circle(np.radians(a), np.radians(b))
        km = km * (self.circuity[start] + self.circuity[end]) / 2
        spent = self._at_speed(km, start, end)
        return np.where(np.equal(start, end), spent, self._known_or(start, end, spent)), km

    def _at_speed(self, km: Floats, start: Ints, end: Ints) -> Floats:
        near = np.minimum(km, 2 * LOCAL_KM) / 2
        slow = near / self.local_kmh[start] + near / self.local_kmh[end]
        return 60 * (slow + np.maximum(km - 2 * LOCAL_KM, 0) / self.highway_kmh)

    def _known_or(self, start: Ints, end: Ints, out: Floats) -> Floats:
        """The minutes that the user knows, else those given."""
        keys, known = self._known
        if not len(keys):
            return out
        for a, b in ((end, start), (start, end)):  # the way itself wins over the way back
            asked = np.broadcast_to(np.asarray(a, np.int64) * self.units.n + b, out.shape)
            at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
            out = np.where(keys[at] == asked, known[at], out)
        return out

    @cached_property
    def _radians(self) -> Floats:
        return np.radians(self.units.lonlat)

    @cached_property
    def _known(self) -> tuple[NDArray[np.int64], Floats]:
        """Pairs as start · n + end, sorted, and their minutes; pairs of other regions are left."""
        if self.times is None or not len(self.times):
            return np.empty(0, np.int64), np.empty(0)
        frame, where = self.times.frame, self.units.position
        start, end = (
            frame[c].map(where).to_numpy(float, na_value=-1) for c in ("from_id", "to_id")
        )
        spent = frame["minutes"].to_numpy(float)
        good = (start >= 0) & (end >= 0) & np.isfinite(spent) & (spent >= 0)
        keys = start[good].astype(np.int64) * self.units.n + end[good].astype(np.int64)
        keys, first = np.unique(keys, return_index=True)
        return keys, spent[good][first]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what the minutes depend on beside the units, as hex."""
        assumed = (self.circuity.tolist(), self.local_kmh.tolist(), self.highway_kmh)
        known = None if self.times is None else self.times.fingerprint
        return hashlib.sha256(repr((assumed, known)).encode()).hexdigest()

    @property
    def known_pairs(self) -> int:
        """How many ways are the user's own."""
        return len(self._known[0])


def great_circle(a: Floats, b: Floats) -> Floats:
    """Kilometres between points (longitude, latitude) in radians (haversine)."""
    half = np.sin((b - a) / 2) ** 2
    arc = half[..., 1] + np.cos(a[..., 1]) * np.cos(b[..., 1]) * half[..., 0]
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(arc, 0, 1)))


def circuity_of(units: Units, travel: Travel) -> Floats:
    """(n,) road over straight distance: the user's figure, else by US state, else 1.3."""
    if travel.circuity > 0:
        return np.full(units.n, travel.circuity)
    if "state" not in units.attributes:
        return np.full(units.n, DEFAULT_CIRCUITY)
    states = units.attributes["state"].astype(str).str.strip().str.upper()
    return states.map(BY_STATE).fillna(DEFAULT_CIRCUITY).to_numpy(float)


def people_per_km2(units: Units, accounts: Floats | None) -> Floats:
    """(n,) density: from population, else as many people as usual, spread like the accounts."""
    area = np.maximum(units.area_km2, 0.01)
    people = units.values("population") if "population" in units.measure_names else accounts
    people = np.clip(np.nan_to_num(people), 0, None) if people is not None else None
    if people is None or people.sum() <= 0:
        return np.full(units.n, TYPICAL)
    if "population" not in units.measure_names:
        people = people * (TYPICAL * area.sum() / people.sum())
    return people / area


def local_speed(density: Floats, travel: Travel) -> Floats:
    """km/h by people per km², linear in its logarithm between country and city."""
    slow, fast = sorted((travel.city_kmh, travel.country_kmh))
    part = np.log(np.maximum(density, COUNTRY) / COUNTRY) / np.log(CITY / COUNTRY)
    return fast - (fast - slow) * np.clip(part, 0, 1)


def roads_of(project: Project, accounts: Floats | None = None) -> Roads:
    """The ways of a project: its assumptions, and its travel times where it has any.

    Parameters
    ----------
    accounts
        (n,) accounts a unit, which stand for people where the population is not known.
    """
    units, travel = project.units, project.settings.travel
    if accounts is None and project.accounts is not None:
        accounts = project.accounts.per_unit(units)["accounts"].to_numpy(float)
    density = people_per_km2(units, accounts)
    speed = local_speed(density, travel)
    return Roads(units, circuity_of(units, travel), speed, travel.highway_kmh, project.travel_times)


def minutes(project: Project, start: Ints, end: Ints) -> Floats:
    """Driving minutes one way between units of a project, by position (they broadcast)."""
    return roads_of(project).minutes(start, end)


@dataclass(frozen=True)
class FormulaError:
    """The formula against known times: over ``ways`` of them.

    ``bias`` is the median of formula / known − 1; ``typical`` the median of its size.
    """

    ways: int
    bias: float
    typical: float


def formula_error(project: Project) -> FormulaError | None:
    """How far the formula is from the project's own travel times; None without any to compare."""
    if project.travel_times is None:
        return None
    roads = roads_of(project)
    keys, known = roads._known
    start, end = np.divmod(keys, project.units.n)
    good = (known > 0) & (start != end)
    if not good.any():
        return None
    guessed = replace(roads, times=None).minutes(start[good], end[good])
    off = guessed / known[good] - 1
    return FormulaError(int(good.sum()), float(np.median(off)), float(np.median(np.abs(off))))
