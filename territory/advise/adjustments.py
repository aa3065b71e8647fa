"""Suggested changes, ranked: units from one rep to another, named accounts, more or fewer reps.

Each is a whole plan with its measured effect. When one is accepted, ask again about the new plan:
the rest is ranked anew, with the same outlook as far as it still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from territory.advise.adjustment import Adjustment
from territory.advise.exchanges import exchanges
from territory.advise.findings import Context
from territory.advise.outlook import Outlook
from territory.advise.unit_moves import blocks_of, single_moves, whole_plans

__all__ = ["Adjustment", "adjustments"]

LEAST = 1e-4
"""A change that is worth less is none."""


def adjustments(
    context: Context, outlook: Outlook | None = None, *, cancel: Callable[[], bool] | None = None
) -> list[Adjustment]:
    """What is worth changing, best first; nothing that makes the plan worse.

    Without an outlook: single moves, swaps and account exchanges, in a moment. With one also its
    blocks of units, the whole re-plan, and reps more or fewer. What was measured before ``cancel``
    says True is kept.
    """
    if not context.plan.k or context.plan.unassigned == context.plan.units.n:
        return []
    sources = [single_moves(context), exchanges(context)]
    if outlook is not None:
        sources = [whole_plans(context, outlook), blocks_of(context, outlook), *sources]
    worth: dict[str, Adjustment] = {}
    for one in chain.from_iterable(sources):
        if one.effect.worth > LEAST:
            worth[one.key] = one
        if cancel is not None and cancel():
            break
    return sorted(worth.values(), key=lambda a: -a.effect.worth)
