"""How long finding neighbours took, for commands that report it apart from reading."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

_seconds = 0.0


@contextmanager
def adjacency_timer() -> Iterator[None]:
    """Add the time spent inside to the total of this process."""
    global _seconds
    start = time.perf_counter()
    try:
        yield
    finally:
        _seconds += time.perf_counter() - start


def adjacency_seconds() -> float:
    """Seconds spent on neighbours since the process started."""
    return _seconds
