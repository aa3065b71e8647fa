"""The engine: balanced, contiguous, compact territories, and what there is to say about them.

What is named here loads on first use; more to ask is in modules of their own: `hints.hints`,
`split.split`, `bounds.certify`.
"""

from __future__ import annotations

import importlib
from typing import Any

from territory.optimize.hint import Hint
from territory.optimize.result import Progress, Proposal

_HOME = {
    "Accepted": "partial",
    "Certificate": "proof",
    "Changes": "changes",
    "Frontier": "tradeoffs",
    "Robustness": "demand",
    "Match": "matching",
    "MoveGroup": "changes",
    "RunRecord": "record",
    "Sizing": "headcount",
    "Tradeoff": "tradeoffs",
    "accept": "partial",
    "certificate": "prove",
    "foresee": "engine",
    "frontier": "tradeoffs",
    "match": "matching",
    "propose": "engine",
    "reasons": "changes",
    "reproduce": "again",
    "robustness": "demand",
    "sizing": "headcount",
}

__all__ = ["Hint", "Progress", "Proposal", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    # numba and scipy wait until somebody asks: a page only needs the types.
    if name in _HOME:
        return getattr(importlib.import_module(f"territory.optimize.{_HOME[name]}"), name)
    raise AttributeError(f"module 'territory.optimize' has no attribute {name!r}")
