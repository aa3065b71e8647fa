"""Hints: the best single moves and swaps from the plan at hand.

Every unit on a border is offered to every territory it touches, and every two units on either side
of a border to each other; the change of the objective (see `objective`: deviation outside the
tolerance first, then compactness and short borders) ranks them. Contiguity is tested from the best
on, so only a few floods are needed. Nothing is kept between calls but the map itself.

O(n · degree² + Σ over borders of their moves²); about a millisecond at 2,000 units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from territory.errors import InputError
from territory.model import Plan, Units
from territory.optimize.arrays import Floats, Ints, Land, Net, Rules, State, own, tally, unlimited
from territory.optimize.hint import Effect, Hint, Step
from territory.optimize.hintscan import scan_moves, scan_swaps, sound_moves, sound_swaps
from territory.optimize.links import URBAN, relative_borders

__all__ = ["Effect", "Hint", "Step", "hints"]

POOL = 200
"""Exchanges kept for the test of contiguity."""

CUT = 0.4
"""What borders cost beside compactness, as in a free search."""


class Ground(NamedTuple):
    """What hints need of a map, whatever the plan."""

    net: Net
    x: Floats  # (n,) km, centred
    y: Floats


_grounds: WeakKeyDictionary[Units, Ground] = WeakKeyDictionary()


def ground(units: Units) -> Ground:
    """Borders and points in the kernels' form; made once for each region."""
    if units not in _grounds:
        graph = units.graph
        xy = units.xy / 1e3
        xy = xy - xy.mean(axis=0)
        border = relative_borders(graph.border_km, units.area_km2, graph.rows, graph.indices)
        net = Net(own(graph.indptr, np.int32), own(graph.indices, np.int32), own(border, float))
        _grounds[units] = Ground(net, own(xy[:, 0], float), own(xy[:, 1], float))
    return _grounds[units]


def hints(
    plan: Plan,
    measures: Mapping[str, float],
    tolerance: float,
    count: int = 20,
    *,
    offset: NDArray[np.float64] | None = None,
) -> list[Hint]:
    """The best moves and the best swaps (up to ``count`` each), best first.

    Parameters
    ----------
    measures
        measure → weight.
    tolerance
        Allowed |total/target − 1|.
    offset
        (k, M) fixed amounts added to the totals, such as named accounts.

    Locks are respected. A hint never splits a territory and never adds to the violation. Unassigned
    units are offered to their neighbours. Fewer hints, or none, where nothing is left to gain.

    Raises
    ------
    InputError
        If a measure is not usable, or nothing is to be balanced.
    """
    if plan.k == 0 or plan.units.n == 0:
        return []
    scene = _scene(plan, measures, tolerance, offset)
    net, state = scene.net, scene.state
    room = len(net.indices)
    unit, to, delta = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    rest = (net, scene.land, scene.rules, state)
    found = scan_moves(*rest, scene.free, scene.accepts, unit, to, delta)
    unit, to, delta = unit[:found], to[:found], delta[:found]
    better = np.flatnonzero(delta < -1e-9)
    order = better[np.argsort(delta[better], kind="stable")]
    # Some are dropped later for adding to the violation: twice as many are enough.
    chosen = np.empty(2 * count, np.int64)
    kept = sound_moves(net, state, unit, order, 2 * count, chosen)
    moves = [((unit[p], to[p]),) for p in chosen[:kept]]
    made = _told(scene, moves, delta[chosen[:kept]], count)
    label = state.label
    both = np.flatnonzero(label[unit] != plan.k)
    key = np.minimum(label[unit], to) * (plan.k + 1) + np.maximum(label[unit], to)
    grouped = both[np.lexsort((delta[both], key[both]))]
    bounds = np.flatnonzero(np.diff(key[grouped], prepend=-1, append=-1)).astype(np.int64)
    first, second = np.empty(POOL, np.int64), np.empty(POOL, np.int64)
    gain = np.empty(POOL)
    many = 0
    if len(grouped):
        sorted_moves = (unit[grouped], to[grouped], delta[grouped])
        many = scan_swaps(*rest, *sorted_moves, bounds, first, second, gain)
    kept = sound_swaps(net, state, first, second, many, 2 * count, chosen)
    pairs = [(int(first[z]), int(second[z])) for z in chosen[:kept]]
    swaps = [((i, label[s]), (s, label[i])) for i, s in pairs]
    made += _told(scene, swaps, gain[chosen[:kept]], count)
    return sorted(made, key=lambda hint: hint.score)


class Scene(NamedTuple):
    """A plan in the kernels' form, and what is needed to put results in words."""

    plan: Plan
    measures: tuple[str, ...]
    tolerance: float
    net: Net
    land: Land
    rules: Rules
    state: State
    free: NDArray[np.bool_]  # (n,)
    accepts: NDArray[np.bool_]  # (k+1,)


def _scene(
    plan: Plan, measures: Mapping[str, float], tolerance: float, offset: Floats | None
) -> Scene:
    """Scale the plan as the engine does: measures add up to k, the plan's own shape costs k."""
    net, x, y = ground(plan.units)
    n, k = plan.units.n, plan.k
    whole, load = _loads(plan, measures, offset)
    importance = np.array(list(measures.values()), float)
    importance = importance / importance.sum()
    label = np.where(plan.alignment < 0, k, plan.alignment).astype(np.int64)
    target = np.append(plan.territories["target"].to_numpy(float) * k, 1e15)
    mass = _mass(x, y, 0.5 * (load @ importance) + 0.5 * k / n, label, k)
    nothing = np.full(n, -1, np.int64)
    zero = nothing.astype(float)
    land = Land(x, y, mass, zero, load, nothing, nothing, zero, np.zeros((1, 1), np.bool_))
    floor, ceiling = unlimited(k + 1, len(importance))
    fixed = np.zeros((k + 1, len(importance)))
    if offset is not None:
        fixed[:k] = offset * (k / whole)
    state = tally(land, fixed, label)
    spread = (mass * (x**2 + y**2))[label < k].sum()
    spread -= ((state.mx**2 + state.my**2) / np.maximum(state.mass, 1e-12))[:k].sum()
    state.mass[k], state.mx[k], state.my[k] = 1e15, 0.0, 0.0  # nobody's units have no centre
    crossing = label[plan.units.graph.rows] != label[net.indices]
    border = net.border[crossing].sum() / 2
    rules = Rules(
        target=target,
        tolerance=np.full(len(importance), float(tolerance)),
        floor=floor,
        ceiling=ceiling,
        weight=importance * len(importance),
        price=np.zeros((k + 1, len(importance))),
        home_x=np.zeros(k + 1),
        home_y=np.zeros(k + 1),
        owner=np.arange(k + 1, dtype=np.int64),
        pull=np.full(len(importance), 0.4),
        wall=8.0,
        shape=k / max(float(spread), 1e-9),
        cut=CUT * k / max(float(border), 1e-9),
        home=0.0,
        move=0.0,
        ban=0.0,
    )
    closed = plan.territories.index.isin(plan.locks.territories)
    accepts = np.append(~closed, False)
    free = ~plan.locked_units
    return Scene(plan, tuple(measures), tolerance, net, land, rules, state, free, accepts)


def _loads(
    plan: Plan, measures: Mapping[str, float], offset: Floats | None
) -> tuple[Floats, Floats]:
    """(M,) sums, fixed amounts included, and (n, M) measures scaled so that all adds up to k."""
    columns = np.column_stack([plan.units.values(name) for name in measures])
    whole = columns.sum(axis=0)
    if offset is not None:
        whole = whole + offset.sum(axis=0)
    if not (np.isfinite(whole).all() and (columns >= 0).all() and (whole > 0).all()):
        wrong = [m for m, s, c in zip(measures, whole, columns.T, strict=True)
                 if not (np.isfinite(s) and s > 0 and (c >= 0).all())]  # fmt: skip
        raise InputError(f"No hints by {wrong[0]!r}: it is empty, negative or 0 everywhere.")
    return whole, np.ascontiguousarray(columns * (plan.k / whole))


def _mass(x: Floats, y: Floats, mass: Floats, label: Ints, k: int) -> Floats:
    """Weight of each unit in the compactness term; evens out city and country (see `instance`)."""
    total = np.maximum(np.bincount(label, mass, k + 1), 1e-12)
    cx, cy = (np.bincount(label, mass * v, k + 1) / total for v in (x, y))
    around = mass * ((x - cx[label]) ** 2 + (y - cy[label]) ** 2)
    radius2 = np.bincount(label, around, k + 1) / total
    typical = max(float(np.median(radius2[:k])), 1e-9)
    mass = mass * (typical / np.maximum(radius2, typical * 1e-4))[label] ** URBAN
    out: Floats = mass * (k / mass.sum())
    return out


def _told(
    scene: Scene, changes: Sequence[tuple[tuple[int, int], ...]], scores: Floats, count: int
) -> list[Hint]:
    """Changes in the user's terms; those that add to the violation are left out."""
    plan, label = scene.plan, scene.state.label
    ids, names = plan.territory_ids, plan.territories["name"].tolist()
    out: list[Hint] = []
    for steps, score in zip(changes, scores.tolist(), strict=True):
        gained: dict[int, list[float]] = {}
        for i, b in steps:
            load = scene.land.load[i].tolist()
            for t, sign in ((int(label[i]), -1.0), (int(b), 1.0)):
                if t < plan.k:
                    so_far = gained.get(t, [0.0] * len(load))
                    gained[t] = [x + sign * w for x, w in zip(so_far, load, strict=True)]
        effects = []
        for t, extra in gained.items():
            target, total = float(scene.rules.target[t]), scene.state.total[t].tolist()
            effects += [
                Effect(ids[t], names[t], measure, x / target - 1.0, (x + w) / target - 1.0)
                for measure, x, w in zip(scene.measures, total, extra, strict=True)
            ]
        violation = sum(_over(e.after, scene) - _over(e.before, scene) for e in effects)
        if violation > 1e-9:
            continue
        told = tuple(
            Step(str(plan.units.ids[i]), ids[label[i]] if label[i] < plan.k else None, ids[b])
            for i, b in steps
        )
        out.append(Hint(told, tuple(effects), min(violation, 0.0), score))
        if len(out) == count:
            break
    return out


def _over(deviation: float, scene: Scene) -> float:
    return max(0.0, abs(deviation) - scene.tolerance)
