"""Which rep suits which territory: by home, skills, segments and who serves it today.

Every pair gets a score from 0 to 1 in each respect; what is not known of a rep or a territory says
nothing for or against. The match with the largest weighted sum is found by the Hungarian method
(Kuhn 1955), O(k³). Pairs that are excluded count against each other more than everything that could
speak for them, so they are made only where there is no other way, and then they are reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy.optimize import linear_sum_assignment

from territory.errors import InputError, Problem
from territory.metrics import Asked, Violation, violations
from territory.model import Accounts, Plan, Rules, Team
from territory.optimize.arguments import number
from territory.optimize.arrays import Floats
from territory.optimize.suits import (
    LOCKED,
    barred,
    distances,
    fit,
    incumbency,
    nearness,
    weighted,
)

__all__ = ["RESPECTS", "Match", "Pair", "match"]

RESPECTS: Mapping[str, str] = MappingProxyType(
    {
        "home": "lives near",
        "skills": "knows the industries",
        "segments": "serves the segments",
        "incumbency": "has served it until now",
    }
)
"""What speaks for a pair, and how it is said."""

FORBIDDEN = 1e3
"""Times what `barred` says against a pair."""

STRONG = 0.45
"""A score from here on is a reason."""


@dataclass(frozen=True)
class Pair:
    """A territory and its rep.

    ``score`` is the weighted mean of ``parts``: respect → 0 … 1, only those that are known.
    ``home_km`` is the mean distance of the territory's units from the rep's home, by weight.
    """

    territory_id: str
    name: str
    rep_id: str
    rep_name: str
    score: float
    parts: Mapping[str, float]
    home_km: float | None
    why: str


@dataclass(frozen=True, eq=False)
class Match:
    """Who gets what.

    Parameters
    ----------
    plan
        The plan with its new owners; territories keep ids, names and units.
    pairs
        One for each territory that has a rep, in the order of the plan.
    vacant
        Territories for which there is no rep.
    free
        Reps for whom there is no territory.
    violations
        Excluded pairs and missing skills that could not be avoided, with the reason.
    """

    plan: Plan
    pairs: tuple[Pair, ...]
    vacant: tuple[str, ...]
    free: tuple[str, ...]
    violations: tuple[Violation, ...]


def match(
    plan: Plan,
    team: Team,
    *,
    baseline: Plan | None = None,
    accounts: Accounts | None = None,
    measure: str | None = None,
    weights: Mapping[str, float] | None = None,
    rules: Rules | None = None,
) -> Match:
    """Give every territory the rep who suits it best, all of them considered together.

    Parameters
    ----------
    baseline
        Says who serves what today; without it nobody is an incumbent.
    accounts
        Their industries and segments are held against the reps' skills and segments, by potential.
    measure
        What units are weighed by; default: the region's default measure.
    weights
        "home", "skills", "segments", "incumbency" → how much it counts; default 1 each, and 0 for
        those that are left out.
    rules
        ``excluded`` pairs of rep and unit, and skills that units ``need``.

    A locked territory keeps its rep.

    Raises
    ------
    InputError
        If a weight is unknown, negative, or none is above 0.
    """
    importance = _weights(weights)
    rules = rules or Rules()
    weight = np.nan_to_num(plan.units.values(measure or plan.units.default_measure))
    away = distances(plan, team, weight)
    parts = {
        "home": nearness(away),
        "skills": fit(plan, team, accounts, weight, "industry", "skills", rules.needs),
        "segments": fit(plan, team, accounts, weight, "segment", "segments", {}),
        "incumbency": incumbency(plan, baseline, team, weight),
    }
    score = weighted(parts, importance)
    shut = barred(plan, team, rules)
    rows, columns = linear_sum_assignment(-(score - FORBIDDEN * shut))
    # A locked territory without a rep of this team keeps what it has, even if that is nobody.
    chosen = {int(t): int(r) for t, r in zip(rows, columns, strict=True) if shut[t, r] < LOCKED}
    reps = [team.ids[chosen[t]] if t in chosen else _kept_rep(plan, t) for t in range(plan.k)]
    made = replace(plan, territories=plan.territories.assign(rep_id=reps))
    found = violations(made, Asked(rules=rules, team=team))
    return Match(
        plan=made,
        pairs=tuple(_pair(made, team, t, r, parts, score, away) for t, r in sorted(chosen.items())),
        vacant=tuple(t for t, rep in zip(plan.territory_ids, reps, strict=True) if not rep),
        free=tuple(rep for rep in team.ids if rep not in set(reps)),
        violations=tuple(v for v in found if v.constraint in ("excluded", "skills")),
    )


def _kept_rep(plan: Plan, t: int) -> str:
    """The rep of a locked territory; nobody for the others."""
    locked = plan.territory_ids[t] in plan.locks.territories
    return str(plan.territories["rep_id"].iloc[t]) if locked else ""


def _weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    given = dict.fromkeys(RESPECTS, 1.0) if weights is None else dict(weights)
    unknown = sorted(set(given) - set(RESPECTS))
    if unknown:
        raise InputError(
            Problem(
                f"Reps can't be matched by {unknown[0]!r}",
                remedy=f"give weights for {', '.join(RESPECTS)}",
            )
        )
    out = {name: number(value, f"The weight of {name}") for name, value in given.items()}
    if not all(0 <= value < np.inf for value in out.values()) or not sum(out.values()) > 0:
        raise InputError(
            Problem("The weights of the match make no sense", remedy="give at least one above 0")
        )
    return out


def _pair(
    plan: Plan,
    team: Team,
    t: int,
    r: int,
    parts: Mapping[str, Floats],
    score: Floats,
    away: Floats,
) -> Pair:
    """A pair with what speaks for it."""
    known = {name: float(part[t, r]) for name, part in parts.items() if np.isfinite(part[t, r])}
    km = float(away[t, r]) if np.isfinite(away[t, r]) else None
    return Pair(
        territory_id=plan.territory_ids[t],
        name=str(plan.territories["name"].iloc[t]),
        rep_id=team.ids[r],
        rep_name=team.name(team.ids[r]),
        score=float(score[t, r]),
        parts=known,
        home_km=km,
        why=_why(known, km),
    )


def _why(known: Mapping[str, float], km: float | None) -> str:
    """ "Lives near (12 km on average), knows the industries (61 % of potential)."."""
    said = []
    for name in sorted(known, key=lambda name: -known[name]):
        if known[name] < STRONG:
            continue
        detail = f"{known[name]:.0%}".replace("%", " %")
        if name == "home":
            detail = f"{km:.0f} km on average"
        said.append(f"{RESPECTS[name]} ({detail})")
    if not said:
        return "Nothing speaks for it in particular; the others suit other territories better."
    text = ", ".join(said)
    return f"{text[0].upper()}{text[1:]}."
