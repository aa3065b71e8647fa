"""Which gestures would pull a territory apart; the browser asks the same of itself first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from territory.model.graph import pieces, would_orphan
from territory.model.plan import Plan

__all__ = ["named", "why_apart", "why_swap_apart"]

NAMED = 3


def named(plan: Plan, ix: NDArray[np.integer]) -> str:
    """The first few units by id: "01001, 01002, 01003 and 4 more"."""
    names = ", ".join(str(u) for u in plan.units.ids[ix[:NAMED]])
    return names + (f" and {len(ix) - NAMED} more" if len(ix) > NAMED else "")


def why_apart(plan: Plan, moving: NDArray[np.int64], to: int) -> str:
    """Why giving units to a territory would leave one in more pieces; "" when it would not.

    Parameters
    ----------
    plan
        The plan before.
    moving
        Positions of the units that would change their territory.
    to
        Position of the territory they go to, -1 for none.
    """
    graph, labels = plan.units.graph, plan.alignment
    orphans = would_orphan(graph, labels, moving)
    if len(orphans):
        names = plan.territories["name"]
        owners = ", ".join(str(names.iloc[t]) for t in np.unique(labels[orphans]))
        return f"That would cut {named(plan, orphans)} off from {owners}."
    if to < 0:
        return ""
    after = labels.copy()
    after[moving] = to
    before = pieces(graph, labels, plan.k)[to]
    if pieces(graph, after, plan.k)[to] <= max(1, before):
        return ""
    return f"That would leave {plan.territories['name'].iloc[to]} in more pieces than before."


def why_swap_apart(
    plan: Plan,
    there: NDArray[np.int64],
    to: int,
    here: NDArray[np.int64],
    back: int,
) -> str:
    """Why an exchange of units would leave a territory in more pieces; "" when it would not."""
    graph, labels = plan.units.graph, plan.alignment
    after = labels.copy()
    after[there], after[here] = to, back
    was, now = pieces(graph, labels, plan.k), pieces(graph, after, plan.k)
    worse = [t for t in (to, back) if now[t] > max(1, was[t])]
    if not worse:
        return ""
    names = ", ".join(str(plan.territories["name"].iloc[t]) for t in worse)
    return f"That would leave {names} in more pieces than before."
