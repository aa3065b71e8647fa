"""The certificate: how far a proposal is at most from the best possible, in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from territory.model import Team, measure
from territory.optimize.bounds import certify
from territory.optimize.result import Proposal

__all__ = ["Certificate", "certificate"]

QUICK_FREE = 1_000
"""Units up to which a bound without homes is worth its time when nobody has asked for it."""

OPTIMAL = 0.0005
"""A gap below this rounds to nothing."""

QUICK = 1.0
"""Seconds that it may take then."""


@dataclass(frozen=True)
class Certificate:
    """No plan can be better than ``value``; this one has ``plan``, which is ``gap`` more.

    Parameters
    ----------
    kind
        The relaxation it was proved with. "rep homes": mean distance from the reps' homes, with
        units that may be shared among reps. "free centres": root mean square distance from the
        middle unit of each territory, with units that may be used twice or not at all.
    value, plan
        km, weighted by ``measure``.
    gap
        plan / value − 1.
    tolerance
        What is compared: plans whose territories deviate by no more in ``measure``.
    seconds
        What it took to find.
    """

    kind: str
    value: float
    plan: float
    gap: float
    measure: str
    tolerance: float
    seconds: float

    def text(self) -> str:
        """ "No connected plan at ±5 % can have less than X; this one has X + 3.4 %"."""
        label = measure(self.measure).label.lower()
        what = (
            "an average distance from the reps' homes"
            if self.kind == "rep homes"
            else "a typical distance from the middle of the territories"
        )
        more = f"at most {100 * self.gap:.1f} % more than the best possible"
        if self.gap < OPTIMAL:
            more = "which is the best possible"
        return (
            f"No connected plan within ±{100 * self.tolerance:.3g} % of {label} can have {what} "
            f"below {self.value:.1f} km; this one has {self.plan:.1f} km, {more}."
        )

    def why(self) -> str:
        """Where it comes from, for those who ask."""
        relaxed = (
            "a unit may be shared among several reps"
            if self.kind == "rep homes"
            else "units may be served twice or not at all, at a price"
        )
        return (
            f"Proved for plans in which {relaxed} and territories need not be connected; every "
            "real plan is one of them, so the best possible is somewhere between."
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        names = ("kind", "value", "gap", "plan", "seconds")
        return {name: getattr(self, name) for name in names}


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

    Where named accounts are counted beside the units' measures, nothing is said.

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
    main = max(proposal.measures, key=lambda name: proposal.measures[name])
    return Certificate(
        kind=found["kind"],
        value=found["bound"],
        plan=found["value"],
        gap=max(0.0, found["value"] / found["bound"] - 1.0),
        measure=main,
        tolerance=max(proposal.tolerance, proposal.max_deviation[main]),
        seconds=found["seconds"],
    )
