"""Contiguity repair: every territory in one piece, for the search to start from."""

from __future__ import annotations

import numpy as np

from territory.optimize.arrays import Floats, Ints, Net
from territory.optimize.jit import kernel


@kernel
def release_strays(net, label, load, lock, k):  # type: ignore[no-untyped-def]
    """Keep the heaviest piece of each territory, and pieces with locked units; free the rest (-1).

    Of several pieces the one with the most locked units wins, then the heaviest. O(n + edges).
    """
    n = len(label)
    piece = np.full(n, -1, np.int64)
    worth = np.zeros(n)
    held = np.zeros(n, np.int64)
    queue = np.empty(n, np.int64)
    main = np.full(k, -1, np.int64)
    pieces = 0
    for start in range(n):
        if piece[start] >= 0 or label[start] < 0:
            continue
        piece[start] = pieces
        queue[0] = start
        head, tail = 0, 1
        while head < tail:
            u = queue[head]
            head += 1
            worth[pieces] += load[u] + 1e-9
            if lock[u] >= 0:
                held[pieces] += 1
            for e in range(net.indptr[u], net.indptr[u + 1]):
                v = net.indices[e]
                if piece[v] < 0 and label[v] == label[u]:
                    piece[v] = pieces
                    queue[tail] = v
                    tail += 1
        t = label[start]
        other = main[t]
        if (
            other < 0
            or held[pieces] > held[other]
            or (held[pieces] == held[other] and worth[pieces] > worth[other])
        ):
            main[t] = pieces
        pieces += 1
    for i in range(n):
        if label[i] >= 0 and piece[i] != main[label[i]] and held[piece[i]] == 0:
            label[i] = -1


@kernel
def regrow(net, label, x, y, mass, load, cx, cy, price):  # type: ignore[no-untyped-def]
    """Give each free unit to the cheapest territory next to it, in rounds, in place.

    Returns how many stay free: only units that no territory can reach. O(rounds · edges of free
    units).
    """
    free = 0
    for i in range(len(label)):
        if label[i] < 0:
            free += 1
    changed = 1
    while free > 0 and changed > 0:
        changed = 0
        for i in range(len(label)):
            if label[i] >= 0:
                continue
            best = np.inf
            choice = -1
            for e in range(net.indptr[i], net.indptr[i + 1]):
                t = label[net.indices[e]]
                if t >= 0:
                    dx, dy = x[i] - cx[t], y[i] - cy[t]
                    cost = mass[i] * (dx * dx + dy * dy) + price[t] * load[i]
                    if cost < best:
                        best = cost
                        choice = t
            if choice >= 0:
                label[i] = choice
                changed += 1
        free -= changed
    return free


def join_locked(net: Net, label: Ints, lock: Ints, k: int) -> None:
    """Connect locked units of one territory that lie apart, by the shortest way over free units.

    Territories without several locked pieces are untouched. Where other locks bar every way the
    territory stays in pieces, which `propose` reports.
    """
    for t in np.unique(lock[lock >= 0]):
        while True:
            way = _way_between_pieces(net, label, lock, int(t))
            if way is None:
                break
            label[way] = t


def _way_between_pieces(net: Net, label: Ints, lock: Ints, t: int) -> Ints | None:
    """Free units that would connect the piece of the first locked unit of t with another one."""
    locked = np.flatnonzero(lock == t)
    came = np.full(len(label), -1, np.int64)
    source = locked[:1]
    came[source] = source
    frontier = list(source)
    later: list[int] = []  # breadth first; steps inside the territory are free
    while frontier or later:
        if not frontier:
            frontier, later = later, []
        u = frontier.pop()
        for v in net.indices[net.indptr[u] : net.indptr[u + 1]]:
            if came[v] >= 0 or lock[v] not in (-1, t):
                continue
            came[v] = u
            (frontier if label[v] == t else later).append(v)
    for goal in locked:
        way: list[int] = []
        u = int(goal)
        while came[u] >= 0 and came[u] != u:
            if label[u] != t:
                way.append(u)
            u = int(came[u])
        if way:
            return np.array(way, dtype=np.int64)
    return None


def repair(
    net: Net,
    xy: Floats,
    mass: Floats,
    load: Floats,
    lock: Ints,
    label: Ints,
    centres: Floats,
    price: Floats,
) -> Ints:
    """A copy of a plan in which every territory is one piece (as far as locks allow).

    Parameters
    ----------
    net
        Connected, so that every unit can be reached.
    xy, mass, load
        As in `balanced_lloyd`, whose centres and prices decide who gets a loose unit.
    lock
        (n,) territory that must keep the unit, -1 where free.
    label
        (n,) territory, -1 where unassigned.
    """
    label = label.copy()
    held = lock >= 0
    label[held] = lock[held]
    k = len(price)
    join_locked(net, label, lock, k)
    release_strays(net, label, load, lock, k)
    cx, cy = np.ascontiguousarray(centres[:, 0]), np.ascontiguousarray(centres[:, 1])
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    regrow(net, label, x, y, mass, load, cx, cy, price)
    return label


def count_pieces(net: Net, label: Ints, k: int) -> Ints:
    """(k,) connected pieces of each territory in the search's graph (bridges count)."""
    from territory.model import Graph, pieces

    links = len(net.indices)
    graph = Graph(net.indptr, net.indices, np.zeros(links), np.zeros(links, bool))
    return pieces(graph, label, k)
