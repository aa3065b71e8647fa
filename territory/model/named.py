"""Named accounts: customers that belong to a rep whatever territory they lie in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from territory.model.people import Accounts
from territory.model.plan import UNASSIGNED, Plan

__all__ = ["named_offset"]

COLUMN = {
    "sales": "revenue",
    "revenue": "revenue",
    "potential": "potential",
    "workload_hours": "workload_hours",
}
"""Which account column adds up to which measure; ``accounts`` counts 1 each."""


def named_offset(plan: Plan, accounts: Accounts | None, measure: str) -> NDArray[np.float64]:
    """(k,) what named accounts add to each territory's total of a measure.

    An account named to the owner of another territory is taken from where it lies and given to
    the first territory of its rep. Zero for measures that accounts do not carry. The plan's total
    changes only where an account moves between assigned and unassigned ground.
    """
    out = np.zeros(plan.k)
    if accounts is None or not plan.named_accounts:
        return out
    reps = plan.territories["rep_id"].tolist()
    home = {rep: t for t, rep in reversed(list(enumerate(reps))) if rep}
    for account, rep in plan.named_accounts.items():
        if account not in accounts.frame.index or rep not in home:
            continue
        row = accounts.frame.loc[account]
        if measure == "accounts":
            value = 1.0
        elif measure in COLUMN:
            value = float(np.nan_to_num(row[COLUMN[measure]]))
        else:
            return out
        unit = plan.units.position.get(row["unit_id"])
        here = UNASSIGNED if unit is None else int(plan.alignment[unit])
        if here >= 0 and reps[here] == rep:
            continue
        if here >= 0:
            out[here] -= value
        out[home[rep]] += value
    return out
