"""Named accounts for the engine: units without them, and what is fixed wherever units go."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.model import Accounts, Plan, Units
from territory.model.named import named_accounts

__all__ = ["without_named"]

_last: WeakKeyDictionary[Units, tuple[object, Units]] = WeakKeyDictionary()
"""The reduced units made last for a region: they stay the same while only units move."""


def without_named(
    plan: Plan, accounts: Accounts | None, measures: Iterable[str]
) -> tuple[Units, NDArray[np.float64]]:
    """The plan's units less the accounts named to a rep, and those accounts by territory.

    With ``units`` a territory's total is that of its units plus its row of the offset, whatever
    units it has: so the engine may move them freely. (An account in the second territory of its
    rep is counted with the first one here.) A unit is never worth less than nothing.

    Returns
    -------
    The units (the plan's own where nothing is named), and (k, measures) amounts.
    """
    names = list(measures)
    offset = np.zeros((plan.k, len(names)))
    if accounts is None or not plan.named_accounts:
        return plan.units, offset
    named = named_accounts(plan, accounts)
    there = named.unit >= 0
    less: dict[str, NDArray[np.float64]] = {}
    for m, name in enumerate(names):
        value = named.values(accounts, name)
        if value is None or name not in plan.units.measure_names:
            continue
        offset[:, m] = np.bincount(named.home, value, plan.k)
        taken = np.bincount(named.unit[there], value[there], plan.units.n)
        less[name] = np.maximum(plan.units.values(name) - taken, 0.0)
    if not less:
        return plan.units, offset
    key = {name: column.tobytes() for name, column in less.items()}
    known = _last.get(plan.units)
    if known is None or known[0] != key:
        frame = pd.DataFrame(less, index=plan.units.ids)
        known = _last[plan.units] = key, plan.units.with_attributes(frame)
    return known[1], offset
