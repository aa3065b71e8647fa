"""Merge-and-split that can see the whole map: the kernels behind `flow`.

As `mergesplit`, with two differences: cuts are also paid for how they change the energy of the
surplus (see `surplus`), and two or three territories are merged at a time. Which ones: half of the
time one that misses the tolerance and a neighbour, mostly else a border across which the potential
falls steeply.
"""

from __future__ import annotations

import numpy as np

from territory.optimize.anneal import draw
from territory.optimize.jit import kernel
from territory.optimize.mergesplit import deal, draw_territory, present_cost
from territory.optimize.parting import (
    BOTH,
    best_pair,
    best_trio,
    cut_length,
    parts_memory,
    share_out,
)
from territory.optimize.surplus import gauge, update
from territory.optimize.tree import draw_tree, patch_memory, release

REFRESH = 25
"""Tries between two looks at which territories touch."""


@kernel
def touching(net, label, seen, turn, links):  # type: ignore[no-untyped-def]
    """List the pairs of territories with a common border into links; returns how many."""
    k = len(seen)
    found = 0
    for i in range(len(label)):
        a = label[i]
        for e in range(net.indptr[i], net.indptr[i + 1]):
            b = label[net.indices[e]]
            if a < b and seen[a, b] != turn:
                seen[a, b] = turn
                if found < len(links):
                    links[found, 0], links[found, 1] = a, b
                    found += 1
    return found if k > 1 else 0


@kernel
def pick(tide, over, outside, links, count, slope, group, rng):  # type: ignore[no-untyped-def]
    """Two territories to merge: one that misses and a neighbour, or where the slope is steep."""
    way = draw(rng)
    if way < 0.5 and outside > 0.0:
        a = draw_territory(over, outside, rng)
        skip = int(draw(rng) * count)
        for z in range(count):
            y = (z + skip) % count
            if a >= 0 and (links[y, 0] == a or links[y, 1] == a):
                group[0] = a
                group[1] = links[y, 0] + links[y, 1] - a
                return
    y = int(draw(rng) * count)
    if way < 0.9:
        y = min(int(np.searchsorted(slope[:count], draw(rng) * slope[count - 1])), count - 1)
    group[0], group[1] = links[y, 0], links[y, 1]


@kernel
def pick_third(links, count, group, rng):  # type: ignore[no-untyped-def]
    """A territory beside one of the two; False if there is none."""
    a, b = group[0], group[1]
    skip = int(draw(rng) * count)
    for z in range(count):
        for end in range(2):
            u = links[(z + skip) % count, end]
            v = links[(z + skip) % count, 1 - end]
            if u in (a, b) and v not in (a, b):
                group[2] = v
                return True
    return False


@kernel
def steepness(tide, links, count, slope):  # type: ignore[no-untyped-def]
    """Running sum over the borders of how much the potential differs across each, into slope."""
    rising = 0.0
    for z in range(count):
        for j in range(tide.potential.shape[1]):
            a, b = links[z, 0], links[z, 1]
            rising += abs(tide.potential[a, j] - tide.potential[b, j]) + 1e-12
        slope[z] = rising


@kernel
def recut(land, rules, state, patch, offset, tide, group, parts, m, edges, limit):  # type: ignore[no-untyped-def]
    """Share a group out anew along its tree if that costs less than `limit`; returns if it did."""
    part = patch.root  # no longer needed as union-find
    second = -1
    if len(group) == 3:
        first, second, dealt, cost = best_trio(rules, tide, patch, offset, group, m, parts)
    else:
        first, dealt, cost = best_pair(rules, tide, patch, offset, group, m, parts)
    if first < 0 or cost >= limit + 1.0:
        return False
    share_out(patch, part, m, first, second, dealt)
    if second >= 0:
        both = BOTH * (patch.border[first] + patch.border[second])
        cost += rules.cut * (cut_length(patch, part, edges) - both)
    if cost >= limit:
        return False
    deal(land, state, patch, offset, group, part, m)
    return True


@kernel
def flow_cuts(  # type: ignore[no-untyped-def]
    net, land, rules, state, offset, tide, tries, heat, back, seed
):
    """`tries` merge-and-splits in place, fewer once inside the tolerance; returns the accepted.

    Parameters
    ----------
    tide
        Response as of now; it goes stale slowly, so a few hundred tries may share it.
    back
        Leave the plan that missed the tolerance least, rather than the last one.

    A try costs as much as in `merge_and_split`, with three territories half as much again.
    """
    k = len(state.size)
    patch = patch_memory(net, land, state)
    parts = parts_memory(len(state.label), land.load.shape[1])
    rng = np.array([seed], np.uint64)
    over = np.zeros(k)
    links, slope = np.empty((8 * k + 16, 2), np.int64), np.empty(8 * k + 16)
    seen = np.full((k, k), -1, np.int64)
    three = np.empty(3, np.int64)
    kept = state.label.copy()
    count, accepted = 0, 0
    least = gauge(rules, state, tide, over)
    outside = least
    for turn in range(tries):
        if turn % REFRESH == 0:
            count = touching(net, state.label, seen, turn, links)
            outside = gauge(rules, state, tide, over)
            if outside <= 0.0 or count == 0:
                break
            steepness(tide, links, count, slope)
        pick(tide, over, outside, links, count, slope, three, rng)
        trio = draw(rng) < tide.trios and pick_third(links, count, three, rng)
        group = three if trio else three[:2]
        whole, m, edges = draw_tree(net, land, rules, patch, group, rng)
        if whole:
            limit = present_cost(land, rules, state, patch, group, m, edges)
            limit -= heat * np.log(draw(rng) + 1e-300)
            if recut(land, rules, state, patch, offset, tide, group, parts, m, edges, limit):
                for t in group:
                    update(rules, state, tide, over, t)
                accepted += 1
                outside = over.sum()
                if outside < least:
                    least = outside
                    kept[:] = state.label
        release(patch, m)
    if back:
        state.label[:] = kept
    return accepted
