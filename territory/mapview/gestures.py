"""What a gesture does to a plan. Pure: a plan and operations in, a plan and the refusals out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.mapview.guard import named, why_apart, why_swap_apart
from territory.mapview.messages import LOCK, LOCK_ACCOUNTS, LOCK_TERRITORY, LOCKS, Op, Reject
from territory.model import lock_accounts, operations, unlock_accounts
from territory.model.named import account_positions
from territory.model.people import Accounts
from territory.model.plan import Plan

__all__ = ["apply", "gesture_label"]

Ints = NDArray[np.int64]


def apply(
    plan: Plan, ops: Iterable[Op], accounts: Accounts | None = None, taken: Iterable[str] = ()
) -> tuple[Plan, list[Reject]]:
    """The plan after gestures.

    Units that are locked stay where they are and come back in a refusal; the others of the same
    gesture go. A gesture that must keep territories connected, a swap, and a new territory go as a
    whole or not at all. Undo and redo are not a plan's business and are skipped.

    Parameters
    ----------
    plan
        The plan before; it is not changed.
    ops
        Operations whose positions fit the plan, in order.
    accounts
        The project's accounts, for those that lock them.
    taken
        Territory ids that a new territory must not have, such as the baseline's.

    Returns
    -------
    The plan after, and one Reject for each operation of which something was refused.
    """
    rejects: list[Reject] = []
    for op in ops:
        try:
            if op.kind in LOCKS:
                plan = _locked(plan, op, accounts)
            elif op.kind == "swap":
                plan = _swapped(plan, op)
            elif op.kind == "new":
                new = operations.fresh_id(plan, taken)
                ids = plan.units.ids[np.asarray(op.ix, np.int64)]
                plan = operations.add_territory(plan, op.name, ids, territory_id=new)
            elif op.kind not in ("undo", "redo"):
                plan = _given(plan, op, rejects)
        except PlanError as error:
            rejects.append(Reject(op.seq, str(error), tuple(sorted({*op.ix, *op.others}))))
    return plan, rejects


def _given(plan: Plan, op: Op, rejects: list[Reject]) -> Plan:
    """Units to a territory, without those that are locked."""
    ix = np.asarray(op.ix, dtype=np.int64)
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
        return plan
    return plan if shut.all() else plan.move_positions(ix[~shut], op.to)


def _swapped(plan: Plan, op: Op) -> Plan:
    """Two territories exchange units; PlanError where the units are no longer theirs."""
    there, here = np.asarray(op.ix, np.int64), np.asarray(op.others, np.int64)
    if op.to < 0 or op.back < 0 or op.to == op.back or not len(there) or not len(here):
        raise PlanError("A swap needs units of two territories.")
    if (plan.alignment[there] != op.back).any() or (plan.alignment[here] != op.to).any():
        raise PlanError("Not swapped: some of these have another owner by now.")
    apart = why_swap_apart(plan, there, op.to, here, op.back) if op.connected else ""
    if apart:
        raise PlanError(apart)
    return plan.move_positions(there, op.to).move_positions(here, op.back)


def _locked(plan: Plan, op: Op, accounts: Accounts | None) -> Plan:
    """Locks set or taken off; the same plan where nothing changes."""
    ix = np.asarray(op.ix, dtype=np.int64)
    if op.kind in LOCK:
        change = operations.lock_units if op.kind == "lock" else operations.unlock_units
        after = change(plan, (str(u) for u in plan.units.ids[ix]))
    elif op.kind in LOCK_ACCOUNTS:
        return _accounts_locked(plan, ix, op.kind == "lock accounts", accounts)
    elif op.kind == "lock all":
        after = operations.lock_all(plan)
    elif op.kind == "unlock all":
        after = operations.unlock_all(plan)
    elif op.kind == "invert locks":
        after = operations.invert_locks(plan)
    else:
        if op.to < 0:
            raise PlanError("The unassigned are no territory that could be locked.")
        shut = operations.lock_territory if op.kind == "lock territory" else None
        after = (shut or operations.unlock_territory)(plan, plan.territory_ids[op.to])
    return plan if after.locks == plan.locks else after


def _accounts_locked(plan: Plan, ix: Ints, lock: bool, accounts: Accounts | None) -> Plan:
    """The accounts in some units keep their reps, or go with their units again."""
    if accounts is None:
        raise PlanError("This project has no accounts.")
    inside = np.isin(account_positions(plan, accounts), ix)
    ids = [str(a) for a in accounts.frame.index[inside]]
    if not ids:
        raise PlanError("There are no accounts in this selection.")
    return lock_accounts(plan, accounts, ids) if lock else unlock_accounts(plan, ids)


def _lock_reason(plan: Plan, ix: Ints) -> str:
    if not len(ix):
        return ""
    return f"{named(plan, ix)}: locked, so left where {'they are' if len(ix) > 1 else 'it is'}."


def gesture_label(op: Op, before: Plan, after: Plan, unit: str, units: str) -> str:
    """What undo will say: "3 ZIPs to North"."""

    def counted(number: int) -> str:
        return f"{number} {unit if number == 1 else units}"

    names = after.territories["name"]
    if op.kind == "new":
        return f"New {names.iloc[-1]}: {counted(int((after.alignment == after.k - 1).sum()))}"
    if op.kind == "swap":
        both = counted(len(op.ix) + len(op.others))
        return f"Swap {both}: {names.iloc[op.to]}, {names.iloc[op.back]}"
    if op.kind in LOCKS:
        return _lock_label(op, before, after, counted)
    moved = np.flatnonzero(before.alignment != after.alignment)
    target = str(names.iloc[op.to]) if op.to >= 0 else "unassigned"
    what = str(after.units.ids[moved[0]]) if len(moved) == 1 else counted(len(moved))
    return f"{what} to {target}"


def _lock_label(op: Op, before: Plan, after: Plan, counted: Callable[[int], str]) -> str:
    """ "Lock 2 ZIPs", "Unlock North", "Lock 12 accounts", "Invert locks"."""
    verb = op.kind.split()[0].capitalize()
    if op.kind in LOCK:
        return f"{verb} {counted(len(op.ix))}"
    if op.kind in LOCK_TERRITORY:
        return f"{verb} {after.territories['name'].iloc[op.to]}"
    if op.kind in LOCK_ACCOUNTS:
        count = len(before.locks.accounts ^ after.locks.accounts)
        return f"{verb} {count} account{'s' if count != 1 else ''}"
    return op.kind.capitalize()
