"""Reps whose customers are of kinds that they do not serve."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding
from territory.advise.findings.threshold import Threshold, beyond
from territory.metrics.fit import unserved

__all__ = ["mismatch"]


def mismatch(context: Context) -> list[Finding]:
    """Too large a part of a rep's accounts is of segments that the rep does not serve."""
    return beyond(
        context,
        "mismatch",
        unserved(context.case),
        Threshold("mismatch", normal=0.0, form="share", source="metrics.fit.unserved"),
        "{names} {have} many customers of other segments than those served: up to {worst} by "
        "worth, where {limit} is the most that goes well.",
        "{name}: {value} of the accounts' worth",
        Action("Give single accounts to who serves them, or another {rep}", page="Balance"),
        "Largest part not served",
        unserved,
    )
