"""How far a proposal is from the best possible, where that can be told in reasonable time."""

from __future__ import annotations

from collections.abc import Callable

from territory.model import Team
from territory.optimize.bounds import certify
from territory.optimize.proof import Certificate
from territory.optimize.result import Proposal

__all__ = ["certificate"]

QUICK_FREE = 1_000
"""Units up to which a bound without homes is worth its time when nobody has asked for it."""

QUICK = 1.0
"""Seconds that it may take then."""


def certificate(
    proposal: Proposal,
    *,
    team: Team | None = None,
    time_limit: float | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Certificate | None:
    """How far a proposal is from the best possible; None where nothing useful can be said.

    Parameters
    ----------
    team
        Given: distance from the reps' homes is what counts.
    time_limit
        Seconds; the bound found until then is as valid as any, only less sharp. By default it is
        looked for only where about a second is enough: with homes, or in a small region.

    Raises
    ------
    InputError
        If the home of a rep is not known.
    """
    units = proposal.plan.units
    if time_limit is None and team is None and units.n > QUICK_FREE:
        return None
    limit = QUICK if time_limit is None else time_limit
    found = certify(proposal, team=team, time_limit=limit, cancel=cancel).bound
    if found is None or found["gap"] is None or not found["bound"] > 0:
        return None
    return Certificate.of(proposal, found)
