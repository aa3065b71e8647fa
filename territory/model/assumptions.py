"""What cannot be read from data: how reps travel, what makes a market, from where on is too much.

Each is a small table of numbers in a project's settings, with defaults that say where they come
from; a user may change every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from territory.errors import PlanError

__all__ = ["QUOTA_LIMITS", "TRAVEL_LIMITS", "Advice", "Market", "QuotaPolicy", "Travel"]

TRAVEL_LIMITS: Mapping[str, tuple[float, float]] = {
    "field_share": (0.1, 1.0),
    "hours_per_day": (1.0, 16.0),
    "minutes_per_visit": (1.0, 480.0),
    "ramp_months": (0.0, 24.0),
    "circuity": (0.0, 3.0),
    "city_kmh": (5.0, 130.0),
    "country_kmh": (5.0, 130.0),
    "highway_kmh": (5.0, 130.0),
    "cycle_weeks": (1.0, 52.0),
    "overnight_hours": (0.5, 8.0),
    "trip_days": (1.0, 10.0),
    "night_hours": (0.0, 8.0),
}
"""Least and most that each assumption on travel may be."""


@dataclass(frozen=True)
class Travel:
    """How reps spend their time, and how they get about where no road times are known.

    **A rep's time.** ``capacity_is`` says what the team's capacity hours are: "field", time with
    customers and on the way to them, or "all", the whole working time. ``field_share`` of the
    working time is spent in the field; ``hours_per_day`` is a working day. ``minutes_per_visit``
    counts where no account says how long a visit takes. A new rep grows into the job over
    ``ramp_months``; ``as_of`` (YYYY-MM-DD) is the day from which on capacity is counted for a
    year, empty for the end of the sales history.

    **The way.** ``circuity`` is road kilometres per straight kilometre, 0 for what is usual in the
    region. Speeds are km/h: ``city_kmh`` where many people live, ``country_kmh`` where few do,
    ``highway_kmh`` between. Visits are planned ``cycle_weeks`` at a time, so that what lies
    together is visited together. Where the way home takes longer than ``overnight_hours``, a rep
    stays out for ``trip_days`` and each night away costs ``night_hours``.

    ``server`` is the address of an OSRM or Valhalla server (``server_kind``), empty for none: then
    no other host is ever asked for anything.
    """

    capacity_is: Literal["field", "all"] = "field"
    field_share: float = 0.80
    hours_per_day: float = 8.0
    minutes_per_visit: float = 60.0
    ramp_months: float = 6.0
    as_of: str = ""
    circuity: float = 0.0
    city_kmh: float = 25.0
    country_kmh: float = 65.0
    highway_kmh: float = 85.0
    cycle_weeks: float = 4.0
    overnight_hours: float = 2.0
    trip_days: float = 3.0
    night_hours: float = 1.0
    server: str = ""
    server_kind: Literal["osrm", "valhalla"] = "osrm"

    def __post_init__(self) -> None:
        for name, (low, high) in TRAVEL_LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise PlanError(f"Travel: {name} must be between {low:g} and {high:g}.")
        if self.capacity_is not in ("field", "all") or self.server_kind not in ("osrm", "valhalla"):
            raise PlanError("Travel: capacity_is is field or all, server_kind osrm or valhalla.")
        try:
            date.fromisoformat(self.as_of or "2000-01-01")
        except ValueError:
            raise PlanError(
                f"Travel: as_of is a date like 2026-01-31, not {self.as_of!r}."
            ) from None
        if 0 < self.circuity < 1:
            raise PlanError("Travel: circuity is 0 (as usual in the region) or at least 1.")


@dataclass(frozen=True)
class Market:
    """What a market is worth: the weights of the buying-power index, and what to use.

    The weights are those of the classical buying-power index. ``model`` is "auto" (what predicts
    better out of sample), "own" (the column ``potential``), "index" or "learned"; ``total`` is what
    the whole market is worth in a year, 0 where that is to be read from the data. Accounts are
    ranked by ``class_by`` ("potential" or "revenue"): the largest that together hold ``class_a`` of
    it are A, those up to ``class_b`` are B, the rest C.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {"income": 0.5, "retail": 0.3, "population": 0.2}
    )
    model: Literal["auto", "own", "index", "learned"] = "auto"
    total: float = 0.0
    class_by: Literal["potential", "revenue"] = "potential"
    class_a: float = 0.80
    class_b: float = 0.95


QUOTA_LIMITS: Mapping[str, tuple[float, float]] = {
    "potential_weight": (0.0, 1.0),
    "growth": (-0.9, 5.0),
    "floor": (0.0, 1.0),
    "cap": (0.0, 100.0),
    "rounding": (0.0, 1e6),
}
"""Least and most that each number of a quota policy may be."""


@dataclass(frozen=True)
class QuotaPolicy:
    """How the company's goal becomes quotas.

    ``way`` is "top-down" (spread by potential and past sales, ``potential_weight`` of it by
    potential), "bottom-up" (what the accounts are expected to bring, grown by ``growth``) or "mix"
    (half of each). ``floor`` and ``cap`` bound a quota as a share of the mean one, 0 for no bound;
    quotas are rounded to ``rounding``, 0 for cents. ``prorate`` asks less of reps who are there for
    a part of the year, work part-time or are new. ``effective`` (YYYY-MM-DD) is the day from which
    the plan holds; until then the baseline does. Empty: from the first day.
    """

    way: Literal["top-down", "bottom-up", "mix"] = "top-down"
    potential_weight: float = 0.5
    growth: float = 0.05
    floor: float = 0.0
    cap: float = 0.0
    rounding: float = 1_000.0
    prorate: bool = True
    effective: str = ""

    def __post_init__(self) -> None:
        for name, (low, high) in QUOTA_LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise PlanError(f"Quotas: {name} must be between {low:g} and {high:g}.")


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
        Share of a rep's hours in the field that is spent driving.
    water
        Share of a territory that hangs on a ferry.
    claimed
        Share of all accounts that two reps claim.
    white_space
        Share of all potential that lies where nobody buys yet and nobody has hours to go.
    saturated
        Sales over potential of a territory.
    far_km
        A named account this far from its rep's home.
    mismatch
        Share of a territory's accounts, by worth, of kinds that its rep does not serve.
    peak
        Workload over capacity in a territory's own busiest quarter.
    quota_gap
        Potential per quota against the mean one, up or down.
    one_account
        Share of a territory's revenue with a single account.
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
    road: float = 0.55
    water: float = 0.10
    white_space: float = 0.10
    saturated: float = 0.60
    claimed: float = 0.01
    far_km: float = 150.0
    mismatch: float = 0.50
    peak: float = 1.25
    quota_gap: float = 0.25
    one_account: float = 0.20
    growth: float = 0.10
    churn: float = 0.10
    rivals: float = 0.25
    key_change: float = 0.10
    team_over: float = 1.05
    team_under: float = 0.80
