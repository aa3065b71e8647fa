"""The engine: balanced, contiguous, compact territories.

`propose` is here; what else there is to ask has a module of its own: `hints.hints`, `split.split`.
"""

from __future__ import annotations

from typing import Any

from territory.optimize.hint import Hint
from territory.optimize.result import Progress, Proposal

__all__ = ["Hint", "Progress", "Proposal", "propose"]


def __getattr__(name: str) -> Any:
    # numba and scipy wait until somebody proposes: a page only needs the types.
    if name == "propose":
        from territory.optimize.engine import propose

        return propose
    raise AttributeError(f"module 'territory.optimize' has no attribute {name!r}")
