"""Merge-and-split: the large step of the search.

Two neighbouring territories are merged, a random spanning tree is drawn through their units, and
the one edge is cut that leaves the best two halves under the full objective. Both are connected
by construction, so it moves whole stretches of land where single moves would have to climb
(the idea of ReCom: DeFord, Duchin & Solomon 2021; here with the exact best cut and a Metropolis
test). Half of the trees follow a random direction, which makes for straight cuts.

One try costs O(m log m) for m units in the two territories.
"""

from __future__ import annotations

import numpy as np

from territory.optimize.anneal import draw
from territory.optimize.jit import kernel
from territory.optimize.objective import balance_cost, beyond, gathered, load_cost, unit_cost
from territory.optimize.tree import draw_tree, patch_memory, release


@kernel
def halves_cost(shape, border, mass, mx, my, whole, whole_x, whole_y):  # type: ignore[no-untyped-def]
    """Compactness and border of two halves: a branch with its sums, and the rest of the whole."""
    apart = -gathered(mass, mx, my) - gathered(whole - mass, whole_x - mx, whole_y - my)
    return shape * apart + border


@kernel
def keeps_locks(held, top, z, side):  # type: ignore[no-untyped-def]
    """May the branch below z go to territory `side` of a pair, and the rest to the other?"""
    return held[z, 1 - side] == 0 and held[z, side] == held[top, side]


@kernel
def best_cut(rules, patch, offset, a, b, m):  # type: ignore[no-untyped-def]
    """The branch to cut off and who gets it (0: a, 1: b), with its cost; (-1, 0, inf) if none.

    Every branch and both ways round are priced under the full objective; a cut that takes a locked
    unit from its territory is passed over.
    """
    top = patch.order[0]
    choice, receiver, least = -1, 0, np.inf
    for h in range(1, m):
        z = patch.order[h]
        shared = halves_cost(
            rules.shape,
            rules.cut * patch.border[z],
            *(patch.mass[z, 0], patch.mass[z, 1], patch.mass[z, 2]),
            *(patch.mass[top, 0], patch.mass[top, 1], patch.mass[top, 2]),
        )
        for side in range(2):
            other = 1 - side
            if not keeps_locks(patch.held, top, z, side):
                continue
            t, u = (a, b) if side == 0 else (b, a)
            value = shared + patch.cost[z, side] + patch.cost[top, other] - patch.cost[z, other]
            for j in range(patch.load.shape[1]):
                part = patch.load[z, j]
                common = (rules.weight[j], rules.pull[j], rules.wall)
                value += load_cost(
                    offset[t, j] + part,
                    *(rules.target[t], rules.tolerance[j], rules.floor[t, j], rules.ceiling[t, j]),
                    *(*common, rules.price[t, j]),
                )
                value += load_cost(
                    offset[u, j] + patch.load[top, j] - part,
                    *(rules.target[u], rules.tolerance[j], rules.floor[u, j], rules.ceiling[u, j]),
                    *(*common, rules.price[u, j]),
                )
            if value < least:
                least, choice, receiver = value, z, side
    return choice, receiver, least


@kernel
def present_cost(land, rules, state, patch, group, m, edges):  # type: ignore[no-untyped-def]
    """What the territories of a group cost as they are, in the same terms as `best_cut`."""
    value = 0.0
    for t in group:
        value -= rules.shape * gathered(state.mass[t], state.mx[t], state.my[t])
        for j in range(land.load.shape[1]):
            value += balance_cost(rules, t, j, state.total[t, j])
    for e in range(edges):
        if state.label[patch.unit[patch.ends[e, 0]]] != state.label[patch.unit[patch.ends[e, 1]]]:
            value += rules.cut * patch.length[e]
    if rules.home > 0.0 or rules.move > 0.0 or rules.ban > 0.0:
        for z in range(m):
            i = patch.unit[z]
            value += unit_cost(land, rules, i, state.label[i])
    return value


@kernel
def mark_branch(patch, part, m, top, value):  # type: ignore[no-untyped-def]
    """Write `value` into part (m,) for the branch below `top`."""
    begun = False
    for h in range(m):
        z = patch.order[h]
        if z == top:
            begun = True
            patch.chosen[z] = 1
        else:
            patch.chosen[z] = patch.chosen[patch.parent[z]] if begun else 0
        if patch.chosen[z] == 1:
            part[z] = value


@kernel
def deal(land, state, patch, offset, group, part, m):  # type: ignore[no-untyped-def]
    """Carry out a cut: unit z of the patch goes to group[part[z]]; labels, sums and lists."""
    for t in group:
        patch.head[t] = -1
        state.size[t] = 0
        state.mass[t] = 0.0
        state.mx[t] = 0.0
        state.my[t] = 0.0
        state.total[t, :] = offset[t, :]
    for z in range(m):
        i = patch.unit[z]
        t = group[part[z]]
        state.label[i] = t
        state.size[t] += 1
        for j in range(land.load.shape[1]):
            state.total[t, j] += land.load[i, j]
        state.mass[t] += land.mass[i]
        state.mx[t] += land.mass[i] * land.x[i]
        state.my[t] += land.mass[i] * land.y[i]
        patch.after[i] = patch.head[t]
        patch.head[t] = i


@kernel
def violations(rules, state, over):  # type: ignore[no-untyped-def]
    """How far each territory is outside tolerance and limits, into `over`; returns the sum."""
    total = 0.0
    for t in range(len(over)):
        over[t] = 0.0
        for j in range(state.total.shape[1]):
            gap = beyond(rules, t, j, state.total[t, j] / rules.target[t] - 1.0)
            if gap > 0.0:
                over[t] += gap
        total += over[t]
    return total


@kernel
def draw_territory(over, total, rng):  # type: ignore[no-untyped-def]
    """A territory, with a chance in proportion to `over`."""
    mark = draw(rng) * total
    for t in range(len(over)):
        mark -= over[t]
        if mark <= 0.0 and over[t] > 0.0:
            return t
    return -1


@kernel
def draw_unit(state, patch, t, rng):  # type: ignore[no-untyped-def]
    """A random unit of territory t."""
    i = patch.head[t]
    for _ in range(int(draw(rng) * state.size[t])):
        i = patch.after[i]
    return i


@kernel
def draw_neighbour(net, state, patch, a, rng):  # type: ignore[no-untyped-def]
    """A territory that touches a, searched for from a random unit on; -1 if there is none."""
    i = draw_unit(state, patch, a, rng)
    for _ in range(state.size[a]):
        degree = net.indptr[i + 1] - net.indptr[i]
        skip = int(draw(rng) * degree)
        for d in range(degree):
            t = state.label[net.indices[net.indptr[i] + (d + skip) % degree]]
            if t != a:
                return t
        i = patch.after[i]
        if i < 0:
            i = patch.head[a]
    return -1


@kernel
def merge_and_split(net, land, rules, state, offset, broken, tries, heat, focus, seed):  # type: ignore[no-untyped-def]
    """`tries` merge-and-splits in place; returns how many were accepted.

    Parameters
    ----------
    offset
        (k, M) fixed part of each territory's load.
    broken
        (k,) 1 for territories in several pieces; any cut that mends one is taken. Updated.
    heat
        Temperature of the Metropolis test.
    focus
        Pick territories outside the tolerance (or, now and then, beside them, so that slack flows
        in from further away) and stop when there are none; else pick by units.
    """
    n = len(state.label)
    patch = patch_memory(net, land, state)
    rng = np.array([seed], np.uint64)
    over = np.zeros(len(state.size))
    group = np.empty(2, np.int64)
    outside = 0.0
    accepted = 0
    for turn in range(tries):
        if focus and turn % 16 == 0:
            outside = violations(rules, state, over)
            for t in range(len(over)):
                over[t] += broken[t]
                outside += broken[t]
            if outside <= 0.0:
                break
        if focus:
            a = draw_territory(over, outside, rng)
            if a >= 0 and draw(rng) < 0.3:
                beside = draw_neighbour(net, state, patch, a, rng)
                a = beside if beside >= 0 else a
        else:
            a = state.label[int(draw(rng) * n)]
        b = draw_neighbour(net, state, patch, a, rng) if a >= 0 else -1
        if b < 0:
            continue
        group[0], group[1] = a, b
        whole, m, edges = draw_tree(net, land, rules, patch, group, rng)
        if whole:
            choice, receiver, cost = best_cut(rules, patch, offset, a, b, m)
            limit = present_cost(land, rules, state, patch, group, m, edges)
            limit -= heat * np.log(draw(rng) + 1e-300)
            mends = broken[a] + broken[b] > 0
            if choice >= 0 and (mends or cost < limit):
                part = patch.root  # no longer needed as union-find
                part[:m] = 1 - receiver
                mark_branch(patch, part, m, choice, receiver)
                deal(land, state, patch, offset, group, part, m)
                broken[a] = 0
                broken[b] = 0
                accepted += 1
        release(patch, m)
    return accepted
