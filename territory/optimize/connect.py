"""Connectivity inside the search: may a unit leave its territory without splitting it?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.optimize.arrays import Ints
from territory.optimize.jit import kernel


class Flood(NamedTuple):
    """Working memory of `may_leave`: marks are stamped, never cleared."""

    mark: Ints  # (n,)
    stamp: Ints  # (1,)
    queue: Ints  # (n,)


@kernel
def flood_memory(n):  # type: ignore[no-untyped-def]
    """Fresh working memory for n units."""
    return Flood(np.zeros(n, np.int64), np.zeros(1, np.int64), np.empty(n, np.int64))


@kernel
def may_leave(net, label, flood, i):  # type: ignore[no-untyped-def]
    """True if the neighbours of unit i in its own territory stay connected without it. Exact.

    First only those neighbours are flooded, which settles nearly every case in O(degree²); when
    that is not enough the flood goes on through the whole territory. A territory already in pieces
    is judged by the piece that i is in. A unit alone in its territory may not leave.
    """
    own = label[i]
    mark, queue = flood.mark, flood.queue
    flood.stamp[0] += 2
    wanted = flood.stamp[0]
    seen = wanted + 1
    missing, first = 0, -1
    for e in range(net.indptr[i], net.indptr[i + 1]):
        v = net.indices[e]
        if label[v] == own:
            mark[v] = wanted
            missing += 1
            first = v
    if missing <= 1:
        return missing == 1
    mark[i] = seen
    mark[first] = seen
    queue[0] = first
    missing -= 1
    tail = 1
    for nearby in (True, False):
        # The second round starts again from every unit reached, now through the whole territory.
        head = 0
        while head < tail:
            u = queue[head]
            head += 1
            for e in range(net.indptr[u], net.indptr[u + 1]):
                v = net.indices[e]
                if mark[v] == wanted:
                    missing -= 1
                    if missing == 0:
                        return True
                elif nearby or mark[v] == seen or label[v] != own:
                    continue
                mark[v] = seen
                queue[tail] = v
                tail += 1
    return False
