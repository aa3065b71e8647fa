"""What has shifted in the data since the plan was made."""

from __future__ import annotations

from functools import partial

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch
from territory.advise.findings.threshold import Threshold, beyond
from territory.metrics import max_deviation
from territory.metrics.drift import churn, competitors_since, shift_since
from territory.model import measure

__all__ = ["entry", "loss", "shift"]


def shift(context: Context) -> list[Finding]:
    """Territories that grew or shrank against the rest, one finding a measure in use."""
    out = []
    for name in context.case.measures:
        metric, label = partial(shift_since, measure=name), measure(name).label.lower()
        out += beyond(
            context,
            "drift",
            metric(context.case),
            Threshold("growth", normal=0.0, form="deviation", source="metrics.drift.shift_since"),
            "The market has shifted since the plan was made: in {what}, {first} is {worst} against "
            "the whole, where {limit} either way would be usual.",
            "{name}: {value} against the whole",
            Action("A small re-plan", "replan", "Balance"),
            "Farthest shift",
            metric,
            about=name,
            # A re-plan does not undo the shift, but what it has done to the balance.
            watch=Watch(
                f"Farthest from target in {label}",
                partial(max_deviation, measure=name),
                "share",
                "metrics.max_deviation",
            ),
            names={"what": label},
        )
    return out


def loss(context: Context) -> list[Finding]:
    """Territories that lost too many of their customers."""
    return beyond(
        context,
        "churn",
        churn(context.case),
        Threshold("churn", normal=0.0, form="share", source="metrics.drift.churn"),
        "{names} {have} lost up to {worst} of the customers there were, where {limit} would be "
        "usual.",
        "{name}: {value} of the customers lost",
        Action("Ask why, and look whether the {territory} is still large enough"),
        "Most customers lost",
        churn,
    )


def entry(context: Context) -> list[Finding]:
    """Territories that competitors moved into."""
    source = "metrics.drift.competitors_since"
    return beyond(
        context,
        "rivals",
        competitors_since(context.case).clip(lower=0.0),
        Threshold("rivals", normal=0.0, form="share", source=source),
        "Competitors are coming: {names} {have} up to {worst} more of them than when the plan "
        "was made, where {limit} would be usual.",
        "{name}: {value} more competitors",
        Action("Visit the accounts there first", page="Market"),
        "Largest growth of competition",
        competitors_since,
    )
