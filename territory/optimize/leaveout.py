"""The sums behind `reasons`: each block of moves left out, one at a time, all at once.

Totals, moments and distances are sums over units, so what a block takes along is one `bincount`;
leaving it out changes two territories by that much. O(n + g · M).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from territory.model import Accounts, Plan, Sales, Team, named_offset
from territory.model.named import named_accounts
from territory.optimize.arrays import Floats, Ints
from territory.optimize.moves import Block
from territory.optimize.named import without_named

__all__ = ["Ledger", "home_km", "home_points", "ledger"]

YEAR = 4
"""Latest periods of sales that are counted as a year."""

TRACE = 1e-9
"""Weight of units without any, so that distances have a mean."""


class Moved(NamedTuple):
    """The m units that change hands; -1 is "unassigned"."""

    block: Ints  # (m,) which of the g blocks
    units: Ints  # (m,)
    source: Ints  # (m,)
    target: Ints  # (m,)
    g: int

    def per_block(self, values: Floats) -> Floats:
        """(g,) sums of a figure of the moved units."""
        return np.bincount(self.block, values, self.g).astype(np.float64)


class Travel(NamedTuple):
    """A distance in the whole plan, and without each block."""

    km: float
    without: Floats  # (g,)


@dataclass(frozen=True, eq=False)
class Ledger:
    """Figures of a proposal with g blocks, k territories and M measures, and without each block."""

    measures: tuple[str, ...]
    blocks: Sequence[Block]
    gaps: Floats  # (k, M) deviations of the proposal
    shift: Floats  # (g, M, 2) weight of a block over the target of its source and of its target
    weight: Floats  # (n,) the heaviest measure
    share: Floats  # (g,) of it
    disruption: Floats  # (g,) of it
    revenue: Floats | None  # (g,)
    radius: Travel
    home: Travel | None
    away: Floats  # (g, 2) mean km of a block's units in the old and the new territory, NaN
    has_home: Ints  # (k,) 1 where the rep's home is known

    def without(self, i: int, territory: int, m: int) -> float:
        """Deviation of a territory in a measure if block ``i`` stayed where it was."""
        gap = float(self.gaps[territory, m])
        if territory == self.blocks[i].source:
            return gap + float(self.shift[i, m, 0])
        return gap - float(self.shift[i, m, 1])

    def worst(self, i: int) -> dict[str, tuple[float, float]]:
        """measure → largest |deviation| without and with block ``i``."""
        out = {}
        sides = [t for t in (self.blocks[i].source, self.blocks[i].target) if t >= 0]
        for m, name in enumerate(self.measures):
            column = np.abs(self.gaps[:, m])
            rest = column.copy()
            rest[sides] = [abs(self.without(i, t, m)) for t in sides]
            out[name] = (float(rest.max()), float(column.max()))
        return out

    def from_home(self, i: int) -> bool:
        """Is ``away`` measured from the reps' homes?"""
        sides = (self.blocks[i].source, self.blocks[i].target)
        return all(t >= 0 and self.has_home[t] for t in sides)


def ledger(
    after: Plan,
    was: Ints,
    changed: NDArray[np.bool_],
    found: Sequence[Block],
    weights: Mapping[str, float],
    *,
    accounts: Accounts | None,
    sales: Sales | None,
    team: Team | None,
) -> Ledger:
    """Add everything up once.

    Parameters
    ----------
    was
        (n,) where each unit was, among the territories of ``after``.
    changed
        (n,) True where a unit's rep changes.
    found
        The blocks between ``was`` and ``after``.
    """
    nothing = [np.zeros(0, np.int64)]
    where = np.concatenate([b.units for b in found] or nothing)
    block = np.repeat(np.arange(len(found)), [len(b.units) for b in found])
    target = after.alignment[where].astype(np.int64)
    moved = Moved(block, where, was[where], target, len(found))
    main = max(weights, key=lambda name: weights[name])
    weight = np.nan_to_num(after.units.values(main))
    share = moved.per_block(weight[where]) / max(float(weight.sum()), 1e-300)
    changes = changed[where]
    disrupted = moved.per_block(weight[where] * changes) / max(float(weight.sum()), 1e-300)
    yearly = _revenue(after, accounts, sales)
    gaps, shift = _balance(after, moved, tuple(weights), accounts)
    middle, radius = _radius(after, weight, moved)
    home_at = home_points(after, team)
    return Ledger(
        measures=tuple(weights),
        blocks=found,
        gaps=gaps,
        shift=shift,
        weight=weight,
        share=share,
        disruption=disrupted,
        revenue=None if yearly is None else moved.per_block(yearly[where] * changes),
        radius=radius,
        home=_home_travel(after, weight, moved, home_at),
        away=_away(after, weight, moved, home_at, middle),
        has_home=np.isfinite(home_at[: after.k, 0]).astype(np.int64),
    )


def _balance(
    plan: Plan, moved: Moved, measures: tuple[str, ...], accounts: Accounts | None
) -> tuple[Floats, Floats]:
    """(k, M) deviations, and (g, M, 2) what each block adds to those of its two territories."""
    gaps = np.zeros((plan.k, len(measures)))
    loose, _ = without_named(plan, accounts, measures)
    shift = np.zeros((moved.g, len(measures), 2))
    first = np.unique(moved.block, return_index=True)[1]
    for m, name in enumerate(measures):
        values = np.nan_to_num(plan.units.values(name))
        goal = plan.territories["target"].to_numpy(float) * values.sum()
        goal = np.where(goal > 0, goal, np.nan)
        gaps[:, m] = (plan.totals(name) + named_offset(plan, accounts, name)) / goal - 1.0
        load = moved.per_block(np.nan_to_num(loose.values(name))[moved.units])
        for side, at in enumerate((moved.source, moved.target)):
            shift[:, m, side] = load / np.append(goal, np.nan)[at[first]]
    return np.nan_to_num(gaps), np.nan_to_num(shift)


def _revenue(plan: Plan, accounts: Accounts | None, sales: Sales | None) -> Floats | None:
    """(n,) yearly revenue of each unit, without accounts that keep their rep; None: not known."""
    if accounts is not None and np.nansum(accounts.frame["revenue"]) > 0:
        whole = accounts.per_unit(plan.units)["revenue"].to_numpy(float)
        named = named_accounts(plan, accounts)
        stays = np.nan_to_num(accounts.frame["revenue"].to_numpy(float)[named.row])
        there = named.unit >= 0
        return np.asarray(whole - np.bincount(named.unit[there], stays[there], plan.units.n))
    if sales is not None and len(sales.frame):
        late = sales.frame[sales.frame["period"].isin(sales.periods[-YEAR:])]
        return late.groupby("unit_id")["amount"].sum().reindex(plan.units.ids).fillna(0).to_numpy()
    for name in ("revenue", "sales"):
        if name in plan.units.measure_names:
            return np.nan_to_num(plan.units.values(name))
    return None


def _radius(plan: Plan, weight: Floats, moved: Moved) -> tuple[Floats, Travel]:
    """(g, 2, 2) middles in km of the source's and the target's other units, and the weighted
    radius (`metrics.rms_radius_km`).

    Σ w r² about the own centre is Σ w |x|² − |Σ w x|² / Σ w: three sums a territory.
    """
    xy = plan.units.xy / 1e3
    xy = xy - xy.mean(axis=0)
    w = weight / (weight.max(initial=0.0) or 1.0)
    sums = np.column_stack([w, w * xy[:, 0], w * xy[:, 1], w * (xy**2).sum(axis=1)])
    at = plan.alignment
    held = np.column_stack([np.bincount(at[at >= 0], c[at >= 0], plan.k) for c in sums.T])
    taken = np.column_stack([moved.per_block(c[moved.units]) for c in sums.T])
    own = _moment(held)
    first = np.unique(moved.block, return_index=True)[1]
    moment, mass = np.full(moved.g, own.sum()), np.full(moved.g, held[:, 0].sum())
    middle = np.full((moved.g, 2, 2), np.nan)
    ends = (moved.source[first], moved.target[first])
    for side, to in enumerate(ends):
        real = to >= 0
        there, sign = to[real], 1.0 - 2.0 * side
        moment[real] += _moment(held[there] + sign * taken[real]) - own[there]
        mass[real] += sign * taken[real, 0]
        rest = held[there] - side * taken[real]
        middle[real, side] = rest[:, 1:3] / np.where(rest[:, :1] > TRACE, rest[:, :1], np.nan)
    total = max(float(held[:, 0].sum()), 1e-300)
    without = np.sqrt(np.maximum(moment, 0.0) / np.maximum(mass, 1e-300))
    middle = middle + plan.units.xy.mean(axis=0) / 1e3
    return middle, Travel(float(np.sqrt(max(own.sum(), 0.0) / total)), without)


def _moment(sums: NDArray[Any]) -> Floats:
    """Σ w r² about the centre, from rows of Σ w, Σ w x, Σ w y, Σ w (x² + y²)."""
    mass = np.where(sums[:, 0] > 1e-15, sums[:, 0], np.inf)
    out: Floats = np.maximum(sums[:, 3] - (sums[:, 1] ** 2 + sums[:, 2] ** 2) / mass, 0.0)
    return out


def home_points(plan: Plan, team: Team | None) -> Floats:
    """(k+1, 2) km of the reps' homes, NaN where not known; the last row answers for -1."""
    out = np.full((plan.k + 1, 2), np.nan)
    if team is None:
        return out
    home = dict(zip(team.ids, team.homes(plan.units).tolist(), strict=True))
    for t, rep in enumerate(plan.territories["rep_id"]):
        if home.get(rep, -1) >= 0:
            out[t] = plan.units.xy[home[rep]] / 1e3
    return out


def home_cost(
    plan: Plan, weight: Floats, units: Ints, to: Ints, home_at: Floats
) -> tuple[Floats, Floats]:
    """Σ weight · km from home of some units in territories ``to``, unit by unit, and the weight
    that this is over: both 0 where no home is known."""
    km = _km(plan.units.xy[units] / 1e3, home_at[to])
    known = np.isfinite(km)
    return np.where(known, weight[units] * km, 0.0), np.where(known, weight[units], 0.0)


def home_km(plan: Plan, weight: Floats, home_at: Floats) -> float:
    """Mean distance from the reps' homes by weight; NaN where none is known."""
    to = plan.alignment.astype(np.int64)
    paid, counted = home_cost(plan, weight, np.arange(plan.units.n), to, home_at)
    return float(paid.sum() / counted.sum()) if counted.sum() > 0 else float("nan")


def _home_travel(plan: Plan, weight: Floats, moved: Moved, home_at: Floats) -> Travel | None:
    """Mean weighted km between a unit and its rep's home, where that is known."""
    to = plan.alignment.astype(np.int64)
    paid, counted = home_cost(plan, weight, np.arange(plan.units.n), to, home_at)
    if counted.sum() <= 0:
        return None
    there = home_cost(plan, weight, moved.units, moved.source, home_at)
    here = home_cost(plan, weight, moved.units, moved.target, home_at)
    late = paid.sum() + moved.per_block(there[0] - here[0])
    by = counted.sum() + moved.per_block(there[1] - here[1])
    return Travel(float(paid.sum() / counted.sum()), late / np.maximum(by, 1e-300))


def _away(plan: Plan, weight: Floats, moved: Moved, home_at: Floats, middle: Floats) -> Floats:
    """(g, 2) mean km of a block from both homes, else from the rest of both territories."""
    xy = plan.units.xy[moved.units] / 1e3
    home = np.isfinite(home_at[moved.source, 0]) & np.isfinite(home_at[moved.target, 0])
    heft = weight[moved.units] + TRACE * max(float(weight.mean()), TRACE)
    out = np.empty((moved.g, 2))
    for side, at in enumerate((moved.source, moved.target)):
        km = _km(xy, np.where(home[:, None], home_at[at], middle[moved.block, side]))
        out[:, side] = moved.per_block(heft * km) / np.maximum(moved.per_block(heft), 1e-300)
    return out


def _km(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.hypot(a[:, 0] - b[:, 0], a[:, 1] - b[:, 1]))
