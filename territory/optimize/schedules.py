"""How long to search and what matters how much, for each kind of request. Tuned by measurement."""

from __future__ import annotations

from territory.optimize.arrays import Rules
from territory.optimize.search import Schedule

FREE = Schedule()
"""From scratch."""

HOME = Schedule()
"""After a free search, with territories matched to homes: warm enough to leave its shapes."""

REPLAN = Schedule(hot=0.003)
"""From today's plan: much cooler, so that it stays near."""


def free_costs(rules: Rules) -> Rules:
    """Compact, with short borders."""
    return rules._replace(cut=0.4 * rules.cut, home=0.0, move=0.0)


def home_costs(rules: Rules) -> Rules:
    """Near the reps' homes; compactness only rounds off."""
    return rules._replace(shape=0.1 * rules.shape, cut=0.1 * rules.cut, move=0.0)


def replan_costs(rules: Rules, homes: bool) -> Rules:
    """Little changed; near the homes if asked for."""
    base = home_costs(rules) if homes else free_costs(rules)
    return base._replace(move=4.0 * rules.move)


def unmatched_costs(rules: Rules) -> Rules:
    """As long as nobody knows whose a territory is: compact, barred from nowhere."""
    return free_costs(rules)._replace(ban=0.0)
