"""What a gesture does to a plan. Pure: a plan and operations in, a plan and the refusals out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from territory.mapview.guard import named, why_apart
from territory.mapview.messages import LOCK, Op, Reject
from territory.model.plan import Plan

__all__ = ["apply", "gesture_label"]


def apply(plan: Plan, ops: Iterable[Op]) -> tuple[Plan, list[Reject]]:
    """The plan after gestures that give units to territories.

    Units that are locked stay where they are and come back in a refusal; the others of the same
    gesture go. A gesture that must keep territories connected goes as a whole or not at all.
    Undo and redo are not a plan's business and are skipped.

    Parameters
    ----------
    plan
        The plan before; it is not changed.
    ops
        Operations whose positions fit the plan, in order.

    Returns
    -------
    The plan after, and one Reject for each operation of which something was refused.
    """
    rejects: list[Reject] = []
    for op in ops:
        ix = np.asarray(op.ix, dtype=np.int64)
        if op.kind in LOCK:
            plan = _with_locked(plan, ix, op.kind == "lock")
            continue
        ix = ix[plan.alignment[ix] != op.to]
        shut = plan.locked_units[ix]
        reason = _lock_reason(plan, ix[shut])
        if op.to >= 0 and plan.territory_ids[op.to] in plan.locks.territories:
            shut = np.ones(len(ix), bool)
            reason = f"{plan.territories['name'].iloc[op.to]} is locked."
        if shut.any():
            rejects.append(Reject(op.seq, reason, tuple(ix[shut].tolist())))
        apart = why_apart(plan, ix[~shut], op.to) if op.connected else ""
        if apart:
            rejects.append(Reject(op.seq, apart, tuple(ix[~shut].tolist())))
        elif not shut.all():
            plan = plan.move_positions(ix[~shut], op.to)
    return plan, rejects


def _with_locked(plan: Plan, ix: NDArray[np.int64], lock: bool) -> Plan:
    """The plan with some units locked or free; the same plan where nothing changes."""
    chosen = frozenset(str(u) for u in plan.units.ids[ix])
    units = plan.locks.units | chosen if lock else plan.locks.units - chosen
    if units == plan.locks.units:
        return plan
    return plan.with_locks(replace(plan.locks, units=units))


def _lock_reason(plan: Plan, ix: NDArray[np.int64]) -> str:
    if not len(ix):
        return ""
    return f"{named(plan, ix)}: locked, so left where {'they are' if len(ix) > 1 else 'it is'}."


def gesture_label(before: Plan, after: Plan, to: int, unit: str, units: str) -> str:
    """What undo will say: "3 ZIPs to North"."""
    moved = np.flatnonzero(before.alignment != after.alignment)
    target = str(after.territories["name"].iloc[to]) if to >= 0 else "unassigned"
    if len(moved) == 1:
        return f"{after.units.ids[moved[0]]} to {target}"
    return f"{len(moved)} {units if len(moved) != 1 else unit} to {target}"
