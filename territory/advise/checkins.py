"""When to look at the plan again: who, when, and what to talk about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import pandas as pd

from territory.advise.handed import Handed
from territory.advise.transition import WAVES, meetings
from territory.errors import PlanError
from territory.metrics import max_deviation
from territory.model.figures import share
from territory.optimize.words import listed

__all__ = ["CheckIn", "checkins"]

QUARTERS = 4


@dataclass(frozen=True)
class CheckIn:
    """One meeting in the calendar. ``key`` is the same whenever the same plan is exported."""

    key: str
    day: date
    minutes: int
    title: str
    who: tuple[str, ...]
    agenda: tuple[str, ...]


_known: WeakKeyDictionary[Handed, tuple[CheckIn, ...]] = WeakKeyDictionary()
"""Every owner's calendar is a part of the same one."""


def checkins(handed: Handed) -> tuple[CheckIn, ...]:
    """Hand-over meetings, 30/60/90 days with every owner, and a review each quarter.

    Raises
    ------
    PlanError
        Without a start date: a calendar needs days.
    """
    start = handed.start
    if start is None:
        raise PlanError(
            "The calendar needs a start date, and there is no sales history to take one from: "
            "choose the first day of the plan."
        )
    if handed not in _known:
        out = [*_handovers(handed, start), *_with_owners(handed, start), *_reviews(handed, start)]
        _known[handed] = tuple(sorted(out, key=lambda c: (c.day, c.key)))
    return _known[handed]


def _working(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def _handovers(handed: Handed, start: date) -> list[CheckIn]:
    return [
        CheckIn(
            f"handover/{m.wave}/{m.giver}/{m.taker}",
            start + timedelta(days=m.days),
            30,
            f"Hand-over: {handed.name(m.giver)} to {handed.name(m.taker)}",
            (m.giver, m.taker),
            (
                f"{WAVES[m.wave].name}: {handed.number(m.accounts, 'account', '').shown}",
                "For each: who decides, what is promised, what is open, what to avoid",
                "Who tells the customer, and by when",
            ),
        )
        for m in meetings(handed)
    ]


def _with_owners(handed: Handed, start: date) -> list[CheckIn]:
    team = handed.project.team
    out = []
    for owner in handed.owners:
        manager = str(team.frame.at[owner, "manager"]) if team and owner in team.ids else ""
        new, mine = handed.gained(owner), handed.mine(owner)
        first = [str(n) or str(i) for i, n in mine["name"].head(3).items()] if len(mine) else []
        for days, points in (
            (
                30,
                (
                    f"{len(new):,} accounts taken over: which were not spoken to yet?",
                    *((f"First visits: {listed(first, 3)}",) if first else ()),
                    "What is on the ground that the map does not show?",
                ),
            ),
            (
                60,
                (
                    "Joint visits at inherited key accounts: done, open",
                    f"Prospects: {int(mine['prospect'].sum()) if len(mine) else 0:,} to talk to",
                    "Account plans for the five largest accounts",
                ),
            ),
            (
                90,
                (
                    "Every account spoken to once?",
                    "Results against quota",
                    "Changes to ask for in the workbench",
                ),
            ),
        ):
            who = (owner, *((manager,) if manager else ()))
            day = _working(start + timedelta(days=days))
            title = f"{days} days: {handed.name(owner)}"
            out.append(CheckIn(f"days/{days}/{owner}", day, 30, title, who, points))
    return out


def _reviews(handed: Handed, start: date) -> list[CheckIn]:
    """The first full week after the end of each quarter of the plan."""
    off = max_deviation(handed.case)
    points = (
        "New sales and accounts loaded on the page Data, review pack made again",
        f"Largest deviation when the plan began: {share(off) if off == off else 'not known'}",
        "Growth, losses and vacancies since; what a small change would mend",
        "Requests of reps: approve or decline, with a reason",
    )
    quarter = pd.Timestamp(start).to_period("Q")
    out = []
    for i in range(QUARTERS):
        after = (quarter + i + 1).start_time
        day = _working(date(after.year, after.month, after.day) + timedelta(days=7))
        title = f"Quarterly review of territories, {quarter + i}"
        out.append(CheckIn(f"review/{quarter + i}", day, 90, title, (), points))
    return out
