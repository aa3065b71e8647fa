"""Proof of quality: what no plan can do better, and how far a proposal is from it.

Two relaxations, in both of which contiguity and locks are ignored and only the heaviest measure is
kept within the tolerance, so that their optimum lies below that of every real plan.

**Rep homes.** Units may be shared among reps: a transport problem; see `transport`.

**Free centres.** Any unit may be a centre and units may be shared; see `centres`.

Distances in km, O(n·k) and O(n²) a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from territory.errors import InputError
from territory.model import Team
from territory.optimize.arrays import Floats, Ints, own
from territory.optimize.centres import Centres, improve
from territory.optimize.proof import Certificate
from territory.optimize.result import Proposal
from territory.optimize.transport import Case, transport_bound

__all__ = ["Case", "certify", "free_bound", "room_of", "transport_bound"]

LARGEST_FREE = 12_000
"""Units up to which a step, n² distances, is worth its time."""

LARGEST_HOMES = 40_000_000
"""Distances (units × reps) up to which the transport bound is computed."""

NOTHING = "No useful bound was found in the time given."

USELESS = 0.5
"""A gap above this says more about the bound than about the plan."""


def certify(
    proposal: Proposal,
    *,
    team: Team | None = None,
    time_limit: float = 10.0,
    progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Proposal:
    """The proposal with ``bound``: kind, value, bound (km), gap, seconds and text, a sentence.

    Parameters
    ----------
    team
        Given: travel from the reps' homes is what is bounded. Else the squared distance to the
        centre unit of each territory.
    time_limit
        Seconds; the bound found until then is as valid as any, only less sharp.
    progress
        Called up to ten times a second with the gap to the bound found so far (a share; infinite
        while there is none).

    A proposal outside its tolerance is compared with plans that may deviate as much. ``bound`` is
    None where the region is too large; its gap is None where the time was too short for one that is
    worth telling (free centres in big regions).

    Raises
    ------
    InputError
        If the home of a rep is not known.
    """
    began = time.perf_counter()
    case = room_of(proposal)
    label = proposal.plan.alignment
    halted = _until(began + time_limit, cancel)
    if (label < 0).any():
        return replace(proposal, bound=None)
    if team is not None:
        if len(label) * case.k > LARGEST_HOMES:
            return replace(proposal, bound=None)
        away = _distances(case.xy, case.xy[_homes(proposal, team)])
        value = float((case.weight * away[np.arange(len(label)), label]).sum())
        least = transport_bound(case, away, halted, tell=_news(value, progress))[0]
        kind, scale = "rep homes", (lambda v: float(v / case.weight.sum()))
    else:
        if len(label) > LARGEST_FREE:
            return replace(proposal, bound=None)
        value, centres = centre_units(case, label)
        least = free_bound(case, centres, value, halted, _news(value, progress))
        kind, scale = "free centres", (lambda v: float(np.sqrt(v / case.weight.sum())))
    gap = float(value / least - 1) if least > 0 else np.inf
    bound: dict[str, Any] = {
        "kind": kind,
        "value": scale(value),
        "bound": scale(max(least, 0.0)),
        "gap": gap if gap <= USELESS else None,
        "seconds": time.perf_counter() - began,
    }
    known = bound["gap"] is not None and least > 0
    bound["text"] = Certificate.of(proposal, bound).text() if known else NOTHING
    return replace(proposal, bound=bound)


def centre_units(case: Case, label: Ints) -> tuple[float, Ints]:
    """Σ weight · km² to the best centre among each territory's own units, and those units (k,)."""
    total, centres = 0.0, np.full(case.k, -1)
    for t in range(case.k):
        units = np.flatnonzero(label == t)
        if len(units) == 0:
            continue
        cost = case.weight[units] @ _distances(case.xy[units], case.xy[units]) ** 2
        centres[t] = units[cost.argmin()]
        total += float(cost.min())
    return total, centres[centres >= 0]


def free_bound(
    case: Case,
    centres: Ints,
    value: float,
    halted: Callable[[], bool],
    tell: Callable[[float], None] | None = None,
) -> float:
    """Bound on Σ weight · km² to k freely chosen centre units (see `centres`).

    Parameters
    ----------
    centres, value
        Those of a known plan: where to begin, and what the step length aims at.
    tell
        Called with the bound so far.
    """
    carried = case.weight > 0  # units without weight cost nothing anywhere
    weight, xy = case.weight[carried], case.xy[carried]
    at = Centres(
        x=own(xy[:, 0], float),
        y=own(xy[:, 1], float),
        weight=own(weight, float),
        centre_x=own(case.xy[:, 0], float),
        centre_y=own(case.xy[:, 1], float),
        low=float(case.low.min()),
        high=min(float(case.high.max()), float(weight.sum())),
        k=case.k,
    )
    nearest, _ = cKDTree(case.xy[centres]).query(xy)
    reward = weight * nearest**2
    return improve(at, reward, value, halted, tell or (lambda bound: None))


def room_of(proposal: Proposal) -> Case:
    """The units, and what each territory may have of them beside what it has anyway."""
    plan = proposal.plan
    measure = max(proposal.measures, key=lambda name: proposal.measures[name])
    weight = plan.units.values(measure)
    fixed = np.zeros(plan.k)
    if proposal.offset is not None:
        fixed = proposal.offset[:, list(proposal.measures).index(measure)]
    target = plan.territories["target"].to_numpy(float) * (weight.sum() + fixed.sum())
    reach = _reach(proposal, measure)
    low, high = (np.maximum(target * (1 + sign * reach) - fixed, 0.0) for sign in (-1, 1))
    return Case(plan.units.xy / 1e3, weight, low, high)


def _reach(proposal: Proposal, measure: str) -> float:
    """The tolerance that the proposal itself keeps."""
    return max(proposal.tolerance, proposal.max_deviation[measure])


def _homes(proposal: Proposal, team: Team) -> Ints:
    home = dict(zip(team.ids, team.homes(proposal.plan.units), strict=True))
    reps = list(proposal.plan.territories["rep_id"])
    lost = [rep for rep in reps if home.get(rep, -1) < 0]
    if lost:
        raise InputError(f"No bound on travel: the home of rep {lost[0] or '(none)'} is not known.")
    return np.array([home[rep] for rep in reps], dtype=np.int64)


def _distances(a: Floats, b: Floats) -> Floats:
    """(len(a), len(b)) km."""
    return np.asarray(np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]))


def _news(value: float, progress: Callable[[float], None] | None) -> Callable[[float], None] | None:
    """Passes bounds on as gaps, not too often."""
    if progress is None:
        return None
    next_time = 0.0

    def tell(bound: float) -> None:
        nonlocal next_time
        now = time.perf_counter()
        if now >= next_time:
            next_time = now + 0.1
            progress(value / bound - 1 if bound > 0 else float("inf"))

    return tell


def _until(deadline: float, cancel: Callable[[], bool] | None) -> Callable[[], bool]:
    def halted() -> bool:
        return time.perf_counter() > deadline or (cancel is not None and cancel())

    return halted
