"""Taking over a part of a proposal: some of its blocks, and what must come along with them.

A choice can cut a territory in two: a block left behind may be the only bridge to another one that
is taken, or what is taken may cut off what stays. Then further blocks are taken along, or chosen
ones are left, until no territory lies in more pieces than in the plan as it was or in the whole
proposal. Taking all is the proposal and taking none is the plan as it was, so there is always a
way. Greedy, by the number of pieces too many and then by size; afterwards whatever turned out not
to be needed is given back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.model import Plan
from territory.optimize.arrays import Ints
from territory.optimize.changes import Changes
from territory.optimize.moves import Block, Parts, aligned, blocks
from territory.optimize.words import listed

__all__ = ["Accepted", "Prefer", "accept"]

Prefer = Literal["fewest", "along", "left"]
"""Which way out of a choice that cuts a territory: the one that concerns fewer units, always to
take more along, or always to leave more."""


@dataclass(frozen=True, eq=False)
class Accepted:
    """A plan with a part of a proposal.

    Parameters
    ----------
    plan
        The present plan with the blocks in ``taken`` moved.
    taken
        Keys of the blocks it has.
    along
        Keys that were not chosen and had to come along.
    left
        Keys that were chosen and had to be left: they would cut a territory.
    locked
        Keys that were chosen and can't be had: they hold a locked unit, or go to or come from a
        locked territory.
    torn
        Names of the territories that the choice alone would have cut.
    """

    plan: Plan
    taken: frozenset[str]
    along: tuple[str, ...]
    left: tuple[str, ...]
    locked: tuple[str, ...]
    torn: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Was the choice carried out as it was made?"""
        return not (self.along or self.left or self.locked)

    def text(self, changes: Changes, unit: str = "unit", units: str = "units") -> str:
        """What became of the choice, in words; empty where it was carried out as it was made."""
        titles = {group.key: group.title(unit, units) for group in changes.groups}
        said = []
        if self.torn:
            names = listed(self.torn)
            said.append(f"This choice alone would leave {names} in pieces.")
        for keys, what in (
            (self.along, "comes along"),
            (self.left, "is left"),
            (self.locked, "is locked and stays"),
        ):
            said += [f"{titles[key]}: {what}." for key in keys]
        return " ".join(said)


def accept(
    before: Plan, after: Plan, chosen: Collection[str], *, prefer: Prefer = "fewest"
) -> Accepted:
    """The present plan with the chosen blocks of a proposal, in one piece as far as it was.

    Parameters
    ----------
    before
        The present plan; its locks hold.
    after
        The proposal, with every territory of ``before``.
    chosen
        Keys of `MoveGroup`; "all" and "none" are simply all keys and no key.

    Raises
    ------
    PlanError
        If the plans can't be compared, or a key is not one of theirs.
    """
    was, now = aligned(before, after), after.alignment.astype(np.int64)
    found = blocks(after.units.graph, was, now)
    keys = [str(after.units.ids[b.units[0]]) for b in found]
    unknown = sorted(set(chosen) - set(keys))
    if unknown:
        raise PlanError(f"The proposal has no block of moves {unknown[0]!r}: it is another one.")
    shut = _locked(before, after, found)
    wish = {i for i, key in enumerate(keys) if key in set(chosen)}
    free = wish - shut
    choice = _Choice(after, was, now, found)
    torn = choice.torn(free)
    best = free
    if torn:
        more = None if prefer == "left" else choice.extended(free, shut)
        less = None if prefer == "along" and more is not None else choice.reduced(free)
        options = [option for option in (more, less) if option is not None]
        best = min(options, key=lambda option: choice.size(option ^ free))
    names = after.territories["name"].tolist()
    frame = after.territories if before.k != after.k else before.territories
    plan = Plan(
        after.units, frame, choice.label(best).astype(np.int32), before.locks, before.named_accounts
    )
    return Accepted(
        plan=plan,
        taken=frozenset(keys[i] for i in best),
        along=tuple(keys[i] for i in sorted(best - free)),
        left=tuple(keys[i] for i in sorted(free - best)),
        locked=tuple(keys[i] for i in sorted(wish & shut)),
        torn=tuple(names[t] for t in torn),
    )


def _locked(before: Plan, after: Plan, found: list[Block]) -> set[int]:
    """Blocks that a lock of the present plan forbids."""
    held = before.locked_units
    closed = {
        after.position_of(t) for t in before.locks.territories if t in before.territories.index
    }
    return {i for i, b in enumerate(found) if held[b.units].any() or b.target in closed}


class _Choice:
    """What choosing some of the blocks would look like."""

    def __init__(self, after: Plan, was: Ints, now: Ints, found: list[Block]) -> None:
        self.was, self.found = was, found
        self.parts = Parts(after.units.graph)
        self.touching: dict[int, set[int]] = {}
        for i, b in enumerate(found):
            for t in (b.source, b.target):
                if t >= 0:
                    self.touching.setdefault(t, set()).add(i)
        self.allowed = {
            t: max(1, self.parts.count(was, t), self.parts.count(now, t)) for t in self.touching
        }

    def label(self, chosen: set[int]) -> Ints:
        """(n,) the alignment with the blocks chosen."""
        out = self.was.copy()
        for i in chosen:
            out[self.found[i].units] = self.found[i].target
        return out

    def excess(self, label: Ints, territory: int) -> int:
        """Pieces too many."""
        return max(0, self.parts.count(label, territory) - self.allowed[territory])

    def torn(self, chosen: set[int]) -> list[int]:
        """Territories that would lie in too many pieces."""
        label = self.label(chosen)
        return [t for t in sorted(self.touching) if self.excess(label, t)]

    def size(self, chosen: set[int]) -> int:
        """Units in some blocks."""
        return sum(len(self.found[i].units) for i in chosen)

    def extended(self, chosen: set[int], shut: set[int]) -> set[int] | None:
        """The choice with what must come along; None where locks forbid it."""
        return self._mended(chosen, lambda now: set(range(len(self.found))) - now - shut)

    def reduced(self, chosen: set[int]) -> set[int]:
        """The choice without what must be left."""
        out = self._mended(chosen, lambda now: now & chosen)
        return set() if out is None else out

    def _mended(self, chosen: set[int], pool: Callable[[set[int]], set[int]]) -> set[int] | None:
        """The choice with blocks of ``pool`` taken or given back until nothing is torn; None
        where that can't be done."""
        now, flipped = set(chosen), []
        label = self.label(now)
        excess = {t: e for t in sorted(self.touching) if (e := self.excess(label, t))}
        while excess:
            t = min(excess)
            found = self._step(label, now, t, excess, pool(now) & self.touching[t])
            if found is None:
                return None
            self._flip(label, now, found, excess)
            flipped.append(found)
        for i in reversed(flipped[:-1]):
            # What was taken on the way there may not be needed any more.
            self._flip(label, now, i, excess)
            if excess:
                self._flip(label, now, i, excess)
        return now

    def _step(
        self, label: Ints, now: set[int], t: int, excess: dict[int, int], pool: set[int]
    ) -> int | None:
        """The block of the pool that helps a torn territory most; its loose ends first."""
        near = self._loose(label, t)
        best: tuple[int, bool, int, int] | None = None
        for i in sorted(pool):
            trial = dict(excess)
            self._flip(label, now, i, trial)
            apart = not near[self.found[i].units].any()
            rank = (sum(trial.values()), apart, len(self.found[i].units), i)
            self._flip(label, now, i, trial)
            best = rank if best is None else min(best, rank)
        return None if best is None else best[3]

    def _flip(self, label: Ints, now: set[int], i: int, excess: dict[int, int]) -> None:
        """Take a block, or give it back; ``label``, ``now`` and ``excess`` follow."""
        block = self.found[i]
        now ^= {i}
        label[block.units] = block.target if i in now else block.source
        for t in (block.source, block.target):
            if t >= 0:
                excess.pop(t, None)
                if over := self.excess(label, t):
                    excess[t] = over

    def _loose(self, label: Ints, t: int) -> NDArray[np.bool_]:
        """(n,) units of all pieces of a territory but the largest, and their neighbours."""
        members = np.flatnonzero(label == t)
        part = self.parts.labelled(members)
        out = np.zeros(len(label), bool)
        loose = members[part != np.bincount(part).argmax()]
        out[loose] = True
        out[self.parts.beside(loose)] = True
        return out
