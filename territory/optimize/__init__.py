"""The engine: balanced, contiguous, compact territories."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from territory.optimize.hint import Hint
from territory.optimize.result import Progress, Proposal

__all__ = ["Hint", "Progress", "Proposal", "hints", "propose"]

# numba and scipy wait until somebody proposes: a page only needs the types.
LAZY = {
    "propose": "territory.optimize.engine",
    "hints": "territory.optimize.hints",
}


def __getattr__(name: str) -> Any:
    if name in LAZY:
        return getattr(import_module(LAZY[name]), name)
    raise AttributeError(f"module 'territory.optimize' has no attribute {name!r}")
