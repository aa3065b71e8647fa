"""Merge-and-split that can see the whole map: the kernels behind `flow`.

Imbalance is often spread thin: a whole coast at +2 %, the inland at −1.5 %, or one fat territory
behind two full ones. No exchange between two neighbours makes such a plan better, though many in a
row would. So cuts are also paid for how they change the *energy*

    E = ½ Σ_m eᵀ P e        e_t = what territory t has beyond half its tolerance

where P is the pseudo-inverse of the Laplacian of the territories' own graph: the least effort with
which the surplus can flow along borders to where it is missing. Its gradient π = P e is a
potential; load that goes down the slope is rewarded, by as much as the way still ahead is shorter.
Two or three territories are merged at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.optimize.anneal import draw
from territory.optimize.arrays import Floats
from territory.optimize.jit import kernel
from territory.optimize.mergesplit import deal, draw_territory, mark_branch, present_cost
from territory.optimize.objective import balance_cost, gathered
from territory.optimize.tree import (
    branch_sums,
    gather,
    hang,
    patch_memory,
    shuffle_edges,
    spanning_tree,
)

REFRESH = 25
"""Tries between two looks at which territories touch."""

NEAR = 0.05
"""Branches this far (of a territory) outside the tolerance may still be parts of a trio."""

PAIRS = 4000
"""Combinations of two branches tried on one tree."""

BOTH = 0.85
"""Two branches' borders count so much together, until the best pair is measured: they overlap."""

ORDERS = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])


class Tide(NamedTuple):
    """Surplus, and how it wants to flow."""

    response: Floats  # (k, k) P
    potential: Floats  # (k, M) π
    spill: Floats  # (k, M) e
    dead: Floats  # (M,) deviation that is no surplus yet
    push: float  # weight of the energy in the objective
    trios: float  # share of tries with three territories


@kernel
def spilt(gap, dead):  # type: ignore[no-untyped-def]
    """What a deviation is beyond ±dead."""
    if gap > dead:
        return gap - dead
    if gap < -dead:
        return gap + dead
    return 0.0


@kernel
def gauge(rules, state, tide, over):  # type: ignore[no-untyped-def]
    """Surplus, potential and miss (k,) of every territory anew; returns the misses' sum. O(k²)."""
    k, measures = state.total.shape
    for t in range(k):
        over[t] = miss(rules, state, t)
        for j in range(measures):
            tide.spill[t, j] = spilt(state.total[t, j] / rules.target[t] - 1.0, tide.dead[j])
    tide.potential[:] = 0.0
    for t in range(k):
        for j in range(measures):
            if tide.spill[t, j] != 0.0:
                for u in range(k):
                    tide.potential[u, j] += tide.response[u, t] * tide.spill[t, j]
    return over.sum()


@kernel
def miss(rules, state, t):  # type: ignore[no-untyped-def]
    """How far territory t is outside the tolerance, as in `objective.excess`."""
    out = 0.0
    for j in range(state.total.shape[1]):
        over = abs(state.total[t, j] / rules.target[t] - 1.0) - rules.tolerance[j]
        if over > 0.0:
            out += over * (1.0 + 20.0 * over)
    return out


@kernel
def update(rules, state, tide, over, t):  # type: ignore[no-untyped-def]
    """After territory t has changed: its surplus, its miss, and everybody's potential."""
    over[t] = miss(rules, state, t)
    for j in range(state.total.shape[1]):
        now = spilt(state.total[t, j] / rules.target[t] - 1.0, tide.dead[j])
        change = now - tide.spill[t, j]
        if change != 0.0:
            tide.spill[t, j] = now
            for u in range(len(over)):
                tide.potential[u, j] += tide.response[u, t] * change


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
def flow_cost(rules, tide, offset, group, order, load, change):  # type: ignore[no-untyped-def]
    """Balance and energy when part g, carrying load[g], goes to group[order[g]]."""
    value = 0.0
    size = len(group)
    for j in range(load.shape[1]):
        for g in range(size):
            t = group[order[g]]
            total = offset[t, j] + load[g, j]
            value += balance_cost(rules, t, j, total)
            change[g] = spilt(total / rules.target[t] - 1.0, tide.dead[j]) - tide.spill[t, j]
            value += tide.push * tide.potential[t, j] * change[g]
        for g in range(size):
            for h in range(size):
                linked = tide.response[group[order[g]], group[order[h]]]
                value += 0.5 * tide.push * change[g] * linked * change[h]
    return value


@kernel
def best_pair(rules, tide, patch, offset, group, m, load, change):  # type: ignore[no-untyped-def]
    """The branch to cut off, the order of who gets what, and the cost; (-1, 0, inf) if none."""
    top = patch.order[0]
    choice, dealt, least = -1, 0, np.inf
    for h in range(1, m):
        z = patch.order[h]
        shape = -gathered(patch.mass[z, 0], patch.mass[z, 1], patch.mass[z, 2])
        shape -= gathered(
            patch.mass[top, 0] - patch.mass[z, 0],
            patch.mass[top, 1] - patch.mass[z, 1],
            patch.mass[top, 2] - patch.mass[z, 2],
        )
        shared = rules.shape * shape + rules.cut * patch.border[z]
        for j in range(load.shape[1]):
            load[0, j] = patch.load[z, j]
            load[1, j] = patch.load[top, j] - patch.load[z, j]
        for turn in range(0, 3, 2):  # ORDERS[0] and ORDERS[2]
            a, b = ORDERS[turn, 0], ORDERS[turn, 1]
            if patch.held[z, b] > 0 or patch.held[z, a] < patch.held[top, a]:
                continue
            value = shared + patch.cost[z, a] + patch.cost[top, b] - patch.cost[z, b]
            value += flow_cost(rules, tide, offset, group, ORDERS[turn], load, change)
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
def trio_branches(rules, patch, group, m, ones, twos):  # type: ignore[no-untyped-def]
    """Branches that could be one territory, or two; returns how many of each."""
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
            ones[one] = z
            one += 1
        if off_two < NEAR:
            twos[two] = z
            two += 1
    return one, two


@kernel
def best_trio(rules, tide, patch, offset, group, m, load, change, ones, twos):  # type: ignore[no-untyped-def]
    """Two branches to cut off (first may lie inside second), the order, and the cost."""
    top = patch.order[0]
    one, two = trio_branches(rules, patch, group, m, ones, twos)
    first, second, dealt, least = -1, -1, 0, np.inf
    weight, held = np.empty((3, 3)), np.empty((3, 3), np.int64)
    cost = np.empty((3, 3))
    tried = 0
    for p in range(one):
        for q in range(one + two):
            z = ones[p]
            y = ones[q] if q < one else twos[q - one]
            inside = q >= one
            if y == z or tried >= PAIRS:
                continue
            if inside != below(patch, z, y):
                continue
            if not inside and (q < p or below(patch, y, z)):
                continue
            tried += 1
            # Part 0 hangs below z, part 1 below y (without z if z is inside), part 2 is the rest.
            minus = 1.0 if inside else 0.0
            for j in range(load.shape[1]):
                load[0, j] = patch.load[z, j]
                load[1, j] = patch.load[y, j] - minus * patch.load[z, j]
                load[2, j] = patch.load[top, j] - load[0, j] - load[1, j]
            for d in range(3):
                weight[0, d] = patch.mass[z, d]
                weight[1, d] = patch.mass[y, d] - minus * patch.mass[z, d]
                weight[2, d] = patch.mass[top, d] - weight[0, d] - weight[1, d]
                cost[0, d] = patch.cost[z, d]
                cost[1, d] = patch.cost[y, d] - minus * patch.cost[z, d]
                cost[2, d] = patch.cost[top, d] - cost[0, d] - cost[1, d]
                held[0, d] = patch.held[z, d]
                held[1, d] = patch.held[y, d] - int(minus) * patch.held[z, d]
                held[2, d] = patch.held[top, d] - held[0, d] - held[1, d]
            shared = rules.cut * BOTH * (patch.border[z] + patch.border[y])
            for g in range(3):
                shared -= rules.shape * gathered(weight[g, 0], weight[g, 1], weight[g, 2])
            for turn in range(6):
                order = ORDERS[turn]
                value, allowed = shared, True
                for g in range(3):
                    value += cost[g, order[g]]
                    allowed = allowed and held[g, order[g]] == patch.held[top, order[g]]
                if not allowed:
                    continue
                value += flow_cost(rules, tide, offset, group, order, load, change)
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
    rng = np.array([seed], np.uint64)
    over = np.zeros(k)
    links, slope = np.empty((8 * k + 16, 2), np.int64), np.empty(8 * k + 16)
    seen = np.full((k, k), -1, np.int64)
    load, change = np.empty((3, land.load.shape[1])), np.empty(3)
    ones, twos = np.empty(len(state.label), np.int64), np.empty(len(state.label), np.int64)
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
            rising = 0.0
            for z in range(count):
                for j in range(load.shape[1]):
                    a, b = links[z, 0], links[z, 1]
                    rising += abs(tide.potential[a, j] - tide.potential[b, j]) + 1e-12
                slope[z] = rising
        pick(tide, over, outside, links, count, slope, three, rng)
        trio = draw(rng) < tide.trios and pick_third(links, count, three, rng)
        group = three if trio else three[:2]
        m, edges = gather(net, patch, group)
        shuffle_edges(land, patch, edges, rng)
        if spanning_tree(patch, m, edges):
            hang(patch, m, int(draw(rng) * m))
            branch_sums(land, rules, patch, group, m, edges)
            limit = present_cost(land, rules, state, patch, group, m, edges)
            limit -= heat * np.log(draw(rng) + 1e-300)
            part = patch.root  # no longer needed as union-find
            second = -1
            if trio:
                first, second, dealt, cost = best_trio(
                    rules, tide, patch, offset, group, m, load, change, ones, twos
                )
            else:
                first, dealt, cost = best_pair(rules, tide, patch, offset, group, m, load, change)
            if first >= 0 and cost < limit + 1.0:
                share_out(patch, part, m, first, second, dealt)
                if second >= 0:
                    both = BOTH * (patch.border[first] + patch.border[second])
                    cost += rules.cut * (cut_length(patch, part, edges) - both)
                if cost < limit:
                    deal(land, state, patch, offset, group, part, m)
                    for t in group:
                        update(rules, state, tide, over, t)
                    accepted += 1
                    outside = over.sum()
                    if outside < least:
                        least = outside
                        kept[:] = state.label
        for z in range(m):
            patch.local[patch.unit[z]] = -1
    if back:
        state.label[:] = kept
    return accepted
