"""The written assessment, its text for an e-mail, and what has drifted."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import pandas as pd
import streamlit as st

from territory.advise.assessment import as_text
from territory.metrics.drift import churn, competitors_since, growth_since, shift_since
from territory.model import Workspace, measure
from territory.model.figures import deviation, share
from territory.ui.advice import Desk, dismissed
from territory.ui.map import choose_active
from territory.ui.navigation import PAGES, path_of
from territory.ui.pictures import plan_pixels
from territory.ui.text import plain

__all__ = ["drift_view", "question_list", "show_concerned", "text_to_copy", "verdicts"]


def verdicts(here: Workspace, desk: Desk) -> None:
    """Three questions, three answers, and all of it as text."""
    settings = here.project.settings
    columns = st.columns(max(1, len(desk.verdicts)), gap="small")
    icons = {True: ":material/check_circle:", False: ":material/error:", None: ":material/help:"}
    for column, verdict in zip(columns, desk.verdicts, strict=False):
        with column.container(border=True, height="stretch"):
            st.caption(verdict.question)
            st.markdown(f"{icons[verdict.good]} **{plain(verdict.answer)}**")
            st.markdown(" ".join(plain(said.text(settings)) for said in verdict.said))


def text_to_copy(here: Workspace, desk: Desk) -> None:
    """All of it as plain text, fit for an e-mail, with a button that copies it."""
    with st.popover("Copy as text", icon=":material/content_copy:"):
        aside = dismissed(here)
        left = [f for f in desk.found if f.key not in aside]
        title = f"{here.project.name}, {here.scenario_name}"
        text = as_text(desk.context, title, desk.verdicts, left)
        st.code(text, language=None, wrap_lines=True)


def show_concerned(
    here: Workspace, territories: Collection[str], units: Collection[str], caption: str = ""
) -> None:
    """The plan with some territories or units outlined, and the way to the map."""
    plan = here.plan
    positions = [plan.position_of(t) for t in territories if t in plan.territories.index]
    outlined = np.isin(plan.units.ids, list(units))
    if not units:
        outlined |= np.isin(plan.alignment, positions)
    plan_pixels(plan, box=(420, 470), caption=caption or None, chosen=outlined)
    if positions:
        choose_active(here, positions[0])
    st.page_link(path_of("Map"), label="Open the map there", icon=":material/map:")


def question_list(desk: Desk) -> None:
    """What the data does not say, and what each answer would unlock."""
    if not desk.asked:
        st.success("The data answers all that is asked here.", icon=":material/check_circle:")
        return
    st.caption("The advisor says nothing about what it does not know. With these answers it could.")
    for question in desk.asked:
        with st.container(border=True, gap="small", key=f"question-{question.need}"):
            st.markdown(f"**{plain(question.words)}**")
            st.caption(f"It could then speak of: {plain(', '.join(question.unlocks))}.")
            if any(p.title == question.page for p in PAGES):
                st.page_link(
                    path_of(question.page), label=question.page, icon=":material/arrow_forward:"
                )


def drift_view(here: Workspace, desk: Desk) -> None:
    """What has changed by territory since the earlier data."""
    case, project = desk.context.case, here.project
    if project.earlier is None and project.earlier_accounts is None:
        st.info(
            "Drift shows when newer data is loaded over this: growth, customers lost, competitors "
            "who came. Today's figures are kept then to compare with.",
            icon=":material/timeline:",
        )
        st.page_link(path_of("Data"), label="Load newer data", icon=":material/upload_file:")
        return
    word = project.settings.word("territory").capitalize()
    columns = {word: case.plan.territories["name"].astype(str)}
    for name in case.measures:
        label = measure(name).label
        columns[label] = growth_since(case, name).map(_signed)
        columns[f"{label} against the whole"] = shift_since(case, name).map(_signed)
    columns["Customers lost"] = churn(case).map(_share)
    columns["Competitors"] = competitors_since(case).map(_signed)
    st.caption("Today's territories, now against the data as it was before the last update.")
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="stretch")


def _signed(value: float) -> str:
    return deviation(value) if math.isfinite(value) else ""


def _share(value: float) -> str:
    return share(value, 1) if math.isfinite(value) else ""
