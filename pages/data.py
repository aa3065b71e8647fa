"""Data: what is loaded, and how to load your own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from territory.model import measure
from territory.model.figures import amount, unit_words
from territory.ui import session
from territory.ui.ferry_list import ferry_list
from territory.ui.intake_form import ask
from territory.ui.intake_run import (
    UPDATED,
    offer_refresh,
    read,
    show_notes,
    show_pending,
    show_report,
    update,
)
from territory.ui.navigation import path_of
from territory.ui.strip import header
from territory.ui.templates import template_buttons
from territory.ui.text import plain

here = header("Data", "What this project is made of. Loading other files never touches saved work.")
project, settings = here.project, here.project.settings
left, right = st.columns([2, 3], gap="large")

with left:
    st.subheader("Load your own", anchor=False)
    draft = ask()
    ready = "boundaries" in draft.sources
    tables = set(draft.sources) & set(UPDATED)
    template_buttons(project.units)
    if tables and not ready:
        st.caption(
            "To read these as a region of its own, add boundaries, a table of its ZIPs, or the "
            "list of who owns what."
        )
    with st.container(horizontal=True):
        pressed = st.button("Read files", type="primary", key="read-files", disabled=not ready)
        renew = st.button(
            "Update what is loaded",
            key="update-data",
            disabled=ready or not tables,
            help="Reads accounts, team, sales or travel times for the region that is open, and "
            "shows what is new, changed and gone before anything is taken over.",
        )
        st.button(
            "Reset to sample",
            key="reset-sample",
            icon=":material/restart_alt:",
            on_click=lambda: session.act(session.open_sample),
        )
    if pressed:
        read(draft)
    elif renew:
        update(draft)
    offer_refresh()

with right:
    show_pending()
    show_report()
    units = project.units
    st.subheader(f"{plain(project.name)}: {unit_words(units.n, settings)}", anchor=False)
    show_notes(project.notes)
    rows: list[dict[str, Any]] = []
    for name in units.measure_names:
        values = units.values(name)
        known = pd.Series(values).dropna()
        about = measure(name)
        rows.append(
            {
                "Measure": about.label,
                "Total": amount(float(known.sum()), about, settings) if about.additive else "–",
                "Smallest": amount(float(known.min()), about, settings) if len(known) else "–",
                "Largest": amount(float(known.max()), about, settings) if len(known) else "–",
                "Unmapped": amount(units.unmapped[name], about, settings)
                if name in units.unmapped
                else "",
                "Gaps": int(units.n - len(known)),
            }
        )
    tables = [
        ("Reps", len(project.team) if project.team else None),
        ("Accounts", len(project.accounts) if project.accounts else None),
        ("Periods of sales", len(project.sales.periods) if project.sales else None),
        ("Travel times", len(project.travel_times) if project.travel_times else None),
    ]
    with st.grid(5, min_column_width=110, gap="small"):
        st.metric("Territories", here.plan.k, border=True)
        for label, count in tables:
            st.metric(label, f"{count:,}" if count is not None else "none", border=True)
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    ferry_list(here)
    st.caption("First rows as they were read")
    st.dataframe(units.attributes.head(8), width="stretch")
    st.page_link(path_of("Map"), label="**See it on the map**", icon=":material/arrow_forward:")
