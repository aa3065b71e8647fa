"""FINDINGS: everything the advisor can find, in one visible list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from territory.advise.findings import (
    balance,
    coverage,
    customers,
    drift,
    load,
    market,
    quota,
    shape,
    skills,
)
from territory.advise.findings.context import Context
from territory.advise.findings.data import NEEDS, Question
from territory.advise.findings.finding import Finding

__all__ = ["FINDINGS", "Kind", "findings", "label_of", "questions"]


@dataclass(frozen=True)
class Kind:
    """A kind of finding: its name on screen, the data it needs, and the function that looks."""

    key: str
    label: str
    needs: tuple[str, ...]
    find: Callable[[Context], list[Finding]]

    def lacks(self, context: Context) -> tuple[str, ...]:
        """The needs that are not met: then it finds nothing, and asks."""
        return tuple(need for need in self.needs if not NEEDS[need].has(context))


FINDINGS: tuple[Kind, ...] = (
    Kind("overloaded", "Too much work", ("plan", "workload", "capacity"), load.overloaded),
    Kind("underused", "Hours to spare", ("plan", "workload", "capacity"), load.underused),
    Kind("team_size", "Too many or too few reps", ("plan", "workload", "capacity"), load.team_size),
    Kind(
        "peak",
        "Too much in season",
        ("plan", "workload", "capacity", "seasons"),
        load.seasonal_peak,
    ),
    Kind("off_target", "Off target", ("plan",), balance.off_target),
    Kind("fragmented", "In pieces", ("plan",), shape.fragmented),
    Kind("over_broad", "Stretched", ("plan",), shape.over_broad),
    Kind("road", "Much driving", ("plan", "visits"), shape.much_driving),
    Kind("cut_by_water", "Parted by water", ("plan",), shape.cut_by_water),
    Kind("unassigned", "Nobody's", ("plan",), coverage.unassigned),
    Kind("vacancy", "No rep", ("plan", "reps"), coverage.vacancy),
    Kind("ramp", "New in the job", ("plan", "reps", "start_dates", "as_of"), coverage.ramp),
    Kind(
        "white_space",
        "White space, no hours",
        ("plan", "market", "workload", "capacity"),
        market.white_space,
    ),
    Kind("saturated", "Sold out", ("plan", "market"), market.saturated),
    Kind("overlap", "Claimed twice", ("plan", "reps", "accounts", "owners"), customers.overlap),
    Kind("far_named", "Named, but far", ("plan", "accounts", "homes"), customers.far_named),
    Kind("mismatch", "Not their kind", ("plan", "reps", "kinds", "segments"), skills.mismatch),
    Kind("unfair_quota", "Unfair quotas", ("plan", "potential", "quota"), quota.unfair_quota),
    Kind(
        "concentration", "One large account", ("plan", "reps", "revenue"), customers.concentration
    ),
    Kind(
        "key_disruption",
        "Key accounts change hands",
        ("plan", "baseline", "accounts", "kinds"),
        customers.key_disruption,
    ),
    Kind("drift", "The market has shifted", ("plan", "earlier"), drift.shift),
    Kind("churn", "Customers lost", ("plan", "reps", "earlier_accounts"), drift.loss),
    Kind("rivals", "Competitors came", ("plan", "rivals", "earlier"), drift.entry),
)
"""Each kind asks for its data first: no finding on data that is not there."""


def findings(context: Context) -> list[Finding]:
    """Everything found, the most serious and far-reaching first."""
    found = [f for kind in FINDINGS if not kind.lacks(context) for f in kind.find(context)]
    return sorted(found, key=lambda f: -f.rank)


def questions(context: Context) -> list[Question]:
    """What it would ask next because the data is silent, with what each answer would unlock."""
    wanting: dict[str, list[str]] = {}
    for kind in FINDINGS:
        for need in kind.lacks(context):
            wanting.setdefault(need, []).append(kind.label)
    return [
        Question(name, need.question, need.page, tuple(wanting[name]))
        for name, need in NEEDS.items()
        if name in wanting
    ]


def label_of(key: str) -> str:
    """What the kind of a finding is called on screen, by the finding's key or the kind's."""
    first = key.partition("|")[0]
    return next((kind.label for kind in FINDINGS if kind.key == first), "a finding")
