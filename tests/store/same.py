"""What "the same" means for plans and histories that went through the store."""

from __future__ import annotations

import numpy as np

from territory.model import History, Plan


def same_plan(a: Plan, b: Plan) -> bool:
    """Equal alignment, territories, locks and named accounts on equal units."""
    return (
        np.array_equal(a.alignment, b.alignment)
        and a.territories.astype(object).equals(b.territories.astype(object))
        and a.locks == b.locks
        and a.named_accounts == b.named_accounts
        and a.units.fingerprint == b.units.fingerprint
    )


def same_history(a: History, b: History) -> bool:
    """Equal plans and labels, back and forth."""
    ours = (*a.past, a.present, *a.future)
    theirs = (*b.past, b.present, *b.future)
    return (
        (len(a.past), len(a.future)) == (len(b.past), len(b.future))
        and [e.label for e in ours] == [e.label for e in theirs]
        and all(same_plan(x.plan, y.plan) for x, y in zip(ours, theirs, strict=True))
    )
