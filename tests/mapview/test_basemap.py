"""Tiles: what may be chosen, and what the browser gets of it."""

from __future__ import annotations

import re

from territory.mapview.basemap import basemap, basemap_names


def test_every_choice_is_ready_for_the_browser():
    """Encrypted addresses without a key or another hole, and somebody to thank."""
    names = basemap_names()
    assert "OpenStreetMap.Mapnik" in names
    assert list(names) == sorted(names)
    for name in names:
        one = basemap(name)
        assert one is not None
        assert one["url"].startswith("https://")
        assert set(re.findall(r"\{(.*?)\}", one["url"])) <= set("sxyzr"), name
        assert {"x", "y", "z"} <= set(re.findall(r"\{(.*?)\}", one["url"])), name
        assert one["attribution"].strip()
        assert "<" not in one["attribution"]
        assert 1 <= one["maxZoom"] <= 30


def test_no_choice_is_no_tiles():
    """Nothing, and what another version knew, draw nothing."""
    assert basemap("") is None
    assert basemap("Nobody.Knows") is None
