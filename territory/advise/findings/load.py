"""Reps with too much or too little to do, and a team of the wrong size."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.advise.findings.threshold import Threshold, beyond
from territory.metrics import Case, utilisation
from territory.metrics.people import hours_beyond, hours_to_spare, reps_wanted, team_utilisation
from territory.metrics.seasons import quarter_load, worst_quarter_by_territory

__all__ = ["overloaded", "seasonal_peak", "team_size", "underused"]

SOURCE = "metrics.utilisation"
ORDINALS = {"Q1": "first", "Q2": "second", "Q3": "third", "Q4": "fourth"}


def busiest(case: Case) -> float:
    """Workload over capacity of the busiest rep."""
    return float(utilisation(case).max())


def idlest(case: Case) -> float:
    """Workload over capacity of the rep with least to do."""
    return float(utilisation(case).min())


def overloaded(context: Context) -> list[Finding]:
    """Reps whose workload is more than so much of their hours."""
    used, limit = utilisation(context.case), context.advice.overload
    over = used[used > limit].sort_values(ascending=False)
    if over.empty:
        return []
    share = context.share_of(over.index)
    numbers = {
        "worst": Number(float(over.iloc[0]), "share", SOURCE),
        "limit": Number(limit, "share", "settings.advice.overload"),
        "beyond": Number(
            hours_beyond(context.case), "workload_hours", "metrics.people.hours_beyond"
        ),
    }
    said = (
        "{names} {verb} more work than hours: up to {worst} of capacity, where {limit} is the most "
        "that goes well. {beyond} a year are beyond what the team can do."
    )
    verb = "has" if len(over) == 1 else "have"
    return [
        Finding(
            kind="overloaded",
            severity=graded(float(over.iloc[0]), limit, 1.0, share),
            said=Said(said, numbers, {"names": context.listed(over.index), "verb": verb}),
            share=share,
            lines=context.lines(over, "{name}: {value} of capacity", "share", SOURCE),
            territories=tuple(over.index),
            action=Action("Share the work out by hours", "workload", "Balance"),
            watch=Watch("Highest workload", busiest, "share", SOURCE),
        )
    ]


def underused(context: Context) -> list[Finding]:
    """Reps whose workload fills less than so much of their hours."""
    used, limit = utilisation(context.case), context.advice.underuse
    under = used[used < limit].sort_values()
    if under.empty:
        return []
    share = context.share_of(under.index)
    numbers = {
        "worst": Number(float(under.iloc[0]), "share", SOURCE),
        "limit": Number(limit, "share", "settings.advice.underuse"),
        "spare": Number(
            hours_to_spare(context.case), "workload_hours", "metrics.people.hours_to_spare"
        ),
    }
    said = (
        "{names} {verb} hours to spare: down to {worst} of capacity in use, where {limit} is the "
        "least that pays. {spare} a year are not used in the whole team."
    )
    verb = "has" if len(under) == 1 else "have"
    # Where little is sold there is little to gain, but the hours are there all the same.
    share = max(share, len(under) / context.plan.k)
    return [
        Finding(
            kind="underused",
            severity=graded(float(under.iloc[0]), limit, 1.0, share),
            said=Said(said, numbers, {"names": context.listed(under.index), "verb": verb}),
            share=share,
            lines=context.lines(under, "{name}: {value} of capacity", "share", SOURCE),
            territories=tuple(under.index),
            action=Action("Give them more to do", "workload", "Balance"),
            watch=Watch("Lowest workload", idlest, "share", SOURCE, normal=1.0),
        )
    ]


def seasonal_peak(context: Context) -> list[Finding]:
    """Reps whose busiest quarter asks for more hours than they have, whatever the year does."""
    load = quarter_load(context.case)
    if load is None:
        return []
    # Who has too much all year round is named as such; this is about the season.
    all_year = utilisation(context.case) > context.advice.overload
    seasonal = worst_quarter_by_territory(context.case).where(~all_year)
    busiest = str(load.max().idxmax())
    source = "metrics.seasons.worst_quarter_by_territory"
    return beyond(
        context,
        "peak",
        seasonal,
        Threshold("peak", normal=1.0, form="share", source=source),
        "In their busiest quarter {names} {have} up to {worst} of their hours to work, where "
        "{limit} is the most that goes well for a while. For most that is the {quarter} quarter.",
        "{name}: {value} of the hours in the busiest quarter",
        Action("Bring visits forward into quiet quarters, or share the work out", "workload",
               "Performance"),
        "Highest load in any quarter",
        worst_quarter_by_territory,
        names={"quarter": ORDINALS[busiest]},
    )  # fmt: skip


def team_size(context: Context) -> list[Finding]:
    """More or less work than the whole team has hours, by at least one rep."""
    case, advice = context.case, context.advice
    used, wanted, there = team_utilisation(case), reps_wanted(case), context.plan.k
    few = used > advice.team_over and wanted > there
    many = used < advice.team_under and wanted < there
    if not few and not many:
        return []
    limit, setting = (advice.team_over, "team_over") if few else (advice.team_under, "team_under")
    numbers = {
        "used": Number(used, "share", "metrics.people.team_utilisation"),
        "limit": Number(limit, "share", f"settings.advice.{setting}"),
        "wanted": Number(wanted, "count", "metrics.people.reps_wanted"),
        "there": Number(there, "count", "plan.k"),
        "change": Number(abs(wanted - there), "count", "metrics.people.reps_wanted"),
    }
    said = (
        "The whole team's work is {used} of its hours ({limit} would be the {bound}): it fills "
        "{wanted} {reps} of mean capacity, and there are {there} {territories}. {change} {way}."
    )
    names = {
        "bound": "most" if few else "least",
        "reps": context.settings.word("reps"),
        "territories": context.settings.word("territories"),
        "way": "more would be needed" if few else "fewer would do",
    }
    share = min(1.0, abs(used - 1.0))
    return [
        Finding(
            kind="team_size",
            severity=graded(used, limit, 1.0, share),
            said=Said(said, numbers, names),
            share=share,
            about="few" if few else "many",
            action=Action(
                "See what another number would do", "add" if few else "remove", "Balance"
            ),
            watch=Watch(
                "Work of the whole team",
                team_utilisation,
                "share",
                "metrics.people.team_utilisation",
                normal=1.0,
            ),
        )
    ]
