"""A checked request, carried out: compile if need be, prepare, search, report."""

from __future__ import annotations

import time
from collections.abc import Callable

from territory.optimize.arguments import Run
from territory.optimize.attempts import Attempts
from territory.optimize.check import Request
from territory.optimize.contract import contract
from territory.optimize.foresight import out_of_reach
from territory.optimize.instance import prepare
from territory.optimize.islands import alone
from territory.optimize.multistart import best_of
from territory.optimize.reporter import Reporter, conclude, kept
from territory.optimize.result import Progress, Proposal
from territory.optimize.warmup import ensure_warm


def execute(
    request: Request,
    run: Run,
    progress: Callable[[Progress], None] | None,
    cancel: Callable[[], bool] | None,
) -> Proposal:
    """The best plan of several searches, with its figures.

    Parameters
    ----------
    progress, cancel
        Called between chunks, from the caller's thread.
    """
    ensure_warm(progress)
    began = time.perf_counter()
    divided = alone(request)
    instance = prepare(divided)
    if request.ruled.group is not None:
        instance = contract(instance, request.ruled.group[request.keep])
    attempts = Attempts(request, instance, run, out_of_reach(divided))
    chunks = sum(schedule.chunks for schedule in attempts.schedules) + 2
    reporter = Reporter(instance, kept(request), attempts.rounds[0] * chunks + 1, progress)
    outcome = best_of(
        attempts,
        attempts.rounds,
        enough=lambda best: best.feasible or attempts.hopeless,
        deadline=None if run.time_limit is None else began + run.time_limit,
        tell=reporter,
        cancel=cancel,
    )
    result = conclude(request, instance, outcome, run.seed, time.perf_counter() - began)
    reporter.done(result)
    return result
