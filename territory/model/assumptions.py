"""What cannot be read from data: how reps travel, what makes a market, from where on is too much.

Each is a small table of numbers in a project's settings, with defaults that say where they come
from; a user may change every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Advice", "Market", "QuotaPolicy", "Travel"]


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


@dataclass(frozen=True)
class Advice:
    """From where on the advisor speaks up. Shares are 0 to 1; at the value itself it is silent.

    Parameters
    ----------
    overload, underuse
        Workload over capacity of a rep.
    sprawl
        Radius of a territory over that of an even disc of the same area.
    road
        Share of a rep's hours that is spent on the road.
    water
        Share of a territory that hangs on a ferry.
    claimed
        Share of all accounts that two reps claim.
    far_km
        A named account this far from its rep's home.
    white_space
        Share of the potential that lies where nobody is a customer yet and nobody has the hours.
    saturated
        Sales over potential of a territory.
    mismatch
        Share of a territory's accounts, by worth, of kinds that its rep does not serve.
    peak
        Workload over capacity in a territory's busiest quarter.
    quota_gap
        Potential per quota against the mean one, up or down.
    one_account
        Share of a territory's revenue with a single account.
    ramp_months
        A rep who began this recently still ramps up.
    growth, churn, rivals
        Change since the earlier data: of a territory's measure, of its customers, of competitors.
    key_change
        Share of the key accounts that get another rep.
    team_over, team_under
        The whole team's workload over its capacity.
    """

    overload: float = 1.10
    underuse: float = 0.80
    sprawl: float = 2.0
    road: float = 0.40
    water: float = 0.10
    claimed: float = 0.01
    far_km: float = 150.0
    white_space: float = 0.10
    saturated: float = 0.60
    mismatch: float = 0.50
    peak: float = 1.10
    quota_gap: float = 0.25
    one_account: float = 0.20
    ramp_months: float = 6.0
    growth: float = 0.10
    churn: float = 0.10
    rivals: float = 0.25
    key_change: float = 0.10
    team_over: float = 1.05
    team_under: float = 0.80
