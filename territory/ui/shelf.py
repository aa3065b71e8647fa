"""Cards of saved scenarios: a picture, four numbers, what can be done with each."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from territory.metrics import HEADLINES, overview
from territory.model import Plan, Workspace
from territory.model.figures import figure
from territory.store import ScenarioInfo, Status
from territory.ui import session
from territory.ui.case import case_of
from territory.ui.pictures import plan_picture
from territory.ui.text import plain

__all__ = ["STATUS", "chosen_scenarios", "plan_of", "project_file", "saved_when", "shelf"]

SHOWN = 12
"""Cards drawn at first; each reads its plan from the store."""
ON_CARD = ("max_deviation", "within_tolerance", "noncontiguous", "disruption")

STATUS: dict[Status, tuple[str, Literal["gray", "orange", "blue", "violet"]]] = {
    "draft": ("Draft", "gray"),
    "submitted": ("Waiting for approval", "orange"),
    "approved": ("Approved", "blue"),
    "declined": ("Declined", "violet"),
}


@st.cache_resource(max_entries=64, show_spinner=False)
def _plan(scenario_id: str, rev: int) -> Plan:
    """A saved plan; who knows a scenario's id may see it anyway."""
    return session.store().plan_at(scenario_id)


def plan_of(info: ScenarioInfo, here: Workspace) -> Plan:
    """A scenario's plan as it is now, on the region this session holds."""
    return here.plan if info.id == here.scenario_id else _plan(info.id, info.rev)


def saved_when(info: ScenarioInfo) -> str:
    """ "saved 22 Nov 2026, 14:02 · 3 changes"."""
    when = info.updated_at.astimezone().strftime("%d %b %Y, %H:%M")
    return f"saved {when} · {info.rev} {'change' if info.rev == 1 else 'changes'}"


def chosen_scenarios(here: Workspace, infos: tuple[ScenarioInfo, ...]) -> list[ScenarioInfo]:
    """Those ticked for comparison; the open one always stands first."""
    picked = [i for i in infos if i.id in here.compared]
    mine = [i for i in infos if i.id == here.scenario_id]
    return [*mine, *(i for i in picked if i.id != here.scenario_id)][:4]


def shelf(here: Workspace, infos: tuple[ScenarioInfo, ...]) -> None:
    """All scenarios of the open project as cards, three a row."""
    if len(infos) == 1:
        st.info(
            "This is the only scenario so far. Duplicate it to try something else without losing "
            "what you have.",
            icon=":material/info:",
        )
    most = SHOWN
    if len(infos) > SHOWN and st.toggle(f"Show all {len(infos)}", key="show-all"):
        most = len(infos)
    with st.grid(3, min_column_width=280, gap="small"):
        for info in infos[:most]:
            with st.container(border=True, key=f"card-{info.id}"):
                _card(here, info, len(infos))


def _card(here: Workspace, info: ScenarioInfo, count: int) -> None:
    is_open = info.id == here.scenario_id
    plan = plan_of(info, here)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.markdown(f"**{plain(info.name)}**", width="stretch")
    words, colour = STATUS[info.status]
    if info.status != "draft":
        head.badge(words, color=colour)
    left, right = st.columns(2)
    with left:
        plan_picture(plan, box=(190, 190))
    shown = tuple(m for m in HEADLINES if m.name in ON_CARD)
    figures = overview(case_of(here, plan), shown)
    settings = here.project.settings
    for m in shown:
        right.caption(f"{m.label}  \n**{figure(figures[m.name], m.format, settings)}**")
    if info.tags:
        with st.container(horizontal=True, gap="small"):
            for tag in info.tags:
                st.badge(plain(tag), color="gray")
    if info.notes:
        st.markdown(plain(info.notes))
    st.caption(saved_when(info))
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Is open" if is_open else "Open",
        key=f"open-{info.id}",
        disabled=is_open,
        on_click=lambda: session.act(lambda: session.open_scenario(info.id)),
    )
    with row.popover("", icon=":material/more_horiz:", help="Rename, duplicate, delete …"):
        _more(here, info, is_open)
    if count > 1 and not is_open:
        picked = row.checkbox("Compare", info.id in here.compared, key=f"pick-{info.id}")
        if picked != (info.id in here.compared):
            rest = [i for i in here.compared if i != info.id]
            # Beside the open one there is room for three: the one ticked first makes way.
            here.compared = (*rest[-2:], info.id) if picked else tuple(rest)
            st.rerun()


def _more(here: Workspace, info: ScenarioInfo, is_open: bool) -> None:
    """Everything else that can be done with a scenario."""
    shelf, who = session.store().scenarios, here.author
    name = st.text_input("Name", info.name, max_chars=80, key=f"name-{info.id}")
    tags = st.text_input(
        "Tags, with commas between", ", ".join(info.tags), max_chars=120, key=f"tags-{info.id}"
    )
    notes = st.text_area("Notes", info.notes, max_chars=2000, key=f"notes-{info.id}")

    def save() -> None:
        shelf.rename(info.id, name.strip() or info.name)
        shelf.describe(info.id, notes.strip(), tags.split(","))
        if is_open:
            session.workspace().scenario_name = name.strip() or info.name

    def copy() -> None:
        session.open_scenario(shelf.duplicate(info.id, f"{info.name}, copy", who))

    def compare_with() -> None:
        shelf.set_baseline(here.scenario_id, info.id, who)
        session.open_scenario(here.scenario_id)
        session.workspace().notify("info", f"Changes are now counted against {info.name}.")

    def remove() -> None:
        shelf.delete(info.id, who)
        session.workspace().notify("info", f"{info.name} was deleted. Bring it back below.")

    st.button("Save", key=f"save-{info.id}", on_click=lambda: session.act(save), type="primary")
    st.button(
        "Duplicate and open",
        key=f"copy-{info.id}",
        icon=":material/content_copy:",
        width="stretch",
        on_click=lambda: session.act(copy),
    )
    st.button(
        "Use as baseline of the open one",
        key=f"base-{info.id}",
        icon=":material/flag:",
        width="stretch",
        disabled=bool(here.read_only),
        help="Before and after, and how much changes hands, are then counted against this plan.",
        on_click=lambda: session.act(compare_with),
    )
    st.button(
        "Delete",
        key=f"delete-{info.id}",
        icon=":material/delete:",
        width="stretch",
        disabled=is_open,
        help="It can be brought back." if not is_open else "Open another scenario first.",
        on_click=lambda: session.act(remove),
    )


def project_file(here: Workspace, info: ScenarioInfo) -> None:
    """The whole project to a file, and a project from one."""
    with st.expander("Move a project to another computer", icon=":material/drive_file_move:"):
        left, right = st.columns(2, gap="large")
        transfer = session.store().transfer
        left.write("Everything in one file: data, scenarios, history and comments.")
        left.download_button(
            "Download this project",
            data=lambda: transfer.dump(info.project_id),
            file_name="territory-project.zip",
            mime="application/zip",
            key="download-project",
            icon=":material/download:",
            on_click="ignore",
        )
        given = right.file_uploader("A project file", type="zip", key="upload-project")

        def take_in() -> None:
            assert given is not None  # the button is off without one
            taken = transfer.load(given.getvalue(), given.name)
            session.open_scenario(taken[0])
            session.workspace().notify("info", f"{given.name} was taken in and is open.")

        right.button(
            "Take it in",
            key="load-project",
            disabled=given is None,
            on_click=lambda: session.act(take_in),
        )
