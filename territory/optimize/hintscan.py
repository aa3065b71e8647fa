"""Every single move and swap along the borders of a plan, priced: the kernels behind `hints`.

Territory k, after the k real ones, is nobody's: unassigned units lie there, and nothing goes there.
"""

from __future__ import annotations

import numpy as np

from territory.optimize.connect import flood_memory, may_leave
from territory.optimize.jit import kernel
from territory.optimize.objective import move_delta, swap_delta

SIDE = 64
"""Moves across a border considered for swaps, in each direction."""

FIRST = 1000.0
"""Surcharge on violation, so that whatever mends it ranks before whatever does not."""


@kernel
def overrun(land, rules, state, a, b, i, s):  # type: ignore[no-untyped-def]
    """Change of the violation Σ max(0, |deviation| − tolerance) when i goes from a to b, s back."""
    change = 0.0
    for m in range(land.load.shape[1]):
        w = land.load[i, m]
        if s >= 0:
            w -= land.load[s, m]
        for t, extra in ((a, -w), (b, w)):
            before = abs(state.total[t, m] / rules.target[t] - 1.0) - rules.tolerance[m]
            after = abs((state.total[t, m] + extra) / rules.target[t] - 1.0) - rules.tolerance[m]
            change += max(after, 0.0) - max(before, 0.0)
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
            cost += FIRST * overrun(land, rules, state, a, b, i, -1)
            if a == nobody:  # what the unit adds wherever it goes, see `gathered`
                cost += rules.shape * land.mass[i] * (land.x[i] ** 2 + land.y[i] ** 2)
            unit[found], to[found], delta[found] = i, b, cost
            found += 1
    return found


@kernel
def scan_swaps(net, land, rules, state, unit, to, delta, bounds, first, second, gain):  # type: ignore[no-untyped-def]
    """The best exchanges, sorted into first, second, gain (R,); returns how many.

    Parameters
    ----------
    unit, to, delta
        Moves grouped by the two territories they are between, best first within a group.
    bounds
        (groups+1,) where each group begins.

    Only exchanges that do better than either of their moves alone. O(Σ moves² of a border).
    """
    room, kept = len(first), 0
    there, back = np.empty(SIDE, np.int64), np.empty(SIDE, np.int64)
    for g in range(len(bounds) - 1):
        a = state.label[unit[bounds[g]]]
        out, come = 0, 0
        for p in range(bounds[g], bounds[g + 1]):
            if state.label[unit[p]] == a and out < SIDE:
                there[out] = p
                out += 1
            elif state.label[unit[p]] != a and come < SIDE:
                back[come] = p
                come += 1
        for p in there[:out]:
            for q in back[:come]:
                i, s = unit[p], unit[q]
                over = overrun(land, rules, state, a, state.label[s], i, s)
                if over > 1e-12:  # far cheaper than the rest, and settles most
                    continue
                value = FIRST * over + swap_delta(net, land, rules, state, i, s)
                if value >= min(0.0, delta[p], delta[q]) - 1e-9:
                    continue
                if kept == room and value >= gain[room - 1]:
                    continue
                z = kept if kept < room else room - 1
                kept = min(kept + 1, room)
                while z > 0 and gain[z - 1] > value:
                    gain[z], first[z], second[z] = gain[z - 1], first[z - 1], second[z - 1]
                    z -= 1
                gain[z], first[z], second[z] = value, i, s
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
