"""Is what was asked for kept? One function a rule, each saying why not; CONSTRAINTS lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from territory.metrics.disruption import moved_share
from territory.metrics.reach import Reach, reaches
from territory.metrics.roads import Roads
from territory.model import Plan, Rules, Team, open_graph, pieces

__all__ = ["CONSTRAINTS", "Asked", "Constraint", "Treatment", "Violation", "violations"]

Treatment = Literal["hard", "priced", "reported"]
"""The engine never breaks it where it can be kept; weighs it against the rest; only reports it."""

NAMED = 3
"""Units named in a reason; the others are counted."""


@dataclass(frozen=True)
class Violation:
    """A rule that a plan does not keep: which, where, why, and the units in question."""

    constraint: str
    reason: str
    territory_id: str | None = None
    unit_ids: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "constraint": self.constraint,
            "territory_id": self.territory_id,
            "reason": self.reason,
            "units": list(self.unit_ids),
        }


@dataclass(frozen=True, eq=False)
class Asked:
    """What a plan is held against besides its own locks. Without a baseline nothing has moved.

    ``offset`` is what territories have of a measure beside their units, such as named accounts;
    ``roads`` knows the minutes from home, which go by the formula alone without it.
    """

    rules: Rules = field(default_factory=Rules)
    team: Team | None = None
    baseline: Plan | None = None
    max_disruption: float | None = None
    disruption_measure: str | None = None
    offset: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    roads: Roads | None = None


@dataclass(frozen=True)
class Constraint:
    """A rule: its name, what it asks in words, how the engine treats it, and the check."""

    key: str
    label: str
    treatment: Treatment
    check: Callable[[Plan, Asked], list[Violation]]


def violations(plan: Plan, asked: Asked) -> list[Violation]:
    """Everything that a plan does not keep."""
    return [found for rule in CONSTRAINTS for found in rule.check(plan, asked)]


def _named(ids: Any) -> str:
    more = len(ids) - NAMED
    return ", ".join(map(str, ids[:NAMED])) + (f" and {more} more" if more > 0 else "")


def in_one_piece(plan: Plan, asked: Asked) -> list[Violation]:
    """Each territory hangs together by links that count: no barrier, no vetoed ferry."""
    graph = open_graph(plan.units, asked.rules)
    parts = pieces(graph, plan.alignment, plan.k)
    before = pieces(plan.units.graph, plan.alignment, plan.k)
    out = []
    for t in np.flatnonzero(parts > 1):
        across = " by the links that are left" if parts[t] > before[t] else ""
        reason = f"it lies in {parts[t]} pieces{across}"
        out.append(Violation("contiguous", reason, plan.territory_ids[t]))
    return out


def everything_assigned(plan: Plan, asked: Asked) -> list[Violation]:
    """Every unit has a territory."""
    loose = plan.units.ids[plan.alignment < 0]
    if not len(loose):
        return []
    return [Violation("assigned", f"nobody has {_named(loose)}", None, tuple(loose))]


def locks_kept(plan: Plan, asked: Asked) -> list[Violation]:
    """Locked units, and units of locked territories, are where they were."""
    if asked.baseline is None:
        return []
    before = asked.baseline
    then = np.array([*before.territory_ids, ""], dtype=object)[before.alignment]
    now = np.array([*plan.territory_ids, ""], dtype=object)[plan.alignment]
    held = before.with_locks(plan.locks).locked_units | plan.locked_units
    # Territories that go by their rep's name are the same territory.
    reps = dict(zip(plan.territory_ids, plan.territories["rep_id"], strict=True))
    was = dict(zip(before.territory_ids, before.territories["rep_id"], strict=True))
    moved = [
        u for u in np.flatnonzero(held & (then != now)) if not _same(was, reps, then[u], now[u])
    ]
    if not moved:
        return []
    ids = plan.units.ids[moved]
    return [Violation("locks", f"locked, but moved: {_named(ids)}", None, tuple(ids))]


def _same(was: Mapping[str, str], reps: Mapping[str, str], then: str, now: str) -> bool:
    rep = was.get(then, "")
    return bool(rep) and rep == reps.get(now, "")


def limits_kept(plan: Plan, asked: Asked) -> list[Violation]:
    """No territory has less or more of a measure than allowed."""
    out = []
    for limit in asked.rules.limits:
        totals = plan.totals(limit.measure) + asked.offset.get(limit.measure, 0.0)
        for t, total in zip(plan.territory_ids, totals.tolist(), strict=True):
            if limit.territory not in (None, t):
                continue
            for bound, sign, word in ((limit.least, 1, "at least"), (limit.most, -1, "at most")):
                if bound is not None and sign * (bound - total) > 1e-9 * max(abs(bound), 1.0):
                    has = f"{total:,.6g} {limit.measure}"
                    reason = f"it has {has} and must have {word} {bound:,.6g}"
                    out.append(Violation("limits", reason, t))
    return out


def groups_together(plan: Plan, asked: Asked) -> list[Violation]:
    """The units of a group are in one territory."""
    out = []
    names = np.array([*plan.territory_ids, "nobody"], dtype=object)
    for name, members in asked.rules.together.items():
        ids = sorted(u for u in members if u in plan.units.position)
        where = np.unique(plan.alignment[plan.units.positions(ids)])
        if len(where) > 1:
            reason = f"{name} is divided among {_named(names[where])}"
            out.append(Violation("together", reason, None, tuple(ids)))
    return out


def near_home(plan: Plan, asked: Asked) -> list[Violation]:
    """No unit is further from the home of its rep than allowed: kilometres, minutes, or both."""
    if asked.team is None:
        return []
    homes = dict(zip(asked.team.ids, asked.team.homes(plan.units).tolist(), strict=True))
    out = []
    for reach in reaches(asked.rules, plan.units, asked.roads):
        for t, rep in enumerate(plan.territories["rep_id"]):
            home = homes.get(rep, -1)
            inside = np.flatnonzero(plan.alignment == t)
            if home >= 0 and len(inside):
                out += _beyond(plan, t, inside, reach, home)
    return out


def _beyond(
    plan: Plan, t: int, inside: NDArray[np.intp], reach: Reach, home: int
) -> list[Violation]:
    """The units of a territory that are too far from a home."""
    away = reach.away(home)[inside]
    far = inside[away > reach.most * (1 + 1e-9)]
    if not len(far):
        return []
    ids = plan.units.ids[far]
    most = f"{away.max():.0f} {reach.unit}"
    reason = f"{_named(ids)} lie up to {most} from home, allowed are {reach.most:g}"
    return [Violation("distance", reason, plan.territory_ids[t], tuple(ids))]


def inside_regions(plan: Plan, asked: Asked) -> list[Violation]:
    """No territory crosses a region, and each region has as many as given."""
    regions = asked.rules.regions
    if not regions:
        return []
    of = np.array([regions.get(str(u), "") for u in plan.units.ids], dtype=object)
    out, found = [], dict.fromkeys(asked.rules.per_region, 0)
    for t, name in enumerate(plan.territory_ids):
        here = sorted(set(of[plan.alignment == t]))
        if len(here) > 1:
            out.append(Violation("regions", f"it lies in {_named(here)}", name))
        for region in here:
            found[region] = found.get(region, 0) + 1
    for region, wanted in asked.rules.per_region.items():
        if found[region] != wanted:
            reason = f"{region} has {found[region]} territories, {wanted} were asked for"
            out.append(Violation("regions", reason))
    return out


def little_changed(plan: Plan, asked: Asked) -> list[Violation]:
    """Not more changes hands than allowed."""
    if asked.baseline is None or asked.max_disruption is None:
        return []
    measure = asked.disruption_measure or plan.units.default_measure
    moved = moved_share(plan, asked.baseline, measure)
    if moved <= asked.max_disruption + 1e-9:
        return []
    reason = f"{moved:.1%} of {measure} changes hands, allowed are {asked.max_disruption:.1%}"
    return [Violation("disruption", reason)]


def pairs_suit(plan: Plan, asked: Asked) -> list[Violation]:
    """No rep serves a unit that was excluded for them."""
    reps = np.array([*plan.territories["rep_id"], ""], dtype=object)[plan.alignment]
    out = []
    for rep, unit in sorted(asked.rules.excluded):
        i = plan.units.position.get(unit, -1)
        if i >= 0 and reps[i] == rep:
            t = plan.territory_ids[plan.alignment[i]]
            out.append(Violation("excluded", f"{rep} serves {unit}, which is excluded", t, (unit,)))
    return out


def skills_there(plan: Plan, asked: Asked) -> list[Violation]:
    """A rep has the skill that a unit needs."""
    if not asked.rules.needs or asked.team is None:
        return []
    skills = {
        rep: {s.strip().lower() for s in text.replace(";", ",").split(",")}
        for rep, text in asked.team.frame["skills"].items()
    }
    missing: dict[tuple[int, str], list[str]] = {}
    for unit, skill in asked.rules.needs.items():
        t = int(plan.alignment[plan.units.position[unit]]) if unit in plan.units.position else -1
        rep = plan.territories["rep_id"].iloc[t] if t >= 0 else ""
        if rep and skill.strip().lower() not in skills.get(rep, set()):
            missing.setdefault((t, skill), []).append(unit)
    return [
        Violation(
            "skills",
            f"{_named(ids)} need {skill}, which its rep does not have",
            plan.territory_ids[t],
            tuple(ids),
        )
        for (t, skill), ids in sorted(missing.items())
    ]


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("assigned", "Every unit has a territory", "hard", everything_assigned),
    Constraint("contiguous", "Each territory is one piece", "hard", in_one_piece),
    Constraint("locks", "Locks hold", "hard", locks_kept),
    Constraint("limits", "Least and most a territory", "hard", limits_kept),
    Constraint("together", "Groups stay together", "hard", groups_together),
    Constraint("distance", "Largest distance or longest drive from home", "hard", near_home),
    Constraint("regions", "Territories inside regions", "hard", inside_regions),
    Constraint("disruption", "Largest share that changes hands", "hard", little_changed),
    Constraint("excluded", "Excluded reps and units", "reported", pairs_suit),
    Constraint("skills", "Skills", "reported", skills_there),
)
"""Every rule, in the order in which violations are listed."""
