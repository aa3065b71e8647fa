"""Compile the engine ahead of its first use, in a process of its own.

The first run after an installation would otherwise wait ten to twenty seconds for the compiler.
`python -m territory.optimize.warmup` compiles; `territory warmup` does so for images and scripts.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from territory.optimize.cache import stamp
from territory.optimize.result import Progress

PREPARING = "Preparing the engine (first run only)"


def is_warm() -> bool:
    """Are the compiled kernels of this version on disk? A look at one file."""
    return stamp().exists()


def warm() -> None:
    """Run a tiny instance through every kernel, so that all are compiled and stored."""
    from territory.optimize.tiny import run_everything

    run_everything()
    stamp().touch()


def ensure_warm(progress: Callable[[Progress], None] | None = None) -> None:
    """Compile now if nobody has, and say that this is what takes so long."""
    if is_warm():
        return
    if progress is not None:
        progress(Progress(0, 1, PREPARING))
    warm()


def warm_in_subprocess() -> subprocess.Popen[bytes]:
    """Start compiling in the background, at low priority; returns at once."""
    options: dict[str, object] = {}
    if sys.platform == "win32":
        flags = subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
        options["creationflags"] = flags
    return subprocess.Popen(
        [sys.executable, "-m", "territory.optimize.warmup"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,  # type: ignore[call-overload]
    )


def main() -> None:
    """Entry point of the background process."""
    if hasattr(os, "nice"):
        os.nice(10)
    if not is_warm():
        warm()


if __name__ == "__main__":
    main()
