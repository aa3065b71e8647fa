"""The certificate: how far a proposal is at most from the best possible, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from territory.model import measure
from territory.optimize.result import Proposal

__all__ = ["Certificate"]

OPTIMAL = 0.0005
"""A gap below this rounds to nothing."""


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

    @classmethod
    def of(cls, proposal: Proposal, bound: Mapping[str, Any]) -> Certificate:
        """From a bound of `bounds.certify`, in km."""
        main = max(proposal.measures, key=lambda name: proposal.measures[name])
        return cls(
            kind=bound["kind"],
            value=bound["bound"],
            plan=bound["value"],
            gap=max(0.0, bound["value"] / bound["bound"] - 1.0),
            measure=main,
            tolerance=max(proposal.tolerance, proposal.max_deviation[main]),
            seconds=bound["seconds"],
        )

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
