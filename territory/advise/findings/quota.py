"""Quotas that ask more of one rep than of another."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding
from territory.advise.findings.said import Number
from territory.advise.findings.threshold import Threshold, beyond
from territory.metrics.people import potential_per_quota, quota_spread

__all__ = ["unfair_quota"]


def unfair_quota(context: Context) -> list[Finding]:
    """Potential per quota is far from the team's mean, up or down."""
    source = "metrics.people.potential_per_quota"
    spread = Number(quota_spread(context.case), "share", "metrics.quota_spread")
    return beyond(
        context,
        "unfair_quota",
        potential_per_quota(context.case),
        Threshold("quota_gap", normal=0.0, form="deviation", source=source),
        "Quotas do not follow the potential: {first} has {worst} potential behind the quota, "
        "against the team's mean, where {limit} either way would be fair. Over the team it "
        "spreads by {spread}.",
        "{name}: {value} potential for the quota",
        Action("Set the quotas anew, by potential", "quotas",
               "Performance"),
        "Farthest from the mean potential per quota",
        potential_per_quota,
        numbers={"spread": spread},
    )  # fmt: skip
