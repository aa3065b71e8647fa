"""Advisor: how the plan stands, what is not as it should be, and what would help."""

from __future__ import annotations

import streamlit as st

from territory.ui.adjustment_list import adjustment_list
from territory.ui.advice import desk_of
from territory.ui.assessment_view import (
    drift_view,
    question_list,
    text_to_copy,
    verdicts,
)
from territory.ui.finding_cards import finding_cards
from territory.ui.limits_form import limits_form
from territory.ui.navigation import path_of
from territory.ui.outlook_view import outlook_button
from territory.ui.strip import header

here = header("Advisor", "How the plan stands, what is not as it should be, and what would help.")
plan, settings = here.plan, here.project.settings
if plan.k == 0 or plan.unassigned == plan.units.n:
    st.info(
        f"There are no {settings.word('territories')} to look at yet.", icon=":material/lightbulb:"
    )
    st.page_link(path_of("Balance"), label="Let the engine draw some")
    st.stop()

desk = desk_of(here)
verdicts(here, desk)
views = {
    "findings": f"Findings {len(desk.found)}",
    "adjustments": "What would help",
    "questions": f"Questions {len(desk.asked)}",
    "drift": "Drift",
}
row = st.container(horizontal=True, vertical_alignment="center")
view = row.segmented_control(
    "View",
    list(views),
    default="findings",
    required=True,
    format_func=views.get,
    key="advisor-view",
    label_visibility="collapsed",
)
with row:
    st.space("stretch")
    text_to_copy(here, desk)
if view in ("findings", "adjustments"):
    outlook_button(desk)
if view == "findings":
    finding_cards(here, desk)
    limits_form(here)
elif view == "adjustments":
    adjustment_list(here, desk)
elif view == "questions":
    question_list(desk)
else:
    drift_view(here, desk)
