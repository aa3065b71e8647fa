"""The files that the map fetches, in a folder that the server hands out.

Regions lie there under names that nobody can guess: whoever has the address can read such a
file, so the name is a keyed hash (HMAC) of the region's fingerprint; the key lies beside the
served folder, never in it. Our script and style are named by content, so that a browser may keep
them for ever and never has an old one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from territory.errors import TerritoryError
from territory.mapview.geometry import FORMAT, encode
from territory.mapview.places import encode_accounts, encode_figures, encode_homes
from territory.model.people import Accounts, Team
from territory.model.units import Units

__all__ = [
    "SCRIPTS",
    "accounts_file",
    "asset_files",
    "cache_dir",
    "figures_file",
    "geometry_file",
    "homes_file",
]

STATIC = Path(__file__).parent / "static"
SCRIPTS = (
    "theme.js",
    "dom.js",
    "geometry.js",
    "sync.js",
    "guard.js",
    "holes.js",
    "labels.js",
    "patterns.js",
    "renderer.js",
    "overlay.js",
    "places.js",
    "placelayer.js",
    "ferries.js",
    "groups.js",
    "named.js",
    "live.js",
    "colouring.js",
    "shapes.js",
    "tools.js",
    "input.js",
    "options.js",
    "legend.js",
    "basemap.js",
    "picture.js",
    "display.js",
    "card.js",
    "placecard.js",
    "selection.js",
    "find.js",
    "locks.js",
    "hints.js",
    "chrome.js",
    "frame.js",
    "view.js",
    "editor.js",
    "mount.js",
)
"""In the order of loading; joined into one file, since streamlit-folium loads one by one."""

KEPT = 64
"""Regions kept on disk; the least recently used go first."""


def cache_dir() -> Path:
    """Folder of the map's files: beside the user's data where that is set, else the cache."""
    data = os.environ.get("TERRITORY_DATA_DIR")
    base = Path(data) / "cache" if data else platformdirs.user_cache_path("territory-workbench")
    folder = base / "map"
    (folder / "served").mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: two servers may write the same file at once.

    Raises
    ------
    TerritoryError
        If the cache folder can't be written, for instance on a full disk.
    """
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise TerritoryError(
            f"The map can't be prepared in {path.parent}: {error.strerror or error}. "
            "Free some space or allow writing there, then reload the page."
        ) from error


def _key(folder: Path) -> bytes:
    path = folder / "key"
    if not path.exists():
        _write(path, secrets.token_bytes(32))
    return path.read_bytes()


@cache
def asset_files(folder: Path) -> tuple[str, str]:
    """Names of the script and the style sheet, written to the served folder on first use."""
    script = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
    style = (STATIC / "map.css").read_text(encoding="utf-8")
    names = []
    for suffix, content in (("js", script.encode()), ("css", style.encode())):
        name = f"map-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        if not (folder / "served" / name).exists():
            _write(folder / "served" / name, content)
        names.append(name)
    return names[0], names[1]


def served_file(text: str, suffix: str, make: Callable[[], bytes], folder: Path | None) -> Path:
    """A file under a name that only this installation can work out, made on first use.

    The name has no underscore: streamlit-folium drops what follows one when it decides whether
    two maps are the same.

    Parameters
    ----------
    text
        Names the content, such as a fingerprint.
    suffix
        Ending of the file, without a dot; the oldest of more than ``KEPT`` with the same go.
    make
        The content, where there is no such file yet.
    folder
        The map's folder; None for the usual one.
    """
    folder = folder or cache_dir()
    name = hmac.new(_key(folder), text.encode(), hashlib.sha256).hexdigest()[:40]
    path = folder / "served" / f"{name}.{suffix}"
    if path.exists():
        os.utime(path)
        return path
    _write(path, make())
    by_age = sorted(path.parent.glob(f"*.{suffix}"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def geometry_file(units: Units, folder: Path | None = None) -> Path:
    """The encoded region on disk, written on first use."""
    return served_file(f"{FORMAT}:{units.fingerprint}", "twg", lambda: encode(units), folder)


def homes_file(team: Team, units: Units, folder: Path | None = None) -> Path:
    """The homes of a team on disk, written on first use."""
    text = f"homes:{team.fingerprint}:{units.fingerprint}"
    return served_file(text, "homes", lambda: encode_homes(team, units), folder)


def accounts_file(accounts: Accounts, units: Units, folder: Path | None = None) -> Path:
    """The accounts of a region on disk, written on first use."""
    text = f"accounts:{accounts.fingerprint}:{units.fingerprint}"
    return served_file(text, "accounts", lambda: encode_accounts(accounts, units), folder)


def figures_file(figures: Mapping[str, NDArray[np.float64]], folder: Path | None = None) -> Path:
    """Figures of a region on disk, named by what they are, written on first use."""
    digest = hashlib.sha256("\0".join(figures).encode())
    for values in figures.values():
        digest.update(values.tobytes())
    text = f"figures:{digest.hexdigest()}"
    return served_file(text, "figures", lambda: encode_figures(figures), folder)
