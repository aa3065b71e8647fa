"""What a user said the columns of a file mean, kept for the next file with the same header."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from territory.store.sqlite import default_path

__all__ = ["recall", "remember"]

FILE = "layouts.json"
MOST = 500

log = logging.getLogger(__name__)


def _path() -> Path:
    return default_path().parent / FILE


def _read() -> dict[str, dict[str, str]]:
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("Remembered layouts can't be read: %s", error)
        return {}
    return found if isinstance(found, dict) else {}


def recall(kind: str, layout: str) -> dict[str, str]:
    """Field → column as it was last said for this kind of table and header; {} if it never was."""
    found = _read().get(f"{kind}:{layout}", {})
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def remember(kind: str, layout: str, columns: Mapping[str, str]) -> None:
    """Keep what was said. A folder that can't be written costs the memory, not the reading."""
    known = _read()
    known.pop(f"{kind}:{layout}", None)
    known[f"{kind}:{layout}"] = dict(columns)
    kept = dict(list(known.items())[-MOST:])
    path = _path()
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(kept), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        log.warning("The layout can't be remembered: %s", error)
