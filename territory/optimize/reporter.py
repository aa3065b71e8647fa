"""What a run tells while it works, and what it hands over at the end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from territory.metrics import Asked, moved_share, violations
from territory.model import noncontiguous
from territory.optimize.arguments import ROUNDING
from territory.optimize.arrays import Ints
from territory.optimize.check import Request
from territory.optimize.explain import deviations_by_measure, infeasible
from territory.optimize.frame import today
from territory.optimize.instance import Instance
from territory.optimize.multistart import Outcome
from territory.optimize.result import Progress, Proposal
from territory.optimize.search import Best


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

    def done(self, result: Proposal) -> None:
        """The last word."""
        if self.progress is None:
            return
        worst = max(result.max_deviation.values())
        self.progress(Progress(self.steps, self.steps, "Done", worst, result.plan.alignment))


def whole(instance: Instance, fixed: NDArray[np.int32], label: Ints) -> NDArray[np.int32]:
    """The alignment of the region: what the search found, and what was locked."""
    out = fixed.copy()
    out[instance.units] = instance.territories[label[instance.member]]
    return out


def kept(request: Request) -> NDArray[np.int32]:
    """Today's alignment among the proposal's territories, for units outside the search."""
    return today(request.blank, request.current).astype(np.int32)


def conclude(
    request: Request, instance: Instance, outcome: Outcome, seed: int, seconds: float
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
        tolerance=float(request.tolerance.max()),
        tolerances=dict(zip(request.measures, request.tolerance.tolist(), strict=True)),
        max_deviation=dict(zip(request.measures, gaps.max(axis=0).tolist(), strict=True)),
        within_tolerance=bool((gaps <= request.tolerance + ROUNDING).all()),
        noncontiguous=len(noncontiguous(request.ruled.graph, alignment, plan.k)),
        seconds=seconds,
        seed=seed,
        stopped_by=outcome.stopped_by,
        restarts=outcome.restarts,
        infeasible=infeasible(request, alignment, outcome.stopped_by),
        disruption=disruption,
        violations=violations(plan, _asked(request)),
        offset=request.offset,
    )


def _asked(request: Request) -> Asked:
    offset = {}
    if request.offset is not None:
        offset = dict(zip(request.measures, request.offset.T, strict=True))
    return Asked(
        offset=offset,
        rules=request.rules,
        team=request.team,
        baseline=request.current,
        max_disruption=request.max_disruption,
        disruption_measure=request.stake_in,
        roads=request.roads,
    )
