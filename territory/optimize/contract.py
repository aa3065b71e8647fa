"""Units that stay together become one: the search then can't part them.

Sums add up, points become centres of mass (what compactness lies within a group is the same for
every plan), links between two groups become one with the length of all. O(n + links).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territory.model import Graph
from territory.optimize.arrays import Floats, Ints, Land, Net, own
from territory.optimize.instance import Instance
from territory.optimize.objective import edge_owner


def contract(fine: Instance, group: Ints) -> Instance:
    """The instance with one unit for each group.

    Parameters
    ----------
    group
        (n,) units with the same number belong together.
    """
    member = np.unique(group, return_inverse=True)[1]
    m = int(member.max()) + 1
    land = fine.land

    def total(values: Floats) -> Floats:
        return own(np.bincount(member, values, m), np.float64)

    mass = total(land.mass)
    x, y = (total(land.mass * v) / np.maximum(mass, 1e-12) for v in (land.x, land.y))
    owner, stake, apart = _owners(land, member, m)
    coarse = Land(
        x=own(x, np.float64),
        y=own(y, np.float64),
        mass=mass,
        demand=total(land.demand),
        load=own(np.column_stack([total(column) for column in land.load.T]), np.float64),
        lock=_largest(land.lock, member, m),
        owner=owner,
        stake=stake,
        barred=_barred(land, member, m),
    )
    return replace(
        fine,
        outline=None,
        net=_net(fine.net, member, m),
        land=coarse,
        xy=np.column_stack([x, y]),
        weight=total(fine.weight),
        start=_start(fine, member, m),
        member=member,
        moved_anyway=apart / fine.k,
        blocks=tuple((np.unique(member[units]), where) for units, where in fine.blocks),
    )


def _largest(values: Ints, member: Ints, m: int) -> Ints:
    out = np.full(m, -1, np.int64)
    np.maximum.at(out, member, values)
    return out


def _barred(land: Land, member: Ints, m: int) -> np.ndarray:
    """A group is barred from where any of its units is."""
    if land.barred.shape == (1, 1):
        return land.barred
    out = np.zeros((m, land.barred.shape[1]), np.bool_)
    np.logical_or.at(out, member, land.barred)
    return out


def _most(code: Ints, weight: Floats, member: Ints, m: int) -> Ints:
    """(m,) the code with the most weight in each group, -1 where all codes are."""
    out = np.full(m, -1, np.int64)
    known = np.flatnonzero(code >= 0)
    if not len(known):
        return out
    width = int(code.max()) + 1
    pair, inverse = np.unique(member[known] * width + code[known], return_inverse=True)
    # A trace keeps units without weight from being ignored.
    sums = np.bincount(inverse, weight[known] + 1e-12)
    order = np.lexsort((-pair, sums))  # ascending, so that the heaviest is written last
    out[pair[order] // width] = pair[order] % width
    return out


def _owners(land: Land, member: Ints, m: int) -> tuple[Ints, Floats, float]:
    """Who serves most of each group, their stake, and the stake that changes hands anyway."""
    owner = _most(land.owner, land.stake, member, m)
    own_stake = (land.owner >= 0) & (land.owner == owner[member])
    stake = np.bincount(member, np.where(own_stake, land.stake, 0.0), m)
    apart = float(land.stake[(land.owner >= 0) & ~own_stake].sum())
    return owner, own(stake, np.float64), apart


def _start(fine: Instance, member: Ints, m: int) -> Ints:
    """Today's territory of each group: the one with most of it, or the one it is locked to."""
    start = _most(fine.start, fine.weight, member, m)
    lock = _largest(fine.land.lock, member, m)
    return np.where(lock >= 0, lock, start)


def _net(net: Net, member: Ints, m: int) -> Net:
    """Links between groups; parallel ones add up."""
    here, there = member[edge_owner(net)], member[net.indices]
    once = here < there
    graph = Graph.from_pairs(m, np.column_stack([here[once], there[once]]), net.border[once])
    # Makeshift bridges have negative lengths, which add up as well.
    return Net(
        own(graph.indptr, np.int32),
        own(graph.indices, np.int32),
        own(graph.border_km, np.float64),
    )
