"""Named accounts: customers that belong to a rep whatever territory they lie in.

A locked account is a named one: locking names it to the rep who has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.model.people import Accounts
from territory.model.plan import UNASSIGNED, Plan

__all__ = [
    "NamedAccounts",
    "account_positions",
    "account_reps",
    "lock_accounts",
    "named_accounts",
    "named_offset",
    "named_shift",
    "unlock_accounts",
]

COLUMN = {
    "sales": "revenue",
    "revenue": "revenue",
    "potential": "potential",
    "workload_hours": "workload_hours",
}
"""Which account column adds up to which measure; ``accounts`` counts 1 each."""


@dataclass(frozen=True, eq=False)
class NamedAccounts:
    """The named accounts whose rep owns a territory, as positions.

    ``row`` (m,) rows of the accounts table; ``unit`` (m,) where each lies, -1 unknown; ``home``
    (m,) the first territory of its rep; ``first`` (k,) the first territory of each territory's
    rep, -1 without one.
    """

    row: NDArray[np.int64]
    unit: NDArray[np.int64]
    home: NDArray[np.int64]
    first: NDArray[np.int64]

    def values(self, accounts: Accounts, measure: str) -> NDArray[np.float64] | None:
        """(m,) what each account adds to a measure; None where accounts don't carry it."""
        if measure == "accounts":
            return np.ones(len(self.row))
        if measure not in COLUMN:
            return None
        return np.nan_to_num(accounts.frame[COLUMN[measure]].to_numpy(float)[self.row])


def account_positions(plan: Plan, accounts: Accounts) -> NDArray[np.int64]:
    """(a,) position of the unit each account lies in, -1 where that is not in the region."""
    where = plan.units.position
    return np.array([where.get(u, -1) for u in accounts.frame["unit_id"]], dtype=np.int64)


def named_accounts(plan: Plan, accounts: Accounts) -> NamedAccounts:
    """Where the named accounts lie and where they count."""
    reps = plan.territories["rep_id"].tolist()
    home = {rep: t for t, rep in reversed(list(enumerate(reps))) if rep}
    kept = [(a, home[rep]) for a, rep in plan.named_accounts.items() if rep in home]
    row = accounts.frame.index.get_indexer([a for a, _ in kept]).astype(np.int64)
    goes = np.array([t for _, t in kept], dtype=np.int64)
    known = row >= 0
    row, goes = row[known], goes[known]
    ids = accounts.frame["unit_id"].to_numpy(object)[row]
    unit = np.array([plan.units.position.get(u, -1) for u in ids], dtype=np.int64)
    first = np.array([home.get(rep, -1) for rep in reps], dtype=np.int64)
    return NamedAccounts(row, unit, goes, first)


def named_offset(plan: Plan, accounts: Accounts | None, measure: str) -> NDArray[np.float64]:
    """(k,) what named accounts add to each territory's total of a measure.

    An account named to the owner of another territory is taken from where it lies and given to
    the first territory of its rep. Zero for measures that accounts do not carry. The plan's total
    changes only where an account moves between assigned and unassigned ground.
    """
    if accounts is None or not plan.named_accounts:
        return np.zeros(plan.k)
    if measure == "accounts":
        return named_shift(plan, accounts, np.ones(len(accounts)))
    if measure not in COLUMN:
        return np.zeros(plan.k)
    return named_shift(plan, accounts, accounts.frame[COLUMN[measure]].to_numpy(float))


def named_shift(plan: Plan, accounts: Accounts, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(k,) what named accounts add to and take from each territory, of any figure.

    Parameters
    ----------
    values
        (a,) the figure of each account; gaps count as none.
    """
    named = named_accounts(plan, accounts)
    value = np.nan_to_num(values[named.row])
    here = np.append(plan.alignment, UNASSIGNED)[named.unit]
    away = np.append(named.first, -1)[here] != named.home
    taken = away & (here >= 0)
    gained = np.bincount(named.home[away], value[away], plan.k)
    lost = np.bincount(here[taken], value[taken], plan.k)
    return np.asarray(gained - lost, dtype=np.float64)


def account_reps(plan: Plan, accounts: Accounts) -> NDArray[np.object_]:
    """(a,) the rep each account belongs to: by name, else by the unit it lies in; "" for none."""
    owner = np.append(plan.alignment, UNASSIGNED)[account_positions(plan, accounts)]
    out = np.array([*plan.territories["rep_id"], ""], dtype=object)[owner]
    row = accounts.frame.index.get_indexer(list(plan.named_accounts))
    for at, rep in zip(row, plan.named_accounts.values(), strict=True):
        if at >= 0:
            out[at] = rep
    return out


def lock_accounts(plan: Plan, accounts: Accounts, account_ids: Iterable[str]) -> Plan:
    """Accounts keep the rep who has them now; their units may still move.

    Those that nobody has yet stay as they are.

    Raises
    ------
    PlanError
        If an account is unknown, or nobody has any of them.
    """
    ids = list(dict.fromkeys(account_ids))
    row = accounts.frame.index.get_indexer(ids)
    if (row < 0).any():
        unknown = ids[int(np.argmin(row))]
        raise PlanError(f"There is no account {unknown!r} in this project.")
    reps = account_reps(plan, accounts)[row]
    kept = {a: str(rep) for a, rep in zip(ids, reps, strict=True) if rep}
    if ids and not kept:
        raise PlanError("No rep has these accounts yet: assign where they lie, or name an owner.")
    locks = replace(plan.locks, accounts=plan.locks.accounts | set(kept))
    if locks == plan.locks and kept.items() <= plan.named_accounts.items():
        return plan
    return replace(plan, locks=locks, named_accounts={**plan.named_accounts, **kept})


def unlock_accounts(plan: Plan, account_ids: Iterable[str]) -> Plan:
    """Locked accounts go with their unit again; others are left alone."""
    free = plan.locks.accounts & set(account_ids)
    if not free:
        return plan
    named = {a: rep for a, rep in plan.named_accounts.items() if a not in free}
    locks = replace(plan.locks, accounts=plan.locks.accounts - free)
    return replace(plan, locks=locks, named_accounts=named)
