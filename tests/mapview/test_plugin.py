"""The folium elements, and the three things inside streamlit-folium that they rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import streamlit_folium
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import generate_js_hash, generate_leaflet_string

from territory.mapview.plugin import LEAFLET, OfflineMap, TerritoryLayer, patch_group, safe_json

HOSTILE = [
    "</script><script>window.hit=1</script>",
    "${window.hit=1}`\"'\\",
    "{{ 7 * 7 }}{{ 'x' }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# gone #}{{",
    "map_0123456789abcdef alert(coords); drawnItems_draw_control_div_1",
]


def a_map(geometry: str = "../files/abc.twg") -> OfflineMap:
    """A map as the page makes it."""
    canvas = OfflineMap("../leaflet", "../files/map-1.js", "../files/map-1.css")
    TerritoryLayer(geometry).add_to(canvas)
    return canvas


def frontend() -> str:
    """The JavaScript that runs in the component's frame."""
    folder = Path(streamlit_folium.__file__).parent / "frontend" / "build" / "static" / "js"
    return "".join(path.read_text("utf-8") for path in folder.glob("main.*.js"))


def test_nothing_is_fetched_from_another_host():
    """Every script and style is an address on our own server."""
    canvas = a_map()
    links = [href for _, href in canvas.default_js + canvas.default_css]
    assert links
    assert all(href.startswith("../") for href in links)
    assert "http" not in generate_leaflet_string(canvas)


def test_leaflet_is_where_the_package_says():
    """The files we serve exist and are the version that folium wants."""
    assert (LEAFLET / "leaflet.css").is_file()
    assert "Leaflet 1.9" in (LEAFLET / "leaflet.js").read_text("utf-8")[:200]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_patch_brings_any_name_as_it_is(name):
    """branca renders its own output as a template again; no name may mean anything to it."""
    canvas = a_map()
    text = streamlit_folium._get_feature_group_string(patch_group({"name": [name]}), canvas)
    assert "<" not in text
    inside = re.search(r"receive\((\{.*?\})\);", text)
    assert inside
    assert json.loads(inside[1]) == {"name": [name]}


@given(st.text())
def test_json_for_the_page_means_nothing_to_a_template(text):
    """It reads back as the same text, and no template language finds an opening in it."""
    coded = safe_json({"a": {"b": text}})
    assert json.loads(coded) == {"a": {"b": text}}
    assert not re.search(r"\{\{|\{%|\{#|<|>|\$|`|'", coded)


def test_contract_the_frame_has_streamlit():
    """Internal 1: window.Streamlit with setComponentValue, setFrameHeight and its events."""
    code = frontend()
    assert "window.Streamlit=" in code
    for name in ("setComponentValue", "setFrameHeight", "RENDER_EVENT"):
        assert name in code


def test_contract_a_feature_group_is_evaluated_when_it_changes():
    """Internal 2: its script is evaluated, and compared with the last one before that."""
    code = frontend()
    assert "last_feature_group" in code
    assert "eval(feature_group" in code


def test_contract_the_key_is_the_maps_script():
    """Internal 3: same script, same component; another region, another one."""
    one, two, other = (generate_leaflet_string(a_map(g)) for g in ("../f/a", "../f/a", "../f/b"))
    assert generate_js_hash(one, "map") == generate_js_hash(two, "map")
    assert generate_js_hash(one, "map") != generate_js_hash(other, "map")


def test_contract_the_script_mounts_on_the_map():
    """The layer finds the map under the name streamlit-folium gives it."""
    script = streamlit_folium._get_map_string(a_map())
    assert "window.TerritoryWorkbench.mount(map_div," in script
