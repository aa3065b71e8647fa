"""The company's goal as quotas: by potential and sales, bounded, in round numbers, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.advise.allocation import filled, in_cents, rounded
from territory.advise.quota_year import QuotaYear
from territory.errors import PlanError
from territory.metrics.case import Case
from territory.metrics.forecast import coming
from territory.metrics.seasons import QUARTERS, territory_seasons, yearly_sales
from territory.model import Project, QuotaPolicy, Team

__all__ = [
    "Goal",
    "Quotas",
    "company_goal",
    "former",
    "planned",
    "present",
    "quotas",
    "with_quotas",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goal:
    """What the company wants to sell in a year, and where that number is from, in words."""

    amount: float
    source: str


@dataclass(frozen=True, eq=False)
class Quotas:
    """Quotas by territory.

    ``table`` has name, rep_id, potential, sales (a year's), share (of the goal before bounds),
    present (how much of the year the rep is there for), quota, now (the quota of today), change,
    potential_per_quota and Q1 to Q4. ``quota`` adds up to ``goal`` to the cent, and so do its
    quarters. ``notes`` say in words what was assumed and what the data did not allow.
    """

    table: pd.DataFrame
    goal: float
    notes: tuple[str, ...] = ()


def company_goal(case: Case, policy: QuotaPolicy) -> Goal:
    """The goal that somebody set, else last year's sales grown, else the sum of today's quotas."""
    project = case.project
    if project is not None and project.settings.goal > 0:
        return Goal(project.settings.goal, "as you set it")
    sold = yearly_sales(case)
    if sold is not None and sold.sum() > 0:
        grown = round(float(sold.sum()) * (1 + policy.growth), 2)
        return Goal(grown, f"last year's sales and {100 * policy.growth:g} % growth")
    now = present(case)
    if now is not None:
        return Goal(round(float(now.sum()), 2), "the sum of today's quotas")
    return Goal(0.0, "")


def present(case: Case) -> pd.Series | None:
    """Today's quota by territory; None where nobody has one."""
    now = case.team_column("quota")
    return None if now is None or not (now > 0).any() else now


def quotas(
    case: Case,
    policy: QuotaPolicy,
    goal: float,
    fixed: Mapping[str, float] | None = None,
) -> Quotas:
    """The goal spread over territories.

    Shares by the policy's way; times the part of the year that the rep is there; between floor and
    cap (water-filling: what one may not take goes to the others in proportion); in whole steps
    (largest remainder). The sum is the goal, to the cent.

    Parameters
    ----------
    goal
        For a year, in the project's currency.
    fixed
        territory_id → a quota set by hand; the others share what is left.

    Raises
    ------
    PlanError
        If bounds or fixed quotas leave no way; says which, and what would work.
    """
    k, whole = case.plan.k, in_cents(goal)
    year = QuotaYear(case, policy)
    shares, there = _shares(case, policy, year), year.present
    low, high = _bounds(case, policy, whole, there, fixed or {})
    cents = filled(shares * there, whole, low, high)
    step = max(1, round(policy.rounding * 100))
    hand = case.plan.territories.index.isin(list(fixed or {}))
    steps = _around(cents, whole, step, low, high, hand)
    if k and (steps == 0).any() and whole > 0:
        nothing = int((steps == 0).sum())
        year.notes.append(
            f"Quotas that come out at nothing: {nothing}. Round to less, or set a floor."
        )
    table = _table(case, steps, shares, there)
    table[list(QUARTERS)] = year.by_quarter(steps) / 100
    return Quotas(table, whole / 100, tuple(dict.fromkeys(year.notes)))


def _shares(case: Case, policy: QuotaPolicy, year: QuotaYear) -> Floats:
    """(k,) what each territory would have of the goal; after a dated move, for its part of it."""
    notes = year.notes
    now = _spread(case, policy, notes)
    if not policy.effective or case.baseline is None:
        return now
    if case.baseline.territory_ids != case.plan.territory_ids:
        notes.append("The baseline has other territories, so the plan counts for the whole year.")
        return now
    before = _spread(replace(case, plan=case.baseline), policy, [])
    after = year.share_from(policy.effective)
    notes.append(
        f"Until {policy.effective} the baseline's territories count, {100 * (1 - after):.0f} % of "
        "the year's sales by season."
    )
    return (1 - after) * before + after * now


def _spread(case: Case, policy: QuotaPolicy, notes: list[str]) -> Floats:
    """(k,) shares of the goal by the policy's way; they add up to 1."""
    top, bottom = _top_down(case, policy, notes), _bottom_up(case, policy, notes)
    if policy.way == "top-down" or bottom is None:
        return top
    return bottom if policy.way == "bottom-up" else (top + bottom) / 2


def _top_down(case: Case, policy: QuotaPolicy, notes: list[str]) -> Floats:
    potential = case.totals("potential") if case.has("potential") else None
    parts = [
        (policy.potential_weight, potential, "potential"),
        (1 - policy.potential_weight, yearly_sales(case), "past sales"),
    ]
    known = [(w, _normed(v)) for w, v, _ in parts if v is not None and v.sum() > 0]
    lacking = [name for w, v, name in parts if (v is None or v.sum() <= 0) and w > 0]
    if lacking and policy.way != "bottom-up":
        instead = "the other counts alone" if known else "all get the same"
        notes.append(f"There is no {' and no '.join(lacking)}, so {instead}.")
    if not known:
        return np.full(case.plan.k, 1 / max(case.plan.k, 1))
    weight = sum(w for w, _ in known)
    if weight <= 0:  # all weight lies on what is not there
        return known[0][1]
    return np.sum([w * v for w, v in known], axis=0) / weight


def _bottom_up(case: Case, policy: QuotaPolicy, notes: list[str]) -> Floats | None:
    """(k,) what accounts bought last year, each grown; None where that is not known."""
    if policy.way == "top-down":
        return None
    sold = yearly_sales(case)
    if sold is None or sold.sum() <= 0:
        notes.append("Nothing says what accounts bought, so the goal is spread top-down.")
        return None
    expected = float(sold.sum()) * (1 + policy.growth)
    notes.append(f"The accounts are expected to bring {expected:,.0f}; quotas scale to the goal.")
    return _normed(sold)


def _normed(values: Floats) -> Floats:
    values = np.maximum(np.nan_to_num(values), 0)
    return values / values.sum() if values.sum() > 0 else values


def _bounds(
    case: Case, policy: QuotaPolicy, whole: int, there: Floats, fixed: Mapping[str, float]
) -> tuple[Floats, Floats]:
    """(k,) least and most in cents; PlanError names what can't be met."""
    k = case.plan.k
    mean = whole / max(k, 1)
    low = policy.floor * mean * there
    high = policy.cap * mean * there if policy.cap else np.full(k, float(whole))
    if policy.cap and policy.cap < policy.floor:
        raise PlanError(
            f"The floor ({policy.floor:.0%}) is above the cap ({policy.cap:.0%}): swap them."
        )
    where = [case.plan.position_of(t) for t in fixed]
    low[where] = high[where] = [in_cents(v) for v in fixed.values()]
    free = np.ones(k, bool)
    free[where] = False
    if low.sum() > whole + 0.5:
        set_by_hand = low[where].sum() / 100
        why = (
            f"Quotas set by hand add up to {set_by_hand:,.0f}, and the floor asks for "
            f"{low[free].sum() / 100:,.0f} more; the goal is {whole / 100:,.0f}."
        )
        raise PlanError(f"{why} Lower one of them, or raise the goal.")
    if high.sum() < whole - 0.5:
        short = (whole - high.sum()) / 100
        room = mean * there[free].sum()
        least = f"{(whole - high[where].sum()) / room:.0%}" if policy.cap and room > 0 else ""
        way = f"Raise the cap to {least} or more" if least else "Set one quota less by hand"
        raise PlanError(f"{short:,.0f} of the goal would be nobody's. {way}.")
    return low, high


def _around(
    cents: Floats, whole: int, step: int, low: Floats, high: Floats, hand: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Rounded, except what is set by hand: that stays to the cent."""
    out = np.round(low).astype(np.int64)
    left = whole - int(out[hand].sum())
    if not hand.all():
        out[~hand] = rounded(cents[~hand], left, step, low[~hand], high[~hand])
    elif left:
        raise PlanError(f"All quotas are set by hand and {left / 100:,.2f} of the goal is left.")
    return out


def _table(case: Case, cents: NDArray[np.int64], shares: Floats, there: Floats) -> pd.DataFrame:
    out = case.plan.territories[["name", "rep_id"]].copy()
    known = case.has("potential")
    out["potential"] = case.totals("potential") if known else np.nan
    sold = yearly_sales(case)
    out["sales"] = np.nan if sold is None else sold
    out["share"], out["present"] = shares, there
    out["quota"] = cents / 100
    now = present(case)
    out["now"] = np.nan if now is None else now
    out["change"] = out["quota"] / out["now"].where(out["now"] > 0) - 1
    out["potential_per_quota"] = out["potential"] / out["quota"].where(out["quota"] > 0)
    return out


def planned(case: Case) -> pd.DataFrame | None:
    """Today's quotas over the coming quarters, by season and presence; a column a quarter.

    None without quotas, or where the history has no quarters to go on from.
    """
    now, seen = present(case), territory_seasons(case)
    if now is None or seen is None or seen[2].calendar.kind != "quarter":
        return None
    year = QuotaYear(case, case.project.settings.quotas if case.project else QuotaPolicy())
    cents = np.round(np.nan_to_num(now.to_numpy(float)) * 100).astype(np.int64)
    ahead = coming(seen[2].calendar.labels[-1])
    parts = year.by_quarter(cents) / 100
    ordered = parts[:, [int(label[-1]) - 1 for label in ahead]]
    return pd.DataFrame(ordered, index=now.index, columns=list(ahead))


def with_quotas(project: Project, found: Quotas) -> Project:
    """The project with these quotas for its reps; the former ones are kept beside them.

    A rep with several territories has the sum of theirs.
    """
    if project.team is None:
        raise PlanError("There is no team to give quotas to: load one.")
    frame = project.team.frame.copy()
    mine = found.table[found.table["rep_id"].isin(frame.index)]
    quota = mine.groupby("rep_id")["quota"].sum()
    frame["quota_before"] = frame["quota"]
    frame["quota"] = quota.reindex(frame.index).where(frame.index.isin(quota.index), frame["quota"])
    team = Team(frame)
    team.frame.attrs |= project.team.frame.attrs
    return replace(project, team=team)


def former(project: Project) -> Project | None:
    """The project with the quotas that were there before the last change; None without any."""
    if project.team is None or "quota_before" not in project.team.frame:
        return None
    frame = project.team.frame.copy()
    before = pd.to_numeric(frame["quota_before"], errors="coerce").astype(float)
    frame["quota"], frame["quota_before"] = before, frame["quota"]
    team = Team(frame)
    team.frame.attrs |= project.team.frame.attrs
    return replace(project, team=team)
