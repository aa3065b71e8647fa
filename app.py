"""The router: page setup, navigation, one error boundary."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from territory.errors import TerritoryError
from territory.ui import session
from territory.ui.heap import set_modules_aside
from territory.ui.navigation import PAGES
from territory.ui.text import plain
from territory.ui.theme import finish_theme

ICON = str(Path(session.__file__).with_name("icon.svg"))

st.set_page_config(
    page_title="Territory Workbench",
    page_icon=ICON,  # a file of our own: Streamlit would fetch a named icon from the internet
    layout="wide",
    initial_sidebar_state="collapsed",
)
finish_theme()
page = st.navigation(
    [st.Page(p.path, title=p.title, icon=p.icon, help=p.help, default=p.default) for p in PAGES],
    position="top",
)
try:
    session.begin(page.title)
    page.run()
except TerritoryError as error:
    st.error(plain(str(error)), icon=":material/error:")
set_modules_aside()
