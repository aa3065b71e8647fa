"""A plan on newer data: whatever was decided stays, as far as it still means something."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from territory.model.locks import Locks
from territory.model.operations import LONGEST_NAME, add_territory
from territory.model.people import Accounts, Team
from territory.model.plan import UNASSIGNED, Plan
from territory.model.units import Units

__all__ = ["carried"]


def carried(
    plan: Plan,
    units: Units,
    team: Team | None = None,
    accounts: Accounts | None = None,
    named: Mapping[str, str] | None = None,
) -> Plan:
    """The same territories on other units, team and accounts.

    Names, targets, colours, locks and named accounts stay. Units that are new are unassigned; a
    territory whose rep has left stays and is vacant. A rep who is new gets the vacant territory
    of the same id, as where a team comes after the alignment, else an empty one of the mean
    target. Locks and names of what is gone go with it.

    Parameters
    ----------
    named
        account_id → rep_id that the newer data asks for, of accounts this plan says nothing of.
    """
    reps = set() if team is None else set(team.ids)
    owners = [r if r in reps else "" for r in plan.territories["rep_id"]]
    idle = reps.difference(owners)
    owners = [
        t if not r and t in idle else r for t, r in zip(plan.territory_ids, owners, strict=True)
    ]
    there = np.array([plan.units.position.get(u, -1) for u in units.ids], dtype=np.int64)
    alignment = np.where(there >= 0, plan.alignment[there], UNASSIGNED)
    kept = set() if accounts is None else set(accounts.frame.index)
    wanted = {**(named or {}), **plan.named_accounts}
    out = Plan(
        units,
        plan.territories.assign(rep_id=owners),
        alignment,
        Locks.of(
            (u for u in plan.locks.units if u in units.position),
            plan.locks.territories,
            (a for a in plan.locks.accounts if a in kept),
        ),
        {a: r for a, r in wanted.items() if a in kept and r in reps},
    )
    for rep in () if team is None else team.ids:
        if team is not None and rep not in owners:
            new = rep if rep not in out.territories.index else None
            name = _free(out, team.name(rep).strip() or rep)
            out = add_territory(out, name, territory_id=new, rep_id=rep)
    return out


def _free(plan: Plan, name: str) -> str:
    """A name that no territory has: this one, shortened, or with a number behind it."""
    taken, short = set(plan.territories["name"]), name[: LONGEST_NAME - 5].strip()
    tries = (short if n == 1 else f"{short} {n}" for n in range(1, len(taken) + 2))
    return next(t for t in tries if t not in taken)
