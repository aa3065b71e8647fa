"""How long to search and what matters how much, for each kind of request. Tuned by measurement."""

from __future__ import annotations

from territory.optimize.arrays import Rules
from territory.optimize.search import Schedule

FREE = Schedule()
"""From scratch, where there are few units and time enough."""

MIDDLE = Schedule(moves_per_unit=60.0)
"""From scratch, beyond `FEW` units: as compact as with a hundred moves a unit."""

LARGE = Schedule(moves_per_unit=80.0, cuts=0.5)
"""From scratch, where one search has to do."""

CROWDED = Schedule(hot=0.1, cold=0.002)
"""The same with fewer than `ROOMY` units a territory: warmer, or pockets miss the tolerance."""

ROOMY = 50

FEW, MANY = 1000, 5000
"""Units up to which `FREE` is right; units from which on one search is made, since the best of two
was no wider by a thousandth there."""

HOME = Schedule(hot=1.0, soft=False, cuts=3.0)
"""After a free search, with territories matched to homes: hot enough to leave its shapes, with the
wall up from the start, since a plan that loses the tolerance near homes rarely finds it again."""

REPLAN = Schedule(hot=0.003)
"""From today's plan: much cooler, so that it stays near."""


def from_scratch(n: int, k: int) -> Schedule:
    """The schedule that suits so many units in k territories."""
    if n >= MANY:
        return LARGE if n >= ROOMY * k else CROWDED
    return FREE if n <= FEW else MIDDLE


def free_costs(rules: Rules) -> Rules:
    """Compact, with short borders."""
    return rules._replace(cut=0.4 * rules.cut, home=0.0, move=0.0)


def home_costs(rules: Rules, round_off: float = 0.02) -> Rules:
    """Near the reps' homes; compactness only rounds off."""
    return rules._replace(shape=round_off * rules.shape, cut=round_off * rules.cut, move=0.0)


def travel_costs(rules: Rules) -> Rules:
    """The reps' travel; shapes and borders only break ties."""
    return rules._replace(shape=0.01 * rules.shape, cut=0.01 * rules.cut, move=0.0)


def replan_costs(rules: Rules, homes: bool) -> Rules:
    """Little changed; near the homes if asked for."""
    base = home_costs(rules, 0.1) if homes else free_costs(rules)
    return base._replace(move=4.0 * rules.move)


def unmatched_costs(rules: Rules) -> Rules:
    """As long as nobody knows whose a territory is: compact, barred from nowhere."""
    return free_costs(rules)._replace(ban=0.0)
