"""Every single move and swap along the borders of a plan, priced: the kernels behind `hints`.

Territory k, after the k real ones, is nobody's: unassigned units lie there, and nothing goes there.
"""

from __future__ import annotations

import numpy as np

from territory.optimize.connect import flood_memory, may_leave
from territory.optimize.jit import kernel
from territory.optimize.objective import (
    border_delta,
    gathered,
    load_cost,
    move_delta,
    swap_delta,
)

SIDE = 64
"""Moves across a border considered for swaps, in each direction."""

FIRST = 1000.0
"""Surcharge on violation, so that whatever mends it ranks before whatever does not."""


@kernel
def missed(total, extra, target, tolerance):  # type: ignore[no-untyped-def]
    """Change of max(0, |deviation| − tolerance) of a territory that gets something extra."""
    before = abs(total / target - 1.0) - tolerance
    after = abs((total + extra) / target - 1.0) - tolerance
    return max(after, 0.0) - max(before, 0.0)


@kernel
def overrun(load, target, tolerance, total, a, b, i, s):  # type: ignore[no-untyped-def]
    """Change of the violation Σ max(0, |deviation| − tolerance) when i goes from a to b, s back.

    Takes arrays, not the tuples that hold them: handing those over would cost more than the sum.
    """
    change = 0.0
    for m in range(load.shape[1]):
        w = load[i, m]
        if s >= 0:
            w -= load[s, m]
        change += missed(total[a, m], -w, target[a], tolerance[m])
        change += missed(total[b, m], w, target[b], tolerance[m])
    return change


@kernel
def scan_moves(net, land, rules, state, free, accepts, unit, to, delta):  # type: ignore[no-untyped-def]
    """List each free border unit with each open territory it touches; returns how many.

    Parameters
    ----------
    free, accepts
        (n,) units that may move; (k+1,) territories that may take some.
    unit, to, delta
        (nnz,) filled: what moves, where to, and the change of the objective. O(Σ degree²).
    """
    nobody = len(state.size) - 1
    seen = np.full(len(state.size), -1, np.int64)
    found = 0
    sides = (land.load, rules.target, rules.tolerance, state.total)
    for i in range(len(state.label)):
        a = state.label[i]
        if not free[i] or (a != nobody and state.size[a] <= 1):
            continue
        for e in range(net.indptr[i], net.indptr[i + 1]):
            b = state.label[net.indices[e]]
            if b == a or not accepts[b] or seen[b] == i:
                continue
            seen[b] = i
            cost = move_delta(net, land, rules, state, i, b)
            cost += FIRST * overrun(*sides, a, b, i, -1)
            if a == nobody:  # what the unit adds wherever it goes, see `gathered`
                cost += rules.shape * land.mass[i] * (land.x[i] ** 2 + land.y[i] ** 2)
            unit[found], to[found], delta[found] = i, b, cost
            found += 1
    return found


@kernel
def sides_of(net, rules, label, unit, to, begin, end, there, back, cost):  # type: ignore[no-untyped-def]
    """Moves begin … end by direction, into there and back, with what each does to the border's
    cost; returns how many of each."""
    a = label[unit[begin]]
    out, come = 0, 0
    for p in range(begin, end):
        own = label[unit[p]] == a
        if (own and out == SIDE) or (not own and come == SIDE):
            continue
        if own:
            there[out] = p
            out += 1
        else:
            back[come] = p
            come += 1
        cost[p] = rules.cut * border_delta(net, label, unit[p], label[unit[p]], to[p])
    return out, come


@kernel
def exchange_delta(land, rules, state, a, b, i, others, worth):  # type: ignore[no-untyped-def]
    """What trading i of territory a for each of some units of b does to balance and compactness,
    into worth: as `transfer_delta`, with what is common to all trades taken out of the loop."""
    q, qx, qy = land.mass[i], land.mass[i] * land.x[i], land.mass[i] * land.y[i]
    ma, xa, ya = state.mass[a], state.mx[a], state.my[a]
    mb, xb, yb = state.mass[b], state.mx[b], state.my[b]
    before = gathered(ma, xa, ya) + gathered(mb, xb, yb)
    mass, x, y, load = land.mass, land.x, land.y, land.load
    shape = rules.shape
    for z in range(len(others)):
        s = others[z]
        d, dx, dy = q - mass[s], qx - mass[s] * x[s], qy - mass[s] * y[s]
        after = gathered(ma - d, xa - dx, ya - dy) + gathered(mb + d, xb + dx, yb + dy)
        worth[z] = shape * (before - after)
    for m in range(load.shape[1]):
        common = (rules.weight[m], rules.pull[m], rules.wall)
        for t, sign in ((a, -1.0), (b, 1.0)):
            now, price, w = state.total[t, m], rules.price[t, m], load[i, m]
            wanted = (rules.target[t], rules.tolerance[m], rules.floor[t, m], rules.ceiling[t, m])
            held = load_cost(now, *wanted, *common, price)
            for z in range(len(others)):
                extra = sign * (w - load[others[z], m])
                worth[z] += load_cost(now + extra, *wanted, *common, price) - held


@kernel
def scan_swaps(net, land, rules, state, unit, to, delta, bounds, first, second, gain):  # type: ignore[no-untyped-def]
    """The best exchanges, sorted into first, second, gain (R,); returns how many.

    Parameters
    ----------
    unit, to, delta
        Moves grouped by the two territories they are between, best first within a group.
    bounds
        (groups+1,) where each group begins.

    Only exchanges that do better than either of their moves alone. Two units that touch add to the
    border what both moves count as healed, so that the sum without it is a lower bound: only the
    few exchanges that it leaves are priced in full. O(Σ moves² of a border).
    """
    room, kept = len(first), 0
    there, back = np.empty(SIDE, np.int64), np.empty(SIDE, np.int64)
    cost, worth = np.empty(len(unit)), np.empty(SIDE)
    others = np.empty(SIDE, np.int64)
    sides = (land.load, rules.target, rules.tolerance, state.total)
    for g in range(len(bounds) - 1):
        begin, end = bounds[g], bounds[g + 1]
        out, come = sides_of(net, rules, state.label, unit, to, begin, end, there, back, cost)
        for z in range(come):
            others[z] = unit[back[z]]
        for p in there[:out]:
            i = unit[p]
            a, b = state.label[i], to[p]
            exchange_delta(land, rules, state, a, b, i, others[:come], worth)
            for z in range(come):
                q, s = back[z], others[z]
                limit = min(0.0, delta[p], delta[q]) - 1e-9
                if kept == room:
                    limit = min(limit, gain[room - 1])
                least = worth[z] + cost[p] + cost[q] - 1e-9
                over = overrun(*sides, a, b, i, s)
                if over > 1e-12 or FIRST * over + least >= limit:
                    continue
                value = FIRST * over + swap_delta(net, land, rules, state, i, s)
                if value >= limit:
                    continue
                at = kept if kept < room else room - 1
                kept = min(kept + 1, room)
                while at > 0 and gain[at - 1] > value:
                    gain[at], first[at], second[at] = gain[at - 1], first[at - 1], second[at - 1]
                    at -= 1
                gain[at], first[at], second[at] = value, i, s
    return kept


@kernel
def keeps_whole(net, state, flood, i):  # type: ignore[no-untyped-def]
    """May unit i leave? Also when it is unassigned, or a stray piece of its own."""
    a = state.label[i]
    if a == len(state.size) - 1 or may_leave(net, state.label, flood, i):
        return True
    for e in range(net.indptr[i], net.indptr[i + 1]):
        if state.label[net.indices[e]] == a:
            return False
    return state.size[a] > 1


@kernel
def sound_moves(net, state, unit, order, count, out):  # type: ignore[no-untyped-def]
    """The first `count` moves in `order` that cut nothing off, into out; returns how many."""
    flood = flood_memory(len(state.label))
    kept = 0
    for p in order:
        if kept == count:
            break
        if keeps_whole(net, state, flood, unit[p]):
            out[kept] = p
            kept += 1
    return kept


@kernel
def sound_swaps(net, state, first, second, found, count, out):  # type: ignore[no-untyped-def]
    """The first `count` exchanges that leave both territories whole; each unit in one at most."""
    flood = flood_memory(len(state.label))
    used = np.zeros(len(state.label), np.bool_)
    kept = 0
    for z in range(found):
        i, s = first[z], second[z]
        if kept == count:
            break
        if used[i] or used[s]:
            continue
        a, b = state.label[i], state.label[s]
        touches = False
        for e in range(net.indptr[s], net.indptr[s + 1]):
            v = net.indices[e]
            touches = touches or (v != i and state.label[v] == a)
        if not touches or not may_leave(net, state.label, flood, i):
            continue
        state.label[i] = b
        whole = may_leave(net, state.label, flood, s)
        state.label[i] = a
        if whole:
            used[i] = True
            used[s] = True
            out[kept] = z
            kept += 1
    return kept
