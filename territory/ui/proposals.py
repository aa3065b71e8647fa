"""From what the Balance page asks to a run of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import LockError, PlanError
from territory.metrics import relabelled
from territory.model import Plan, Team, Workspace, measure
from territory.ui.runs import Run

if TYPE_CHECKING:
    from territory.optimize import Progress, Proposal

__all__ = ["STARTS", "Wish", "begin_run", "laid_over"]

STARTS: Mapping[str, tuple[str, str]] = {
    "balanced": ("A clean sheet", "Drawn anew: the most even and compact, and the most change."),
    "current": ("The present plan", "Moves as little as it can."),
    "kmeans": ("Plain k-means", "See why it is not enough: compact by distance, blind to balance."),
}
"""Where a run begins: label and what it means."""


@dataclass(frozen=True)
class Wish:
    """What the user asked for; weights are shares that sum to 1, tolerance is a share."""

    weights: Mapping[str, float]
    tolerance: float
    start: str
    homes: bool
    max_disruption: float | None
    seed: int

    def __str__(self) -> str:
        parts = [measure(name).label.lower() for name in self.weights]
        return f"{' and '.join(parts)} ±{self.tolerance * 100:.0f} %"


def begin_run(here: Workspace, wish: Wish) -> Run:
    """Start the engine for this workspace; returns at once."""
    before = here.plan
    team = _team_of(before, here.project.team)
    main = max(wish.weights, key=lambda name: wish.weights[name])
    from_current = wish.start == "current"

    # Named accounts count with their rep. A clean sheet does not know yet which shape is whose.
    fixed = from_current or (wish.homes and team is not None)
    accounts = here.project.accounts if fixed else None

    def work(progress: Callable[[Progress], None], cancel: Callable[[], bool]) -> Proposal:
        from territory.optimize import propose
        from territory.optimize.named import without_named

        units, offset = without_named(before, accounts, wish.weights)
        return propose(
            units,
            territories=None if team is not None else before.k,
            team=team,
            measures=wish.weights,
            tolerance=wish.tolerance,
            homes=wish.homes and team is not None,
            current=replace(before, units=units) if from_current else None,
            locks=before.locks,
            max_disruption=wish.max_disruption if from_current else None,
            seed=wish.seed,
            start="kmeans" if wish.start == "kmeans" else "balanced",
            offset=offset,
            progress=progress,
            cancel=cancel,
        )

    def adopt(proposal: Proposal) -> Plan:
        if fixed:
            return before.with_alignment(proposal.plan.alignment)
        # A clean sheet knows no owners: each shape goes to the rep who has most of it today.
        return relabelled(proposal.plan, before, main)

    return Run(before, str(wish), wish.start == "kmeans").start(work, adopt)


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
