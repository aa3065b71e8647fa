"""What nobody looks after: units without a territory, territories without a rep."""

from __future__ import annotations

import numpy as np

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.metrics.capacity import vacant
from territory.metrics.contiguity import unassigned as loose_units
from territory.metrics.contiguity import unassigned_share
from territory.metrics.people import months_in_job
from territory.model import measure

__all__ = ["ramp", "unassigned", "vacancy"]

SERIOUS = 0.02
"""From twice this share of the main measure on, what nobody has is a high finding."""


def unassigned(context: Context) -> list[Finding]:
    """Units that belong to no territory."""
    plan, case = context.plan, context.case
    loose = np.flatnonzero(plan.alignment < 0)
    if not len(loose) or not plan.k:
        return []
    share = unassigned_share(case)
    numbers = {
        "count": Number(len(loose), "count", "plan.unassigned"),
        "share": Number(share, "share", "metrics.contiguity.unassigned_share"),
    }
    said = "{count} {units} {verb} to nobody: {share} of the {measure} is looked after by no {rep}."
    names = {
        "units": context.count(len(loose), "unit", "units"),
        "verb": "belongs" if len(loose) == 1 else "belong",
        "measure": measure(case.main).label.lower(),
        "rep": context.settings.word("rep"),
    }
    return [
        Finding(
            kind="unassigned",
            # Even a unit without weight is somebody's to decide on.
            severity="medium" if share < 2 * SERIOUS else "high",
            said=Said(said, numbers, names),
            share=max(share, len(loose) / plan.units.n),
            units=tuple(plan.units.ids[loose]),
            action=Action("Give them to their neighbours", "replan", "Map"),
            watch=Watch("Unassigned units", loose_units, "count", "plan.unassigned"),
        )
    ]


def vacancy(context: Context) -> list[Finding]:
    """Territories with units that no rep owns."""
    held = context.plan.totals("units") > 0
    empty = context.weight[vacant(context.case) & held].sort_values(ascending=False)
    if empty.empty:
        return []
    share = float(empty.sum())
    numbers = {
        "count": Number(len(empty), "count", "metrics.capacity.vacant"),
        "share": Number(share, "share", "metrics.capacity.vacant"),
    }
    said = "{count} {territories} {verb} no {rep}: {names}. Together {share} of the {measure}."
    names = {
        "territories": context.count(len(empty), "territory", "territories"),
        "verb": "has" if len(empty) == 1 else "have",
        "rep": context.settings.word("rep"),
        "names": context.listed(empty.index),
        "measure": measure(context.case.main).label.lower(),
    }
    return [
        Finding(
            kind="vacancy",
            severity=graded(share, SERIOUS, 0.0, share),
            said=Said(said, numbers, names),
            share=share,
            lines=context.lines(
                empty, "{name}: {value} of the whole", "share", "metrics.capacity.vacant"
            ),
            territories=tuple(empty.index),
            action=Action("Name an owner, or share them out", "", "Map"),
        )
    ]


def ramp(context: Context) -> list[Finding]:
    """Reps who began so recently that a full territory is much to ask."""
    months = months_in_job(context.case).clip(lower=0.0)  # who is still to come has none
    limit = context.settings.travel.ramp_months
    fresh = months[months < limit].sort_values()
    if fresh.empty:
        return []
    share = context.share_of(fresh.index)
    source = "metrics.people.months_in_job"
    numbers = {
        "least": Number(round(float(fresh.iloc[0]), 1), "number", source),
        "limit": Number(limit, "number", "settings.travel.ramp_months"),
        "share": Number(share, "share", "metrics.people.months_in_job"),
    }
    said = (
        "{names} {verb} new: {least} months in the job, where it takes {limit} to grow into a "
        "{territory}. {share} of the {measure} is in these hands."
    )
    names = {
        "names": context.listed(fresh.index),
        "verb": "is" if len(fresh) == 1 else "are",
        "territory": context.settings.word("territory"),
        "measure": measure(context.case.main).label.lower(),
    }
    return [
        Finding(
            kind="ramp",
            severity="medium" if share >= 1 / context.plan.k else "low",
            said=Said(said, numbers, names),
            share=share,
            lines=context.lines(fresh.round(1), "{name}: {value} months", "number", source),
            territories=tuple(fresh.index),
            action=Action("Ask less of them at first: pro-rata quotas, shared key accounts"),
        )
    ]
