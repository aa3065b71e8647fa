"""Advisor: how the plan stands, what is not as it should be, and what would help."""

from __future__ import annotations

import streamlit as st

from territory.ui import session
from territory.ui.adjustment_list import adjustment_list
from territory.ui.advice import begin_outlook, desk_of
from territory.ui.assessment_view import drift_view, picture, question_list, verdicts
from territory.ui.finding_cards import finding_cards
from territory.ui.navigation import path_of
from territory.ui.progress_view import watch_job
from territory.ui.strip import header
from territory.ui.text import plain

here = header("Advisor", "What is not as it should be, and what would help.")
plan, settings = here.plan, here.project.settings
if plan.k == 0 or plan.unassigned == plan.units.n:
    st.info(
        f"There are no {settings.word('territories')} to look at yet.", icon=":material/lightbulb:"
    )
    st.page_link(path_of("Balance"), label="Let the engine draw some")
    st.stop()

desk = desk_of(here)
verdicts(here, desk)
left, right = st.columns([13, 7], gap="large")
with left:
    views = {
        "findings": f"Findings {len(desk.found)}",
        "adjustments": "What would help",
        "questions": f"Questions {len(desk.asked)}",
        "drift": "Drift",
    }
    view = st.segmented_control(
        "View",
        list(views),
        default="findings",
        required=True,
        format_func=views.get,
        key="advisor-view",
        label_visibility="collapsed",
    )
    if view in ("findings", "adjustments"):
        if desk.job is not None and not desk.job.finished:
            watch_job(desk.job, "Working out what would help …", "stop-outlook")
        elif desk.outlook is None or not desk.outlook.about(plan):
            st.button(
                "Work out what would help",
                key="look-ahead",
                icon=":material/play_arrow:",
                type="primary" if desk.outlook is None else "secondary",
                help="The engine looks for a plan against each finding and measures what it "
                "would change. Nothing changes until you say so.",
                on_click=lambda: session.act(lambda: begin_outlook(desk_of(here))),
            )
        if desk.job is not None and desk.job.finished and desk.job.fault:
            st.error(plain(desk.job.fault), icon=":material/error:")
    if view == "findings":
        finding_cards(here, desk)
    elif view == "adjustments":
        adjustment_list(here, desk)
    elif view == "questions":
        question_list(desk)
    else:
        drift_view(here, desk)
with right:
    picture(here, desk)
