"""A heap that is quick to search for garbage.

Streamlit collects garbage after every run. Nearly all of what that visits are the modules of
pandas, numba and the like, which stay for good: 100 ms of each edit. So they are set aside
(``gc.freeze``); everything that sessions make later is still collected.
"""

from __future__ import annotations

import gc
import sys
import threading

__all__ = ["set_modules_aside"]

MANY = 40
"""New modules that make it worth setting aside again."""

_busy = threading.Lock()
_known = 0


def set_modules_aside() -> bool:
    """Freeze the heap if many modules were loaded since the last time; True if so.

    Cheap otherwise, so that a page can call it at the end of each run.
    """
    global _known
    if len(sys.modules) - _known < MANY or not _busy.acquire(blocking=False):
        return False
    try:
        gc.collect()  # what is frozen is never collected, so no garbage should be among it
        gc.freeze()
        _known = len(sys.modules)
        return True
    finally:
        _busy.release()
