"""The map as folium elements: Leaflet from a package, our layer, and patches to it.

folium would fetch Leaflet, jQuery, Bootstrap and icons from the internet; ``OfflineMap`` names
files that our own server has. Nothing a user typed goes through folium's templates except as
JSON, which escapes ``<``, ``>``, ``&`` and quotes.

What is relied on inside streamlit-folium (and tested in tests/mapview/test_plugin.py):
``window.Streamlit`` in the frame, a feature group whose script is evaluated when its text
changes, and a component key made of the map's script.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from xstatic.pkg import leaflet

__all__ = ["LEAFLET", "STATIC", "OfflineMap", "Patch", "TerritoryLayer", "patch_group"]

LEAFLET = Path(leaflet.BASE_DIR)
"""Leaflet's files; folium wants this very version."""
STATIC = Path(__file__).parent / "static"
"""Our files."""
SCRIPTS = (
    "theme.js",
    "geometry.js",
    "sync.js",
    "labels.js",
    "renderer.js",
    "tools.js",
    "input.js",
    "chrome.js",
    "frame.js",
    "editor.js",
)


@cache
def _stamp(name: str) -> str:
    """Part of the address, so that a browser never keeps an old version."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


class OfflineMap(folium.Map):
    """A folium map without tiles that needs nothing but our own server.

    Parameters
    ----------
    leaflet_url, static_url
        Where the server has the folders ``LEAFLET`` and ``STATIC``, as the frame sees it.
    """

    def __init__(self, leaflet_url: str, static_url: str) -> None:
        # The browser fits the view to the region; this one only has to be the same every time.
        super().__init__(location=[0.0, 0.0], zoom_start=2, tiles=None, zoom_control=False)
        self.default_js = [
            ("leaflet", f"{leaflet_url}/leaflet.js"),
            *((name, f"{static_url}/{name}?{_stamp(name)}") for name in SCRIPTS),
        ]
        self.default_css = [
            ("leaflet_css", f"{leaflet_url}/leaflet.css"),
            ("map_css", f"{static_url}/map.css?{_stamp('map.css')}"),
        ]


class TerritoryLayer(JSCSSMixin, MacroElement):
    """The editor on the map.

    Parameters
    ----------
    geometry_url
        Address of the region's file; part of the component's key, so another region is another
        map.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.TerritoryWorkbench.mount({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, geometry_url: str) -> None:
        super().__init__()
        self._name = "TerritoryLayer"
        self.options = {"geometry": geometry_url}


class Patch(MacroElement):
    """News for the map. streamlit-folium keeps every group it was given in a list that only
    grows, hence the reset."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.feature_group = [];
        window.TerritoryWorkbench.receive({{ this.content|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Patch"
        self.content = content


def patch_group(content: dict[str, Any]) -> folium.FeatureGroup:
    """A patch in the shape in which streamlit-folium takes it to the browser."""
    group = folium.FeatureGroup(name="patch", control=False)
    Patch(content).add_to(group)
    return group
