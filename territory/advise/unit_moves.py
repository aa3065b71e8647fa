"""Suggestions that move units, from single ones to a whole plan, and those that change the team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from territory.advise.adjustment import Adjustment, Sort, adjustment
from territory.advise.findings import Context, Number, Said
from territory.advise.outlook import Outlook, Remedy
from territory.errors import InputError, PlanError
from territory.metrics import changed_units, deviation
from territory.model import Plan, measure

__all__ = ["applicable", "blocks_of", "single_moves", "standing", "whole_plans"]

WHY = {
    "replan": "The smallest change that brings all within the tolerance.",
    "workload": "Everybody's work fits everybody's hours as well as it goes.",
    "add": "Even shared out evenly, the work is more than some have hours for.",
    "remove": "The whole team has more hours than there is work.",
    "release": "Somebody else lives nearer, and has the place they lie in.",
    "keep_key": "Relationships that bring most stay as they are, wherever the places go.",
}
"""What speaks for a whole plan of the outlook."""

ACCOUNTS = ("release", "keep_key")
"""Remedies that are about accounts."""

HINTS, BLOCKS = 6, 12
"""Most that are measured of each kind."""


def single_moves(context: Context) -> Iterator[Adjustment]:
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
        return  # the measures say nothing, so neither does a move
    for hint in found[:HINTS]:
        yield adjustment(
            context,
            "move|" + "|".join(hint.unit_ids),
            "units",
            hint.text(),
            Said("One of the single steps that even out most, without splitting anything."),
            hint.apply(plan),
            units=hint.unit_ids,
            territories=tuple(dict.fromkeys(e.territory_id for e in hint.effects)),
        )


def blocks_of(context: Context, outlook: Outlook) -> Iterator[Adjustment]:
    """The re-plan's blocks of units, each on its own from the plan as it is now."""
    from territory.optimize import accept, reasons

    remedy = outlook.remedies.get("replan")
    if remedy is None:
        return
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
        return  # territories came or went since: that re-plan is none of this plan
    for group in changes.groups[:BLOCKS]:
        taken = accept(plan, remedy.plan, {group.key})
        if group.key not in taken.taken:
            continue
        sides = tuple(t for t in (group.source, group.target) if t)
        yield adjustment(
            context,
            f"block|{group.key}|{group.target}",
            "units",
            group.title(settings.word("unit"), settings.word("units")),
            _sides(context, taken.plan, sides, exact=taken.exact),
            taken.plan,
            units=_changed(context, taken.plan),
            territories=sides,
        )


def whole_plans(context: Context, outlook: Outlook) -> Iterator[Adjustment]:
    """Everything at once: the re-plan, the work by hours, reps more or fewer."""
    for key in outlook.remedies:
        remedy = standing(context, outlook, key)
        if remedy is None or remedy.plan is context.plan:
            continue
        title, why = _told(context, key, remedy)
        moved = _changed(context, remedy.plan)
        made = adjustment(
            context, key, _sort(key, remedy), title, why, remedy.plan, remedy.project, units=moved
        )
        yield replace(made, plan=applicable(context, remedy))


def standing(context: Context, outlook: Outlook, key: str) -> Remedy | None:
    """A remedy for the plan as it is now; None where it holds no longer, or changes nothing.

    A re-plan holds for any plan of the same territories, the others only for the very plan that
    they were worked out for.
    """
    remedy, plan = outlook.remedies.get(key), context.plan
    if remedy is None:
        return None
    if remedy.reps or remedy.plan is outlook.plan:  # about the team, not about units
        if not outlook.about(plan):
            return None
        return remedy if remedy.reps else replace(remedy, plan=plan)
    if key in ACCOUNTS:
        now = replace(plan, named_accounts=remedy.plan.named_accounts)
        same = not outlook.about(plan) or now.named_accounts == plan.named_accounts
    else:
        same = remedy.plan.territory_ids != plan.territory_ids
        now = plan if same else plan.with_alignment(remedy.plan.alignment)
        same = same or np.array_equal(now.alignment, plan.alignment)
    return None if same else replace(remedy, plan=now)


def applicable(context: Context, remedy: Remedy) -> Plan:
    """The plan of a remedy as it can be taken: who is not hired yet owns nothing."""
    team = context.project.team
    if team is None:
        return remedy.plan
    reps = remedy.plan.territories["rep_id"]
    owned = remedy.plan.territories.assign(rep_id=reps.where(reps.isin(team.frame.index), ""))
    return replace(remedy.plan, territories=owned)


def _sort(key: str, remedy: Remedy) -> Sort:
    if remedy.reps:
        return "headcount"
    return "accounts" if key in ACCOUNTS else "units"


def _sides(context: Context, plan: Plan, territories: tuple[str, ...], *, exact: bool) -> Said:
    """What it does on its own to the territories concerned."""
    main = context.case.main
    old, new = deviation(context.case, main), deviation(context.on(plan).case, main)
    numbers, names, parts = {}, {"measure": measure(main).label.lower()}, []
    for i, t in enumerate(territories):
        letter = "ab"[i]
        numbers[f"{letter}_before"] = Number(float(old[t]), "deviation", "metrics.deviation")
        numbers[f"{letter}_after"] = Number(float(new[t]), "deviation", "metrics.deviation")
        names[letter] = context.names[t]
        parts.append(f"{{{letter}}} {{{letter}_before}} → {{{letter}_after}}")
    also = "" if exact else " Neighbouring places come along, so that all hangs together."
    return Said(f"{', '.join(parts)} in {{measure}}.{also}", numbers, names)


def _changed(context: Context, plan: Plan) -> tuple[str, ...]:
    return tuple(context.plan.units.ids[changed_units(plan, context.plan)])


def _told(context: Context, key: str, remedy: Remedy) -> tuple[str, Said]:
    rep = context.settings.word("rep" if abs(remedy.reps) == 1 else "reps")
    title = f"{abs(remedy.reps)} {'more' if remedy.reps > 0 else 'fewer'} {rep}"
    return (title if remedy.reps else remedy.words), Said(WHY[key])
