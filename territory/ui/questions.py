"""The six questions on the start page, each answered already as far as the data goes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from territory.advise.questions import (
    Answers,
    area_column,
    carried_out,
    kinds_of,
    seasons_of,
    suggested,
    summary,
)
from territory.errors import PlanError
from territory.model import Workspace, measure
from territory.model.figures import share, unit_words
from territory.ui import session
from territory.ui.navigation import path_of
from territory.ui.text import plain

__all__ = ["questions"]

TEAM_SHOWN = ("name", "home_zip", "capacity_hours", "quota", "skills", "segments", "weaknesses")


def questions(here: Workspace) -> None:
    """All six on one page, the summary in plain words, and two ways out."""
    start = suggested(here.project, here.plan)
    st.title("Six questions before you start", anchor=False)
    st.caption(
        "Each is answered already as far as your data goes. Change what is wrong, skip the rest; "
        "everything can be changed later."
    )
    left, right = st.columns(2, gap="large")
    with left:
        places = _region(here)
        team = _reps(here, start)
        kind, priority = _customers(here, start)
    with right:
        _history(here)
        even = _even(here, start)
        season = _season(here, start)
    answers = replace(even, places=places, team=team, kind=kind, priority=priority, season=season)
    st.divider()
    st.markdown(f"**{plain(summary(here.project, answers))}**")
    row = st.container(horizontal=True)
    row.button(
        "Use these answers",
        key="use-answers",
        type="primary",
        icon=":material/check:",
        on_click=lambda: session.act(lambda: _use(answers)),
    )
    row.button("Skip", key="skip-questions", on_click=_leave)


def _region(here: Workspace) -> tuple[str, ...]:
    settings, units = here.project.settings, here.project.units
    st.subheader("1  Which region?", anchor=False)
    st.write(f"{plain(here.project.name)}: {unit_words(units.n, settings)}.")
    column = area_column(units)
    if not column:
        return ()
    names = sorted(units.attributes[column].dropna().astype(str).unique())
    return tuple(
        st.multiselect(
            f"Only a part of it (by {column})", names, key="ask-places", placeholder="All of it"
        )
    )


def _reps(here: Workspace, start: Answers) -> pd.DataFrame | None:
    settings = here.project.settings
    st.subheader(f"2  Who are the {settings.word('reps')}?", anchor=False)
    if start.team is None:
        st.info(f"No team is loaded, so nobody owns a {settings.word('territory')} yet.")
        st.page_link(path_of("Data"), label="Load a team", icon=":material/upload_file:")
        return None
    frame = start.team if "weaknesses" in start.team else start.team.assign(weaknesses="")
    edited = st.data_editor(
        frame,
        column_order=TEAM_SHOWN,
        column_config={
            "_index": st.column_config.TextColumn("id", required=True),
            "home_zip": "home",
            "capacity_hours": st.column_config.NumberColumn("hours a year", min_value=0),
            "quota": st.column_config.NumberColumn("quota", min_value=0),
            "skills": "strengths",
        },
        num_rows="dynamic",
        height=220,
        key="ask-team",
    )
    # The editor returns other column types than it was given, so values are compared.
    same = edited.index.equals(frame.index) and edited.astype(str).equals(frame.astype(str))
    return start.team if same else edited


def _customers(here: Workspace, start: Answers) -> tuple[str, tuple[str, ...]]:
    st.subheader("3  Which customers matter most?", anchor=False)
    kinds = kinds_of(here.project.accounts)
    if not kinds:
        st.info("Accounts with a segment or an industry would answer this.")
        st.page_link(path_of("Data"), label="Load accounts", icon=":material/upload_file:")
        return start.kind, ()
    names = list(kinds)
    kind = st.segmented_control("By", names, default=start.kind, required=True, key="ask-kind")
    chosen = st.multiselect(
        "First of all",
        kinds[kind],
        [v for v in start.priority if v in kinds[kind]],
        key=f"ask-priority-{kind}",
        placeholder="All alike",
        help="Their number becomes a measure that can be shared out evenly.",
    )
    return kind, tuple(chosen)


def _history(here: Workspace) -> None:
    project = here.project
    st.subheader("4  What is known?", anchor=False)
    known = {
        "potential": "potential" in project.units.measure_names,
        "workload": "workload_hours" in project.units.measure_names,
        "accounts": project.accounts is not None,
        "sales so far": project.sales is not None,
    }
    there = [name for name, is_there in known.items() if is_there]
    missing = [name for name, is_there in known.items() if not is_there]
    if there:
        st.write(f":material/check_circle: {', '.join(there)}")
    if missing:
        st.write(f":material/help: not yet: {', '.join(missing)}")
    st.page_link(path_of("Data"), label="Load more", icon=":material/upload_file:")


def _even(here: Workspace, start: Answers) -> Answers:
    settings, units = here.project.settings, here.project.units
    st.subheader("5  What should be fair, and how fair?", anchor=False)
    names = [n for n in units.measure_names if measure(n).additive]
    chosen = st.multiselect(
        "The same for everybody",
        names,
        [n for n in start.weights if n in names],
        format_func=lambda n: measure(n).label,
        key="ask-measures",
    )
    row = st.container(horizontal=True)
    weights = {
        n: float(
            row.number_input(
                f"{plain(measure(n).label)}, weight",
                0,
                100,
                round(100 * start.weights.get(n, 1 / max(len(chosen), 1))),
                key=f"ask-weight-{n}",
            )
        )
        for n in (chosen if len(chosen) > 1 else ())
    } or dict.fromkeys(chosen, 100.0)
    tolerance = st.slider(
        "Nobody further off than",
        1,
        30,
        round(100 * start.tolerance),
        format="±%d %%",
        key="ask-tolerance",
    )
    targets = "equal"
    if here.project.team is not None and here.project.team.capacities is not None:
        by_hours = st.toggle(
            "By hours: half a position, half the work", start.targets == "capacity", key="ask-hours"
        )
        targets = "capacity" if by_hours else "equal"
    homes = st.toggle(
        f"Near the {settings.word('reps')}' homes",
        start.homes,
        key="ask-homes",
        disabled=start.team is None,
    )
    change = st.slider(
        "How much may change hands at most",
        0,
        100,
        100 if start.max_change is None else round(100 * start.max_change),
        format="%d %%",
        key="ask-change",
    )
    goal = st.number_input(
        f"The company's goal for the year, {settings.currency}",
        min_value=0.0,
        value=start.goal,
        step=100_000.0,
        format="%.0f",
        key="ask-goal",
    )
    return Answers(
        weights=weights,
        tolerance=tolerance / 100,
        targets="capacity" if targets == "capacity" else "equal",
        homes=homes,
        max_change=None if change == 100 else change / 100,
        goal=goal,
    )


def _season(here: Workspace, start: Answers) -> str:
    st.subheader("6  Is there a season to survive?", anchor=False)
    seasons = seasons_of(here.project.sales)
    if not seasons:
        st.info("A sales history with whole years would show it.")
        return ""
    peak = max(seasons, key=lambda q: seasons[q])
    st.write(f"{peak} is the strongest quarter: {share(seasons[peak])} of an average one.")
    return str(
        st.selectbox(
            "The plan must hold in",
            ["", *seasons],
            ["", *seasons].index(start.season) if start.season in seasons else 0,
            format_func=lambda q: q or "no quarter in particular",
            key="ask-season",
            help="That quarter's sales become a measure that can be shared out evenly.",
        )
    )


def _use(answers: Answers) -> None:
    """The same project with other data; one of its own where the region is another."""
    here = session.workspace()
    if here.read_only:
        raise PlanError(here.read_only)
    project, plan = carried_out(here.project, here.plan, answers)
    words = summary(here.project, answers)
    if project.units.n < here.plan.units.n:
        session.open_project(project, plan, here.scenario_name)
    else:
        session.save_project(project)
        now = session.workspace()
        if not plan.territories.equals(here.plan.territories):
            now.change("As answered", replace(plan, units=now.plan.units))
    _leave()
    session.workspace().notify("info", f"As you said: {words}")


def _leave() -> None:
    """Back to how things stand; not asked again by itself."""
    here = session.workspace()
    here.asking = False
