"""What the engine would do about a plan: worked out once, beside the page.

Each remedy is a whole plan, so that its effect is measured, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from territory.advise.findings import Context
from territory.advise.quotas import present, quotas, with_quotas
from territory.errors import InputError, PlanError
from territory.metrics import utilisation
from territory.metrics.capacity import capacity_hours
from territory.metrics.customers import key_accounts, named_distance
from territory.metrics.disruption import changed_accounts
from territory.metrics.people import hours_beyond, hours_to_spare, reps_wanted, team_utilisation
from territory.model import Plan, Project, Team, account_reps
from territory.optimize.result import Progress

__all__ = ["MOST_REPS", "Outlook", "Remedy", "look_ahead"]

WORK = "workload_hours"
MOST_REPS = 5
"""Reps added or removed at once; more is another plan, not an adjustment."""

Tell = Callable[[Progress], None]
Halted = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Remedy:
    """A plan that the engine proposes, with the project it holds for (another team, perhaps)."""

    words: str
    plan: Plan
    project: Project
    reps: int = 0


@dataclass(frozen=True, eq=False)
class Outlook:
    """Remedies by key, worked out for one plan.

    ``quotas`` sets them by potential, which is no change of the plan; ``release`` gives named
    accounts that lie far off to the rep on the spot, ``keep_key`` lets key accounts keep their rep;
    ``replan`` is within the tolerance by what counts, ``workload`` by hours against capacity,
    ``add`` and ``remove`` have more or fewer territories. Only what makes sense is there.
    """

    plan: Plan
    remedies: Mapping[str, Remedy]

    def about(self, plan: Plan) -> bool:
        """Was it worked out for this plan?"""
        return self.plan is plan or (
            self.plan.territory_ids == plan.territory_ids
            and np.array_equal(self.plan.alignment, plan.alignment)
            and self.plan.named_accounts == plan.named_accounts
        )


def look_ahead(
    context: Context,
    *,
    wanted: Collection[str] | None = None,
    progress: Tell | None = None,
    cancel: Halted | None = None,
) -> Outlook:
    """Work out every remedy that makes sense, or those wanted.

    What was found is kept when it is cancelled.
    """
    made: dict[str, Remedy] = {}
    steps: tuple[tuple[str, Callable[..., Remedy | None]], ...] = (
        ("quotas", _quotas),
        ("release", _release),
        ("keep_key", _keep_key),
        ("replan", _replan),
        ("workload", _workload),
        ("add", _add),
        ("remove", _remove),
    )
    for key, step in steps:
        if cancel is not None and cancel():
            break
        if wanted is not None and key not in wanted:
            continue
        try:
            found = step(context, made, progress, cancel)
        except (InputError, PlanError):
            # Locks or measures that allow no such plan: then there is none to offer.
            continue
        if found is not None:
            made[key] = found
    return Outlook(context.plan, MappingProxyType(made))


def _quotas(context: Context, *_: object) -> Remedy | None:
    """The sum of today's quotas, spread by potential alone."""
    now = present(context.case)
    if now is None or not context.case.has("potential"):
        return None
    policy = replace(
        context.settings.quotas, way="top-down", potential_weight=1.0, floor=0.0, cap=0.0
    )
    found = quotas(context.case, policy, round(float(now.sum()), 2))
    project = with_quotas(context.project, found)
    return Remedy("Quotas by potential", context.plan, project)


def _release(context: Context, *_: object) -> Remedy | None:
    far = named_distance(context.case)
    far = far[far > context.advice.far_km].drop(list(context.plan.locks.accounts), errors="ignore")
    if far.empty:
        return None
    named = {a: r for a, r in context.plan.named_accounts.items() if a not in far.index}
    return Remedy("Far accounts to the rep on the spot", _naming(context, named), context.project)


def _keep_key(context: Context, *_: object) -> Remedy | None:
    """Key accounts that would change are named to the rep they had, if that rep is still here."""
    key = key_accounts(context.case)
    if context.baseline is None or not key.any():
        return None
    moved = changed_accounts(context.plan, context.baseline, context.accounts) & key
    had = account_reps(context.baseline, context.accounts)
    ids = context.accounts.frame.index
    here = set(context.plan.territories["rep_id"]) - {""}
    kept = {str(ids[i]): str(had[i]) for i in np.flatnonzero(moved) if had[i] in here}
    if not kept:
        return None
    named = {**context.plan.named_accounts, **kept}
    return Remedy("Key accounts keep their rep", _naming(context, named), context.project)


def _naming(context: Context, named: Mapping[str, str]) -> Plan:
    return replace(context.plan, named_accounts=named)


def _replan(
    context: Context, made: Mapping[str, Remedy], tell: Tell | None, halted: Halted | None
) -> Remedy | None:
    if not context.plan.k:
        return None
    plan = _proposed(context, context.case.measures, context.plan, tell, halted)
    return Remedy("Even out what counts", plan, context.project)


def _workload(
    context: Context, made: Mapping[str, Remedy], tell: Tell | None, halted: Halted | None
) -> Remedy | None:
    """Hours against hours: targets by capacity, for the engine only."""
    hours = capacity_hours(context.case)
    if hours is None or not context.case.has(WORK) or not (hours > 0).all():
        return None
    goal = context.plan.territories.assign(target=hours / hours.sum())
    asked = replace(context.plan, territories=goal)
    plan = _proposed(context, {WORK: 1.0}, asked, tell, halted)
    return Remedy("Share the work out by hours", plan, context.project)


def _proposed(
    context: Context,
    measures: Mapping[str, float],
    asked: Plan,
    tell: Tell | None,
    halted: Halted | None,
) -> Plan:
    """The plan with as few changes as it takes; named accounts count with their rep."""
    from territory.optimize import propose
    from territory.optimize.named import without_named

    settings, team = context.settings, context.project.team
    units, offset = without_named(asked, context.project.accounts, measures)
    near = settings.homes and team is not None and team.ids == asked.territory_ids
    found = propose(
        units,
        team=team if near else None,
        homes=near,
        measures=measures,
        tolerance=settings.tolerance,
        current=replace(asked, units=units),
        locks=asked.locks,
        max_disruption=settings.max_disruption,
        seed=settings.seed,
        offset=offset,
        progress=tell,
        cancel=halted,
    )
    return context.plan.with_alignment(found.plan.alignment)


def _add(
    context: Context, made: Mapping[str, Remedy], tell: Tell | None, halted: Halted | None
) -> Remedy | None:
    """More reps, where the work is too much even when it is shared out evenly."""
    after = context.on(made["workload"].plan).case if "workload" in made else context.case
    if not hours_beyond(after) > 0 or not utilisation(after).max() > context.advice.overload:
        return None
    from territory.optimize.stress import Joins

    lacking = reps_wanted(context.case) - context.plan.k
    count = int(min(max(lacking, 1), MOST_REPS))
    plan = _stressed(context, Joins(count), tell, halted)
    fresh = [t for t in plan.territory_ids if t not in context.plan.territories.index]
    project, plan = _hired(context.project, plan, fresh)
    return Remedy("More hands", plan, project, count)


def _remove(
    context: Context, made: Mapping[str, Remedy], tell: Tell | None, halted: Halted | None
) -> Remedy | None:
    """One rep fewer, where the whole team has hours to spare and one more rep is not needed."""
    case = context.case
    few = team_utilisation(case) < context.advice.team_under
    if "add" in made or context.plan.k < 2 or not (few and hours_to_spare(case) > 0):
        return None
    from territory.optimize.stress import Leaves

    least = str(utilisation(case).fillna(np.inf).idxmin())
    plan = _stressed(context, Leaves(least), tell, halted)
    return Remedy("Fewer hands", plan, context.project, -1)


def _stressed(context: Context, shock: object, tell: Tell | None, halted: Halted | None) -> Plan:
    from territory.optimize.stress import stressed

    settings = context.settings
    found = stressed(
        context.plan,
        context.project,
        shock,  # type: ignore[arg-type]
        context.case.measures,
        tolerance=settings.tolerance,
        seed=settings.seed,
        progress=tell,
        cancel=halted,
    )
    return replace(found.after, units=context.plan.units)


def _hired(project: Project, plan: Plan, fresh: list[str]) -> tuple[Project, Plan]:
    """The new territories with a rep of mean capacity each, so that hours can be counted."""
    if project.team is None:
        return project, plan
    team = project.team.frame
    mean = float(team["capacity_hours"].mean())
    names = {t: f"New {project.settings.word('rep')} {i + 1}" for i, t in enumerate(fresh)}
    more = pd.DataFrame({"name": names.values(), "capacity_hours": mean}, index=list(names))
    owned = plan.territories.copy()
    for t, name in names.items():
        owned.loc[t, ["rep_id", "name"]] = t, name
    hired = Team(pd.concat([team, more]))
    return replace(project, team=hired), replace(plan, territories=owned)
