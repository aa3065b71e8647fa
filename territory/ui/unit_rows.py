"""Units as rows of a table: which ones a filter finds, and what is said about each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics import Case
from territory.model import UNASSIGNED, Units
from territory.model.plan import Plan

__all__ = ["Filter", "find", "labels_of", "read_ids", "rows"]

_words: WeakKeyDictionary[Units, pd.Series] = WeakKeyDictionary()


@dataclass(frozen=True)
class Filter:
    """What to look for; everything that is set must hold.

    Parameters
    ----------
    text
        Words that must all occur in the unit's id or one of its labels, such as its city.
    territory
        Position of a territory, -1 for the unassigned.
    locked
        Only those that are locked, or only those that are not.
    ids
        Only these units.
    """

    text: str = ""
    territory: int | None = None
    locked: bool | None = None
    ids: tuple[str, ...] | None = None


def labels_of(units: Units) -> list[str]:
    """Names of the columns of text, such as city and county."""
    columns = units.attributes
    return [str(c) for c in columns if not pd.api.types.is_numeric_dtype(columns[c])]


def _searchable(units: Units) -> pd.Series:
    """Id and labels of each unit as one lower-case text; made once for each region."""
    if units not in _words:
        text = pd.Series(units.ids.astype(str))
        for name in labels_of(units):
            text = text + " " + units.attributes[name].fillna("").astype(str).reset_index(drop=True)
        _words[units] = text.str.lower()
    return _words[units]


def find(plan: Plan, wanted: Filter) -> NDArray[np.int64]:
    """Positions of the units a filter lets through, in order."""
    keep = np.ones(plan.units.n, bool)
    if wanted.territory is not None:
        keep &= plan.alignment == wanted.territory
    if wanted.locked is not None:
        keep &= plan.locked_units == wanted.locked
    if wanted.ids is not None:
        listed = np.zeros(plan.units.n, bool)
        listed[plan.units.positions(wanted.ids)] = True
        keep &= listed
    for word in wanted.text.lower().split():
        keep &= _searchable(plan.units).str.contains(word, regex=False).to_numpy(bool)
    return np.flatnonzero(keep)


def read_ids(text: str, units: Units) -> tuple[tuple[str, ...], list[str]]:
    """Unit ids from a pasted list, and what is none; commas, semicolons, blanks or lines apart."""
    said = list(dict.fromkeys(re.split(r"[\s,;\"']+", text.strip()))) if text.strip() else []
    said = [word for word in said if word]
    known = tuple(word for word in said if word in units.position)
    return known, [word for word in said if word not in units.position]


def rows(case: Case, positions: NDArray[np.int64], measures: list[str]) -> pd.DataFrame:
    """One row a unit: id, labels, territory, measures, locked."""
    plan, units = case.plan, case.plan.units
    names = np.array([*plan.territories["name"].astype(str), ""], dtype=object)
    out: dict[str, object] = {"id": units.ids[positions]}
    for name in labels_of(units)[:2]:
        out[name] = units.attributes[name].to_numpy(object)[positions]
    owner = plan.alignment[positions]
    out["territory"] = names[np.where(owner == UNASSIGNED, plan.k, owner)]
    out |= {name: units.values(name)[positions] for name in measures}
    out["locked"] = plan.locked_units[positions]
    return pd.DataFrame(out)
