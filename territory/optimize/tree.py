"""A random spanning tree through merged territories, and what hangs below each of its edges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.optimize.anneal import draw
from territory.optimize.arrays import Floats, Ints
from territory.optimize.jit import kernel
from territory.optimize.objective import unit_cost


class Patch(NamedTuple):
    """Working memory: the merged territories as a small graph with local numbers 0..m-1."""

    head: Ints  # (k,) first unit of each territory …
    after: Ints  # (n,) … and the next one: linked lists
    unit: Ints  # (n,) local → unit
    local: Ints  # (n,) unit → local, -1 outside
    ends: Ints  # (edges, 2) local
    length: Floats  # (edges,) border
    key: Floats  # (edges,) order in which edges enter the tree
    root: Ints  # (n,) union-find, later the write position of each unit's branches
    start: Ints  # (n+1,) tree as CSR
    branch: Ints  # (2n,)
    chosen: Ints  # (n,) edges of the tree
    order: Ints  # (n,) from the root downwards
    parent: Ints  # (n,)
    depth: Ints  # (n,)
    chain: Ints  # (n,) see `chains`
    load: Floats  # (n, M) from here on: sums over the branch that hangs from a unit
    mass: Floats  # (n, 3) Σ mass, Σ mass·x, Σ mass·y
    border: Floats  # (n,) length of the cut above the unit
    cost: Floats  # (n, 3) home and disruption if the branch goes to the first, second, … territory
    held: Ints  # (n, 3) units locked to the first, second, …


@kernel
def patch_memory(net, land, state):  # type: ignore[no-untyped-def]
    """Working memory for one call, with the lists of units filled in."""
    n, k = len(state.label), len(state.size)
    edges = len(net.indices) // 2 + 1
    measures = land.load.shape[1]
    head = np.full(k, -1, np.int64)
    after = np.full(n, -1, np.int64)
    for i in range(n):
        after[i] = head[state.label[i]]
        head[state.label[i]] = i
    return Patch(
        head,
        after,
        np.empty(n, np.int64),
        np.full(n, -1, np.int64),
        np.empty((edges, 2), np.int64),
        np.empty(edges),
        np.empty(edges),
        np.empty(n, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(2 * n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty((n, measures)),
        np.empty((n, 3)),
        np.empty(n),
        np.empty((n, 3)),
        np.empty((n, 3), np.int64),
    )


@kernel
def gather(net, patch, group):  # type: ignore[no-untyped-def]
    """Number the units of two or three territories and list their edges; returns (units, edges)."""
    m = 0
    for t in group:
        i = patch.head[t]
        while i >= 0:
            patch.unit[m] = i
            patch.local[i] = m
            m += 1
            i = patch.after[i]
    edges = 0
    for z in range(m):
        i = patch.unit[z]
        for e in range(net.indptr[i], net.indptr[i + 1]):
            other = patch.local[net.indices[e]]
            if other > z:
                patch.ends[edges, 0] = z
                patch.ends[edges, 1] = other
                patch.length[edges] = net.border[e]
                edges += 1
    return m, edges


@kernel
def shuffle_edges(land, patch, edges, rng):  # type: ignore[no-untyped-def]
    """Random order of the edges; half of the time those across a random direction come first."""
    directed = draw(rng) < 0.5
    angle = draw(rng) * np.pi
    dx, dy = np.cos(angle), np.sin(angle)
    for e in range(edges):
        patch.key[e] = draw(rng)
        if directed:
            u, v = patch.unit[patch.ends[e, 0]], patch.unit[patch.ends[e, 1]]
            along = abs((land.x[u] - land.x[v]) * dx + (land.y[u] - land.y[v]) * dy)
            patch.key[e] = along * (0.3 + patch.key[e])


@kernel
def find(root, u):  # type: ignore[no-untyped-def]
    """Representative of u's set (union-find with path halving)."""
    while root[u] != u:
        root[u] = root[root[u]]
        u = root[u]
    return u


@kernel
def roughly_sorted(key, count):  # type: ignore[no-untyped-def]
    """Positions 0 … count-1 by key, in as many buckets; within one, as they came. O(count).

    A random tree needs no better order.
    """
    most = 1e-300
    for e in range(count):
        most = max(most, key[e])
    scale = (count - 1) / most
    first = np.zeros(count + 1, np.int64)
    for e in range(count):
        first[int(key[e] * scale) + 1] += 1
    for b in range(count):
        first[b + 1] += first[b]
    order = np.empty(count, np.int64)
    for e in range(count):
        b = int(key[e] * scale)
        order[first[b]] = e
        first[b] += 1
    return order


@kernel
def spanning_tree(patch, m, edges):  # type: ignore[no-untyped-def]
    """Kruskal's tree in the order of the keys, as CSR; False if the units are not connected."""
    for z in range(m):
        patch.root[z] = z
        patch.start[z + 1] = 0
    patch.start[0] = 0
    size = 0
    for e in roughly_sorted(patch.key, edges):
        u, v = patch.ends[e, 0], patch.ends[e, 1]
        ru, rv = find(patch.root, u), find(patch.root, v)
        if ru != rv:
            patch.root[ru] = rv
            patch.chosen[size] = e
            patch.start[u + 1] += 1
            patch.start[v + 1] += 1
            size += 1
            if size == m - 1:
                break
    if size < m - 1:
        return False
    write = patch.root
    for z in range(m):
        patch.start[z + 1] += patch.start[z]
        write[z] = patch.start[z]
    for c in range(size):
        u, v = patch.ends[patch.chosen[c], 0], patch.ends[patch.chosen[c], 1]
        patch.branch[write[u]] = v
        write[u] += 1
        patch.branch[write[v]] = u
        write[v] += 1
    return True


@kernel
def hang(patch, m, top):  # type: ignore[no-untyped-def]
    """Order, parents and depths of the tree hung up at unit `top`."""
    for z in range(m):
        patch.parent[z] = -1
    patch.parent[top] = top
    patch.depth[top] = 0
    patch.order[0] = top
    head, tail = 0, 1
    while head < tail:
        u = patch.order[head]
        head += 1
        for e in range(patch.start[u], patch.start[u + 1]):
            v = patch.branch[e]
            if patch.parent[v] < 0:
                patch.parent[v] = u
                patch.depth[v] = patch.depth[u] + 1
                patch.order[tail] = v
                tail += 1


@kernel
def chains(patch, m):  # type: ignore[no-untyped-def]
    """Heavy chains of the tree, into `patch.chain`: the top unit of the chain each unit lies on.

    A unit goes on with its largest branch, so that every way to the root crosses few chains
    (Sleator & Tarjan 1983). O(m).
    """
    size, heavy, chain = patch.root, patch.chosen, patch.chain  # the tree is drawn: both are free
    order, parent = patch.order, patch.parent
    for z in range(m):
        size[z] = 1
        heavy[z] = -1
    for h in range(m - 1, 0, -1):
        z = order[h]
        p = parent[z]
        size[p] += size[z]
        if heavy[p] < 0 or size[z] > size[heavy[p]]:
            heavy[p] = z
    chain[order[0]] = order[0]
    for h in range(1, m):
        z = order[h]
        p = parent[z]
        chain[z] = chain[p] if heavy[p] == z else z


@kernel
def crossing_lengths(patch, m, edges):  # type: ignore[no-untyped-def]
    """Into `patch.border`, for each unit: border lengths, less twice those whose two ends' paths to
    the root meet there. Their sum over a branch is the border that cutting it off would make.

    O(m + edges · log m).
    """
    chains(patch, m)
    ends, length, border = patch.ends, patch.length, patch.border
    chain, depth, parent = patch.chain, patch.depth, patch.parent
    for z in range(m):
        border[z] = 0.0
    for e in range(edges):
        u, v, km = ends[e, 0], ends[e, 1], length[e]
        border[u] += km
        border[v] += km
        while chain[u] != chain[v]:
            if depth[chain[u]] >= depth[chain[v]]:
                u = parent[chain[u]]
            else:
                v = parent[chain[v]]
        border[u if depth[u] <= depth[v] else v] -= 2.0 * km


@kernel
def branch_sums(land, rules, patch, group, m, edges):  # type: ignore[no-untyped-def]
    """For the branch below each unit: load, mass, costs, locks and the border its cut would make.

    O(m · M + edges · log m).
    """
    crossing_lengths(patch, m, edges)
    load, mass, cost, held = patch.load, patch.mass, patch.cost, patch.held
    priced = rules.home > 0.0 or rules.move > 0.0 or rules.ban > 0.0
    for z in range(m):
        i = patch.unit[z]
        for j in range(land.load.shape[1]):
            load[z, j] = land.load[i, j]
        mass[z, 0] = land.mass[i]
        mass[z, 1] = land.mass[i] * land.x[i]
        mass[z, 2] = land.mass[i] * land.y[i]
        for g in range(len(group)):
            cost[z, g] = unit_cost(land, rules, i, group[g]) if priced else 0.0
            held[z, g] = 1 if land.lock[i] == group[g] else 0
    for h in range(m - 1, 0, -1):
        z = patch.order[h]
        p = patch.parent[z]
        for j in range(land.load.shape[1]):
            load[p, j] += load[z, j]
        for j in range(3):
            mass[p, j] += mass[z, j]
        patch.border[p] += patch.border[z]
        for g in range(len(group)):
            cost[p, g] += cost[z, g]
            held[p, g] += held[z, g]


@kernel
def draw_tree(net, land, rules, patch, group, rng):  # type: ignore[no-untyped-def]
    """Merge a group and hang a random tree through its units: is it connected, units, edges.

    The sums of every branch are in `patch` afterwards. Call `release` when done with it.
    O(m log m) for m units.
    """
    m, edges = gather(net, patch, group)
    shuffle_edges(land, patch, edges, rng)
    whole = spanning_tree(patch, m, edges)
    if whole:
        hang(patch, m, int(draw(rng) * m))
        branch_sums(land, rules, patch, group, m, edges)
    return whole, m, edges


@kernel
def release(patch, m):  # type: ignore[no-untyped-def]
    """Forget the local numbers of a merged group."""
    for z in range(m):
        patch.local[patch.unit[z]] = -1
