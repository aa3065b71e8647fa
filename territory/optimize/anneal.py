"""Annealed boundary search: single moves and swaps between neighbouring territories.

A random border unit is offered to the territory of a random neighbour. It goes if the objective
falls, or rises by less than −T·ln(u); if neither, every other time a unit of the other territory is
offered in exchange. A change that would split a territory is refused, so a plan that starts
contiguous stays so (Kirkpatrick et al. 1983; D'Amico et al. 2002 for districting).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.optimize.arrays import Ints
from territory.optimize.connect import flood_memory, may_leave
from territory.optimize.jit import kernel
from territory.optimize.objective import move_delta, swap_delta

EXCHANGES = 64
"""At most so many units are considered for an exchange."""


class Border(NamedTuple):
    """The units that touch another territory, kept as a set with O(1) insert, remove and draw."""

    place: Ints  # (n,) position in members, -1 when not on the border
    members: Ints  # (n,)
    size: Ints  # (1,)


@kernel
def draw(rng):  # type: ignore[no-untyped-def]
    """Uniform number in [0, 1): xorshift64 (Marsaglia 2003), our own so that seeds are portable."""
    s = rng[0]
    s ^= s << np.uint64(13)
    s ^= s >> np.uint64(7)
    s ^= s << np.uint64(17)
    rng[0] = s
    return (s >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def refresh(net, label, border, i):  # type: ignore[no-untyped-def]
    """Put unit i in or out of the border set, as its neighbours say."""
    outside = False
    for e in range(net.indptr[i], net.indptr[i + 1]):
        if label[net.indices[e]] != label[i]:
            outside = True
            break
    place = border.place[i]
    if outside and place < 0:
        border.place[i] = border.size[0]
        border.members[border.size[0]] = i
        border.size[0] += 1
    elif place >= 0 and not outside:
        border.size[0] -= 1
        last = border.members[border.size[0]]
        border.members[place] = last
        border.place[last] = place
        border.place[i] = -1


@kernel
def relabel(net, land, state, border, i, b):  # type: ignore[no-untyped-def]
    """Unit i goes to territory b: label, sums and border set. O(degree²)."""
    a = state.label[i]
    state.label[i] = b
    state.size[a] -= 1
    state.size[b] += 1
    for m in range(land.load.shape[1]):
        state.total[a, m] -= land.load[i, m]
        state.total[b, m] += land.load[i, m]
    q = land.mass[i]
    state.mass[a] -= q
    state.mass[b] += q
    state.mx[a] -= q * land.x[i]
    state.mx[b] += q * land.x[i]
    state.my[a] -= q * land.y[i]
    state.my[b] += q * land.y[i]
    refresh(net, state.label, border, i)
    for e in range(net.indptr[i], net.indptr[i + 1]):
        refresh(net, state.label, border, net.indices[e])


@kernel
def pick_exchange(net, land, state, border, choices, rng, i, b):  # type: ignore[no-untyped-def]
    """A unit of b that could go the other way when i comes in: on the border, near i. Or -1."""
    found = 0
    for e in range(net.indptr[i], net.indptr[i + 1]):
        u = net.indices[e]
        if state.label[u] != b:
            continue
        for e2 in range(net.indptr[u], net.indptr[u + 1]):
            v = net.indices[e2]
            if state.label[v] == b and border.place[v] >= 0 and found < EXCHANGES:
                choices[found] = v
                found += 1
        if found < EXCHANGES:
            choices[found] = u
            found += 1
    if found == 0:
        return -1
    s = choices[int(draw(rng) * found)]
    if land.lock[s] >= 0 or state.size[b] <= 1:
        return -1
    a = state.label[i]
    for e in range(net.indptr[s], net.indptr[s + 1]):
        v = net.indices[e]
        if v != i and state.label[v] == a:  # it must touch what is left of a
            return s
    return -1


@kernel
def exchange(net, land, state, border, flood, i, s):  # type: ignore[no-untyped-def]
    """Swap i and s if both territories stay in one piece. The sums are untouched if not."""
    a, b = state.label[i], state.label[s]
    if not may_leave(net, state.label, flood, i):
        return False
    state.label[i] = b
    allowed = may_leave(net, state.label, flood, s)
    state.label[i] = a
    if allowed:
        relabel(net, land, state, border, i, b)
        relabel(net, land, state, border, s, a)
    return allowed


@kernel
def anneal(net, land, rules, state, tries, hot, cold, seed):  # type: ignore[no-untyped-def]
    """`tries` offers while the temperature falls from hot to cold, in place; returns the accepted.

    O(degree²) an offer, plus a flood of one territory in the rare case that needs it.
    """
    n = len(state.label)
    border = Border(np.full(n, -1, np.int64), np.empty(n, np.int64), np.zeros(1, np.int64))
    for i in range(n):
        refresh(net, state.label, border, i)
    flood = flood_memory(n)
    choices = np.empty(EXCHANGES, np.int64)
    rng = np.array([seed], np.uint64)
    accepted = 0
    temperature = hot
    for turn in range(tries):
        if border.size[0] == 0:
            break
        if turn % 256 == 0:
            temperature = hot * (cold / hot) ** (turn / tries)
        i = border.members[int(draw(rng) * border.size[0])]
        first = net.indptr[i]
        j = net.indices[first + int(draw(rng) * (net.indptr[i + 1] - first))]
        a, b = state.label[i], state.label[j]
        if a == b or land.lock[i] >= 0 or state.size[a] <= 1:
            continue
        allowance = -temperature * np.log(draw(rng) + 1e-300)
        if move_delta(net, land, rules, state, i, b) <= allowance:
            if may_leave(net, state.label, flood, i):
                relabel(net, land, state, border, i, b)
                accepted += 1
        elif turn % 2 == 0:
            s = pick_exchange(net, land, state, border, choices, rng, i, b)
            if s < 0 or swap_delta(net, land, rules, state, i, s) > allowance:
                continue
            if exchange(net, land, state, border, flood, i, s):
                accepted += 1
    return accepted
