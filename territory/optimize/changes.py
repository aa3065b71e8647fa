"""Why each part of a proposal is there: every connected block of moves, and what it does.

The effect of a block is found by leaving it out: the proposal as it is, against the same proposal
with only these units back where they were. Balance, travel and disruption are sums over units, so
all blocks are left out at once in O(n + blocks · territories); only the pieces that the two
territories would fall into take a look at the map, block by block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from territory.metrics import changed_units
from territory.metrics.disruption import REVENUE_AT_RISK
from territory.model import Accounts, Plan, Sales, Team
from territory.optimize.arguments import weights_of
from territory.optimize.arrays import Ints
from territory.optimize.hint import Effect
from territory.optimize.leaveout import Ledger, ledger
from territory.optimize.moves import Block, Parts, aligned, blocks, place_of
from territory.optimize.why import why

__all__ = ["Changes", "MoveGroup", "reasons"]


@dataclass(frozen=True, eq=False)
class MoveGroup:
    """One connected block of units that changes hands, and its own effect.

    Every pair of figures is (without this block, with it), the rest of the proposal unchanged.

    Parameters
    ----------
    key
        Tells blocks apart: the id of the first unit. What `accept` takes.
    units
        Positions of the units.
    source, target
        Territory ids; None where the units have no territory before or after.
    source_name, target_name
        Their names; "unassigned" for None.
    place
        Where it is: "in Worcester", "around Worcester", or unit ids where no place is known.
    effects
        Deviation of both territories in each measure.
    max_deviation
        measure → the largest |deviation| of any territory.
    radius_km
        Weighted radius of all territories (`metrics.rms_radius_km`).
    home_km
        Mean distance from the reps' homes, by weight; None where homes are not known.
    away_km
        These units' own mean distance: from the old rep's home and from the new one's, or, where
        homes are not known, from the middle of what else is in both territories; None where
        one of them is "unassigned" or has nothing else.
    share
        Their share of the heaviest measure.
    disruption
        The share of it that gets another rep; 0 where nobody or the same rep had it before.
    revenue
        Yearly revenue with customers who get another rep; None where no revenue is known.
    joins
        Names of territories that lie in fewer pieces thanks to this block.
    splits
        Names of territories that lie in more pieces because of it.
    kind
        What mainly speaks for it: "balance", "one piece", "travel" or "none".
    why
        A sentence that says so.
    """

    key: str
    units: Ints
    source: str | None
    target: str | None
    source_name: str
    target_name: str
    place: str
    effects: tuple[Effect, ...]
    max_deviation: Mapping[str, tuple[float, float]]
    radius_km: tuple[float, float]
    home_km: tuple[float, float] | None
    away_km: tuple[float, float] | None
    share: float
    disruption: float
    revenue: float | None
    joins: tuple[str, ...]
    splits: tuple[str, ...]
    kind: str
    why: str

    @property
    def revenue_at_risk(self) -> tuple[float, float] | None:
        """The part of ``revenue`` that changes of rep have been seen to cost, low and high."""
        if self.revenue is None:
            return None
        return self.revenue * REVENUE_AT_RISK[0], self.revenue * REVENUE_AT_RISK[1]

    def title(self, unit: str = "unit", units: str = "units") -> str:
        """ "7 ZIPs around Worcester, Blake → Casey", in the user's words for unit and units."""
        count = len(self.units)
        what = f"{count} {unit if count == 1 else units}"
        placed = self.place.startswith(("in ", "around "))
        where = f" {self.place}" if placed else f" ({self.place})"
        return f"{what}{where}, {self.source_name} → {self.target_name}"


@dataclass(frozen=True, eq=False)
class Changes:
    """Everything a proposal moves.

    ``groups`` come with the most useful first; ``group_of`` is (n,) the position among them of
    each unit, -1 for units that stay. ``disruption`` is a share of the heaviest measure,
    ``revenue`` what customers who get another rep bring a year (None: not known).
    """

    groups: tuple[MoveGroup, ...]
    group_of: Ints
    measures: Mapping[str, float]
    tolerance: float
    disruption: float
    revenue: float | None

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all groups, in their order."""
        return tuple(group.key for group in self.groups)


def reasons(
    before: Plan,
    after: Plan,
    *,
    measures: Mapping[str, float] | None = None,
    tolerance: float = 0.05,
    sales: Sales | None = None,
    accounts: Accounts | None = None,
    team: Team | None = None,
) -> Changes:
    """The moves from one plan to another, each with its own effect and a sentence why.

    Parameters
    ----------
    before, after
        ``after`` has every territory of ``before``; targets and owners are those of ``after``.
    measures
        measure → weight; the heaviest is what travel and disruption are weighed by.
    tolerance
        Deviation that is no reason for a move.
    accounts, sales
        Say how much revenue changes hands: the accounts' own, else the last four periods of
        sales, else the units' own column. Accounts named to a rep stay with their rep.
    team
        Brings the reps' homes.

    Raises
    ------
    PlanError
        If the plans can't be compared.
    InputError
        If a measure can't be used.
    """
    weights = weights_of(after.units, measures)
    was, now = aligned(before, after), after.alignment.astype(np.int64)
    found = blocks(after.units.graph, was, now)
    changed = changed_units(after, before, max(weights, key=lambda name: weights[name]))
    book = ledger(after, was, changed, found, weights, accounts=accounts, sales=sales, team=team)
    parts = Parts(after.units.graph)
    groups = [_group(after, book, parts, now, b, i, tolerance) for i, b in enumerate(found)]
    order = sorted(range(len(groups)), key=lambda i: (-_worth(groups[i], weights, tolerance), i))
    group_of = np.full(after.units.n, -1, dtype=np.int64)
    for position, i in enumerate(order):
        group_of[found[i].units] = position
    group_of.setflags(write=False)
    return Changes(
        groups=tuple(groups[i] for i in order),
        group_of=group_of,
        measures=weights,
        tolerance=tolerance,
        disruption=float(book.disruption.sum()),
        revenue=None if book.revenue is None else float(book.revenue.sum()),
    )


def _group(
    after: Plan, book: Ledger, parts: Parts, now: Ints, block: Block, i: int, tolerance: float
) -> MoveGroup:
    """One block with its figures; ``now`` is changed and put back."""
    ids, names = after.territory_ids, after.territories["name"].tolist()
    sides = [t for t in (block.source, block.target) if t >= 0]
    held = {t: parts.count(now, t) for t in sides}
    now[block.units] = block.source
    loose = {t: parts.count(now, t) for t in sides}
    now[block.units] = block.target
    effects = tuple(
        Effect(ids[t], names[t], measure, book.without(i, t, m), float(book.gaps[t, m]))
        for t in sides
        for m, measure in enumerate(book.measures)
    )
    joins = tuple(names[t] for t in sides if held[t] < loose[t])
    splits = tuple(names[t] for t in sides if held[t] > max(1, loose[t]))
    away = book.away[i]
    away_km = (float(away[0]), float(away[1])) if np.isfinite(away).all() else None
    kind, said = why(effects, joins, away_km, book.from_home(i), tolerance)
    return MoveGroup(
        key=str(after.units.ids[block.units[0]]),
        units=block.units,
        source=ids[block.source] if block.source >= 0 else None,
        target=ids[block.target] if block.target >= 0 else None,
        source_name=names[block.source] if block.source >= 0 else "unassigned",
        target_name=names[block.target] if block.target >= 0 else "unassigned",
        place=place_of(after.units, block.units, book.weight),
        effects=effects,
        max_deviation=book.worst(i),
        radius_km=(float(book.radius.without[i]), book.radius.km),
        home_km=None if book.home is None else (float(book.home.without[i]), book.home.km),
        away_km=away_km,
        share=float(book.share[i]),
        disruption=float(book.disruption[i]),
        revenue=None if book.revenue is None else float(book.revenue[i]),
        joins=joins,
        splits=splits,
        kind=kind,
        why=said,
    )


def _worth(group: MoveGroup, measures: Mapping[str, float], tolerance: float) -> float:
    """How much a block does: deviation taken away first, then its size."""
    whole = sum(measures.values())

    def badness(deviation: float) -> float:
        return abs(deviation) + 10.0 * max(0.0, abs(deviation) - tolerance)

    gain = sum(
        measures[e.measure] / whole * (badness(e.before) - badness(e.after)) for e in group.effects
    )
    return gain + 1.0 * len(group.joins) + 0.1 * group.share
