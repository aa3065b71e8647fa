"""Small regions whose best plan is proved: the engine comes within one percent of it.

Every connected set of units whose load is within the tolerance is listed; HiGHS picks k of them
that hold each unit once and cost least together. That is the true optimum of any objective that
adds up over territories, here the weighted moment of inertia (Hess et al. 1965).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_matrix

from territory.model import Units
from territory.optimize.arrays import Floats, Ints
from territory.optimize.instance import Instance
from territory.optimize.schedules import FREE
from territory.optimize.search import Search
from territory.optimize.solve import run
from territory.optimize.start import rough, settled
from tests.optimize.instances import board, cells, in_one_piece, instance

SEEDS = 10
"""Restarts of the engine, the best counts."""


def plain(units: Units, k: int, tolerance: float) -> Instance:
    """An instance judged by balance and the plain moment of inertia of its load."""
    part = instance(units, k, tolerance=tolerance)
    part.land.mass[:] = part.land.load[:, 0]
    part.net.border[:] = 0.0
    return part


def inertia(part: Instance, units: Ints) -> float:
    """Σ mass · squared distance to the centre of mass."""
    mass, xy = part.land.mass[units], part.xy[units]
    return float((mass * ((xy - np.average(xy, axis=0, weights=mass)) ** 2).sum(axis=1)).sum())


def connected_sets(part: Instance, low: float, high: float) -> list[int]:
    """Every connected set of units with a load from low to high, as bits."""
    load = part.land.load[:, 0]
    indptr, indices = part.net.indptr, part.net.indices
    beside = [sum(1 << int(j) for j in indices[indptr[i] : indptr[i + 1]]) for i in range(part.n)]
    out: list[int] = []

    def grow(members: int, carried: float, barred: int, border: int) -> None:
        """Each set once: neighbours are taken or barred for good, in order."""
        if carried >= low:
            out.append(members)
        free = border & ~barred & ~members
        while free:
            bit = free & -free
            free ^= bit
            i = bit.bit_length() - 1
            barred |= bit
            if carried + load[i] <= high:
                grow(members | bit, carried + float(load[i]), barred, border | beside[i])

    for i in range(part.n):
        # The lowest unit names the set: all below it are barred.
        grow(1 << i, float(load[i]), (2 << i) - 1, beside[i])
    return out


def proven(part: Instance, tolerance: float) -> float:
    """The least moment of inertia of any contiguous plan within the tolerance, by HiGHS."""
    sets = connected_sets(part, 1 - tolerance, 1 + tolerance)
    members = [[i for i in range(part.n) if s >> i & 1] for s in sets]
    cost = np.array([inertia(part, np.array(m)) for m in members])
    rows = np.concatenate([*members, np.full(len(sets), part.n)])
    columns = np.concatenate([np.repeat(np.arange(len(sets)), [len(m) for m in members]),
                              np.arange(len(sets))])  # fmt: skip
    once = csc_matrix((np.ones(len(rows)), (rows, columns)), shape=(part.n + 1, len(sets)))
    wanted = np.append(np.ones(part.n), part.k)
    solved = milp(cost, integrality=np.ones(len(sets)), bounds=Bounds(0, 1),
                  constraints=LinearConstraint(once, wanted, wanted))  # fmt: skip
    assert solved.status == 0, solved.message
    return float(solved.fun)


def engine(part: Instance) -> tuple[float, Ints]:
    """The engine's best of a few restarts."""
    best: tuple[tuple[float, ...], Ints] | None = None
    for seed in range(SEEDS):
        first = settled(part, rough(part, "balanced", seed, seed))
        rules = part.rules._replace(home=0.0, move=0.0, cut=0.0)
        search = Search(part, rules, first, seed, None, lambda message, best: None, lambda: False)
        found = run(search, FREE, deep=True)
        if best is None or found.score < best[0]:
            best = found.score, found.label
    assert best is not None
    label = best[1]
    return sum(inertia(part, np.flatnonzero(label == t)) for t in range(part.k)), label


def uneven(n: int, seed: int) -> Floats:
    """Loads that differ by a third."""
    return np.random.default_rng(seed).uniform(0.7, 1.3, n)


CASES = [
    ("5 × 4 squares in 4", board(5, 4), 4, 0.01),
    ("5 × 4 uneven squares in 3", board(5, 4, uneven(20, 1)), 3, 0.10),
    ("4 × 4 uneven squares in 4", board(4, 4, uneven(16, 2)), 4, 0.15),
    ("20 cells in 3", cells(20, 5, 0.4), 3, 0.10),
    ("20 cells in 4", cells(20, 6, 0.4), 4, 0.15),
    ("20 cells in 5", cells(20, 8, 0.3), 5, 0.20),
]


@pytest.mark.parametrize(("units", "k", "tolerance"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_within_one_percent_of_the_proven_optimum(units: Units, k: int, tolerance: float) -> None:
    """Contiguous, balanced, and at most 1 % above what HiGHS proves to be the best."""
    part = plain(units, k, tolerance)
    best = proven(part, tolerance)
    found, label = engine(part)
    load = np.bincount(label, part.land.load[:, 0], k)
    assert in_one_piece(part, label)
    assert np.abs(load - 1).max() <= tolerance + 1e-9
    assert best * (1 - 1e-6) <= found <= best * 1.01
