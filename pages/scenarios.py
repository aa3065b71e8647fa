"""Scenarios: keep plans, set them side by side, go back in time, discuss and approve."""

from __future__ import annotations

import streamlit as st

from territory.ui import session
from territory.ui.comparison import comparison
from territory.ui.discussion import discussion
from territory.ui.shelf import chosen_scenarios, project_file, saved_when, shelf
from territory.ui.stress import stress_test
from territory.ui.strip import header
from territory.ui.text import plain
from territory.ui.timeline import timeline

here = header("Scenarios", "Plans side by side: nothing you do to one touches another.")
if here.share:
    st.info(here.read_only, icon=":material/visibility:")
    st.stop()

known = session.store().scenarios.list()
gone = session.store().scenarios.list(deleted=True)
mine = next(info for info in (*known, *gone) if info.id == here.scenario_id)
if mine.deleted_at is not None:
    st.warning("The open scenario was deleted in another window. Bring it back below.")
project = tuple(info for info in known if info.project_id == mine.project_id)
others = [info for info in known if info.project_id != mine.project_id]
chosen = chosen_scenarios(here, project)

views = {
    "scenarios": "Scenarios",
    "compare": f"Compare {len(chosen)}" if len(chosen) > 1 else "Compare",
    "stress": "What if",
    "history": "History",
    "discussion": "Discuss and approve",
}
view = st.segmented_control(
    "View",
    list(views),
    default="scenarios",
    required=True,
    format_func=views.get,
    key="scenario-view",
    label_visibility="collapsed",
)
if view == "scenarios":
    shelf(here, project)
    if others:
        st.subheader("Other projects", anchor=False)
        for info in others[:30]:
            row = st.container(horizontal=True, vertical_alignment="center", border=True)
            row.markdown(f"**{plain(info.project)}** ▸ {plain(info.name)}", width="stretch")
            row.caption(saved_when(info), width="content")
            row.button(
                "Open",
                key=f"open-{info.id}",
                on_click=lambda wanted=info.id: session.act(lambda: session.open_scenario(wanted)),
            )
    if gone:
        with st.expander(f"{len(gone)} deleted"):
            for info in gone[:30]:
                row = st.container(horizontal=True, vertical_alignment="center")
                row.markdown(plain(info.name), width="stretch")
                row.button(
                    "Bring back",
                    key=f"restore-{info.id}",
                    on_click=lambda wanted=info.id: session.act(
                        lambda: session.store().scenarios.bring_back(wanted, here.author)
                    ),
                )
    project_file(here, mine)
elif view == "compare":
    comparison(here, chosen)
elif view == "stress":
    stress_test(here)
elif view == "history":
    timeline(here)
else:
    discussion(here, mine)
