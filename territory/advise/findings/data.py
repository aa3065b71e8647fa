"""What data a finding needs, and what to ask for where it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from territory.advise.findings.context import Context
from territory.metrics.capacity import as_of
from territory.metrics.market import total_penetration
from territory.metrics.seasons import territory_seasons
from territory.metrics.travel import total_travel_share

__all__ = ["NEEDS", "Need", "Question"]


@dataclass(frozen=True)
class Need:
    """A piece of data: is it there, and the question that fetches it; ``page`` takes the answer."""

    has: Callable[[Context], bool]
    question: str
    page: str = "Data"


@dataclass(frozen=True)
class Question:
    """What the advisor would ask next: the words, where to answer, and what it could then tell."""

    need: str
    words: str
    page: str
    unlocks: tuple[str, ...]


def _territories(context: Context) -> bool:
    return context.plan.k > 0 and context.plan.unassigned < context.plan.units.n


def _measure(name: str) -> Callable[[Context], bool]:
    return lambda context: context.case.has(name)


def _team_number(column: str) -> Callable[[Context], bool]:
    def known(context: Context) -> bool:
        return context.case.team_column(column) is not None

    return known


def _team_text(column: str) -> Callable[[Context], bool]:
    def known(context: Context) -> bool:
        team = context.project.team
        return team is not None and bool((team.frame[column] != "").any())

    return known


def _accounts(*columns: str) -> Callable[[Context], bool]:
    def known(context: Context) -> bool:
        accounts = context.project.accounts
        if accounts is None or not len(accounts):
            return False
        frame = accounts.frame
        return all(
            bool((frame[c].notna() & (frame[c] != "") & (frame[c] != 0)).any()) for c in columns
        )

    return known


def _homes(context: Context) -> bool:
    team = context.project.team
    return team is not None and bool((team.homes(context.plan.units) >= 0).any())


def _seasons(context: Context) -> bool:
    found = territory_seasons(context.case)
    return found is not None and found[0].known


NEEDS: dict[str, Need] = {
    "plan": Need(
        _territories, "Which territories are there? Draw some, or let the engine.", "Balance"
    ),
    "baseline": Need(
        lambda c: c.baseline is not None and c.baseline.unassigned < c.baseline.units.n,
        "Who looks after what today? Without today's alignment nobody can say what changes.",
    ),
    "workload": Need(
        _measure("workload_hours"),
        "How much work is there? A column workload_hours, or visits and minutes by account.",
    ),
    "capacity": Need(
        _team_number("capacity_hours"), "How many hours a year does each rep have for customers?"
    ),
    "reps": Need(
        lambda c: bool((c.plan.territories["rep_id"] != "").any()),
        "Who is on the team, and who has which territory?",
    ),
    "homes": Need(_homes, "Where do the reps live? A home ZIP or coordinates for each."),
    "segments": Need(_team_text("segments"), "Which customer segments does each rep serve best?"),
    "start_dates": Need(_team_text("start_date"), "When did each rep begin?"),
    "as_of": Need(
        lambda c: as_of(c.project) is not None,
        "From which day does the plan count? The end of the sales history, or a date of yours.",
    ),
    "seasons": Need(
        _seasons,
        "What was sold in the past, by quarter or month? Two years show the seasons.",
    ),
    "visits": Need(
        lambda c: bool(np.isfinite(total_travel_share(c.case))),
        "How often is each account visited, and for how long (visits_per_year, minutes_per_visit)?",
    ),
    "quota": Need(_team_number("quota"), "What is each rep's quota?", "Performance"),
    "potential": Need(
        _measure("potential"), "What could be sold where? A potential for each place.", "Market"
    ),
    "market": Need(
        lambda c: bool(np.isfinite(total_penetration(c.case))),
        "What is sold where, and what could be? Sales and potential of each place.",
    ),
    "accounts": Need(
        _accounts(), "Who are the customers and prospects, and where? A list of accounts."
    ),
    "owners": Need(_accounts("owner"), "Whom does each account belong to today (column owner)?"),
    "revenue": Need(_accounts("revenue"), "What does each account bring in a year?"),
    "earlier": Need(
        lambda c: c.project.earlier is not None,
        "How was it before? Load newer data over what is here, and drift can be seen.",
    ),
    "earlier_accounts": Need(
        lambda c: c.project.earlier_accounts is not None and c.project.accounts is not None,
        "Which customers were there before? Load a newer list of accounts over this one.",
    ),
    "rivals": Need(
        _measure("competitors"), "Where are competitors? A column competitors, counted by place."
    ),
    "kinds": Need(_accounts("segment"), "Which segment is each account of?"),
}
"""Every piece of data that a finding may need, in the order in which it is asked for."""
