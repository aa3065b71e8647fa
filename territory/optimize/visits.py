"""A visit plan: a rep's calls of a quarter by week and day, in driving order.

Each account's visits are spread over the quarter (``visit_weeks``), each week's are put into days
and ordered (``visit_tours``). What does not fit into a week waits for the next one, until the same
account is due again; what never fits is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from territory.errors import PlanError
from territory.metrics.capacity import as_of
from territory.metrics.travel import ground_of
from territory.model import Plan, Project
from territory.optimize.result import Progress
from territory.optimize.visit_desk import Desk
from territory.optimize.visit_result import Day, VisitPlan
from territory.optimize.visit_round import round_of
from territory.optimize.visit_weeks import WEEKS, due_in_quarter

__all__ = ["VisitPlan", "first_monday", "visit_plan"]

MANY = 20_000
"""Visits in a quarter beyond which the table is wrong, not the rep busy."""


def first_monday(project: Project, quarters: int = 0) -> date | None:
    """The first Monday after the day capacity counts from, some quarters on; None without one."""
    begin = as_of(project)
    if begin is None:
        return None
    after = begin + timedelta(days=1)
    return after + timedelta(days=(7 - after.weekday()) % 7, weeks=WEEKS * quarters)


def visit_plan(
    project: Project,
    plan: Plan,
    rep_id: str,
    *,
    quarter: int = 0,
    start: date | None = None,
    seed: int = 1,
    rounds: int = 250,
    time_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> VisitPlan:
    """Plan a quarter of a rep's visits.

    Parameters
    ----------
    quarter
        0 … 3 from the day that capacity counts from.
    start
        Monday of the first week; where not given, the first one of that quarter.
    seed, rounds
        The same give the same plan, unless it is stopped; ``rounds`` are of the search in a week.
    time_limit
        Seconds after which the weeks left are ordered with little search.
    progress, cancel
        Called once a week; when cancelled, the weeks so far are the plan.

    Raises
    ------
    PlanError
        If the rep owns no territory, or has nobody to visit, or no first day is known.
    """
    begin = start or first_monday(project, quarter)
    if begin is None:
        raise PlanError("Say on which Monday the plan begins: no sales history says where we are.")
    desk = Desk(project, round_of(project, plan, rep_id), seed, rounds)
    count = due_in_quarter(np.minimum(desk.round.visits, 4.0 * MANY), quarter)
    if count.sum() > MANY:
        raise PlanError(
            f"{desk.round.visits.sum() / 4:,.0f} visits in a quarter are more than can be planned: "
            "check visits per year."
        )
    account, week = desk.weeks(count)
    desk.deadline = None if time_limit is None else time.monotonic() + time_limit
    days: list[Day] = []
    for w in range(WEEKS):
        if cancel is not None and cancel():
            break
        if progress is not None:
            progress(Progress(step=w, steps=WEEKS, message=f"Week {w + 1} of {WEEKS}"))
        days += desk.plan_week(w, begin, account[week == w])
        desk.planned += 1
    home = desk.round.home
    return VisitPlan(
        rep_id=rep_id,
        start=begin,
        home=(float(home[0]), float(home[1])),
        home_known=desk.round.home_known,
        days=tuple(days),
        due=int(np.isin(week, np.arange(desk.planned)).sum()),
        left=desk.left(),
        formula_hours=desk.formula_hours(days),
        weeks_planned=desk.planned,
        notes=_notes(project, desk),
    )


def _notes(project: Project, desk: Desk) -> tuple[str, ...]:
    out = list(ground_of(project).calls.notes)
    if not desk.round.home_known:
        out.append(
            "No home of this rep is known: days begin in the middle of the calls. Give home_zip, "
            "or home_lat and home_lon, in the team's table."
        )
    if not desk.round.placed:
        out.append(
            "Accounts without coordinates are set apart inside their unit; add lat and lon for "
            "their true places."
        )
    if not np.isfinite(desk.hours):
        out.append("No capacity of this rep is known: weeks have five days.")
    return tuple(out)
