"""Numbers as people read them; written once for screen, documents and the command line."""

from __future__ import annotations

from territory.model.figures import (
    MILES,
    amount,
    deviation,
    difference,
    distance,
    figure,
    share,
    signed,
    unit_words,
)

__all__ = [
    "MILES",
    "amount",
    "deviation",
    "difference",
    "distance",
    "figure",
    "share",
    "signed",
    "unit_words",
]
