"""`propose`: the engine from end to end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from territory.metrics import moved_share
from territory.model import Locks, Plan, Team, Units, noncontiguous
from territory.optimize.arguments import ROUNDING, check_run
from territory.optimize.arrays import Ints
from territory.optimize.check import Request, check
from territory.optimize.explain import deviations_by_measure, infeasible, out_of_reach
from territory.optimize.frame import today
from territory.optimize.homes import match_homes
from territory.optimize.instance import Instance, prepare
from territory.optimize.multistart import Outcome, Watch, best_of
from territory.optimize.result import Progress, Proposal
from territory.optimize.schedules import (
    FREE,
    HOME,
    REPLAN,
    free_costs,
    home_costs,
    replan_costs,
)
from territory.optimize.search import Best, Search, unjudged
from territory.optimize.seed import Start
from territory.optimize.solve import run
from territory.optimize.start import rough, settled, todays
from territory.optimize.warmup import ensure_warm

RESTARTS = 2
"""Fixed, whatever the cores, so that the same seed gives the same plan everywhere."""

MORE = (2,)
"""Further rounds of restarts, which try harder, where none met the tolerance and nothing says that
none can."""


def propose(
    units: Units,
    *,
    territories: int | None = None,
    team: Team | None = None,
    measures: Mapping[str, float] | None = None,
    tolerance: float = 0.05,
    homes: bool = False,
    current: Plan | None = None,
    locks: Locks | None = None,
    max_disruption: float | None = None,
    disruption_measure: str | None = None,
    seed: int = 1,
    restarts: int | None = None,
    time_limit: float | None = None,
    start: Start = "balanced",
    offset: NDArray[np.float64] | None = None,
    only: Collection[str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Proposal:
    """Balanced, contiguous, compact territories.

    Parameters
    ----------
    territories, team
        How many; or one for each rep, with targets by capacity where every rep has one.
    measures
        measure → weight; each is kept within the tolerance, the weights say what matters more.
        Default: the region's default measure.
    tolerance
        Allowed |total/target − 1|.
    homes
        Match territories with the reps' homes and keep them near.
    current
        Start from this plan and change little; without ``territories`` or ``team`` its
        territories are kept.
    locks
        Units and territories that stay as they are; default: those of ``current``.
    max_disruption
        Largest share of ``disruption_measure`` (default: the heaviest measure) whose rep may
        change.
    seed, restarts
        Same seed and restarts, same plan (without a time limit). By default more are tried where
        the first ones miss the tolerance.
    time_limit
        Seconds after which to stop at the next chunk.
    start
        "balanced" or scikit-learn's "kmeans" as first shapes.
    offset
        (territories, measures) fixed amounts added to the totals, such as named accounts.
    only
        Ids of the territories that may change; all other territories of ``current``, and its
        unassigned units, stay as they are.
    progress, cancel
        Called between chunks, from the caller's thread.

    Raises
    ------
    InputError
        If the request contradicts itself or a measure in use is not usable.

    Each step is described in the module that it is imported from.
    """
    request = check(
        units,
        territories=territories,
        team=team,
        measures=measures,
        tolerance=tolerance,
        homes=homes,
        current=current,
        locks=locks,
        max_disruption=max_disruption,
        disruption_measure=disruption_measure,
        offset=offset,
        only=only,
    )
    seed, restarts, time_limit = check_run(seed, restarts, time_limit, start)
    ensure_warm(progress)
    began = time.perf_counter()
    instance = prepare(request)
    schedules = [REPLAN] if current is not None else [FREE, HOME] if homes else [FREE]
    steps = (restarts or RESTARTS) * (sum(s.chunks for s in schedules) + 2) + 1
    reporter = Reporter(instance, kept(request), steps, progress)
    hopeless = out_of_reach(request)

    def attempt(turn: int, watch: Watch, halted: Callable[[], bool]) -> Best:
        """One search from its own start and seed."""
        first = first_plan(instance, request, start, seed, turn, watch)
        rules = free_costs(instance.rules)
        if request.current is not None:
            rules = replan_costs(instance.rules, homes)
        cap = request.max_disruption
        search = Search(instance, rules, first, seed * 1000 + turn, cap, watch, halted)
        deep = turn >= (restarts or RESTARTS)
        if request.current is not None:
            return run(search, REPLAN, deep=deep, hopeless=hopeless)
        best = run(search, FREE, deep=deep and not homes, hopeless=hopeless or homes)
        if not homes:
            return best
        matched = match_homes(instance.land, instance.rules, best.label)
        again = search.again(home_costs(instance.rules), matched)
        return run(again, HOME, deep=deep, hopeless=hopeless)

    outcome = best_of(
        attempt,
        [restarts] if restarts else [RESTARTS, *MORE],
        enough=lambda best: best.feasible or hopeless,
        deadline=None if time_limit is None else began + time_limit,
        tell=reporter,
        cancel=cancel,
    )
    seconds = time.perf_counter() - began
    result = _proposal(request, instance, outcome, seed, seconds)
    if progress is not None:
        worst = max(result.max_deviation.values())
        progress(Progress(steps, steps, "Done", worst, result.plan.alignment))
    return result


def first_plan(
    instance: Instance, request: Request, start: Start, seed: int, turn: int, watch: Watch
) -> Ints:
    """Today's plan where there is one, else new shapes; in one piece each."""
    if request.current is not None:
        return todays(instance)
    shapes = rough(instance, start, seed + turn, turn)
    watch("Drawing first shapes", unjudged(instance, shapes, rank=2))
    label = settled(instance, shapes)
    watch("Joining pieces", unjudged(instance, label, rank=1))
    return label


class Reporter:
    """Turns news of the searches into `Progress` for the caller."""

    def __init__(
        self,
        instance: Instance,
        alignment: NDArray[np.int32],
        steps: int,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.instance = instance
        self.alignment = alignment
        self.steps = steps
        self.progress = progress

    def __call__(self, chunks: int, message: str, best: Best) -> None:
        """After some chunks: the leader so far, seen as an alignment of the whole region."""
        if self.progress is None:
            return
        # Extra rounds at the end are not planned for: the bar waits just before the end.
        step = min(chunks, self.steps - 1)
        plan = whole(self.instance, self.alignment, best.label)
        self.progress(Progress(step, self.steps, message, best.deviation, plan))


def whole(instance: Instance, fixed: NDArray[np.int32], label: Ints) -> NDArray[np.int32]:
    """The alignment of the region: what the search found, and what was locked."""
    out = fixed.copy()
    out[instance.units] = instance.territories[label]
    return out


def kept(request: Request) -> NDArray[np.int32]:
    """Today's alignment among the proposal's territories, for units outside the search."""
    return today(request.blank, request.current).astype(np.int32)


def _proposal(
    request: Request,
    instance: Instance,
    outcome: Outcome,
    seed: int,
    seconds: float,
) -> Proposal:
    """The result with its figures, measured anew on the whole region."""
    alignment = whole(instance, kept(request), outcome.best.label)
    plan = request.blank.with_alignment(alignment)
    if request.current is None:
        plan = plan.recoloured()
    gaps = np.abs(deviations_by_measure(request, alignment))
    disruption = {}
    if request.current is not None:
        disruption = {name: moved_share(plan, request.current, name) for name in request.values}
    return Proposal(
        plan=plan,
        measures=request.measures,
        tolerance=request.tolerance,
        max_deviation=dict(zip(request.measures, gaps.max(axis=0).tolist(), strict=True)),
        within_tolerance=bool((gaps <= request.tolerance + ROUNDING).all()),
        noncontiguous=len(noncontiguous(request.units.graph, alignment, plan.k)),
        seconds=seconds,
        seed=seed,
        stopped_by=outcome.stopped_by,
        restarts=outcome.restarts,
        infeasible=infeasible(request, alignment, outcome.stopped_by),
        disruption=disruption,
    )
