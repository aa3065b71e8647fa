"""What a change of the plan does: balance, hours, travel, who changes hands, what is at risk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from territory.advise.findings import Context, Number, Said
from territory.metrics import (
    Case,
    max_deviation,
    moved_share,
    outside,
    rms_radius_km,
    worst_deviation,
)
from territory.metrics.contiguity import loose_share, unassigned_share
from territory.metrics.disruption import REVENUE_AT_RISK, moved_revenue
from territory.metrics.fit import unserved_share
from territory.metrics.people import hours_beyond, hours_share_beyond
from territory.metrics.travel import total_driving_hours
from territory.model import measure

__all__ = ["CHANGE", "TRAVEL", "Effect", "cost_of", "effect_of"]

TRAVEL = 0.1
"""What a tenth less travel counts beside a point of balance: a hundredth."""

CHANGE = 0.1
"""What a point of disruption costs beside a point of balance."""

Pair = tuple[float, float]


@dataclass(frozen=True)
class Effect:
    """Before and after a change; NaN where the data for a figure is not there.

    Parameters
    ----------
    deviation, outside
        Largest deviation; territories outside the amber band.
    uneven
        Mean of the territories' largest deviations.
    beyond
        Hours of work beyond capacity a year.
    radius_km, driving
        Travel radius; hours at the wheel a year.
    unserved
        Share of the accounts, by worth, whose rep does not serve their segment.
    loose, unassigned
        Share that lies apart from its territory, and share that is nobody's.
    disruption
        Share of the main measure that gets another rep.
    revenue
        Yearly revenue with customers who get another rep.
    worth
        How much better the plan is: what ``uneven``, the share of hours beyond capacity,
        ``unserved``, ``loose`` and ``unassigned`` lose, and travel weighted by TRAVEL, less
        CHANGE × what gets another rep, of the main measure or of the revenue.
    """

    deviation: Pair
    outside: Pair
    uneven: Pair
    beyond: Pair
    radius_km: Pair
    driving: Pair
    unserved: Pair
    loose: Pair
    unassigned: Pair
    disruption: float
    revenue: float
    worth: float

    @property
    def revenue_at_risk(self) -> Pair:
        """The part of ``revenue`` that changes of rep have been seen to cost, low and high."""
        return self.revenue * REVENUE_AT_RISK[0], self.revenue * REVENUE_AT_RISK[1]

    def numbers(self) -> dict[str, tuple[Number, Number]]:
        """Label → before and after, of the figures that are known."""
        rows = {
            "Largest deviation": (self.deviation, "share", "metrics.max_deviation"),
            "Outside the band": (self.outside, "count", "metrics.outside"),
            "Mean deviation": (self.uneven, "share", "metrics.worst_deviation"),
            "Hours beyond capacity": (self.beyond, "workload_hours", "metrics.people.hours_beyond"),
            "Travel radius": (self.radius_km, "km", "metrics.rms_radius_km"),
            "Driving": (
                self.driving,
                "workload_hours",
                "metrics.travel.total_driving_hours",
            ),
            "Accounts not served well": (self.unserved, "share", "metrics.fit.unserved_share"),
        }
        return {
            label: (Number(pair[0], form, source), Number(pair[1], form, source))
            for label, (pair, form, source) in rows.items()
            if np.isfinite(pair).all()
        }


def cost_of(effect: Effect, context: Context) -> Said:
    """What a change costs: who gets another rep, and what is at risk with them."""
    numbers = {"moved": Number(effect.disruption, "share", "metrics.moved_share")}
    names = {
        "measure": measure(context.case.main).label.lower(),
        "rep": context.settings.word("rep"),
    }
    words = "{moved} of the {measure} gets another {rep}"
    if np.isfinite(effect.revenue) and effect.revenue > 0:
        low, high = effect.revenue_at_risk
        numbers["low"] = Number(low, "revenue", "metrics.disruption.moved_revenue")
        numbers["high"] = Number(high, "revenue", "metrics.disruption.moved_revenue")
        words += "; {low} to {high} of yearly revenue at risk"
    return Said(words, numbers, names)


def effect_of(before: Context, after: Context) -> Effect:
    """Compare two plans of one project; ``after`` may have another team."""
    old, new = before.case, after.case

    def both(measure: Callable[[Case], float]) -> Pair:
        return float(measure(old)), float(measure(new))

    uneven = both(lambda c: worst_deviation(c).abs().mean())
    strain, radius = both(hours_share_beyond), both(rms_radius_km)
    loose, unassigned = both(loose_share), both(unassigned_share)
    away, unserved = both(total_driving_hours), both(unserved_share)
    moved = moved_share(after.plan, before.plan, old.main)
    revenue, whole = moved_revenue(after.plan, before.plan, before.project)
    cost = max(moved, revenue / whole if whole > 0 else 0.0)
    gains = [_fall(pair) for pair in (uneven, strain, unserved, loose, unassigned)]
    gains += [TRAVEL * _fall(pair) / pair[0] for pair in (radius, away) if pair[0] > 0]
    return Effect(
        deviation=both(max_deviation),
        outside=both(outside),
        uneven=uneven,
        beyond=both(hours_beyond),
        radius_km=radius,
        driving=away,
        unserved=unserved,
        loose=loose,
        unassigned=unassigned,
        disruption=moved,
        revenue=revenue,
        worth=float(np.nansum(gains)) - CHANGE * cost,
    )


def _fall(pair: Pair) -> float:
    """How much less it is afterwards; nothing where it is not known."""
    fall = pair[0] - pair[1]
    return fall if np.isfinite(fall) else 0.0
