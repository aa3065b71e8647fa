"""What cannot be read from data and has to be assumed: how reps travel, what makes a market.

Each is a small table of numbers in a project's settings, with defaults that say where they come
from; a user may change every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Market", "QuotaPolicy", "Travel"]


@dataclass(frozen=True)
class Travel:
    """How reps get about where no road times are known.

    ``field_share`` of a rep's hours are spent with customers or on the way to them; beyond
    ``overnight_hours`` on the way home a rep stays the night; ``hours_per_day`` is a working day.
    ``circuity`` is road kilometres per straight kilometre, 0 for what is usual in the region.
    ``server`` is the address of an OSRM or Valhalla server, empty for none: then no other host is
    ever asked for anything.
    """

    field_share: float = 0.80
    hours_per_day: float = 8.0
    overnight_hours: float = 3.0
    circuity: float = 0.0
    server: str = ""


@dataclass(frozen=True)
class Market:
    """What a market is worth: the weights of the buying-power index, and what to use.

    The weights are those of the classical buying-power index. ``model`` is "auto" (what predicts
    better out of sample), "index" or "learned".
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {"income": 0.5, "retail": 0.3, "population": 0.2}
    )
    model: Literal["auto", "index", "learned"] = "auto"


@dataclass(frozen=True)
class QuotaPolicy:
    """How the company's goal becomes quotas.

    ``way`` is "top-down" (spread by potential and past sales, ``potential_weight`` of it by
    potential), "bottom-up" (what the accounts are expected to bring, grown by ``growth``) or "mix"
    (half of each). ``floor`` and ``cap`` bound a quota as a share of the mean one, 0 for no bound;
    quotas are rounded to ``rounding``.
    """

    way: Literal["top-down", "bottom-up", "mix"] = "top-down"
    potential_weight: float = 0.5
    growth: float = 0.05
    floor: float = 0.0
    cap: float = 0.0
    rounding: float = 1_000.0
