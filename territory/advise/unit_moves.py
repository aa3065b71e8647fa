"""Suggestions that move units, from single ones to a whole plan, and those that change the team."""

from __future__ import annotations

from dataclasses import replace

from territory.advise.adjustment import Adjustment, adjustment
from territory.advise.findings import Context
from territory.advise.outlook import Outlook, Remedy
from territory.errors import InputError, PlanError
from territory.metrics import changed_units

__all__ = ["blocks_of", "single_moves", "whole_plans"]

HINTS, BLOCKS = 6, 12
"""Most that are measured of each kind."""


def single_moves(context: Context) -> list[Adjustment]:
    """The best single moves and swaps from the plan as it is."""
    from territory.optimize.hints import hints
    from territory.optimize.named import without_named

    plan, weights = context.plan, context.case.measures
    units, offset = without_named(plan, context.project.accounts, weights)
    try:
        found = hints(
            replace(plan, units=units), weights, context.settings.tolerance, HINTS, offset=offset
        )
    except InputError:
        return []  # the measures say nothing, so neither does a move
    return [
        adjustment(
            context,
            "move|" + "|".join(hint.unit_ids),
            "units",
            hint.text(),
            "The next step that evens out most, without splitting anything.",
            hint.apply(plan),
            units=hint.unit_ids,
            territories=tuple(dict.fromkeys(e.territory_id for e in hint.effects)),
        )
        for hint in found[:HINTS]
    ]


def blocks_of(context: Context, outlook: Outlook) -> list[Adjustment]:
    """The re-plan's blocks of units, each on its own from the plan as it is now."""
    from territory.optimize import accept, reasons

    remedy = outlook.remedies.get("replan")
    if remedy is None:
        return []
    plan, project, settings = context.plan, context.project, context.settings
    try:
        changes = reasons(
            plan,
            remedy.plan,
            measures=context.case.measures,
            tolerance=settings.tolerance,
            sales=project.sales,
            accounts=project.accounts,
            team=project.team,
        )
    except PlanError:
        return []  # territories came or went since: that re-plan is none of this plan
    out = []
    for group in changes.groups[:BLOCKS]:
        taken = accept(plan, remedy.plan, {group.key})
        if group.key not in taken.taken:
            continue
        also = "" if taken.exact else " Neighbouring places come along, so that all hangs together."
        out.append(
            adjustment(
                context,
                f"block|{group.key}|{group.target}",
                "units",
                group.title(settings.word("unit"), settings.word("units")),
                group.why + also,
                taken.plan,
                units=_changed(context, taken.plan),
                territories=tuple(t for t in (group.source, group.target) if t),
            )
        )
    return out


def whole_plans(context: Context, outlook: Outlook) -> list[Adjustment]:
    """Everything at once: the re-plan, the work by hours, reps more or fewer."""
    out = []
    for key, remedy in outlook.remedies.items():
        # A re-plan holds for any plan of the same territories; a team was sized for one plan only.
        if remedy.reps and not outlook.about(context.plan):
            continue
        if not remedy.reps and remedy.plan.territory_ids != context.plan.territory_ids:
            continue
        moved = _changed(context, remedy.plan)
        if not moved:
            continue
        title, why = _told(context, key, remedy)
        sort = "headcount" if remedy.reps else "units"
        plan = remedy.plan
        if not remedy.reps:
            plan = context.plan.with_alignment(remedy.plan.alignment)
        out.append(
            adjustment(context, key, sort, title, why, plan, remedy.project, units=moved)  # type: ignore[arg-type]
        )
    return out


def _changed(context: Context, plan) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    return tuple(context.plan.units.ids[changed_units(plan, context.plan)])


def _told(context: Context, key: str, remedy: Remedy) -> tuple[str, str]:
    rep, reps = context.settings.word("rep"), context.settings.word("reps")
    if key == "add":
        title = f"{remedy.reps} more {rep if remedy.reps == 1 else reps}"
        return title, "Even shared out evenly, the work is more than the team has hours."
    if key == "remove":
        return f"One {rep} fewer", "The whole team has more hours than there is work."
    if key == "workload":
        return "Share all work out by hours", "Everybody's work fits everybody's hours."
    return "Re-plan everything", "The smallest change that brings all within the tolerance."
