"""Table: the map's work without a mouse. Find units, choose rows, give them to a territory."""

from __future__ import annotations

import streamlit as st

from territory.ui.account_table import account_table
from territory.ui.navigation import path_of
from territory.ui.strip import header
from territory.ui.territories import territory_tools
from territory.ui.unit_table import totals, unit_table

here = header("")
words = here.project.settings.word
title, back = st.columns([5, 1], vertical_alignment="bottom")
title.title("Table", anchor=False)
back.page_link(path_of("Map"), label="Back to the map", icon=":material/map:")
left, right = st.columns([64, 36], gap="large")
with left:
    unit_table(here)
with right:
    figures, tools, people = st.tabs(["Totals", f"Change {words('territories')}", "Accounts"])
    with figures:
        totals(here)
    with tools:
        territory_tools()
    with people:
        account_table(here)
