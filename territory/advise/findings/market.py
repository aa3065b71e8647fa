"""Where more could be sold but nobody goes, and where hardly more can be sold."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.advise.findings.threshold import Threshold, beyond
from territory.metrics.market import penetration
from territory.metrics.untouched import untouched, untouched_share

__all__ = ["saturated", "white_space"]


def white_space(context: Context) -> list[Finding]:
    """Too much potential lies where nobody buys yet and nobody has hours to go there."""
    share, limit = untouched_share(context.case), context.advice.white_space
    if not share > limit:
        return []
    lies = untouched(context.case)
    lies = lies[lies > 0].sort_values(ascending=False)
    source = "metrics.untouched.untouched"
    numbers = {
        "share": Number(share, "share", "metrics.untouched.untouched_share"),
        "limit": Number(limit, "share", "settings.advice.white_space"),
    }
    said = (
        "{share} of all potential lies in {units} without a single customer, where no {rep} has "
        "hours left to go ({limit} would be usual){where}."
    )
    names = {
        "units": context.settings.word("units"),
        "rep": context.settings.word("rep"),
        "where": f": most of it with {context.listed(lies.index)}" if len(lies) else "",
    }
    return [
        Finding(
            kind="white_space",
            severity=graded(share, limit, 0.0, share),
            said=Said(said, numbers, names),
            share=share,
            lines=context.lines(lies, "{name}: {value} of all potential", "share", source),
            territories=tuple(lies.index),
            action=Action("Share the work out, so that somebody has time for it", "workload",
                          "Market"),
            watch=Watch("Potential without coverage", untouched_share, "share",
                        "metrics.untouched.untouched_share"),
        )
    ]  # fmt: skip


def saturated(context: Context) -> list[Finding]:
    """Territories where nearly all that can be sold is sold."""
    return beyond(
        context,
        "saturated",
        penetration(context.case),
        Threshold("saturated", normal=0.0, form="share", source="metrics.market.penetration"),
        "{names} {have} little left to win: up to {worst} of the potential is sold already, where "
        "more than {limit} asks for new ground.",
        "{name}: {value} of the potential sold",
        Action("Give them white space from next door", "replan", "Market"),
        "Highest share sold",
        penetration,
    )
