"""Map: see who owns what, and redraw it."""

from __future__ import annotations

import streamlit as st

from territory.ui import session
from territory.ui.map import open_map_page, show_map, take_gestures
from territory.ui.map_panel import live_targets, map_panel
from territory.ui.notices import show_conflict, show_notices
from territory.ui.strip import state_strip
from territory.ui.text import plain


@st.fragment
def editor() -> None:
    """Strip, map and panel in one fragment: a gesture runs this and nothing else."""
    take_gestures()
    here = session.workspace()
    state_strip(here, on="Map")
    left, right = st.columns([76, 24], gap="small")
    with right:
        show_conflict(here)
        map_panel(here)
    with left:
        show_map(here, live_targets(here))
    for level, text in here.notices:
        st.toast(plain(text), icon=":material/error:" if level == "error" else ":material/info:")
    here.notices.clear()


open_map_page(session.workspace())
# Outside the fragment: a banner that went away with the first edit would move the map.
with st.container(key="map-notices"):
    show_notices()
editor()
