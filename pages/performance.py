"""Performance: what each rep sold, can do and is asked for; one view at a time."""

from __future__ import annotations

import streamlit as st

from territory.ui.filters import filter_bar
from territory.ui.headlines import figures_fold, headline_row
from territory.ui.navigation import path_of
from territory.ui.performance_views import VIEWS
from territory.ui.strip import header

here = header("Performance", "The plan as it is now, with the baseline in grey.")
if here.plan.k == 0 or here.plan.unassigned == here.plan.units.n:
    st.info("Nothing is assigned yet, so there is nothing to compare.", icon=":material/info:")
    st.page_link(path_of("Balance"), label="Let the engine draw territories")
    st.stop()

headline_row(here)
filter_bar(here)
labels = {view.name: f"{view.icon} {view.label}" for view in VIEWS}
chosen = st.segmented_control(
    "View",
    list(labels),
    default=VIEWS[0].name,
    required=True,
    format_func=labels.__getitem__,
    key="performance-view",
    label_visibility="collapsed",
    persist_state="session",
)
next(view for view in VIEWS if view.name == chosen).draw(here)
figures_fold(here)
