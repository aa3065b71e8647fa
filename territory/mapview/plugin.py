"""The map as folium elements: Leaflet from a package, our layer, and patches to it.

folium would fetch Leaflet, jQuery, Bootstrap and icons from the internet; ``OfflineMap`` names
files that our own server has.

branca compiles what a template has produced as a template once more, on the server: a rep named
``{{ … }}`` would run there, and ``</script>`` or ``${…}`` in the browser. So what users typed
reaches folium only through ``safe_json``.

What is relied on inside streamlit-folium (and tested in tests/mapview/test_plugin.py):
``window.Streamlit`` in the frame, a feature group whose script is evaluated when its text
changes, and a component key made of the map's script.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from xstatic.pkg import leaflet

__all__ = ["LEAFLET", "OfflineMap", "Patch", "TerritoryLayer", "patch_group", "safe_json"]

LEAFLET = Path(leaflet.BASE_DIR)
"""Leaflet's files; folium wants this very version."""


STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
SPECIAL = re.compile(r"[{}<>&'`$%#]")


def safe_json(content: object) -> str:
    """JSON without a character that means anything to Jinja, HTML or a JavaScript template.

    Inside strings these become ``\\uXXXX``; outside of strings JSON has none of them but braces,
    and never two opening ones in a row.
    """
    text = json.dumps(content, separators=(",", ":"))

    def escape(string: re.Match[str]) -> str:
        return SPECIAL.sub(lambda c: f"\\u{ord(c[0]):04x}", string[0])

    return STRING.sub(escape, text)


class OfflineMap(folium.Map):
    """A folium map without tiles that needs nothing but our own server.

    It travels to the browser in every run, so its template says only what is needed: folium's own
    page header would be a tenth of what an edit may cost.

    Parameters
    ----------
    leaflet_url
        Where the server has the folder ``LEAFLET``, as the frame sees it.
    script_url, style_url
        Our script and style sheet.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
            {center: [0, 0], zoom: 2, zoomControl: false, attributionControl: false});
        {% endmacro %}
        """
    )

    def __init__(self, leaflet_url: str, script_url: str, style_url: str) -> None:
        # The browser fits the view to the region; this one only has to be the same every time.
        super().__init__(location=[0.0, 0.0], zoom_start=2, tiles=None, zoom_control=False)
        self.default_js = [("leaflet", f"{leaflet_url}/leaflet.js"), ("map_js", script_url)]
        self.default_css = [("leaflet_css", f"{leaflet_url}/leaflet.css"), ("map_css", style_url)]


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
        window.TerritoryWorkbench.mount({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
        """
    )

    def __init__(self, geometry_url: str) -> None:
        super().__init__()
        self._name = "TerritoryLayer"
        self.options = safe_json({"geometry": geometry_url})


class Patch(MacroElement):
    """News for the map. streamlit-folium keeps every group it was given in a list that only
    grows, hence the reset."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.feature_group = [];
        window.TerritoryWorkbench.receive({{ this.content }});
        {% endmacro %}
        """
    )

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Patch"
        self.content = safe_json(content)


def patch_group(content: dict[str, Any]) -> folium.FeatureGroup:
    """A patch in the shape in which streamlit-folium takes it to the browser."""
    group = folium.FeatureGroup(name="patch", control=False)
    Patch(content).add_to(group)
    return group
