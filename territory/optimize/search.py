"""One search: from a first plan to a good one, in chunks.

Simulated annealing whose tolerance shrinks and whose wall hardens while the temperature falls; each
chunk adds merge-and-splits and raises the price of territories that carry too much. Afterwards the
territories still outside the tolerance get rounds of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from territory.optimize.anneal import anneal
from territory.optimize.arrays import Floats, Ints, Rules, tally
from territory.optimize.instance import Instance
from territory.optimize.mergesplit import merge_and_split
from territory.optimize.objective import (
    barred_share,
    breaks_limits,
    deviations,
    excess,
    quality,
)
from territory.optimize.repair import count_pieces

Score = tuple[float, int, float, float]
"""What is beyond the cap on disruption or barred, territories in pieces (one more where limits are
broken), excess beyond tolerance and limits, objective.


Compared in this order: a plan that keeps the rules beats any that does not, and so on.
"""

MARGIN = 0.97
"""The search aims a little inside the tolerance, so that rounding never decides."""

LATE = 0.7
"""From this part of the schedule on plans are candidates for the last rounds."""

EASY = 0.10
"""Tolerance at the start of a soft schedule."""


@dataclass(frozen=True)
class Schedule:
    """How a search spends its time.

    ``cuts`` are merge-and-splits a territory in each chunk.
    ``soft`` begins with a wide tolerance and a low wall; without it the wall stands from the start.
    ``rounds`` are the extra ones for territories outside the tolerance at the end; so many without
    any gain (``patience``) end them.
    """

    chunks: int = 32
    moves_per_unit: float = 100.0
    cuts: float = 1.0
    hot: float = 0.03
    cold: float = 0.0004
    soft: bool = True
    rounds: int = 24
    patience: int = 8
    price_step: float = 1.0


@dataclass(eq=False)
class Best:
    """The best plan so far; always a valid one."""

    label: Ints
    score: Score = (np.inf, 0, np.inf, np.inf)
    deviation: float = np.inf

    @property
    def feasible(self) -> bool:
        """Within the tolerance and the hard rules, every territory in one piece."""
        return self.score[:3] <= (0.0, 0, 0.0)

    def offer(self, label: Ints, score: Score, deviation: float) -> bool:
        """Keep a copy of a plan if it is better."""
        if score >= self.score:
            return False
        self.label, self.score, self.deviation = label.copy(), score, deviation
        return True


@dataclass(eq=False)
class Search:
    """The state of one search. ``rules`` is what plans are judged by; ``cap`` a share of stake."""

    instance: Instance
    rules: Rules
    label: Ints
    seed: int
    cap: float | None
    tell: Callable[[str, Best], None]
    halted: Callable[[], bool]
    best: Best = field(init=False)
    late: Best = field(init=False)
    price: Floats = field(init=False)
    held: bool = field(init=False)
    surcharge: float = 1.0

    def __post_init__(self) -> None:
        self.best = Best(self.label.copy())
        self.late = Best(self.label.copy())
        self.price = np.zeros_like(self.instance.offset)
        self.held = bool((self.instance.land.lock >= 0).any())
        self.judge(late=False)

    def again(self, rules: Rules, label: Ints) -> Search:
        """A new search from another plan, judged by other rules."""
        return replace(self, rules=rules, label=label.copy(), seed=self.seed + 500)

    def gaps(self) -> Floats:
        """(k, M) deviations of the plan at hand."""
        return deviations(self.instance.land, self.rules, self.instance.offset, self.label)

    def moved(self) -> float:
        """Share of the stake that changes hands."""
        land = self.instance.land
        changed = (land.owner >= 0) & (land.owner != self.rules.owner[self.label])
        moved = float(land.stake[changed].sum() / self.instance.k)
        return moved + self.instance.moved_anyway

    def broken(self) -> Ints:
        """(k,) 1 for territories in pieces. Only locks can leave any."""
        k = self.instance.k
        if not self.held:
            return np.zeros(k, np.int64)
        return (count_pieces(self.instance.net, self.label, k) > 1).astype(np.int64)

    def score(self) -> Score:
        """How good the plan at hand is."""
        gaps, rules, land = self.gaps(), self.rules, self.instance.land
        over = barred_share(land, rules, self.label)
        if self.cap is not None:
            over += max(0.0, self.moved() - self.cap)
        return (
            over,
            int(self.broken().sum()) + breaks_limits(rules, gaps),
            excess(gaps, rules.tolerance, rules.floor, rules.ceiling),
            quality(self.instance.net, land, rules, self.label),
        )

    def judge(self, late: bool = True) -> None:
        """Offer the plan at hand as the best; towards the end also to the last rounds.

        Those start from the best of the cold plans, which may be out of the tolerance by a little
        and better than a start that is inside.
        """
        score, worst = self.score(), float(np.abs(self.gaps()).max())
        self.best.offer(self.label, score, worst)
        if late:
            self.late.offer(self.label, score, worst)

    def chunk(self, rules: Rules, tries: float, hot: float, cold: float, salt: int) -> None:
        """Single moves and swaps."""
        part = self.instance
        state = tally(part.land, part.offset, self.label)
        seed = mix(self.seed, salt)
        anneal(part.net, part.land, rules, state, int(tries), float(hot), float(cold), seed)

    def cut(self, rules: Rules, tries: int, heat: float, focus: bool, salt: int) -> None:
        """Merge-and-splits."""
        part = self.instance
        state = tally(part.land, part.offset, self.label)
        merge_and_split(
            *(part.net, part.land, rules, state, part.offset, self.broken()),
            *(int(tries), float(heat), focus, mix(self.seed, salt)),
        )

    def reprice(self, step: float) -> None:
        """Raise the price of territories that carry too much, lower the others'."""
        gaps, rules = self.gaps(), self.rules
        # A measure that only has limits has a price only beyond them.
        free = np.where(rules.pull > 0, 0.0, gaps)
        self.price += step * np.clip(gaps - np.clip(free, rules.floor, rules.ceiling), -0.3, 0.3)
        if self.cap is not None:
            self.surcharge *= 1.5 if self.moved() > self.cap else 0.95
            self.surcharge = max(self.surcharge, 1.0)

    def working(self, wall: float = 1.0, slack: float = 0.0) -> Rules:
        """The rules of the next chunk: prices as they are, a wall and a tolerance of its own."""
        rules = self.rules
        return rules._replace(
            price=self.price,
            wall=rules.wall * wall,
            tolerance=rules.tolerance * MARGIN + slack * np.maximum(0.0, EASY - rules.tolerance),
            move=rules.move * self.surcharge,
        )


def descend(search: Search, schedule: Schedule) -> None:
    """Carry a search through its schedule, or to the chunk at which it is halted; leaves the best
    of the late plans at hand."""
    tries = schedule.moves_per_unit * search.instance.n / schedule.chunks
    cuts = max(1, round(schedule.cuts * search.instance.k))
    for c in range(schedule.chunks):
        if search.halted():
            break
        done = c / schedule.chunks
        heat = schedule.hot * (schedule.cold / schedule.hot) ** done
        cooler = schedule.hot * (schedule.cold / schedule.hot) ** ((c + 1) / schedule.chunks)
        rules = search.working()
        if schedule.soft:
            slack = max(0.0, 1 - 2 * done)
            rules = search.working(0.05 + 0.95 * min(1.0, done / 0.6) ** 2, slack)
        search.chunk(rules, tries, heat, cooler, 10 * c + 1)
        search.cut(rules, cuts, heat, False, 10 * c + 2)
        if done > 0.4:
            hard = search.working(rules.wall / search.rules.wall)
            search.cut(hard, cuts, heat, True, 10 * c + 3)
        search.judge(late=done >= LATE)
        search.reprice(schedule.price_step)
        search.tell("Evening out", search.best)
    search.label[:] = search.late.label


def mix(seed: int, salt: int) -> np.uint64:
    """A well mixed, non-zero seed for a kernel (SplitMix64: Steele, Lea & Flood 2014)."""
    z = (seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return np.uint64((z ^ (z >> 31)) or 1)


def unjudged(instance: Instance, label: Ints, rank: int) -> Best:
    """A first shape to look at; any judged plan beats it, and a lower rank beats a higher one."""
    gaps = deviations(instance.land, instance.rules, instance.offset, label)
    return Best(label, (np.inf, rank, np.inf, np.inf), float(np.abs(gaps).max()))
