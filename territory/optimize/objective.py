"""The objective, and what a change does to it.

    Σ_t Σ_m  weight_m · (pull·d² + wall·v·(1 + 20v)) + price_tm · total_tm      balance
  + shape · Σ_i mass_i · |x_i − centre|²                                          compactness
  + cut   · Σ border length between territories
  + home  · Σ_i demand_i · |x_i − home of its rep|
  + move  · Σ_i stake_i [unit i changes hands]
  + ban   · Σ_i [unit i is where it may not be]

with d = total/target − 1 and v = max(0, |d| − tolerance, HARD·(floor − d), HARD·(d − ceiling)).
Inside the tolerance the balance term is a tiny pull, outside a steep wall, so that compactness
decides where balance leaves a choice.

The compactness of a territory is Σ mass·|x|² − |Σ mass·x|²/Σ mass; its first part is the same for
every plan, so the kernels only ever compute the second (`gathered`). All deltas are O(degree).
"""

from __future__ import annotations

import numpy as np

from territory.optimize.arrays import Floats, Ints, Land, Net, Rules, tally
from territory.optimize.jit import inlined, kernel

HARD = 10.0
"""So much more counts what is beyond a hard limit: it wins where both can't be kept."""


@kernel
def beyond(rules, t, m, gap):  # type: ignore[no-untyped-def]
    """How far a deviation is outside the tolerance or the hard limits; not above 0 if inside."""
    over = abs(gap) - rules.tolerance[m]
    return max(over, HARD * max(rules.floor[t, m] - gap, gap - rules.ceiling[t, m]))


@kernel
def load_cost(total, target, tolerance, floor, ceiling, weight, pull, wall, price):  # type: ignore[no-untyped-def]
    """`balance_cost` of plain numbers: inner loops pass these, since a tuple of arrays that is
    handed over costs ten times as much as the sum itself."""
    gap = total / target - 1.0
    cost = pull * gap * gap
    over = max(abs(gap) - tolerance, HARD * max(floor - gap, gap - ceiling))
    if over > 0.0:
        cost += wall * over * (1.0 + 20.0 * over)
    return weight * cost + price * total


@kernel
def balance_cost(rules, t, m, total):  # type: ignore[no-untyped-def]
    """What territory t pays for carrying `total` of measure m."""
    return load_cost(
        total,
        rules.target[t],
        rules.tolerance[m],
        rules.floor[t, m],
        rules.ceiling[t, m],
        rules.weight[m],
        rules.pull[m],
        rules.wall,
        rules.price[t, m],
    )


@kernel
def gathered(mass, mx, my):  # type: ignore[no-untyped-def]
    """The part of the compactness term that depends on the plan (lower is better: negate it)."""
    if mass <= 1e-12:
        return 0.0
    return (mx * mx + my * my) / mass


@kernel
def unit_cost(land, rules, i, t):  # type: ignore[no-untyped-def]
    """What unit i costs in territory t on its own: distance to the home, changing hands, bans."""
    cost = 0.0
    if rules.ban > 0.0 and land.barred[i, t]:
        cost += rules.ban
    if rules.home > 0.0:
        dx = land.x[i] - rules.home_x[t]
        dy = land.y[i] - rules.home_y[t]
        cost += rules.home * land.demand[i] * np.sqrt(dx * dx + dy * dy)
    if rules.move > 0.0 and land.owner[i] >= 0 and land.owner[i] != rules.owner[t]:
        cost += rules.move * land.stake[i]
    return cost


@inlined
def transfer_delta(land, rules, state, a, b, i, s):  # type: ignore[no-untyped-def]
    """Change of balance and compactness when i goes from a to b and, if s >= 0, s from b to a."""
    delta = 0.0
    for m in range(land.load.shape[1]):
        w = land.load[i, m]
        if s >= 0:
            w -= land.load[s, m]
        ta, tb = state.total[a, m], state.total[b, m]
        delta += balance_cost(rules, a, m, ta - w) - balance_cost(rules, a, m, ta)
        delta += balance_cost(rules, b, m, tb + w) - balance_cost(rules, b, m, tb)
    q = land.mass[i]
    qx, qy = q * land.x[i], q * land.y[i]
    if s >= 0:
        q -= land.mass[s]
        qx -= land.mass[s] * land.x[s]
        qy -= land.mass[s] * land.y[s]
    before = gathered(state.mass[a], state.mx[a], state.my[a])
    before += gathered(state.mass[b], state.mx[b], state.my[b])
    after = gathered(state.mass[a] - q, state.mx[a] - qx, state.my[a] - qy)
    after += gathered(state.mass[b] + q, state.mx[b] + qx, state.my[b] + qy)
    return delta + rules.shape * (before - after)


@inlined
def border_delta(net, label, i, a, b):  # type: ignore[no-untyped-def]
    """Change of the border's length when unit i goes from a to b."""
    delta = 0.0
    for e in range(net.indptr[i], net.indptr[i + 1]):
        t = label[net.indices[e]]
        if t == a:
            delta += net.border[e]
        elif t == b:
            delta -= net.border[e]
    return delta


@inlined
def move_delta(net, land, rules, state, i, b):  # type: ignore[no-untyped-def]
    """Change of the objective when unit i goes to territory b."""
    a = state.label[i]
    delta = transfer_delta(land, rules, state, a, b, i, -1)
    delta += rules.cut * border_delta(net, state.label, i, a, b)
    if rules.home > 0.0 or rules.move > 0.0 or rules.ban > 0.0:
        delta += unit_cost(land, rules, i, b) - unit_cost(land, rules, i, a)
    return delta


@inlined
def swap_delta(net, land, rules, state, i, s):  # type: ignore[no-untyped-def]
    """Change of the objective when units i and s trade territories."""
    a, b = state.label[i], state.label[s]
    delta = transfer_delta(land, rules, state, a, b, i, s)
    border = border_delta(net, state.label, i, a, b) + border_delta(net, state.label, s, b, a)
    for e in range(net.indptr[i], net.indptr[i + 1]):
        if net.indices[e] == s:
            border += 2.0 * net.border[e]  # both saw this edge heal; it stays cut
    delta += rules.cut * border
    if rules.home > 0.0 or rules.move > 0.0 or rules.ban > 0.0:
        delta += unit_cost(land, rules, i, b) - unit_cost(land, rules, i, a)
        delta += unit_cost(land, rules, s, a) - unit_cost(land, rules, s, b)
    return delta


def deviations(land: Land, rules: Rules, offset: Floats, label: Ints) -> Floats:
    """Deviation from the target, total/target − 1, for each territory and measure (k, M)."""
    return tally(land, offset, label).total / rules.target[:, None] - 1.0


def excess(
    deviation: Floats,
    tolerance: Floats,
    floor: Floats | float = -np.inf,
    ceiling: Floats | float = np.inf,
) -> float:
    """How far a plan is outside the tolerance and its limits: Σ v + 20v², as steep as the wall; 0
    when inside.

    The square makes one large miss worse than several small ones.
    """
    limit = np.maximum(floor - deviation, deviation - ceiling)
    over = np.maximum(np.maximum(np.abs(deviation) - tolerance, HARD * limit), 0.0)
    return float((over + 20.0 * over**2).sum())


def breaks_limits(rules: Rules, deviation: Floats) -> bool:
    """Is a territory beyond a hard limit?"""
    return bool(((deviation < rules.floor) | (deviation > rules.ceiling)).any())


def barred_share(land: Land, rules: Rules, label: Ints) -> float:
    """Share of units that are where they may not be."""
    if rules.ban <= 0.0:
        return 0.0
    return float(land.barred[np.arange(len(label)), label].mean())


def edge_owner(net: Net) -> Ints:
    """The unit at the other end of each entry of `net.indices`."""
    return np.repeat(np.arange(len(net.indptr) - 1), np.diff(net.indptr))


def quality(net: Net, land: Land, rules: Rules, label: Ints) -> float:
    """The objective without balance and prices: what decides between plans that balance alike."""
    k = len(rules.target)
    mass = np.maximum(np.bincount(label, land.mass, k), 1e-12)
    mx = np.bincount(label, land.mass * land.x, k)
    my = np.bincount(label, land.mass * land.y, k)
    spread = (land.mass * (land.x**2 + land.y**2)).sum() - ((mx**2 + my**2) / mass).sum()
    crossing = label[edge_owner(net)] != label[net.indices]
    cost = rules.shape * spread + rules.cut * net.border[crossing].sum() / 2.0
    if rules.home > 0.0:
        away = np.hypot(land.x - rules.home_x[label], land.y - rules.home_y[label])
        cost += rules.home * (land.demand * away).sum()
    if rules.move > 0.0:
        changed = (land.owner >= 0) & (land.owner != rules.owner[label])
        cost += rules.move * land.stake[changed].sum()
    return float(cost)
