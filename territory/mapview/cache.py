"""Geometry files on disk, under names that nobody can guess.

Whoever has the address can read such a file, so the name is a keyed hash (HMAC) of the region's
fingerprint; the key lies beside the served folder, never in it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

import platformdirs

from territory.mapview.geometry import FORMAT, encode
from territory.model.units import Units

__all__ = ["cache_dir", "geometry_file"]

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
    """Whole or not at all: two servers may write the same file at once."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    Path(name).replace(path)


def _key(folder: Path) -> bytes:
    path = folder / "key"
    if not path.exists():
        _write(path, secrets.token_bytes(32))
    return path.read_bytes()


def geometry_file(units: Units, folder: Path | None = None) -> Path:
    """The encoded region on disk, written on first use.

    The name has no underscore: streamlit-folium drops what follows one when it decides whether
    two maps are the same.
    """
    folder = folder or cache_dir()
    text = f"{FORMAT}:{units.fingerprint}".encode()
    name = hmac.new(_key(folder), text, hashlib.sha256).hexdigest()[:40]
    path = folder / "served" / f"{name}.twg"
    if path.exists():
        os.utime(path)
        return path
    _write(path, encode(units))
    by_age = sorted(path.parent.glob("*.twg"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)
    return path
