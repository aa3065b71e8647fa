"""The map on a page: Streamlit on one side, mapview's protocol on the other.

One gesture is one run: ``take_gestures`` reads what the browser sent before anything is drawn,
``show_map`` draws with the answer in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st
import streamlit.components.v1 as components
from numpy.typing import NDArray
from streamlit_folium import st_folium

from territory.mapview.cache import (
    accounts_file,
    asset_files,
    cache_dir,
    figures_file,
    geometry_file,
    homes_file,
)
from territory.mapview.look import look
from territory.mapview.plugin import LEAFLET, OfflineMap, TerritoryLayer, patch_group
from territory.mapview.protocol import MapSession, patch, receive
from territory.metrics import Case
from territory.metrics.map_figures import map_figures
from territory.model import Measure, Project, Units, Workspace
from territory.ui import session
from territory.ui.hints import hints_for_map

__all__ = ["KEY", "choose_active", "map_session", "open_map_page", "show_map", "take_gestures"]

KEY = "map"

_made: WeakKeyDictionary[Project, list[tuple[Measure, NDArray[np.float64]]]] = WeakKeyDictionary()
PLACEHOLDER_HEIGHT = 620
"""Until the browser knows how much room there is."""

WINDOW = """
<style>
  .stMainBlockContainer { padding-inline: 1rem; padding-bottom: 0; max-width: none; }
  .st-key-map-panel { flex: 0 0 var(--map-height, 30rem); overflow: hidden auto; }
  .tw-row { display: flex; justify-content: space-between; gap: 8px; }
  .tw-row, .tw-kpi { font-size: .9rem; font-variant-numeric: tabular-nums; }
  .tw-kpi { display: flex; gap: 12px; margin-bottom: 14px; }
  .tw-kpi > div { flex: 1; }
  .tw-kpi b { font-size: 1.05rem; }
  .tw-kpi small, .tw-kpi s, .tw-row u, .tw-row s { opacity: .68; text-decoration: none; }
  .tw-kpi small { display: block; font-size: .8rem; }
  .tw-head { display: flex; align-items: center; gap: 8px; margin-bottom: 2px; }
  .tw-head i { flex: none; width: 12px; height: 12px; border-radius: 3px; }
  .tw-bar { position: relative; height: 6px; border-radius: 3px; margin: 3px 0 7px; }
  .tw-bar { background: color-mix(in srgb, currentColor 10%, transparent); }
  .tw-bar * { position: absolute; height: 6px; min-width: 2px; border-radius: 3px; }
  .tw-bar i { background: color-mix(in srgb, currentColor 15%, transparent); }
</style>
"""
"""What a theme can't say: no side margins on this page, a panel as high as the map. The panel's
own look is here too, since this is sent once and the panel with every edit."""


def map_session(here: Workspace) -> MapSession:
    """What was said between this workspace and its map."""
    if here.map is None:
        here.map = MapSession()
    return here.map  # type: ignore[return-value]


def take_gestures() -> None:
    """Carry out what the browser sent since the last run, on top of what others did meanwhile."""

    seen = session.workspace()

    def carry_out() -> None:
        here = session.workspace()
        receive(here, map_session(here), st.session_state.get(KEY), stale=here is not seen)

    session.act(carry_out)


def choose_active(here: Workspace, position: int) -> None:
    """Make a territory the active one, in the map too."""
    if position != here.active:
        here.active = position
        map_session(here).pick += 1


def open_map_page(here: Workspace) -> None:
    """Once a visit: room for map and panel, and a map that is told everything.

    A unit that was picked in a panel is gone to once.
    """
    told = map_session(here)
    told.fresh, told.point, here.pointed = False, here.pointed, ""
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


def _geometry(units: Units, folder: Path) -> str:
    """Name of the region's file in the served folder."""
    name = _geometry_name(units.fingerprint, str(folder), units)
    if not (folder / "served" / name).exists():  # somebody emptied the cache
        return geometry_file(units, folder).name
    return name


def _places(project: Project, folder: Path, files: str) -> dict[str, str]:
    """Addresses of what the map fetches only when somebody wants to see it."""
    out = {}
    if project.team is not None:
        out["homes"] = f"{files}/{homes_file(project.team, project.units, folder).name}"
    if project.accounts is not None:
        out["accounts"] = f"{files}/{accounts_file(project.accounts, project.units, folder).name}"
    return out


def _figures(here: Workspace) -> list[tuple[Measure, NDArray[np.float64]]]:
    """Figures of the market to colour by; made once for a project, since no edit changes them."""
    if here.project not in _made:
        _made[here.project] = map_figures(Case(here.plan, project=here.project))
    return _made[here.project]


def show_map(here: Workspace, targets: Mapping[str, Sequence[float]]) -> None:
    """Draw the map, or bring the one that is there up to date.

    Its height follows the window; colours, names and locks travel in the patch, so that none of
    them makes another map of it.

    Parameters
    ----------
    here
        What is shown.
    targets
        Measure → target of each territory: what the map counts while a gesture is under way.
    """
    folder = cache_dir()
    files = _serve("files", folder / "served")
    script, style = asset_files(folder)
    canvas = OfflineMap(_serve("leaflet", LEAFLET), f"{files}/{script}", f"{files}/{style}")
    TerritoryLayer(f"{files}/{_geometry(here.plan.units, folder)}").add_to(canvas)
    team = here.project.team
    reps = team.names if team is not None else {}
    places, figures = _places(here.project, folder, files), _figures(here)
    if figures:
        name = figures_file({about.name: values for about, values in figures}, folder).name
        places["figures"] = f"{files}/{name}"
    names, point = [about for about, _ in figures], map_session(here).point
    shown = look(here, reps, targets, places, names, point)
    news = patch(here, map_session(here), shown) | hints_for_map(here)
    st_folium(
        canvas,
        key=KEY,
        height=PLACEHOLDER_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=patch_group(news),
        # A page switch right after a gesture runs the other page: take it along here.
        on_change=take_gestures,
    )
