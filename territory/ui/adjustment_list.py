"""Suggested changes, best first: what each does, what it costs, and two ways to take it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from territory.advise.adjustment import Adjustment, Sort
from territory.advise.effects import cost_of
from territory.model import Plan, Settings, Workspace
from territory.ui import session
from territory.ui.advice import Desk, take, take_as_scenario
from territory.ui.assessment_view import show_concerned
from territory.ui.progress_view import watch_job
from territory.ui.text import plain

__all__ = ["adjustment_list"]

ICONS: dict[Sort, str] = {
    "units": ":material/move_down:",
    "accounts": ":material/handshake:",
    "headcount": ":material/group_add:",
}
SHOWN = 10
PATIENCE = 2.0
"""Seconds the page waits before it shows progress instead."""


def adjustment_list(here: Workspace, desk: Desk) -> None:
    """All of them, ranked; those that change only a little are folded away."""
    if desk.job is not None and not desk.job.finished:
        st.caption("The engine is still at work; its suggestions join these when it is done.")
    elif desk.outlook is None:
        st.caption("Single steps and accounts. The engine's larger suggestions come with the "
                   "button above.")  # fmt: skip
    job = desk.measuring
    if not job.wait(PATIENCE):
        watch_job(job, "Measuring what would help …", "stop-measuring")
        return
    if job.fault:
        st.error(plain(job.fault), icon=":material/error:")
        return
    suggested = job.result or []
    if not suggested:
        st.success(
            "No change is worth making that is known of so far.", icon=":material/check_circle:"
        )
        return
    for number, one in enumerate(suggested[:SHOWN], start=1):
        _row(here, desk, one, number)
    rest = suggested[SHOWN:]
    if rest:
        with st.expander(f"{len(rest)} more"):
            for number, one in enumerate(rest, start=SHOWN + 1):
                _row(here, desk, one, number)


def _row(here: Workspace, desk: Desk, one: Adjustment, number: int) -> None:
    settings = here.project.settings
    with st.container(border=True, key=f"adjustment-{number}"):
        told, actions = st.columns([3, 2], vertical_alignment="center", gap="medium")
        cost = cost_of(one.effect, desk.context).text(settings)
        told.markdown(
            f"{ICONS[one.sort]} **{plain(one.title)}**  \n:small[{plain(one.why.text(settings))}]"
            f"  \n{_effects(one, settings)}  \n:small[{plain(cost)}]"
        )
        with actions.container(horizontal=True, horizontal_alignment="right", gap="small"):
            st.button(
                "Do it",
                key=f"do-{number}",
                icon=":material/check:",
                disabled=bool(here.read_only),
                help="Changes the open plan; undo takes it back.",
                on_click=lambda: session.act(lambda: _do(one, take)),
            )
            st.button(
                "Try it",
                key=f"try-adjustment-{number}",
                icon=":material/science:",
                disabled=bool(here.read_only),
                help="Makes a scenario of its own with this change and opens it.",
                on_click=lambda: session.act(lambda: _do(one, take_as_scenario)),
            )
            shown = st.popover(
                "Show",
                key=f"show-adjustment-{number}",
                icon=":material/map:",
                on_change="rerun",
            )
            if shown.open:
                with shown:
                    show_concerned(here, one.territories, one.units, "What would change hands")


def _do(one: Adjustment, how: Callable[[Workspace, str, Plan], None]) -> None:
    how(session.workspace(), one.title, one.plan)


def _effects(one: Adjustment, settings: Settings) -> str:
    """ "Largest deviation 274 % → **236 %** · …": only what can be seen to change, in Markdown."""
    parts = []
    for label, (before, after) in one.effect.numbers().items():
        old, new = before.text(settings), after.text(settings)
        if old != new:
            parts.append(f"{label} {plain(old)} → **{plain(new)}**")
    return " · ".join(parts) or "Too small a step to show in whole figures."
