"""Rounder territories at no more travel: short steps with the border as the territory feels it.

Polsby–Popper compares a territory's border with its own size, while the search prices borders by
the size of the units beside them. So here a border costs its length over the square root of the
areas of the two territories that it parts. Steps are short and cool; one that leaves the tolerance
or spreads the load wider is taken back and the next presses less, others let the next press more.
The roundest plan on the way wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from territory.optimize.arrays import Floats, Ints, Net
from territory.optimize.flow import aimed
from territory.optimize.instance import Instance
from territory.optimize.links import Outline
from territory.optimize.objective import edge_owner
from territory.optimize.search import Search

STEPS = 6
LARGEST = 1_000
"""Units up to which it is part of every run: 2 % rounder for half as much time again."""

CUTS = 8
"""Merge-and-splits a territory and step."""

INSIDE = (0.0, 0, 0.0)

HEAT = 0.005
WALL = 500.0
MORE, LESS = 1.25, 0.7
"""How the press changes after a good and after a bad step."""


@dataclass(frozen=True, eq=False)
class Shape:
    """What a plan is like: mean Polsby–Popper, and Σ load · km² around the centres."""

    roundness: float
    spread: float


def smooth(search: Search, steps: int = STEPS) -> None:
    """Make the search's best plan rounder; nothing else about it gets worse.

    Only for plans inside the tolerance, without homes or a present plan to stay near to, whose
    units have areas. O(steps · (k · cut + n)).
    """
    part, rules = search.instance, search.rules
    outline = part.outline
    if outline is None or not search.best.feasible or rules.home > 0 or rules.move > 0:
        return
    best = search.best.label
    first = top = shape(part, outline, best)
    search.label[:] = sound = best
    press = 1.0
    for step in range(steps):
        if search.halted():
            break
        press_on(search, outline, press, step / steps, 50_000 + 10 * step)
        now = shape(part, outline, search.label)
        if search.score()[:3] <= INSIDE and now.spread <= first.spread:
            press, sound = press * MORE, search.label.copy()
            if now.roundness > top.roundness:
                best, top = sound, now
        else:
            press *= LESS
            search.label[:] = best if step % 4 == 3 else sound
        search.tell("Smoothing", search.best)
    search.label[:] = best
    if best is not search.best.label:
        search.best = replace(search.best, label=best, deviation=float(np.abs(search.gaps()).max()))


def press_on(search: Search, outline: Outline, press: float, done: float, salt: int) -> None:
    """One step: merge-and-splits and single moves under the borders of the plan at hand."""
    part, label = search.instance, search.label
    net = felt(part.net, outline, label, part.k)
    crossing = label[edge_owner(net)] != label[net.indices]
    length = max(float(np.maximum(net.border[crossing], 0.0).sum()) / 2, 1e-9)
    moment = max(spread(part, part.land.mass, label), 1e-9)
    rules = aimed(search, WALL)._replace(
        shape=part.k / moment, cut=press * part.k / length, pull=np.zeros_like(search.rules.pull)
    )
    heat = HEAT * 0.1**done
    worker = replace(search, instance=replace(part, net=net))
    worker.cut(rules, CUTS * part.k, heat, False, salt)
    worker.chunk(rules, 4.0 * part.n, heat / 5, heat / 20, salt + 1)


def felt(net: Net, outline: Outline, label: Ints, k: int) -> Net:
    """The graph with borders as long as they are beside the size of the territories they part."""
    size = 1.0 / np.sqrt(np.maximum(np.bincount(label, outline.area, k), 1e-9))
    here, there = label[edge_owner(net)], label[net.indices]
    border = outline.km * (size[here] + size[there]) / 2
    return net._replace(border=np.where(net.border < 0, net.border, border))  # bridges stay


def spread(part: Instance, mass: Floats, label: Ints) -> float:
    """Σ mass · km² around the centres."""
    x, y, k = part.land.x, part.land.y, part.k
    total = np.maximum(np.bincount(label, mass, k), 1e-12)
    mx, my = np.bincount(label, mass * x, k), np.bincount(label, mass * y, k)
    return float((mass * (x**2 + y**2)).sum() - ((mx**2 + my**2) / total).sum())


def shape(part: Instance, outline: Outline, label: Ints) -> Shape:
    """Both figures of a plan. O(edges)."""
    net, k = part.net, part.k
    here = edge_owner(net)
    inner = label[here] == label[net.indices]
    area = np.bincount(label, outline.area, k)
    around = np.bincount(label, outline.perimeter, k)
    around = around - np.bincount(label[here[inner]], outline.km[inner], k)
    roundness = float((4 * np.pi * area / np.maximum(around, 1e-9) ** 2).mean())
    return Shape(roundness, spread(part, part.land.demand, label))
