"""What a plan does when the world changes, and the smallest repair.

A shock changes the measures or the team; the plan is looked at under it as it is, and the engine
looks for a plan within the tolerance that moves as little as it can from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.metrics import moved_share
from territory.model import Accounts, Locks, Plan, Project, Units, measure, operations
from territory.model.named import COLUMN
from territory.optimize.engine import propose
from territory.optimize.named import without_named
from territory.optimize.result import Progress, Proposal
from territory.optimize.split import split

__all__ = ["Demand", "Joins", "Leaves", "Shock", "Stressed", "affected_share", "stressed"]


@dataclass(frozen=True)
class Demand:
    """The measures grow or shrink by a share: everywhere, in a place, or in an industry.

    Parameters
    ----------
    change
        −0.2 for a fifth less.
    by, value
        A text column of the units ("county"), or of the accounts ("industry", "segment"), and the
        value it must have; empty: everywhere. For accounts a unit is affected by the share that
        such accounts have in its accounts' revenue.
    measures
        What changes; the names of measures of the region.
    """

    change: float
    measures: tuple[str, ...]
    by: str = ""
    value: str = ""

    def __str__(self) -> str:
        names = " and ".join(measure(name).label.lower() for name in self.measures)
        where = f" in {self.by} {self.value}" if self.by else ""
        verb = "rises" if self.change > 0 else "falls"
        return f"{names}{where} {verb} by {100 * abs(self.change):.0f} %"


@dataclass(frozen=True)
class Leaves:
    """A territory loses its rep, and the others take its units over."""

    territory_id: str

    def __str__(self) -> str:
        return f"the rep of {self.territory_id} leaves"


@dataclass(frozen=True)
class Joins:
    """So many reps come, each with a territory of its own."""

    count: int

    def __str__(self) -> str:
        return f"{self.count} more" if self.count != 1 else "one more"


Shock = Demand | Leaves | Joins


@dataclass(frozen=True, eq=False)
class Stressed:
    """A plan under a shock, and its repair.

    ``before`` is the plan as it is under the shock, ``after`` the smallest repair found, on the
    same changed measures; ``moved`` the share of the heaviest measure that the repair moves.
    """

    shock: Shock
    before: Plan
    after: Plan
    moved: float
    proposal: Proposal


def stressed(
    plan: Plan,
    project: Project,
    shock: Shock,
    measures: Mapping[str, float],
    *,
    tolerance: float = 0.05,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Stressed:
    """The plan under a shock and the smallest repair.

    Parameters
    ----------
    plan
        The plan as it is; its locks hold.
    project
        Its accounts say what share of a unit an industry has.
    measures, tolerance, seed
        What the repair balances, and how closely.

    Raises
    ------
    PlanError
        If the shock is impossible: an unknown territory, the last one leaving, nothing affected.
    """
    shaken = _shaken(plan, project, shock, measures, seed)
    accounts = _accounts_after(project.accounts, shaken.units, shock)
    units, offset = without_named(shaken, accounts, measures)
    proposal = propose(
        units,
        measures=measures,
        tolerance=tolerance,
        current=replace(shaken, units=units),
        locks=shaken.locks,
        offset=offset if offset.any() else None,
        seed=seed,
        progress=progress,
        cancel=cancel,
    )
    after = shaken.with_alignment(proposal.plan.alignment)
    main = max(measures, key=lambda name: measures[name])
    return Stressed(shock, shaken, after, moved_share(after, shaken, main), proposal)


def _accounts_after(accounts: Accounts | None, units: Units, shock: Shock) -> Accounts | None:
    """The accounts under a shock on demand: those concerned change as the units do."""
    if accounts is None or not isinstance(shock, Demand):
        return accounts
    frame = accounts.frame
    if not shock.by:
        share = np.ones(len(frame))
    elif shock.by in units.attributes:
        lies = np.array([units.position.get(u, -1) for u in frame["unit_id"]], dtype=np.int64)
        share = np.append(affected_share(units, accounts, shock.by, shock.value), 0.0)[lies]
    else:
        share = (frame[shock.by].astype(str) == shock.value).to_numpy(float)
    columns = {COLUMN[name] for name in shock.measures if name in COLUMN} & set(frame.columns)
    factor = np.maximum(0.0, 1 + shock.change * share)
    return replace(accounts, frame=frame.assign(**{c: frame[c] * factor for c in columns}))


def affected_share(
    units: Units, accounts: Accounts | None, by: str, value: str
) -> NDArray[np.float64]:
    """(n,) what part of each unit a shock concerns, 0 to 1."""
    if not by:
        return np.ones(units.n)
    if by in units.attributes and not pd.api.types.is_numeric_dtype(units.attributes[by]):
        return (units.attributes[by].astype(str) == value).to_numpy(float)
    if accounts is None or by not in accounts.frame:
        raise PlanError(f"Neither the units nor the accounts have a column {by!r}.")
    frame = accounts.frame
    # Accounts without revenue count a little, so that a field of prospects is not nothing.
    weight = np.nan_to_num(pd.to_numeric(frame["revenue"], errors="coerce").to_numpy(float)) + 1e-9
    where = np.array([units.position.get(u, -1) for u in frame["unit_id"]])
    placed = where >= 0
    whole = np.bincount(where[placed], weight[placed], units.n)
    chosen = placed & (frame[by].astype(str) == value).to_numpy()
    part = np.bincount(where[chosen], weight[chosen], units.n)
    return np.divide(part, whole, out=np.zeros(units.n), where=whole > 0)


def _shaken(
    plan: Plan, project: Project, shock: Shock, measures: Mapping[str, float], seed: int
) -> Plan:
    """The plan right after the shock."""
    if isinstance(shock, Demand):
        return _with_demand(plan, project.accounts, shock)
    if isinstance(shock, Leaves):
        if plan.k < 2:
            raise PlanError("The last territory can't go: nobody is left to take it over.")
        open_again = plan.with_locks(_without_territory(plan, shock.territory_id))
        return operations.delete_territory(open_again, shock.territory_id)
    if shock.count < 1:
        raise PlanError("Say how many come: one at least.")
    for _ in range(shock.count):
        heaviest = _heaviest(plan, measures)
        plan = split(plan, heaviest, operations.fresh_id(plan), measures=measures, seed=seed)
        # Everybody's target is an equal part again, or the two halves would stay halves.
        even = plan.territories.assign(target=1 / plan.k)
        plan = Plan(plan.units, even, plan.alignment, plan.locks, plan.named_accounts)
    return plan


def _with_demand(plan: Plan, accounts: Accounts | None, shock: Demand) -> Plan:
    units = plan.units
    share = affected_share(units, accounts, shock.by, shock.value)
    if not share.any() or not shock.change or not shock.measures:
        raise PlanError("This shock concerns nothing here: choose another place or industry.")
    factor = np.maximum(0.0, 1 + shock.change * share)
    changed = {name: units.values(name) * factor for name in shock.measures}
    shaken = units.with_attributes(pd.DataFrame(changed, index=units.attributes.index))
    return Plan(shaken, plan.territories, plan.alignment, plan.locks, plan.named_accounts)


def _without_territory(plan: Plan, territory_id: str) -> Locks:
    """The locks without those on a territory whose rep has gone."""
    return operations.unlock_territory(plan, territory_id).locks


def _heaviest(plan: Plan, measures: Mapping[str, float]) -> str:
    """The territory furthest above its target that may be split."""
    main = max(measures, key=lambda name: measures[name])
    totals = np.nan_to_num(plan.totals(main)) / plan.territories["target"].to_numpy(float)
    counts = np.bincount(plan.alignment[plan.alignment >= 0], minlength=plan.k)
    closed = plan.territories.index.isin(plan.locks.territories)
    totals = np.where(closed | (counts < 2), -1.0, totals)
    if totals.max() < 0:
        raise PlanError("Every territory is locked or a single unit: there is nothing to share.")
    return str(plan.territory_ids[int(totals.argmax())])
