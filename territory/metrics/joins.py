"""Tables brought onto the units, done once for each pair of tables and kept as long as both are.

A page draws anew with every click, the tables stay the same objects: nothing here is asked for by
name or content, so nobody's table is ever given to somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.model import UNASSIGNED, Accounts, Plan, Units

__all__ = ["account_territories", "account_units", "kept", "revenue_by_unit"]

T = TypeVar("T")
Kept = WeakKeyDictionary[Units, WeakKeyDictionary[object, T]]

_placed: Kept[NDArray[np.int64]] = WeakKeyDictionary()
_revenue: Kept[NDArray[np.float64]] = WeakKeyDictionary()


def kept(by: Kept[T], units: Units, other: object, make: Callable[[], T]) -> T:
    """What was made of two tables before, else made now."""
    inner = by.setdefault(units, WeakKeyDictionary())
    if other not in inner:
        inner[other] = make()
    return inner[other]


def account_units(units: Units, accounts: Accounts) -> NDArray[np.int64]:
    """(a,) position of the unit each account lies in, -1 where that is not in the region."""

    def make() -> NDArray[np.int64]:
        found = pd.Index(units.ids).get_indexer(accounts.frame["unit_id"])
        return np.asarray(found, dtype=np.int64)

    return kept(_placed, units, accounts, make)


def revenue_by_unit(units: Units, accounts: Accounts) -> NDArray[np.float64]:
    """(n,) revenue of the accounts in each unit."""

    def make() -> NDArray[np.float64]:
        at = account_units(units, accounts)
        revenue = np.nan_to_num(accounts.frame["revenue"].to_numpy(float))
        there = at >= 0
        return np.bincount(at[there], revenue[there], units.n).astype(np.float64)

    return kept(_revenue, units, accounts, make)


def account_territories(plan: Plan, accounts: Accounts) -> NDArray[np.int64]:
    """(a,) position of the territory each account counts for, -1 for none.

    That of its unit; a named account stays with its rep: in the unit's territory where it is the
    rep's, else in the first of the rep's territories.
    """
    out = np.append(plan.alignment, UNASSIGNED)[account_units(plan.units, accounts)].astype(int)
    reps = plan.territories["rep_id"].to_numpy(object)
    first = {rep: t for t, rep in reversed(list(enumerate(reps))) if rep}
    rows = accounts.frame.index.get_indexer(list(plan.named_accounts))
    for row, rep in zip(rows, plan.named_accounts.values(), strict=True):
        if row >= 0 and rep in first and (out[row] < 0 or reps[out[row]] != rep):
            out[row] = first[rep]
    return out
