"""One search from its own start and seed: from scratch, near homes, or from today's plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from territory.optimize.arguments import Run
from territory.optimize.arrays import Ints, Rules
from territory.optimize.check import Request
from territory.optimize.homes import match_homes
from territory.optimize.instance import Instance
from territory.optimize.multistart import Watch
from territory.optimize.schedules import (
    HOME,
    MANY,
    REPLAN,
    from_scratch,
    home_costs,
    replan_costs,
    travel_costs,
    unmatched_costs,
)
from territory.optimize.search import Best, Schedule, Search, unjudged
from territory.optimize.solve import approach, run
from territory.optimize.start import rough, settled, todays

RESTARTS = 2
"""Fixed, whatever the cores, so that the same seed gives the same plan everywhere."""

MORE = (2,)
"""Further rounds of restarts, which try harder, where none met the tolerance and nothing says that
none can."""


@dataclass(frozen=True, eq=False)
class Attempts:
    """The searches of one run; calling it makes the one with the number ``turn``.

    ``hopeless``: it is known that no plan can meet the tolerance, so none tries too hard.
    """

    request: Request
    instance: Instance
    run: Run
    hopeless: bool

    @property
    def rounds(self) -> list[int]:
        """Searches in the first round, and in those that follow where it was not enough."""
        return [self.first] if self.run.restarts else [self.first, *MORE]

    @property
    def first(self) -> int:
        """Searches in the first round."""
        usual = 1 if self.instance.n >= MANY else RESTARTS
        return self.run.restarts or usual

    @property
    def schedules(self) -> list[Schedule]:
        """The schedules that each search goes through."""
        if self.request.current is not None:
            return [REPLAN]
        return [self.free, HOME] if self.near_homes else [self.free]

    @property
    def free(self) -> Schedule:
        """The schedule of a search from scratch."""
        return from_scratch(self.instance.n, self.instance.k)

    @property
    def near_homes(self) -> bool:
        """Do territories belong to reps whose homes count?"""
        return self.request.homes is not None

    def __call__(self, turn: int, watch: Watch, halted: Callable[[], bool]) -> Best:
        """The best plan of one search, from the first shapes to the last polish."""
        deep = turn >= self.first
        today = self.request.current is not None
        first = todays(self.instance) if today else self.shapes(turn, watch)
        rules = self.instance.rules
        rules = replan_costs(rules, self.near_homes) if today else unmatched_costs(rules)
        cap, seed = self.request.max_disruption, self.run.seed * 1000 + turn
        search = Search(self.instance, rules, first, seed, cap, watch, halted)
        return self.replan(search, deep) if today else self.fresh(search, deep)

    def shapes(self, turn: int, watch: Watch) -> Ints:
        """New shapes, each in one piece; every turn cuts the map at another angle."""
        instance = self.instance
        first = rough(instance, self.run.start, self.run.seed + turn, turn)
        watch("Drawing first shapes", unjudged(instance, first, rank=2))
        label = settled(instance, first)
        watch("Joining pieces", unjudged(instance, label, rank=1))
        return label

    def replan(self, search: Search, deep: bool) -> Best:
        """From today's plan, cool, with a price on what changes hands."""
        return run(search, REPLAN, deep=deep, hopeless=self.hopeless)

    def fresh(self, search: Search, deep: bool) -> Best:
        """From new shapes; with homes, territories are matched to reps and searched once more."""
        homes = self.near_homes
        best = run(search, self.free, deep=deep and not homes, hopeless=self.hopeless or homes)
        if not homes:
            return best
        rules: Rules = self.instance.rules
        matched = match_homes(self.instance.land, rules, best.label)
        near = search.again(home_costs(rules), matched)
        best = run(near, HOME, deep=deep, hopeless=self.hopeless)
        return approach(near.again(travel_costs(rules), best.label))
