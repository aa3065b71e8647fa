"""Visits: a rep's quarter by week and day in driving order, planned beside the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from territory.export.visits import visits_csv, visits_ics
from territory.model import Plan, Project, Workspace
from territory.model.figures import distance, share
from territory.optimize.visit_result import Day, VisitPlan, clock
from territory.optimize.visit_weeks import WEEKS
from territory.optimize.visits import first_monday, visit_plan
from territory.ui.progress_view import watch_job
from territory.ui.runs import Job
from territory.ui.text import plain
from territory.ui.visits_map import visits_map

__all__ = ["visits_view"]


@dataclass(eq=False)
class VisitJob(Job[VisitPlan]):
    """A quarter being planned, and what it was asked for."""

    asked: tuple[object, ...] = ()


def visits_view(here: Workspace) -> None:
    """Choose rep and quarter, plan, and look at a week."""
    asked = _ask(here)
    job = here.visits
    if not isinstance(job, VisitJob):
        st.info(
            "A visit plan gives every call of a quarter a day and an order on the road, from home "
            "and back, within the hours of a day. Choose who and press *Plan the visits*.",
            icon=":material/route:",
        )
    elif not job.finished:
        watch_job(job, "Planning week by week …", "stop-visits")
    elif job.result is None:
        st.error(plain(job.fault), icon=":material/error:")
    else:
        if job.asked != asked:
            st.warning(
                "The plan, the data or the choice above has changed since: plan the visits again.",
                icon=":material/update:",
            )
        _show(here, job.result)


def _ask(here: Workspace) -> tuple[object, ...]:
    """Who and when; what was asked for, to tell whether the result is of it."""
    project, plan = here.project, here.plan
    reps = list(dict.fromkeys(rep for rep in plan.territories["rep_id"] if rep))
    if not reps:
        st.info("No territory has a rep yet: visits are somebody's.", icon=":material/info:")
        return ()
    at = plan.territories["rep_id"].iloc[max(0, min(here.active, plan.k - 1))]
    who, quarter, begin, go = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    name = project.team.name if project.team is not None else str
    rep = who.selectbox(
        project.settings.word("rep").capitalize(),
        reps,
        index=reps.index(at) if at in reps else 0,
        format_func=name,
        key="visits-rep",
    )
    which = int(quarter.selectbox("Quarter", range(4), format_func=_nth, key="visits-quarter"))
    usual = first_monday(project, which)
    start = begin.date_input("First week from", usual or "today", key=f"visits-start-{which}")
    start = _monday(start if isinstance(start, date) else usual or date.today())
    asked = (rep, which, start, project, plan)
    busy = isinstance(here.visits, Job) and not here.visits.finished
    if go.button(
        "Plan the visits",
        type="primary",
        key="plan-visits",
        icon=":material/route:",
        disabled=busy,
        width="stretch",
    ):
        here.visits = _begin(project, plan, str(rep), which, start, asked)
        st.rerun()
    return asked


def _nth(quarter: int) -> str:
    return ("first", "second", "third", "fourth")[quarter]


def _monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _begin(
    project: Project, plan: Plan, rep: str, quarter: int, start: date, asked: tuple[object, ...]
) -> VisitJob:
    job = VisitJob(asked=asked)
    job.begin(
        lambda tell, halted: visit_plan(
            project, plan, rep, quarter=quarter, start=start, progress=tell, cancel=halted
        )
    )
    return job


def _show(here: Workspace, visits: VisitPlan) -> None:
    _summary(here, visits)
    if not visits.days:
        st.info("No visit found a day: see below what is missing.", icon=":material/info:")
    else:
        week = _week(visits)
        days = visits.of_week(week)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _table(here, days)
        with right:
            _map(here, visits, days)
        _downloads(visits, week)
    _left(here, visits)
    for note in visits.notes:
        st.caption(plain(note))


def _summary(here: Workspace, visits: VisitPlan) -> None:
    settings, team = here.project.settings, here.project.team
    name = team.name(visits.rep_id) if team is not None else visits.rep_id
    st.subheader(_finding(plain(name), visits), anchor=False)
    made, driven, ways, check = st.columns(4)
    made.metric(
        "Visits with a day",
        f"{visits.planned:,} of {visits.due:,}",
        help="Visits that fall into the quarter, and those that fit into the days there are.",
    )
    driven.metric(
        "Hours driven",
        f"{visits.drive_hours:,.0f} h",
        help=f"On the tours as ordered. {visits.nights} nights are spent away.",
    )
    ways.metric("Distance", distance(visits.km, settings))
    check.metric(
        "Against the formula",
        share(visits.ratio),
        help=f"The formula of the Workload view gives {visits.formula_hours:,.0f} h of driving for "
        f"these visits; the tours take {visits.drive_hours:,.0f} h. Where many visits find no "
        "day, those that do lie farther apart than the formula takes them to.",
    )


def _finding(name: str, visits: VisitPlan) -> str:
    stopped = visits.weeks_planned < WEEKS
    until = f" in the first {visits.weeks_planned} weeks" if stopped else ""
    if not visits.left:
        return f"{name} has a day for each of {visits.due:,} visits{until}"
    return f"{name} has a day for {visits.planned:,} of {visits.due:,} visits{until}"


def _week(visits: VisitPlan) -> int:
    weeks = sorted({day.week for day in visits.days})
    return int(
        st.select_slider(
            "Week",
            weeks,
            format_func=lambda w: f"{visits.start + timedelta(weeks=w):%d %b}",
            key=f"visits-week-{visits.rep_id}-{visits.start}",
        )
        if len(weeks) > 1
        else weeks[0]
    )


def _table(here: Workspace, days: tuple[Day, ...]) -> None:
    """The week, a row a call, with where each day begins and ends."""
    word = here.project.settings.word("unit")
    rows = []
    for day in days:
        for i, stop in enumerate(day.stops, 1):
            rows.append(
                {
                    "Day": f"{day.day:%a %d %b}",
                    "Call": str(i),
                    "From": clock(stop.arrive),
                    "To": clock(stop.leave),
                    "Account": stop.name,
                    word: stop.unit_id,
                    "Drive": f"{stop.drive:.0f} min",
                }
            )
        where = "Home" if day.to_home else "Night away"
        back = f"{day.drive - sum(s.drive for s in day.stops):.0f} min" if day.to_home else ""
        rows.append(
            {"Day": f"{day.day:%a %d %b}", "Call": "", "From": clock(day.end), "To": "",
             "Account": where, word: "", "Drive": back}
        )  # fmt: skip
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height=470,
        column_config={"Call": st.column_config.TextColumn(width=50)},
    )


def _map(here: Workspace, visits: VisitPlan, days: tuple[Day, ...]) -> None:
    calls = sum(len(day.stops) for day in days)
    st.plotly_chart(
        visits_map(here.plan, visits, days),
        width="stretch",
        key="visits-map",
        theme="streamlit",
        config={"displayModeBar": False, "scrollZoom": True},
        alt=f"Map of the week's {calls} calls in driving order, {len(days)} days",
    )
    st.caption("Lines are straight; the ways driven follow the roads.")


def _downloads(visits: VisitPlan, week: int) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Quarter as CSV",
            lambda: visits_csv(visits),
            f"visits-{visits.start}.csv",
            "text/csv",
            key="visits-csv",
            on_click="ignore",
            icon=":material/download:",
        )
        monday = visits.start + timedelta(weeks=week)
        st.download_button(
            "Week for the calendar",
            lambda: visits_ics(visits, week),
            f"visits-{monday}.ics",
            "text/calendar",
            key="visits-ics",
            on_click="ignore",
            icon=":material/event:",
            help="An .ics file that Outlook, Google and Apple calendars open.",
        )


def _left(here: Workspace, visits: VisitPlan) -> None:
    """What found no day, those worth most first."""
    missed = sum(visits.left.values())
    if not missed:
        return
    names = here.project.accounts.frame["name"] if here.project.accounts is not None else {}
    with st.expander(f"{missed:,} visits found no day", icon=":material/event_busy:"):
        st.caption(
            "There are more visits than hours. Fewer visits to the smallest accounts, a smaller "
            "territory or more capacity would make room."
        )
        table = pd.DataFrame(
            {
                "Account": [str(names.get(a, "") or a) for a in visits.left],
                "Visits without a day": list(visits.left.values()),
            }
        )
        st.dataframe(table, hide_index=True, width="stretch", height=260)
