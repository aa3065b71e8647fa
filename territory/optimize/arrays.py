"""The arrays that the kernels share, grouped under names.

Everything is scaled so that costs need no units: each measure adds up to k (the number of
territories), so a territory of average target carries 1; `target` holds k × its share.
A `NamedTuple` of arrays costs nothing inside a kernel and reads better than twenty arguments.
One dtype per field, always writeable and contiguous: a second signature would mean a second
compilation.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


class Net(NamedTuple):
    """Who touches whom (CSR), and what cutting an edge costs."""

    indptr: npt.NDArray[np.int32]  # (n+1,)
    indices: npt.NDArray[np.int32]  # (nnz,)
    border: Floats  # (nnz,) scaled border length; 0 for ferries, negative for makeshift bridges


class Land(NamedTuple):
    """What is known of each unit."""

    x: Floats  # (n,) km, centred
    y: Floats  # (n,) km
    mass: Floats  # (n,) weight in the compactness term, adds up to k
    demand: Floats  # (n,) weight in the travel from home, adds up to k
    load: Floats  # (n, M) measures, each adds up to k (with the offsets)
    lock: Ints  # (n,) the territory that must keep the unit, or -1
    owner: Ints  # (n,) who serves the unit today (see Rules.owner), or -1
    stake: Floats  # (n,) what is disturbed when that changes; adds up to k
    barred: npt.NDArray[np.bool_]  # (n, k) too far from home and the like; (1, 1) if ban is 0


class Rules(NamedTuple):
    """What a good plan is. The schedule replaces fields between chunks."""

    target: Floats  # (k,) adds up to k
    tolerance: Floats  # (M,) allowed |deviation|
    floor: Floats  # (k, M) hard limits as deviations, ∓inf where there are none
    ceiling: Floats  # (k, M)
    weight: Floats  # (M,) importance of each measure, mean 1
    price: Floats  # (k, M) surcharge per load, raised where a territory carries too much
    home_x: Floats  # (k,) km
    home_y: Floats  # (k,)
    owner: Ints  # (k,) who serves the territory (equal for two territories of one rep)
    pull: Floats  # (M,) towards the target, inside the tolerance
    wall: float  # outside the tolerance
    shape: float  # per mass × km² around the territory's centre
    cut: float  # per border length
    home: float  # per demand × km to the rep's home
    move: float  # per stake that changes hands
    ban: float  # per unit in a territory that is barred to it


class State(NamedTuple):
    """A plan and its sums, updated in place by every accepted change."""

    label: Ints  # (n,) territory of each unit
    total: Floats  # (k, M) load, with the fixed offset
    mass: Floats  # (k,)
    mx: Floats  # (k,) Σ mass·x
    my: Floats  # (k,)
    size: Ints  # (k,) units


def unlimited(k: int, measures: int) -> tuple[Floats, Floats]:
    """Floor and ceiling without limits."""
    return np.full((k, measures), -np.inf), np.full((k, measures), np.inf)


def tally(land: Land, offset: Floats, label: Ints) -> State:
    """The sums of a plan, computed afresh (so that rounding never accumulates)."""
    k, measures = offset.shape
    total = offset.copy()
    for m in range(measures):
        total[:, m] += np.bincount(label, land.load[:, m], k)
    mass, mx, my = (
        np.asarray(np.bincount(label, weight, k), dtype=np.float64)
        for weight in (land.mass, land.mass * land.x, land.mass * land.y)
    )
    return State(label, total, mass, mx, my, np.bincount(label, minlength=k).astype(np.int64))


def own(values: Any, dtype: Any) -> Any:
    """A private, contiguous, writeable copy (the model's arrays are read-only)."""
    return np.array(values, dtype=dtype, order="C", copy=True)
