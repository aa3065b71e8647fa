"""What is left to say at the top of a page: recovered work, notices, a conflict to settle."""

from __future__ import annotations

import streamlit as st

from territory.model import Workspace
from territory.ui.session import act, workspace
from territory.ui.text import plain

__all__ = ["settle", "show_conflict", "show_notices"]


def settle(theirs: bool) -> None:
    """Answer a conflict: take the other version, or keep one's own."""
    here = workspace()
    conflict, here.conflict = here.conflict, None
    if conflict is not None and theirs:
        here.change("The other version", conflict.resolved(here.plan))


def show_conflict(here: Workspace) -> None:
    """The two versions of what two people changed at the same time, and a choice."""
    conflict = here.conflict
    if conflict is None:
        return
    with st.container(key="conflict", border=True):
        st.warning(
            "Somebody else changed the same at the same time. Yours counts for now; theirs is in "
            "the history too.",
            icon=":material/call_split:",
        )
        lines = [
            f"- {plain(place)}: theirs **{plain(other)}**, yours **{plain(own)}**"
            for place, other, own in conflict.lines(here.plan)
        ]
        st.markdown("\n".join(lines[:8]) + ("\n- …" if len(lines) > 8 else ""))
        row = st.container(horizontal=True)
        row.button("Keep mine", key="keep-mine", on_click=lambda: act(lambda: settle(False)))
        row.button("Use theirs", key="use-theirs", on_click=lambda: act(lambda: settle(True)))


def show_notices() -> None:
    """The banner of a recovered session and whatever callbacks left to say."""
    here = workspace()
    if here.recovered:
        with st.container(key="recovered"):
            st.info(here.recovered, icon=":material/history:")
        here.recovered = ""
    for level, text in here.notices:
        {"error": st.error, "warning": st.warning}.get(level, st.success)(plain(text))
    here.notices.clear()
    show_conflict(here)
