"""Settings: words on screen, units of measurement, bands, and where the work is kept."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from territory.mapview.basemap import basemap_names
from territory.model import DEFAULT_WORDS, fits
from territory.ui import session
from territory.ui.fields import percent
from territory.ui.market_form import market_form
from territory.ui.navigation import path_of
from territory.ui.road_times import road_times
from territory.ui.strip import header
from territory.ui.travel_form import travel_form

here = header("Settings", "How this project is shown, and where your work is kept.")
settings = here.project.settings

left, right = st.columns(2, gap="large")
with left, st.form("settings", border=True):
    st.subheader("Words", anchor=False)
    labels = {
        "unit": "One unit",
        "units": "Several units",
        "territory": "One territory",
        "territories": "Several territories",
        "rep": "One rep",
        "reps": "Several reps",
    }
    words = {}
    with st.grid(2, gap="small"):
        for name, label in labels.items():
            word = st.text_input(label, settings.word(name), max_chars=30, key=f"word-{name}")
            words[name] = word.strip()
    st.subheader("Numbers", anchor=False)
    distance = st.segmented_control(
        "Distances", ["km", "mi"], default=settings.distance, required=True, key="distance"
    )
    currency = st.text_input("Currency sign", settings.currency, max_chars=4, key="currency")
    green = percent(
        "Fine up to this deviation",
        *(1, 50),
        settings.green,
        key="green",
        help="Territories closer to their target than this need no attention.",
    )
    amber = percent(
        "Acceptable up to this deviation",
        *(1, 60),
        settings.amber,
        key="amber",
        help="Beyond this a territory counts as outside, here and in the strip above.",
    )
    st.subheader("Map", anchor=False)
    basemaps = ["", *basemap_names()]
    tiles = st.selectbox(
        "Background map",
        basemaps,
        index=basemaps.index(settings.basemap if settings.basemap in basemaps else ""),
        format_func=lambda name: name or "none",
        key="basemap",
        help="Tiles come from the provider's server, which then sees what area you look at. "
        "With none, the map asks no other server for anything.",
    )
    saved = st.form_submit_button("Save", type="primary", key="save-settings")
    if saved and not all(fits(word) for word in words.values()):
        st.error("A word may hold letters, digits, spaces, hyphens, apostrophes and full stops.")
    elif saved:
        session.save_settings(
            replace(
                settings,
                words={name: word or DEFAULT_WORDS[name] for name, word in words.items()},
                distance=distance,
                currency=currency.strip() or "$",
                green=green,
                amber=max(amber, green),
                basemap=tiles,
            )
        )
        here.notify("info", "Saved.")
        st.rerun()

with right:
    st.subheader("Your work", anchor=False)
    if not here.share:  # where it is concerns nobody who only looks
        st.write("Every change is saved here as it happens:")
        st.code(session.store().where, language=None)
    st.page_link(path_of("Scenarios"), label="Saved scenarios", icon=":material/difference:")
    st.button(
        "Reset to sample",
        key="reset-sample",
        icon=":material/restart_alt:",
        help="Opens the sample afresh. What you have done stays saved.",
        on_click=lambda: session.act(session.open_sample),
    )
    travel_form(here)
    road_times(here)
    market_form(here)
