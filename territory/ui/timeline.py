"""The past of a scenario: every change, with a way back to each."""

from __future__ import annotations

import streamlit as st

from territory.model import Workspace
from territory.store import Event
from territory.ui import session
from territory.ui.text import plain

__all__ = ["timeline"]

SHOWN = 40

ICONS = {
    "start": ":material/flag:",
    "change": ":material/edit:",
    "undo": ":material/undo:",
    "redo": ":material/redo:",
    "copy": ":material/content_copy:",
    "delete": ":material/delete:",
    "restore": ":material/restore_from_trash:",
    "baseline": ":material/flag:",
    "submit": ":material/send:",
    "withdraw": ":material/undo:",
    "approve": ":material/verified:",
    "decline": ":material/block:",
    "request": ":material/forum:",
}
VERBS = {"undo": "Undid: ", "redo": "Did again: "}


def timeline(here: Workspace) -> None:
    """All events of the open scenario, newest first."""
    events = session.store().timeline.of(here.scenario_id)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    name = row.text_input(
        "Give the plan as it is now a name",
        key="mark-name",
        max_chars=80,
        placeholder="For example: shown to the board",
    )

    def mark() -> None:
        session.store().timeline.mark(here.scenario_id, name, here.author)
        session.workspace().notify("info", "Named." if name.strip() else "The name was taken away.")

    row.button("Keep", key="mark", disabled=bool(here.share), on_click=lambda: session.act(mark))
    shown = events
    if len(events) > SHOWN and not st.toggle(f"Show all {len(events)} events", key="all-events"):
        shown = events[:SHOWN]
    for event in shown:
        _line(here, event, present=event is events[0])


def _line(here: Workspace, event: Event, present: bool) -> None:
    """One event: what, who, when, where; and back to it."""
    row = st.container(horizontal=True, vertical_alignment="center", border=True)
    icon = ICONS.get(event.kind, ":material/edit:")
    what = f"{icon} {VERBS.get(event.kind, '')}{plain(event.label)}"
    if event.name:
        what += f" :blue-badge[{plain(event.name)}]"
    row.markdown(what, width="stretch")
    place = f" · {plain(event.source)}" if event.source else ""
    when = event.at.astimezone().strftime("%d %b %Y, %H:%M:%S")
    row.caption(f"{plain(event.author) or 'somebody'} · {when}{place}", width="content")
    if event.run is not None:
        with row.popover("How", help="What the engine was asked, to make this plan again."):
            st.json(dict(event.run))
    if event.revision_id is None or present:
        return

    def back() -> None:
        now = session.workspace()
        plan = session.store().plan_at(now.scenario_id, event.revision_id)
        now.change(f"Back to: {event.name or event.label}", plan)

    def fork() -> None:
        shelf = session.store().scenarios
        title = f"{here.scenario_name}, as of {event.name or event.label}"
        copy = shelf.duplicate(here.scenario_id, title[:80], here.author, event.revision_id)
        session.open_scenario(copy)

    row.button(
        "Go back to this",
        key=f"back-{event.id}",
        disabled=bool(here.read_only),
        help="As a new change: nothing that came after is lost.",
        on_click=lambda: session.act(back),
    )
    row.button(
        "Open as a copy",
        key=f"fork-{event.id}",
        disabled=bool(here.share),
        on_click=lambda: session.act(fork),
    )
