"""The one place that imports numba, after it has been told where to keep compiled code."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from territory.optimize.cache import folder

os.environ["NUMBA_CACHE_DIR"] = str(folder())
import numba

setattr(numba.config, "CACHE_DIR", str(folder()))  # noqa: B010  (… or was imported earlier)

kernel: Callable[[Callable[..., Any]], Callable[..., Any]] = numba.njit(cache=True, nogil=True)
"""Decorator of every compiled function: cached on disk, running without the interpreter's lock."""

inlined: Callable[[Callable[..., Any]], Callable[..., Any]] = numba.njit(
    cache=True, nogil=True, inline="always"
)
"""For small functions in inner loops that take tuples of arrays: handing those over by value costs
more than what is computed, so the callers get a copy of the code instead."""
