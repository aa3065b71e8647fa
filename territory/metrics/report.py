"""The figures of a plan as the command line prints them with --json."""

from __future__ import annotations

import math

from territory.metrics import balance, compactness, contiguity
from territory.metrics.case import Case
from territory.metrics.catalogue import overview
from territory.metrics.disruption import moved_share

__all__ = ["every_metric", "report"]


def _known(value: float) -> float | None:
    """JSON has no NaN: what is not known is null."""
    return float(value) if math.isfinite(value) else None


def report(case: Case) -> dict[str, object]:
    """Counts as integers, deviations and disruption as unrounded shares, lengths in km.

    ``disruption`` is empty without a baseline; ``bound`` and ``infeasible`` are filled by the
    engine.
    """
    plan = case.plan
    deviations = {name: _known(balance.max_deviation(case, name)) for name in case.measures}
    moved: dict[str, float] = {}
    if case.baseline is not None:
        moved = {name: moved_share(plan, case.baseline, name) for name in case.measures}
    inside = all(d is not None and d <= case.tolerance + 1e-9 for d in deviations.values())
    return {
        "units": plan.units.n,
        "territories": plan.k,
        "measures": {name: float(weight) for name, weight in case.measures.items()},
        "tolerance": float(case.tolerance),
        "max_deviation": deviations,
        "within_tolerance": inside,
        "noncontiguous": int(contiguity.noncontiguous(case)),
        "unassigned": plan.unassigned,
        "rms_radius_km": _known(compactness.rms_radius_km(case)),
        "cut_edges": _known(compactness.cut_edges(case)),
        "polsby_popper_mean": _known(compactness.polsby_popper_mean(case)),
        "disruption": moved,
        "bound": None,
        "infeasible": [],
    }


def every_metric(case: Case) -> dict[str, float | None]:
    """Each line of METRICS by name, null where its data is not there."""
    return {name: _known(value) for name, value in overview(case).items()}
