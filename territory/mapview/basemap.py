"""Tiles under the map, where somebody wants them: any public provider that xyzservices knows."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import Any

__all__ = ["basemap", "basemap_names"]

LEFT_OPEN = frozenset({"{s}", "{x}", "{y}", "{z}", "{r}"})
"""What the browser fills in."""


@cache
def _providers() -> dict[str, dict[str, Any]]:
    """Name → what the browser needs, of providers that need no key and draw in Web Mercator."""
    import xyzservices.providers as providers

    found = {}
    for name, one in providers.flatten().items():
        if one.requires_token() or one.get("status") == "broken":
            continue
        if one.get("crs", "EPSG:3857") != "EPSG:3857":
            continue
        url = one.build_url(fill_subdomain=False, scale_factor="{r}")
        if not url.startswith("https://") or set(re.findall(r"\{[^}]*\}", url)) - LEFT_OPEN:
            continue
        found[name] = {
            "url": url,
            "attribution": _plain(str(one.get("attribution") or name)),
            "maxZoom": int(one.get("max_zoom", 18)),
            "subdomains": str(one.get("subdomains", "abc")),
        }
    return found


def _plain(attribution: str) -> str:
    """Words only: some providers come with links in their thanks."""
    return unescape(re.sub(r"<[^>]*>", "", attribution)).replace("(C)", "©").strip()


def basemap_names() -> tuple[str, ...]:
    """Providers to choose from, in alphabetical order."""
    return tuple(sorted(_providers()))


def basemap(name: str) -> dict[str, Any] | None:
    """Address and attribution of a provider's tiles; None for no or an unknown name."""
    return _providers().get(name) if name else None
