"""A change of the plan that can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from territory.advise.effects import Effect, effect_of
from territory.advise.findings import Context, Said
from territory.model import Plan, Project

__all__ = ["Adjustment", "Sort", "adjustment"]

Sort = Literal["units", "accounts", "headcount"]


@dataclass(frozen=True, eq=False)
class Adjustment:
    """A change with its measured effect.

    ``plan`` is the whole plan after it, ``project`` the one its effect is measured in (with more
    reps, perhaps). ``territories``, ``units`` and ``accounts`` are ids of what it concerns; names
    in ``title`` and ``why`` are as their owners wrote them.
    """

    key: str
    sort: Sort
    title: str
    why: Said
    plan: Plan
    project: Project
    effect: Effect
    territories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


def adjustment(
    context: Context,
    key: str,
    sort: Sort,
    title: str,
    why: Said,
    plan: Plan,
    project: Project | None = None,
    **concerned: tuple[str, ...],
) -> Adjustment:
    """One that leads from the context's plan to another, with its effect measured."""
    after = context.on(plan, project)
    effect = effect_of(context, after)
    return Adjustment(key, sort, title, why, plan, after.project, effect, **concerned)
