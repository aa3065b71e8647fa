"""The obvious way to do it, to compare with: a folium GeoJson map, built anew in every run.

``streamlit run benchmarks/plain_map.py`` and open ``/?scenario=ID``. A click gives the unit to the
first territory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import folium
import shapely
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from territory.mapview.plugin import LEAFLET
from territory.model import Plan, Project
from territory.store import Store

components.declare_component("leaflet", path=str(LEAFLET))


class Offline(folium.Map):
    """folium's own map with Leaflet from our server."""

    default_js = [("leaflet", "../plain_map.leaflet/leaflet.js")]  # noqa: RUF012
    default_css = [("leaflet_css", "../plain_map.leaflet/leaflet.css")]  # noqa: RUF012


@st.cache_resource
def load(scenario: str) -> tuple[Project, Plan]:
    """The saved scenario, read once."""
    saved = Store().open(scenario)
    return saved.project, saved.history.present.plan


project, plan = load(st.query_params["scenario"])
state = st.session_state
if "owner" not in state:
    state.owner, state.last, state.edits = plan.alignment.copy(), None, 0

areas = project.units.geometry
west, south, east, north = areas.total_bounds
colours = plan.territories["colour"].tolist()
frame = areas.to_frame("geometry")
frame["colour"] = [colours[t] for t in state.owner]
canvas = Offline(location=[(south + north) / 2, (west + east) / 2], zoom_start=7, tiles=None)
canvas.fit_bounds([[south, west], [north, east]])
folium.GeoJson(
    frame.to_json(),
    style_function=lambda f: {"fillColor": f["properties"]["colour"], "weight": 0.5},
).add_to(canvas)
out = st_folium(canvas, key="map", height=700, width=1000, returned_objects=["last_object_clicked"])
clicked = out and out["last_object_clicked"]
if clicked and clicked != state.last:
    state.last = clicked
    where = shapely.Point(state.last["lng"], state.last["lat"])
    state.owner[areas.contains(where).to_numpy()] = 0
    state.edits += 1
    st.rerun()
st.html(f'<b id="edits">{state.edits}</b>')
