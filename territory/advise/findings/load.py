"""Reps with too much or too little to do, and a team of the wrong size."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.metrics import utilisation
from territory.metrics.people import hours_beyond, hours_to_spare, reps_wanted, team_utilisation

__all__ = ["overloaded", "team_size", "underused"]

SOURCE = "metrics.utilisation"


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
            watch=Watch("Highest workload", lambda c: float(utilisation(c).max()), "share", SOURCE),
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
            watch=Watch("Lowest workload", lambda c: float(utilisation(c).min()), "share", SOURCE),
        )
    ]


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
            ),
        )
    ]
