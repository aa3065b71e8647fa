"""How to share out two or three merged territories along the branches of a spanning tree.

Every branch (for a trio: every two of them) and every order of who gets which part is priced under
the full objective and the energy of `surplus`. A part that would take a locked unit from its
territory is passed over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.optimize.arrays import Floats, Ints
from territory.optimize.jit import kernel
from territory.optimize.mergesplit import halves_cost, keeps_locks, mark_branch
from territory.optimize.objective import gathered
from territory.optimize.surplus import flow_cost

NEAR = 0.05
"""Branches this far (of a territory) outside the tolerance may still be parts of a trio."""

PAIRS = 4000
"""Combinations of two branches tried on one tree."""

BOTH = 0.85
"""Two branches' borders count so much together, until the best pair is measured: they overlap."""

ORDERS = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
"""Which of the group gets part 0, 1, 2; rows 0 and 2 are the two orders of a pair."""


class Parts(NamedTuple):
    """Working memory: what each of up to three parts carries, and the branches to choose from."""

    load: Floats  # (3, M)
    mass: Floats  # (3, 3) Σ mass, Σ mass·x, Σ mass·y
    cost: Floats  # (3, 3) of part … in territory … of the group
    held: Ints  # (3, 3) units of part … locked to territory … of the group
    change: Floats  # (3,) of the surplus
    ones: Ints  # (n,) branches that could be one territory
    twos: Ints  # (n,) branches that could be two


@kernel
def parts_memory(n, measures):  # type: ignore[no-untyped-def]
    """Fresh working memory for n units."""
    return Parts(
        np.empty((3, measures)),
        np.empty((3, 3)),
        np.empty((3, 3)),
        np.empty((3, 3), np.int64),
        np.empty(3),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
    )


@kernel
def best_pair(rules, tide, patch, offset, group, m, parts):  # type: ignore[no-untyped-def]
    """The branch to cut off, the order of who gets what, and the cost; (-1, 0, inf) if none.

    O(m · M).
    """
    top = patch.order[0]
    choice, dealt, least = -1, 0, np.inf
    for h in range(1, m):
        z = patch.order[h]
        shared = halves_cost(
            rules.shape,
            rules.cut * patch.border[z],
            *(patch.mass[z, 0], patch.mass[z, 1], patch.mass[z, 2]),
            *(patch.mass[top, 0], patch.mass[top, 1], patch.mass[top, 2]),
        )
        for j in range(parts.load.shape[1]):
            parts.load[0, j] = patch.load[z, j]
            parts.load[1, j] = patch.load[top, j] - patch.load[z, j]
        for turn in range(0, 3, 2):  # ORDERS[0] and ORDERS[2]
            a, b = ORDERS[turn, 0], ORDERS[turn, 1]
            if not keeps_locks(patch.held, top, z, a):
                continue
            value = shared + patch.cost[z, a] + patch.cost[top, b] - patch.cost[z, b]
            order = ORDERS[turn]
            value += flow_cost(rules, tide, offset, group, order, parts.load, parts.change)
            if value < least:
                choice, dealt, least = z, turn, value
    return choice, dealt, least


@kernel
def below(patch, u, z):  # type: ignore[no-untyped-def]
    """Is unit u in the branch below z?"""
    while patch.depth[u] > patch.depth[z]:
        u = patch.parent[u]
    return u == z


@kernel
def trio_branches(rules, patch, group, m, parts):  # type: ignore[no-untyped-def]
    """Branches that could be one territory, or two, into ones and twos; returns how many of each.

    O(m · M).
    """
    top = patch.order[0]
    mean = (rules.target[group[0]] + rules.target[group[1]] + rules.target[group[2]]) / 3.0
    one, two = 0, 0
    for h in range(1, m):
        z = patch.order[h]
        off_one, off_two = 0.0, 0.0
        for j in range(patch.load.shape[1]):
            w, rest = patch.load[z, j] / mean, (patch.load[top, j] - patch.load[z, j]) / mean
            off_one = max(off_one, abs(w - 1.0) - rules.tolerance[j])
            off_two = max(off_two, abs(rest - 1.0) - rules.tolerance[j])
        if off_one < NEAR:
            parts.ones[one] = z
            one += 1
        if off_two < NEAR:
            parts.twos[two] = z
            two += 1
    return one, two


@kernel
def three_parts(patch, parts, z, y, inside):  # type: ignore[no-untyped-def]
    """What three parts carry: below z, below y (without z if z is inside it), and the rest."""
    top = patch.order[0]
    minus = 1.0 if inside else 0.0
    for j in range(parts.load.shape[1]):
        parts.load[0, j] = patch.load[z, j]
        parts.load[1, j] = patch.load[y, j] - minus * patch.load[z, j]
        parts.load[2, j] = patch.load[top, j] - parts.load[0, j] - parts.load[1, j]
    for d in range(3):
        parts.mass[0, d] = patch.mass[z, d]
        parts.mass[1, d] = patch.mass[y, d] - minus * patch.mass[z, d]
        parts.mass[2, d] = patch.mass[top, d] - parts.mass[0, d] - parts.mass[1, d]
        parts.cost[0, d] = patch.cost[z, d]
        parts.cost[1, d] = patch.cost[y, d] - minus * patch.cost[z, d]
        parts.cost[2, d] = patch.cost[top, d] - parts.cost[0, d] - parts.cost[1, d]
        parts.held[0, d] = patch.held[z, d]
        parts.held[1, d] = patch.held[y, d] - int(minus) * patch.held[z, d]
        parts.held[2, d] = patch.held[top, d] - parts.held[0, d] - parts.held[1, d]


@kernel
def best_order(rules, tide, patch, offset, group, parts, shared):  # type: ignore[no-untyped-def]
    """Who gets which of three parts at least cost, on top of `shared`; (0, inf) if locks forbid."""
    top = patch.order[0]
    dealt, least = 0, np.inf
    for g in range(3):
        shared -= rules.shape * gathered(parts.mass[g, 0], parts.mass[g, 1], parts.mass[g, 2])
    for turn in range(6):
        order = ORDERS[turn]
        value, allowed = shared, True
        for g in range(3):
            value += parts.cost[g, order[g]]
            allowed = allowed and parts.held[g, order[g]] == patch.held[top, order[g]]
        if not allowed:
            continue
        value += flow_cost(rules, tide, offset, group, order, parts.load, parts.change)
        if value < least:
            dealt, least = turn, value
    return dealt, least


@kernel
def best_trio(rules, tide, patch, offset, group, m, parts):  # type: ignore[no-untyped-def]
    """Two branches to cut off (first may lie inside second), the order, and the cost.

    At most PAIRS combinations, each O(depth + M).
    """
    one, two = trio_branches(rules, patch, group, m, parts)
    first, second, dealt, least = -1, -1, 0, np.inf
    tried = 0
    for p in range(one):
        for q in range(one + two):
            z = parts.ones[p]
            y = parts.ones[q] if q < one else parts.twos[q - one]
            inside = q >= one
            if y == z or tried >= PAIRS:
                continue
            if inside != below(patch, z, y):
                continue
            if not inside and (q < p or below(patch, y, z)):
                continue
            tried += 1
            three_parts(patch, parts, z, y, inside)
            shared = rules.cut * BOTH * (patch.border[z] + patch.border[y])
            turn, value = best_order(rules, tide, patch, offset, group, parts, shared)
            if value < least:
                first, second, dealt, least = z, y, turn, value
    return first, second, dealt, least


@kernel
def share_out(patch, part, m, first, second, dealt):  # type: ignore[no-untyped-def]
    """Which of the group each unit of the patch goes to; second is -1 for pairs."""
    order = ORDERS[dealt]
    part[:m] = order[1] if second < 0 else order[2]
    if second >= 0:
        mark_branch(patch, part, m, second, order[1])
    mark_branch(patch, part, m, first, order[0])


@kernel
def cut_length(patch, part, edges):  # type: ignore[no-untyped-def]
    """Border between the parts."""
    length = 0.0
    for e in range(edges):
        if part[patch.ends[e, 0]] != part[patch.ends[e, 1]]:
            length += patch.length[e]
    return length
