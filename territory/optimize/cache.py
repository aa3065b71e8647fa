"""Where compiled kernels are kept, and whether they are there. Needs no numba.

Compiling the kernels takes a good ten seconds, loading them from disk a fraction of one. Numba
keeps compiled code beside the source by default, which fails in a read-only installation, and it
does not notice when a kernel in *another* file has changed. So the code is kept under the user's
cache folder, in a subfolder named after the kernels' sources and the versions of numba and Python.

`NUMBA_CACHE_DIR`, when set, wins.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

KERNEL_FILES = (
    "jit.py",
    "arrays.py",
    "connect.py",
    "objective.py",
    "lloyd.py",
    "repair.py",
    "anneal.py",
    "tree.py",
    "mergesplit.py",
    "surplus.py",
    "parting.py",
    "flowcut.py",
    "hintscan.py",
    "transport.py",
    "centres.py",
)


@cache
def fingerprint() -> str:
    """What compiled code depends on: sources, interpreter, numba and the processor."""
    digest = hashlib.sha256()
    for name in KERNEL_FILES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    facts = (sys.version, version("numba"), version("numpy"), platform.machine())
    digest.update(repr(facts).encode())
    return digest.hexdigest()[:16]


@cache
def folder() -> Path:
    """The folder for compiled code; a private temporary one where none can be written."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen)
    usual = Path(platformdirs.user_cache_dir("territory-workbench", False))
    place = usual / f"kernels-{fingerprint()}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return place
    except OSError:
        # Code from a folder that others can write to must never be loaded: a fresh one each time.
        private = Path(tempfile.mkdtemp(prefix="territory-kernels-"))
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        return private


def stamp() -> Path:
    """A file that exists once every kernel has been compiled and stored."""
    return folder() / f"ready-{fingerprint()}"
