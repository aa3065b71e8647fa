"""What rules are about, before they are numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from territory.metrics.reach import Reach
from territory.model import Plan, Units
from territory.optimize.arrays import Floats, Ints

LISTED = 3
"""Units named in a message; the others are counted."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What the rules are about: positions as in `Request`."""

    units: Units
    blank: Plan
    keep: Ints
    open: Ints
    start: Ints
    lock: Ints
    homes: Ints | None
    values: Mapping[str, Floats]
    offset: Floats | None
    measures: Mapping[str, float]
    weight: Floats  # (n,) the heaviest measure
    reaches: tuple[Reach, ...] = ()  # limits on the way from home


def named(ids: Iterable[str]) -> str:
    """The first few of many, and how many there are."""
    every = sorted(map(str, ids))
    more = len(every) - LISTED
    return ", ".join(every[:LISTED]) + (f" and {more} more" if more > 0 else "")
