"""The frontier: proposals of which none is better than another in everything.

Balance, disruption and travel pull against each other. The engine is asked again and again with
other tolerances, from today's plan and from scratch, and with caps on disruption between none and
what the tolerance takes; what another plan beats in all three figures is dropped (Pareto 1906).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from territory.metrics import Case, moved_share, relabelled, rms_radius_km
from territory.model import Plan, Team, Units
from territory.optimize.arguments import weights_of, whole_number
from territory.optimize.leaveout import home_km, home_points
from territory.optimize.recipes import Recipe, recipes
from territory.optimize.result import Progress, Proposal, StoppedBy
from territory.optimize.sidebyside import SideBySide

__all__ = ["Frontier", "Tradeoff", "frontier"]

AT_ONCE = 4
"""Runs planned together; fixed, so that the result does not depend on the number of cores."""

TRIES = 20
"""Proposals after which no more are tried, however many of them are beaten."""

WIDEST, TIGHTEST = 0.5, 0.01
"""Tolerances beyond these say nothing about a real plan."""


@dataclass(frozen=True, eq=False)
class Tradeoff:
    """One proposal of the frontier.

    Parameters
    ----------
    plan
        Under the territories of the current plan where there is one.
    proposal
        As the engine gave it.
    max_deviation
        Largest |total/target − 1| in any measure, of the territories that may change.
    disruption
        Share of the heaviest measure whose rep changes; 0 without a current plan.
    travel_km
        Weighted radius, or mean distance from home where homes count.
    settings
        What was asked for: ``tolerance``, ``max_disruption`` (or None), ``fresh`` (from scratch).
    labels
        "most even", "least change", "shortest travel", "middle course"; mostly none.
    """

    plan: Plan
    proposal: Proposal
    max_deviation: float
    disruption: float
    travel_km: float
    settings: Mapping[str, Any]
    labels: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[float, float, float]:
        """What is traded off; the smaller, the better."""
        return self.max_deviation, self.disruption, self.travel_km

    def beats(self, other: Tradeoff) -> bool:
        """As good in everything and better in something?"""
        pairs = list(zip(self.figures, other.figures, strict=True))
        return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


@dataclass(frozen=True, eq=False)
class Frontier:
    """Proposals that don't beat each other, the most even first.

    ``now`` are the same three figures of the current plan, None without one; ``tried`` counts all
    proposals that were made.
    """

    points: tuple[Tradeoff, ...]
    now: tuple[float, float, float] | None
    measures: Mapping[str, float]
    tried: int
    seed: int
    stopped_by: StoppedBy

    def __len__(self) -> int:
        return len(self.points)


def frontier(
    units: Units,
    *,
    current: Plan | None = None,
    team: Team | None = None,
    measures: Mapping[str, float] | None = None,
    tolerance: float | Mapping[str, float] = 0.05,
    homes: bool = False,
    max_disruption: float | None = None,
    count: int = 7,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    **settings: Any,
) -> Frontier:
    """At least ``count`` proposals over balance × disruption × travel, none beaten by another.

    Parameters
    ----------
    tolerance
        The one asked for, or measure → its own; others from half to eight times of it are tried.
    max_disruption
        Proposals that change more than this are left out.
    count
        How many are wanted. More recipes are tried until there are so many; fewer come back only
        where nothing else is found, such as in a region of a few units.
    seed
        Same seed, same proposals, whatever the cores.
    progress, cancel
        Called from the caller's thread; cancelling keeps what has been found.
    settings
        Everything else that `propose` takes; one restart each unless it says otherwise.

    Raises
    ------
    InputError
        If the request contradicts itself.
    """
    seed, count = whole_number(seed, "The seed"), whole_number(count, "The number of proposals")
    settings = {"restarts": 1, **settings, "current": current, "team": team, "homes": homes}
    asked = _Asked(units, weights_of(units, measures), tolerance, max_disruption, seed, settings)
    runs = SideBySide(cancel)
    points: list[Tradeoff] = []
    todo = recipes(replan=current is not None, fresh=asked.may_be_fresh)[: max(TRIES, 2 * count)]
    done = 0
    while todo and not runs.stopped and (done == 0 or len(unbeaten(points)) < count):
        # The first answer tells how much disruption there is to cap.
        batch = todo[: 1 if done == 0 else AT_ONCE]
        todo = todo[len(batch) :]
        if progress is not None:
            best = min((p.max_deviation for p in points), default=None)
            progress(Progress(done, max(count + 2, done + 1), "Looking for trade-offs", best))
        jobs = [asked.job(recipe, points) for recipe in batch]
        points += [
            asked.judged(recipe, job, found, points)
            for recipe, job, found in zip(batch, jobs, runs(units, jobs), strict=True)
            if found is not None
        ]
        done += len(batch)
    kept = labelled([p for p in unbeaten(points) if p.disruption <= asked.cap + 1e-9])
    if progress is not None:
        progress(Progress(done, done, "Done", min((p.max_deviation for p in kept), default=None)))
    return Frontier(
        points=kept,
        now=None if current is None else (asked.worst(current), 0.0, asked.travel(current)),
        measures=asked.measures,
        tried=len(points),
        seed=seed,
        stopped_by="cancelled" if runs.stopped else "done",
    )


def unbeaten(points: Sequence[Tradeoff]) -> list[Tradeoff]:
    """Points that no other beats, each set of figures once, the most even first.

    Plans with more territories in pieces than need be are left out.
    """
    fewest = min((p.proposal.noncontiguous for p in points), default=0)
    once: dict[tuple[float, ...], Tradeoff] = {}
    for p in points:
        if p.proposal.noncontiguous == fewest:
            once.setdefault(tuple(round(x, 6) for x in p.figures), p)
    unlike = list(once.values())
    kept = [p for p in unlike if not any(q.beats(p) for q in unlike)]
    return sorted(kept, key=lambda p: p.figures)


def labelled(points: Sequence[Tradeoff]) -> tuple[Tradeoff, ...]:
    """The same points; the extreme ones and the one nearest to the best of all three are named."""
    if not points:
        return ()
    table = np.array([p.figures for p in points])
    spread = np.ptp(table, axis=0)
    scaled = (table - table.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    names: dict[int, list[str]] = {}
    for column, label in enumerate(("most even", "least change", "shortest travel")):
        if spread[column] > 0:
            names.setdefault(int(table[:, column].argmin()), []).append(label)
    middle = int((scaled**2).sum(axis=1).argmin())
    names.setdefault(middle, []).append("middle course")
    return tuple(replace(p, labels=tuple(names.get(i, ()))) for i, p in enumerate(points))


@dataclass(frozen=True, eq=False)
class _Asked:
    """What was asked for, and how to ask for it otherwise."""

    units: Units
    measures: dict[str, float]
    tolerance: float | Mapping[str, float]
    max_disruption: float | None
    seed: int
    settings: dict[str, Any]

    @property
    def cap(self) -> float:
        """Largest disruption that may come back."""
        return 1.0 if self.max_disruption is None else self.max_disruption

    @property
    def main(self) -> str:
        """The heaviest measure."""
        return max(self.measures, key=lambda name: self.measures[name])

    @property
    def may_be_fresh(self) -> bool:
        """May a plan start from scratch? Not where something of today's has to stay, nor where
        new territories can't be told to be which of today's."""
        current: Plan | None = self.settings["current"]
        if current is None:
            return True
        if self.settings.get("locks", current.locks) or self.settings.get("only") is not None:
            return False
        team: Team | None = self.settings["team"]
        if team is not None:
            return sorted(team.ids) == sorted(current.territories["rep_id"])
        even = bool(np.allclose(current.territories["target"], 1 / max(current.k, 1)))
        return even and self.settings.get("territories", current.k) in (None, current.k)

    def job(self, recipe: Recipe, points: Sequence[Tradeoff]) -> dict[str, Any]:
        """Arguments for `propose`."""
        cap = self.max_disruption
        if recipe.part is not None:
            cap = min(self.cap, recipe.part * points[0].disruption)
        out = {
            **self.settings,
            "measures": self.measures,
            "tolerance": self.allowed(recipe.wide),
            "max_disruption": cap,
            "seed": self.seed + recipe.salt,
        }
        current: Plan | None = self.settings["current"]
        if recipe.fresh and current is not None:
            out |= {"current": None, "max_disruption": None}
            if self.settings["team"] is None:
                out["territories"] = current.k
        return out

    def allowed(self, wide: float) -> float | dict[str, float]:
        """The tolerance asked for, so much wider; each measure's where they differ."""

        def within(tolerance: float) -> float:
            return min(max(tolerance * wide, TIGHTEST), WIDEST)

        if isinstance(self.tolerance, Mapping):
            return {name: within(value) for name, value in self.tolerance.items()}
        return within(self.tolerance)

    def judged(
        self,
        recipe: Recipe,
        job: Mapping[str, Any],
        found: Proposal,
        points: Sequence[Tradeoff],
    ) -> Tradeoff:
        """A proposal with its three figures, under today's territories."""
        current, plan = self.settings["current"], found.plan
        if recipe.fresh and current is not None:
            plan = self.adopted(plan, points[0].plan)
        changed = 0.0 if current is None else moved_share(plan, current, self.main)
        asked = {name: job[name] for name in ("tolerance", "max_disruption")}
        return Tradeoff(
            plan=plan,
            proposal=found,
            max_deviation=self.worst(plan),
            disruption=changed,
            travel_km=self.travel(plan),
            settings={**asked, "fresh": recipe.fresh},
        )

    def adopted(self, fresh: Plan, like: Plan) -> Plan:
        """New shapes under today's territories: the rep's own, or those with most in common."""
        reps = like.territories["rep_id"].tolist()
        own = self.settings["homes"] or not np.allclose(fresh.territories["target"], 1 / fresh.k)
        if not own:
            return relabelled(fresh, like, self.main)
        where = [reps.index(rep) for rep in fresh.territories["rep_id"]]
        return like.with_alignment(np.array([*where, -1])[fresh.alignment])

    def travel(self, plan: Plan) -> float:
        """Weighted radius, or distance from home."""
        if self.settings["homes"]:
            weight = np.nan_to_num(plan.units.values(self.main))
            return home_km(plan, weight, home_points(plan, self.settings["team"]))
        return rms_radius_km(Case(plan, self.measures))

    def worst(self, plan: Plan) -> float:
        """Largest |deviation| among the territories that may change."""
        open_to = self.settings.get("only")
        locks = self.settings.get("locks") or plan.locks
        free = np.array(
            [
                t not in locks.territories and (open_to is None or t in open_to)
                for t in plan.territory_ids
            ]
        )
        offset = self.settings.get("offset")
        inside = plan.alignment >= 0
        worst = 0.0
        for m, name in enumerate(self.measures):
            # Of the units that the engine was given, which may leave named accounts out.
            values = self.units.values(name)
            total = np.bincount(plan.alignment[inside], values[inside], plan.k)
            fixed = np.zeros(plan.k) if offset is None else offset[:, m]
            goal = plan.territories["target"].to_numpy(float) * (values.sum() + fixed.sum())
            total = total + fixed
            worst = max(worst, float(np.abs(total / goal - 1)[free].max(initial=0.0)))
        return worst
