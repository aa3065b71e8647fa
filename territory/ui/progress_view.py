"""A run under way: what it does now, the map getting better, and a way to stop it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from territory.model.figures import share
from territory.ui.pictures import plan_pixels
from territory.ui.runs import Job, Run
from territory.ui.text import plain

__all__ = ["EVERY", "LARGE", "watch", "watch_job"]

EVERY = 0.5
"""Seconds between two looks at a run."""

LARGE = 10_000
"""Units from which the map is drawn half as often."""

BOX = (900, 560)


def watch(run: Run) -> None:
    """Progress of a run until it has ended; then the page runs again."""

    @st.fragment(run_every=EVERY if run.before.units.n < LARGE else 2 * EVERY)
    def look() -> None:
        if run.finished:
            st.rerun()
        state = run.progress
        row = st.container(horizontal=True, vertical_alignment="center")
        with row:
            done = 0.0 if state is None else min(1.0, state.step / max(state.steps, 1))
            st.progress(done, _words(run))
            st.button(
                "Cancel",
                key="cancel-run",
                icon=":material/stop_circle:",
                disabled=run.cancelled,
                on_click=run.cancel,
                help="Stops and shows the best plan so far.",
            )
        alignment = None if state is None else state.alignment
        shown = run.before if alignment is None else run.before.with_alignment(alignment)
        plan_pixels(shown, box=BOX)

    look()


def _words(run: Run) -> str:
    """ "3 s · Joining pieces · farthest from target 8 %", in Markdown."""
    state = run.progress
    if state is None:
        return "Getting ready …" if run.elapsed else "Waiting for a free place …"
    words = [f"{run.elapsed:.0f} s", plain(state.message)]
    if state.max_deviation is not None:
        words.append(f"farthest from target {share(state.max_deviation)}")
    return " · ".join(words)


def watch_job(job: Job[Any], what: str, key: str) -> None:
    """One line for a smaller question, with a way to stop it; runs the page again at its end."""

    @st.fragment(run_every=EVERY)
    def look() -> None:
        if job.finished:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            state = job.progress
            done = 0.0 if state is None else min(1.0, state.step / max(state.steps, 1))
            st.progress(done, f"{what} {job.elapsed:.0f} s")
            st.button("Stop", key=key, type="tertiary", disabled=job.cancelled, on_click=job.cancel)

    look()
