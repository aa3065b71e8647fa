"""The button that asks the engine what would help, its progress, and what went wrong."""

from __future__ import annotations

import streamlit as st

from territory.ui import session
from territory.ui.advice import Desk, begin_outlook, desk_of
from territory.ui.progress_view import watch_job
from territory.ui.text import plain

__all__ = ["outlook_button"]


def outlook_button(desk: Desk) -> None:
    """Ask where nothing was asked about this plan yet; watch while the engine works."""
    job = desk.job
    if job is not None and not job.finished:
        watch_job(job, "Working out what would help …", "stop-outlook")
        return
    if job is not None and job.fault:
        st.error(plain(job.fault), icon=":material/error:")
    known = desk.outlook is not None
    if desk.outlook is not None and desk.outlook.about(desk.context.plan):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Work it out again" if known else "Work out what would help",
            key="look-ahead",
            icon=":material/play_arrow:",
            type="secondary" if known else "primary",
            help="Nothing changes until you say so.",
            on_click=lambda: session.act(lambda: begin_outlook(desk_of(session.workspace()))),
        )
        st.caption(
            "The plan has changed since the engine looked; its re-plan is measured anew against it."
            if known
            else "The engine looks for a plan against each finding and measures what it changes.",
            width="stretch",
        )
