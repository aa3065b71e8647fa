"""`propose`: the engine from end to end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from territory.metrics.roads import Roads
from territory.model import Locks, Plan, Rules, Team, Units
from territory.optimize.arguments import check_run
from territory.optimize.check import check
from territory.optimize.record import record_of
from territory.optimize.result import Progress, Proposal
from territory.optimize.seed import Start


def propose(
    units: Units,
    *,
    territories: int | None = None,
    team: Team | None = None,
    measures: Mapping[str, float] | None = None,
    tolerance: float | Mapping[str, float] = 0.05,
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
    rules: Rules | None = None,
    roads: Roads | None = None,
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
        Allowed |total/target − 1|, one for all or measure → its own.
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
    rules
        Limits, groups, barriers, distance, regions: all of them enforced.
    roads
        Where ``rules.max_minutes`` finds how long a drive is; default: the formula alone, as
        `roads_of` has it for a project of these units without travel times.
    progress, cancel
        Called between chunks, from the caller's thread.

    Raises
    ------
    InputError
        If the request contradicts itself, so that no plan can keep it, or a measure in use is not
        usable.

    The steps, each in the module of its name: `check`, `seed`, `repair`, `anneal`, `mergesplit`,
    prices (`Search.reprice`), `flow`, `finish`, the match with `homes`; `execute` and `attempts`
    put them together.
    """
    asked: dict[str, Any] = {
        "territories": territories,
        "measures": measures,
        "tolerance": tolerance,
        "homes": homes,
        "locks": locks,
        "max_disruption": max_disruption,
        "disruption_measure": disruption_measure,
        "only": only,
        "rules": rules,
    }
    given: dict[str, Any] = {"team": team, "current": current, "offset": offset, "roads": roads}
    request = check(units, **given, **asked)
    run = check_run(seed, restarts, time_limit, start)
    # What can't be done is said before any kernel is loaded or compiled.
    from territory.optimize.execute import execute

    result = execute(request, run, progress, cancel)
    asked |= {"seed": seed, "restarts": restarts, "time_limit": time_limit, "start": start}
    record = record_of(result, units, **given, **asked)
    return replace(result, record=record)


def foresee(
    units: Units,
    *,
    territories: int | None = None,
    team: Team | None = None,
    measures: Mapping[str, float] | None = None,
    tolerance: float | Mapping[str, float] = 0.05,
    homes: bool = False,
    current: Plan | None = None,
    locks: Locks | None = None,
    max_disruption: float | None = None,
    disruption_measure: str | None = None,
    offset: NDArray[np.float64] | None = None,
    only: Collection[str] | None = None,
    rules: Rules | None = None,
    roads: Roads | None = None,
) -> list[dict[str, Any]]:
    """Why no plan can meet what `propose` would be asked for, without any search.

    Parameters as in `propose`. Entries as in `Proposal.infeasible`, without a territory; empty
    where nothing speaks against it. Takes a fraction of a second.

    Raises
    ------
    InputError
        As `propose`.
    """
    from territory.optimize.foresight import foreseen

    return foreseen(
        check(
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
            rules=rules,
            roads=roads,
        )
    )
