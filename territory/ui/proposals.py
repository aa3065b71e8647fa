"""From what the Balance page asks to a run of the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.errors import LockError, PlanError
from territory.metrics import relabelled, roads_of
from territory.model import Accounts, Plan, Team, Workspace
from territory.ui.rules_form import rules_of
from territory.ui.runs import Job, Run
from territory.ui.wishes import Wish

if TYPE_CHECKING:
    from territory.optimize import Changes, Frontier, Progress, Proposal, Tradeoff
    from territory.optimize.record import RunRecord

__all__ = [
    "Order",
    "begin_frontier",
    "begin_run",
    "explainer",
    "laid_over",
    "order_of",
    "repeat",
    "run_of",
]

QUICK = 2
"""Searches where a cap on changes makes the tolerance a hope: more of them would find no more."""


@dataclass(frozen=True, eq=False)
class Order:
    """A wish as the engine takes it: ``propose(units, **arguments)``.

    ``fixed`` says that the engine's territories are those of ``before``, one for one.
    """

    before: Plan
    team: Team | None
    fixed: bool
    arguments: dict[str, Any]
    accounts: Accounts | None = None

    def adopt(self, proposal: Proposal) -> Plan:
        """The proposal under the territories of ``before``."""
        return self.before.with_alignment(proposal.plan.alignment)

    def handed_out(
        self,
        proposal: Proposal,
        main: str,
        progress: Callable[[Progress], None],
        cancel: Callable[[], bool],
    ) -> Proposal:
        """A clean sheet knows no owners: each shape goes to the rep who has most of it today.

        Where accounts are named to reps, it is then evened out with them.
        """
        if self.fixed:
            return proposal
        from territory.optimize.handout import with_named

        handed = relabelled(proposal.plan, self.before, main)
        asked = {name: self.arguments.get(name) for name in ("team", "rules", "roads")}
        return with_named(
            proposal, handed, self.accounts, **asked, progress=progress, cancel=cancel
        )


def order_of(here: Workspace, wish: Wish) -> Order:
    """What to ask the engine for this workspace's plan."""
    from territory.optimize.named import without_named

    before = here.plan
    team = _team_of(before, here.project.team)
    from_current = wish.start == "current"
    # Who has which shape decides how far home is: no other hand-out may follow.
    far = wish.max_km is not None or wish.max_minutes is not None
    homes = (wish.homes or far) and team is not None
    # Named accounts count with their rep. A clean sheet does not know yet which shape is whose.
    fixed = from_current or homes
    accounts = here.project.accounts if fixed else None
    units, offset = without_named(before, accounts, wish.weights)
    cap = wish.max_disruption if from_current else None
    arguments = {
        "units": units,
        "territories": None if team is not None else before.k,
        "team": team,
        "measures": dict(wish.weights),
        "tolerance": wish.tolerances or wish.tolerance,
        "homes": homes,
        "current": replace(before, units=units) if from_current else None,
        "locks": before.locks,
        "max_disruption": cap,
        "disruption_measure": wish.disruption_measure if cap is not None else None,
        "seed": wish.seed,
        "restarts": None if cap is None else QUICK,
        "start": "kmeans" if wish.start == "kmeans" else "balanced",
        "offset": offset,
        "only": list(wish.only) if wish.only and from_current else None,
        "rules": rules_of(units, wish),
        "roads": None if wish.max_minutes is None else roads_of(here.project),
    }
    return Order(before, team, fixed, arguments, here.project.accounts)


def begin_run(here: Workspace, wish: Wish) -> Run:
    """Start the engine for this workspace; returns at once."""
    order = order_of(here, wish)

    def work(progress: Callable[[Progress], None], cancel: Callable[[], bool]) -> Proposal:
        from territory.optimize import propose

        found = propose(**order.arguments, progress=progress, cancel=cancel)
        return order.handed_out(found, wish.main, progress, cancel)

    run = Run(order.before, str(wish), wish.start == "kmeans")
    explain = explainer(here, order.before, wish)
    return run.start(work, order.adopt, explain)


def begin_frontier(here: Workspace, wish: Wish) -> Job[Frontier]:
    """Look for plans that trade evenness, change and travel otherwise; returns at once."""
    order = order_of(here, wish)
    asked = {k: v for k, v in order.arguments.items() if k not in ("start", "restarts")}
    today = order.before if 2 * order.before.unassigned < order.before.units.n else None
    asked |= {
        "current": None if today is None else replace(today, units=asked["units"]),
        "tolerance": wish.tolerance,
        "max_disruption": None,
    }

    def work(progress: Callable[[Progress], None], cancel: Callable[[], bool]) -> Frontier:
        from territory.optimize import frontier

        return frontier(**asked, progress=progress, cancel=cancel)

    return Job[Any]().begin(work)


def run_of(here: Workspace, wish: Wish, point: Tradeoff) -> Run:
    """A plan of the frontier as if it had been asked for."""
    run = Run(here.plan, str(replace(wish, tolerance=float(point.settings["tolerance"]))))
    before = here.plan

    def adopt(proposal: Proposal) -> Plan:
        same = point.plan.territory_ids == before.territory_ids
        return before.with_alignment(point.plan.alignment) if same else point.plan

    return run.start(lambda *_: point.proposal, adopt, explainer(here, before, wish))


def repeat(here: Workspace, wish: Wish, record: RunRecord, before: Plan) -> Run:
    """The run of a record once more, from the plan it began with; shown beside the present plan."""
    now, project = here.plan, here.project
    measures = list(record.parameters.get("measures") or {})
    team = _team_of(before, project.team)
    fixed = bool(record.inputs.get("current")) or bool(record.parameters.get("homes"))
    roads = roads_of(project) if record.inputs.get("roads") else None

    def work(progress: Callable[[Progress], None], cancel: Callable[[], bool]) -> Proposal:
        from territory.optimize.again import reproduce, rules_from
        from territory.optimize.named import without_named

        units, offset = without_named(before, project.accounts if fixed else None, measures)
        found = reproduce(
            record,
            units,
            team=team,
            current=replace(before, units=units) if record.inputs.get("current") else None,
            offset=offset,
            roads=roads,
            progress=progress,
            cancel=cancel,
        )
        given = record.parameters.get("rules")
        rules = None if given is None else rules_from(given)
        asked = {"team": team, "rules": rules, "roads": roads}
        order = Order(before, team, fixed, asked, project.accounts)
        return order.handed_out(found, wish.main, progress, cancel)

    def adopt(proposal: Proposal) -> Plan:
        if now.territory_ids == before.territory_ids:
            return now.with_alignment(proposal.plan.alignment)
        return relabelled(proposal.plan, now, wish.main)

    run = Run(now, str(wish))
    return run.start(work, adopt, explainer(here, now, wish))


def explainer(here: Workspace, before: Plan, wish: Wish) -> Callable[[Plan], Changes]:
    """What finds the reasons for a plan's changes; to be called beside the page."""
    project = here.project

    def explain(after: Plan) -> Changes:
        from territory.optimize import reasons

        return reasons(
            before,
            after,
            measures=dict(wish.weights),
            tolerance=wish.tolerance,
            sales=project.sales,
            accounts=project.accounts,
            team=project.team,
        )

    return explain


def laid_over(now: Plan, proposed: Plan) -> Plan:
    """The plan as it is now, with the proposal's alignment; what was locked meanwhile holds.

    Raises
    ------
    LockError
        If a unit that is locked now would go to another territory; ``unit_ids`` names them.
    PlanError
        If the territories are no longer those that the engine was asked about.
    """
    if now.territory_ids != proposed.territory_ids or now.units is not proposed.units:
        raise PlanError("The territories have changed since this run began. Run it again.")
    held = now.locked_units
    closed = [now.position_of(t) for t in now.locks.territories if t in now.territories.index]
    held = held | np.isin(proposed.alignment, closed)
    torn = now.units.ids[held & (now.alignment != proposed.alignment)]
    if len(torn):
        named = ", ".join(torn[:3]) + (" …" if len(torn) > 3 else "")
        raise LockError(f"Locked since this run began: {named}. Run it again.", torn)
    return now.with_alignment(proposed.alignment)


def _team_of(plan: Plan, team: Team | None) -> Team | None:
    """The team, where each territory is one rep's and in team order, as the engine numbers them."""
    return team if team is not None and plan.territory_ids == team.ids else None
