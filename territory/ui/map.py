"""The map on a page: Streamlit on one side, mapview's protocol on the other.

One gesture is one run: ``take_gestures`` reads what the browser sent before anything is drawn,
``show_map`` draws with the answer in it.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from territory.mapview.cache import cache_dir, geometry_file
from territory.mapview.plugin import LEAFLET, STATIC, OfflineMap, TerritoryLayer, patch_group
from territory.mapview.protocol import MapSession, look, patch, receive
from territory.model import Units, Workspace

__all__ = ["KEY", "choose_active", "fill_the_window", "map_session", "show_map", "take_gestures"]

KEY = "map"
SESSION = "map-session"
PLACEHOLDER_HEIGHT = 620
"""Until the browser knows how much room there is."""

WINDOW = """
<style>
  .stMainBlockContainer { padding-inline: 1rem; padding-bottom: 0; max-width: none; }
  .st-key-map-panel { height: calc(100vh - 8.6rem); }
  .st-key-map-panel > :last-child { min-height: 0; }
</style>
"""
"""What a theme can't say: no side margins on this page, and a panel as high as the map."""


def map_session() -> MapSession:
    """What this page remembers of the conversation with its map."""
    return st.session_state.setdefault(SESSION, MapSession())


def take_gestures(here: Workspace) -> None:
    """Carry out what the browser sent since the last run."""
    receive(here, map_session(), st.session_state.get(KEY))


def choose_active(here: Workspace, position: int) -> None:
    """Make a territory the active one, in the map too."""
    if position != here.active:
        here.active = position
        map_session().pick += 1


def fill_the_window() -> None:
    """Let map and panel take the whole window, without scrolling."""
    st.html(WINDOW)


def _serve(name: str, folder: Path) -> str:
    """Have the server hand out a folder; its address as the map's frame sees it.

    Streamlit forgets components between runs of the server, so this happens in every run.
    """
    components.declare_component(name, path=str(folder))
    return f"../{__name__}.{name}"


@st.cache_data(max_entries=256, show_spinner="Drawing the map …")
def _geometry_name(fingerprint: str, folder: str, _units: Units) -> str:
    return geometry_file(_units, Path(folder)).name


def _geometry_url(units: Units) -> str:
    folder = cache_dir()
    url = _serve("areas", folder / "served")
    name = _geometry_name(units.fingerprint, str(folder), units)
    if not (folder / "served" / name).exists():  # somebody emptied the cache
        name = geometry_file(units, folder).name
    return f"{url}/{name}"


def show_map(here: Workspace) -> None:
    """Draw the map, or bring the one that is there up to date.

    Its height follows the window; colours, names and locks travel in the patch, so that none of
    them makes another map of it.
    """
    canvas = OfflineMap(_serve("leaflet", LEAFLET), _serve("static", STATIC))
    TerritoryLayer(_geometry_url(here.plan.units)).add_to(canvas)
    team = here.project.team
    reps = {rep: team.name(rep) for rep in team.ids} if team is not None else {}
    news = patch(here, map_session(), look(here, reps))
    st_folium(
        canvas,
        key=KEY,
        height=PLACEHOLDER_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=patch_group(news),
        # A page switch right after a gesture runs the other page: take it along here.
        on_change=lambda: take_gestures(here),
    )
