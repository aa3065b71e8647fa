"""Tight tolerances: searches guided by the way that surplus has to go (see `surplus`).

First a short, nearly cold pass. Where that is not enough a long one, warm in the beginning, whose
chunks also anneal single moves with the potential as the price of each territory; it goes back to
the best plan when it has lost its way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from territory.optimize.arrays import Floats, Ints, Rules, tally
from territory.optimize.flowcut import flow_cuts
from territory.optimize.instance import Instance
from territory.optimize.objective import edge_owner
from territory.optimize.search import Search, mix
from territory.optimize.surplus import Tide

LARGEST = 600
"""Territories up to which the dense response (k × k) is worth its k³."""

AIM = 0.99
"""Part of the tolerance aimed at, so that rounding never decides."""


@dataclass(frozen=True)
class Stage:
    """From … to of a pass; everything in between is geometric."""

    chunks: int
    push: tuple[float, float]
    wall: tuple[float, float]
    heat: tuple[float, float]
    tries: int  # a territory and chunk
    trios: float
    moves: float = 0.0  # single moves a unit and chunk
    patience: int = 6  # chunks without gain, then back to the best plan
    give_up: int = 6  # chunks in which the miss has not shrunk by a fiftieth, then no more


QUICK = Stage(20, (1e4, 1e5), (200.0, 400.0), (0.02, 0.02), 30, 0.3)
"""A first pass, nearly cold."""

COARSE = Stage(80, (2e4, 1e5), (50.0, 1000.0), (3.0, 0.05), 30, 0.5, 4.0, give_up=60)
"""Where units are large beside a territory."""

FINE = Stage(80, (2e4, 1e5), (50.0, 1000.0), (0.3, 0.05), 30, 0.5, 4.0, give_up=60)
"""Where units are small."""

SEVERAL = Stage(40, (1e3, 1e4), (50.0, 300.0), (0.3, 0.05), 30, 0.5, 4.0, give_up=60)
"""Several measures at once."""

CROWDED = 0.02
"""Territories a unit from which on units count as large."""


def thorough(instance: Instance) -> Stage:
    """The long pass that suits an instance."""
    if instance.land.load.shape[1] > 1:
        return SEVERAL
    return COARSE if instance.k / instance.n > CROWDED else FINE


def response(net_label: tuple[Ints, Ints], label: Ints, k: int) -> Floats:
    """(k, k) pseudo-inverse of the Laplacian of the territories' graph, each border counting 1."""
    here, there = net_label
    a, b = label[here], label[there]
    laplacian = np.zeros((k, k))
    laplacian[a[a != b], b[a != b]] = -1.0
    laplacian[np.arange(k), np.arange(k)] = -laplacian.sum(axis=1)
    # Nothing flows from one region into another: each has a mean of its own.
    part = connected_components(csr_matrix(laplacian), directed=False)[1]
    mean = (part[:, None] == part) / np.bincount(part)[part]
    out = np.linalg.inv(laplacian + mean + 1e-9 * np.eye(k)) - mean
    return np.asarray(out, dtype=np.float64)


def meet(search: Search, stage: Stage, salt: int) -> None:
    """One pass, from the plan at hand; ends as soon as a plan is inside the tolerance.

    Does nothing where territories are too many for the dense response, or fewer than two.
    """
    part = search.instance
    n, k = part.n, part.k
    if not 2 <= k <= LARGEST:
        return
    ends = (edge_owner(part.net), part.net.indices)
    batch = max(2 * k, 200)
    stale = idle = 0
    record = search.late.score[2]
    for c in range(stage.chunks):
        if search.late.feasible or search.halted() or idle >= stage.give_up:
            return
        done = c / max(stage.chunks - 1, 1)
        push, wall, heat = (a * (b / a) ** done for a, b in (stage.push, stage.wall, stage.heat))
        rules = aimed(search, wall)
        low, high = calm(rules)
        if stage.moves:
            spill = _spill(search, rules)
            price = push * (response(ends, search.label, k) @ spill)
            priced = rules._replace(price=price)
            search.chunk(priced, stage.moves * n, heat * 0.05 + 1e-4, heat * 0.03 + 1e-4, salt + c)
        for turn in range(0, stage.tries * k, batch):
            tide = Tide(
                response=response(ends, search.label, k),
                potential=np.zeros_like(part.offset),
                spill=np.zeros_like(part.offset),
                low=low,
                high=high,
                push=push,
                trios=stage.trios,
            )
            state = tally(part.land, part.offset, search.label)
            tries = min(batch, stage.tries * k - turn)
            seed = mix(search.seed, (salt + c) * 1_000_003 + turn + 1)
            flow_cuts(
                *(part.net, part.land, rules, state, part.offset, tide),
                *(tries, float(heat), stage.moves == 0, seed),
            )
        before = search.late.score
        search.judge()
        stale = 0 if search.late.score < before else stale + 1
        if stale >= stage.patience:
            search.label[:] = search.late.label
            stale = 0
        idle = 0 if search.late.score[2] < 0.98 * record else idle + 1
        record = min(record, search.late.score[2]) if idle else search.late.score[2]
        search.tell("Meeting the tolerance", search.best)


def aimed(search: Search, wall: float) -> Rules:
    """The rules of a pass: no prices, a wall of its own, a hair inside the tolerance."""
    rules = search.rules
    return rules._replace(
        wall=float(wall),
        tolerance=rules.tolerance * AIM,
        move=rules.move * search.surcharge,
        price=np.zeros_like(rules.price),
    )


def _spill(search: Search, rules: Rules) -> Floats:
    """(k, M) deviations beyond half the tolerance or the limits."""
    gaps = search.gaps()
    return gaps - np.clip(gaps, *calm(rules))


def calm(rules: Rules) -> tuple[Floats, Floats]:
    """(k, M) from … to which a deviation is no surplus: half the tolerance, and within limits."""
    half = rules.tolerance / 2
    high = np.minimum(half, rules.ceiling)
    return np.minimum(np.maximum(-half, rules.floor), high), high
