"""The team, its accounts, the sales so far and travel times: thin, immutable tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import PlanError

if TYPE_CHECKING:
    from territory.model.units import Units

__all__ = [
    "ACCOUNT_COLUMNS",
    "TEAM_COLUMNS",
    "Accounts",
    "Earlier",
    "Sales",
    "Team",
    "TravelTimes",
]

TEAM_COLUMNS: Mapping[str, object] = {
    "name": "",
    "home_zip": "",
    "home_lat": np.nan,
    "home_lon": np.nan,
    "capacity_hours": np.nan,
    "quota": np.nan,
    "skills": "",
    "segments": "",
    "start_date": "",
    "end_date": "",
    "part_time": np.nan,
    "manager": "",
}
"""Columns of a team and what stands for "not known"."""

ACCOUNT_COLUMNS: Mapping[str, object] = {
    "name": "",
    "unit_id": "",
    "segment": "",
    "industry": "",
    "status": "",
    "revenue": np.nan,
    "potential": np.nan,
    "workload_hours": np.nan,
    "owner": "",
}


def _fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 of a table's content, as hex."""
    rows = pd.util.hash_pandas_object(frame, index=True).to_numpy()
    return hashlib.sha256(rows.tobytes() + "\0".join(frame.columns).encode()).hexdigest()


def _complete(frame: pd.DataFrame, columns: Mapping[str, object], index: str) -> pd.DataFrame:
    """A copy with every column of ``columns`` present, typed, and a text index."""
    out = frame.copy()
    out.index = pd.Index([str(i) for i in frame.index], dtype=object, name=index)
    if not out.index.is_unique:
        again = out.index[out.index.duplicated()][0]
        raise PlanError(f"{index} {again!r} occurs twice.")
    for name, unknown in columns.items():
        if name not in out:
            out[name] = unknown
        if isinstance(unknown, str):
            out[name] = out[name].fillna("").astype(str).astype(object)
        else:
            out[name] = out[name].astype(float)
    return out[[*columns, *(c for c in out.columns if c not in columns)]]


@dataclass(frozen=True, eq=False)
class Team:
    """Reps by id: name, home, capacity in hours a year, quota, skills, segments, manager."""

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", _complete(self.frame, TEAM_COLUMNS, "rep_id"))

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, as hex."""
        return _fingerprint(self.frame)

    @property
    def ids(self) -> tuple[str, ...]:
        """Rep ids in file order."""
        return tuple(self.frame.index)

    @cached_property
    def names(self) -> dict[str, str]:
        """rep_id → name, or the id where there is none."""
        return {rep: str(name) or rep for rep, name in self.frame["name"].items()}

    def name(self, rep_id: str) -> str:
        """The rep's name, or the id where there is none or no such rep."""
        return self.names.get(rep_id, rep_id)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Folded name → rep_id, for names that only one rep has."""
        folded = self.frame["name"].map(_folded)
        return {n: str(i) for i, n in folded.items() if n and (folded == n).sum() == 1}

    def rep_of(self, said: str) -> str | None:
        """The rep whom lists mean: by id, else by a name that only one has; case never matters."""
        return said if said in self.names else self._by_name.get(_folded(said))

    @property
    def capacities(self) -> NDArray[np.float64] | None:
        """(k,) hours a year, or None unless every rep has a positive one."""
        hours = self.frame["capacity_hours"].to_numpy(float)
        return hours if len(hours) and bool(np.all(hours > 0)) else None

    def homes(self, units: Units) -> NDArray[np.int64]:
        """(k,) position of the unit each rep lives in, -1 where it can't be told.

        A home ZIP is looked up by id; otherwise coordinates go to the unit they lie in, else to
        the nearest one within 50 km.
        """
        out = np.full(len(self), -1, dtype=np.int64)
        for i, unit in enumerate(self.frame["home_zip"]):
            out[i] = units.position.get(unit, -1)
        lat, lon = (self.frame[c].to_numpy(float) for c in ("home_lat", "home_lon"))
        todo = np.flatnonzero((out < 0) & np.isfinite(lat) & np.isfinite(lon))
        if len(todo):
            out[todo] = _units_at(units, lon[todo], lat[todo])
        return out


def _folded(name: str) -> str:
    """A name without what people write differently: case and spaces."""
    return " ".join(str(name).split()).casefold()


def _units_at(
    units: Units, lon: NDArray[np.float64], lat: NDArray[np.float64], reach_m: float = 50_000
) -> NDArray[np.int64]:
    """(m,) the unit at or nearest to each point, -1 beyond ``reach_m``."""
    import geopandas as gpd

    points = gpd.GeoSeries.from_xy(lon, lat, crs=4326).to_crs(units.projected.crs)
    out = np.full(len(points), -1, dtype=np.int64)
    found, unit = units.projected.sindex.nearest(
        points, max_distance=reach_m, return_all=False, return_distance=False
    )
    out[found] = unit
    return out


@dataclass(frozen=True, eq=False)
class Accounts:
    """Customers and prospects by id, each in a unit."""

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", _complete(self.frame, ACCOUNT_COLUMNS, "account_id"))

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, as hex."""
        return _fingerprint(self.frame)

    def per_unit(self, units: Units) -> pd.DataFrame:
        """Accounts, revenue, potential and hours of each unit, index unit_id, zeros where none."""
        grouped = self.frame.groupby("unit_id")
        out = grouped[["revenue", "potential", "workload_hours"]].sum()
        out.insert(0, "accounts", grouped.size())
        return out.reindex(units.ids).fillna(0.0)

    def owned_by(self, team: Team) -> Accounts:
        """The same with owners by id where lists call them by name; others stay as written."""
        known = {str(o): team.rep_of(str(o)) or o for o in self.frame["owner"].unique()}
        return Accounts(self.frame.assign(owner=self.frame["owner"].map(known)))


@dataclass(frozen=True, eq=False)
class Sales:
    """Sales so far: columns unit_id, period (such as 2025Q3), amount.

    ``account_id`` and ``new_customers`` are there where the user's file has them.
    """

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        missing = {"unit_id", "period", "amount"} - set(self.frame.columns)
        if missing:
            raise PlanError(f"Sales need the columns {', '.join(sorted(missing))}.")
        object.__setattr__(self, "frame", self.frame.reset_index(drop=True).copy())

    @property
    def periods(self) -> tuple[str, ...]:
        """Periods at hand as they are written, in the order of the alphabet."""
        return tuple(sorted(self.frame["period"].unique()))


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Known travel times: columns from_id, to_id (unit ids) and minutes, one way each."""

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        missing = {"from_id", "to_id", "minutes"} - set(self.frame.columns)
        if missing:
            raise PlanError(f"Travel times need the columns {', '.join(sorted(missing))}.")
        frame = self.frame[["from_id", "to_id", "minutes"]].reset_index(drop=True)
        frame.attrs.update(self.frame.attrs)
        object.__setattr__(self, "frame", frame.astype({"minutes": float}))

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, as hex."""
        return _fingerprint(self.frame)


@dataclass(frozen=True, eq=False)
class Earlier:
    """What the units had before newer data was loaded: index unit_id, a column a measure."""

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        frame = self.frame.select_dtypes("number").astype(float)
        index = pd.Index([str(i) for i in self.frame.index], dtype=object, name="unit_id")
        object.__setattr__(self, "frame", frame.set_axis(index, axis=0))

    def values(self, units: Units, measure: str) -> NDArray[np.float64] | None:
        """(n,) a measure of each of the present units as it was; None where it was not known."""
        if measure not in self.frame:
            return None
        return self.frame[measure].reindex(units.ids).to_numpy(float)
