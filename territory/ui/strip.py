"""The thin strip on every page: where you are, how the plan stands, undo and redo."""

from __future__ import annotations

import streamlit as st

from territory.metrics import Case, noncontiguous, outside
from territory.model import Workspace
from territory.model.figures import unit_words
from territory.ui import session
from territory.ui.case import current_case
from territory.ui.navigation import path_of
from territory.ui.notices import show_notices
from territory.ui.text import plain

__all__ = ["header", "state_strip", "undo_buttons"]


def header(title: str, caption: str = "") -> Workspace:
    """Strip, notices and title of a page; returns the workspace."""
    here = session.workspace()
    state_strip(here)
    show_notices()
    if title:
        st.title(title, anchor=False)
    if caption:
        st.caption(caption)
    return here


def state_strip(here: Workspace, on: str = "") -> None:
    """Project · scenario · saved · balance · contiguous · unassigned · undo and redo.

    ``on`` is the page it stands on: what is mended there is said without a link, which on the map
    would travel with every edit.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="state-strip"):
        st.markdown(
            f"**{plain(here.project.name)}** ▸ {plain(here.scenario_name)}", width="content"
        )
        if here.read_only:
            st.badge("read-only", icon=":material/lock:", color="gray", help=here.read_only)
        if here.saved_at is not None:
            saved = here.saved_at.astimezone().strftime("%H:%M")
            st.caption(f"saved {saved}", width="content")
        st.space("stretch")
        plainly = []
        for label, ok, page in _states(current_case(here), here):
            icon = ":material/check_circle:" if ok else ":material/error:"
            if page == on:
                plainly.append(f":small[{icon} {plain(label)}]")
            else:
                st.page_link(path_of(page), label=label, icon=icon, width="content")
        if plainly:
            st.markdown("  ".join(plainly), width="content")
        undo_buttons(here)


def _states(case: Case, here: Workspace) -> list[tuple[str, bool, str]]:
    """What the strip says about the plan: text, fine or not, and the page that mends it."""
    settings = here.project.settings
    off = outside(case)
    pieces = int(noncontiguous(case))
    loose = case.plan.unassigned
    k = case.plan.k
    band = f"±{settings.amber:.0%}".replace("%", " %")
    balance = f"{off} of {k} outside {band}" if off else f"all {k} within {band}"
    connected = f"{pieces} in pieces" if pieces else "contiguous"
    assigned = f"{unit_words(loose, settings)} unassigned" if loose else "all assigned"
    return [
        (balance, not off, "Balance"),
        (connected, not pieces, "Map"),
        (assigned, not loose, "Map"),
    ]


def undo_buttons(here: Workspace) -> None:
    """Undo and redo, each saying what it would do."""
    history = here.history
    st.button(
        "",
        key="undo",
        icon=":material/undo:",
        help=f"Undo: {plain(history.undo_label)}" if history.can_undo else "Nothing to undo",
        disabled=not history.can_undo or bool(here.read_only),
        on_click=lambda: session.step("undo"),
    )
    st.button(
        "",
        key="redo",
        icon=":material/redo:",
        help=f"Redo: {plain(history.redo_label)}" if history.can_redo else "Nothing to redo",
        disabled=not history.can_redo or bool(here.read_only),
        on_click=lambda: session.step("redo"),
    )
