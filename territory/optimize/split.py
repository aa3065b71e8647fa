"""Split one territory in two: balanced, contiguous, compact; the rest of the map stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from territory.errors import LockError, PlanError
from territory.model import Plan
from territory.model.colours import PALETTE
from territory.model.operations import unlike_neighbours
from territory.optimize.arrays import Ints
from territory.optimize.check import Request, check
from territory.optimize.instance import Instance, prepare
from territory.optimize.multistart import Watch, best_of
from territory.optimize.schedules import FREE, free_costs
from territory.optimize.search import Best, Search
from territory.optimize.solve import run
from territory.optimize.start import rough, settled
from territory.optimize.warmup import ensure_warm

STARTS = 4
"""Directions of the first cut that are tried; the best result wins."""


def split(
    plan: Plan,
    territory_id: str,
    new_id: str,
    name: str | None = None,
    measures: Mapping[str, float] | None = None,
    *,
    tolerance: float = 0.05,
    seed: int = 1,
) -> Plan:
    """The plan with one territory more, which takes over half of ``territory_id``.

    Parameters
    ----------
    new_id, name
        Of the new territory, which has no rep yet.
    measures
        measure → weight of what is halved; default: the region's default measure.
    tolerance
        Each half may be so much heavier or lighter than the other, as far as units allow.

    Locked units stay in ``territory_id``; without any it keeps the heavier half. Both share its
    target equally. The engine's own search on the units of the territory, O(m log m) for m units;
    same seed, same plan.

    Raises
    ------
    PlanError
        If there is no such territory, the new id is taken, or there are not two units to part.
    LockError
        If the territory is locked.
    """
    donor = plan.position_of(territory_id)
    members = np.flatnonzero(plan.alignment == donor)
    if new_id in plan.territories.index:
        raise PlanError(f"There is a territory {new_id!r} already.")
    if territory_id in plan.locks.territories:
        title = plan.territories["name"].iloc[donor]
        raise LockError(f"{title} is locked: unlock it first.", list(plan.units.ids[members]))
    free = members[~plan.locked_units[members]]
    if len(members) < 2 or len(free) == 0:
        raise PlanError(f"Territory {territory_id!r} has too few units that may move to split it.")
    wider = _with_territory(plan, donor, new_id, name or new_id)
    request = _halving(wider, members, territory_id, new_id, measures, tolerance)
    ensure_warm()
    instance = prepare(request)

    def attempt(turn: int, watch: Watch, halted: object) -> Best:
        first = settled(instance, _first_half(instance, turn))
        rules = free_costs(instance.rules)
        return run(Search(instance, rules, first, seed * 1000 + turn, None, watch, _never), FREE)

    outcome = best_of(
        attempt,
        [STARTS],
        enough=lambda best: True,
        deadline=None,
        tell=lambda chunks, message, best: None,
        cancel=None,
    )
    half = outcome.best.label
    if not (request.lock >= 0).any():
        weight = np.bincount(half, instance.weight, 2)
        half = half if weight[0] >= weight[1] else 1 - half
    alignment = wider.alignment.copy()
    alignment[instance.units] = instance.territories[half]
    return unlike_neighbours(wider.with_alignment(alignment), new_id)


def _never() -> bool:
    return False


def _with_territory(plan: Plan, donor: int, new_id: str, name: str) -> Plan:
    """One more territory, still empty, with half of the donor's target."""
    frame = plan.territories.copy()
    half = float(frame["target"].iloc[donor]) / 2
    frame.iloc[donor, frame.columns.get_loc("target")] = half
    row = {"name": name, "rep_id": "", "target": half, "colour": PALETTE[plan.k % len(PALETTE)]}
    fresh = pd.DataFrame([row], index=pd.Index([new_id], dtype=object, name=frame.index.name))
    return replace(plan, territories=pd.concat([frame, fresh]))


def _halving(
    plan: Plan,
    members: Ints,
    territory_id: str,
    new_id: str,
    measures: Mapping[str, float] | None,
    tolerance: float,
) -> Request:
    """A request for the two territories alone, in which their units are the whole map."""
    weights = dict(measures or {plan.units.default_measure: 1.0})
    inside = np.zeros(plan.units.n)
    inside[members] = 1.0
    # A measure of which the territory has nothing can't be halved.
    used = {m: w for m, w in weights.items() if (plan.units.values(m)[members] > 0).any()}
    request = check(
        plan.units,
        territories=None,
        team=None,
        measures=used or {"units": 1.0},
        tolerance=tolerance,
        homes=False,
        current=plan,
        locks=None,
        max_disruption=None,
        disruption_measure=None,
        offset=None,
        only=[territory_id, new_id],
    )
    target = np.zeros(plan.k)
    target[request.open] = 0.5
    values = {name: column * inside for name, column in request.values.items()}
    # The donor comes first among the open territories, so its locked units are locked to 0.
    return replace(request, values=values, target=target)


def _first_half(instance: Instance, turn: int) -> Ints:
    """Two halves, cut in one of several directions; the side with the locked units is the donor."""
    label = rough(instance, "balanced", 1, turn)
    held = np.bincount(label, instance.land.lock >= 0, 2)
    return label if held[0] >= held[1] else 1 - label
