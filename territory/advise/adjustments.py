"""Suggested changes, ranked: units from one rep to another, named accounts, more or fewer reps.

Each is a whole plan with its measured effect. When one is accepted, ask again about the new plan:
the rest is ranked anew, with the same outlook as far as it still holds.
"""

from __future__ import annotations

from territory.advise.adjustment import Adjustment
from territory.advise.exchanges import exchanges
from territory.advise.findings import Context
from territory.advise.outlook import Outlook
from territory.advise.unit_moves import blocks_of, single_moves, whole_plans

__all__ = ["Adjustment", "adjustments"]

LEAST = 1e-4
"""A change that is worth less is none."""


def adjustments(context: Context, outlook: Outlook | None = None) -> list[Adjustment]:
    """What is worth changing, best first; nothing that makes the plan worse.

    Without an outlook: single moves, swaps and account exchanges, in a moment. With one also its
    blocks of units, the whole re-plan, and reps more or fewer.
    """
    if not context.plan.k or context.plan.unassigned == context.plan.units.n:
        return []
    found = [*single_moves(context), *exchanges(context)]
    if outlook is not None:
        found += [*blocks_of(context, outlook), *whole_plans(context, outlook)]
    worth = {a.key: a for a in found if a.effect.worth > LEAST}
    return sorted(worth.values(), key=lambda a: -a.effect.worth)
