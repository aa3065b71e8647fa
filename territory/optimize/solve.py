"""A search from its first plan to its last: annealing, then whatever meets the tolerance."""

from __future__ import annotations

from territory.optimize.finish import finish
from territory.optimize.flow import QUICK, aimed, meet, thorough
from territory.optimize.search import Best, Schedule, Search, descend
from territory.optimize.smooth import LARGEST, smooth

TIGHT = 0.02
"""Up to this tolerance, of any measure, the flow comes first: rounds for single territories rarely
suffice."""


STEEP = 3000.0
"""A wall that travel never outweighs."""

APPROACHES = 20
"""Merge-and-splits a territory in each chunk of the approach to the homes."""


def run(search: Search, schedule: Schedule, *, deep: bool = False, hopeless: bool = False) -> Best:
    """The best plan of one search.

    Parameters
    ----------
    deep
        Take the long way too where the short ones miss the tolerance.
    hopeless
        It is known that no plan can meet the tolerance: don't try too hard.
    """
    if search.instance.k == 1:
        return search.best
    descend(search, schedule)
    tight = float(search.rules.tolerance.min()) <= TIGHT
    if tight and not hopeless:
        meet(search, QUICK, 20_000)
        search.label[:] = search.late.label
    finish(search, schedule)
    if hopeless:
        return search.best
    search.label[:] = search.late.label
    if deep and not tight:
        meet(search, QUICK, 20_000)
        search.label[:] = search.late.label
    if deep:
        meet(search, thorough(search.instance), 30_000)
    if tight:
        polish(search)
    if search.instance.n <= LARGEST:
        smooth(search)
    return search.best


def approach(search: Search, chunks: int = 8) -> Best:
    """Bring territories nearer to their homes: merge-and-splits on travel, with a wall too steep to
    cross. For searches whose rules say so; plans outside the tolerance stay as they are."""
    n, k = search.instance.n, search.instance.k
    for c in range(chunks):
        if search.halted() or not search.best.feasible or k == 1:
            break
        search.label[:] = search.best.label
        heat = 0.004 * 0.02 ** (c / chunks)
        rules = aimed(search, STEEP)
        search.cut(rules, APPROACHES * k, heat, False, 50_000 + 10 * c)
        search.chunk(rules, 6.0 * n, heat, heat / 4, 50_001 + 10 * c)
        search.judge()
        search.tell("Moving closer to the homes", search.best)
    return search.best


def polish(search: Search, chunks: int = 8) -> None:
    """Get shape back after a tight tolerance has been met: cool, with a wall too steep to cross."""
    n, k = search.instance.n, search.instance.k
    for c in range(chunks):
        if search.halted() or not search.late.feasible:
            return
        search.label[:] = search.late.label
        heat = 0.004 * 0.1 ** (c / chunks)
        rules = aimed(search, 60.0)
        search.cut(rules, 6 * k, heat, False, 40_000 + 10 * c)
        search.chunk(rules, 6.0 * n, heat, heat / 4, 40_001 + 10 * c)
        search.judge()
        search.tell("Smoothing", search.best)
