"""Bytes to disk, all or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from territory.errors import InputError, Problem

__all__ = ["write_bytes"]


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write all or nothing: a full disk leaves the old file as it was.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    path = Path(path)
    draft = ""
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".territory-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(draft).replace(path)
    except OSError as fault:
        if draft:
            Path(draft).unlink(missing_ok=True)
        raise InputError(
            Problem(
                f"the file can't be written: {fault.strerror or fault}",
                file=path.name,
                remedy="close it in other programs, or choose another folder",
            )
        ) from fault
