"""The plan on screen as the metrics see it: measures and bands from the project's settings."""

from __future__ import annotations

from territory.metrics import Case
from territory.model import Plan, Workspace

__all__ = ["case_of", "current_case", "weights_of"]


def weights_of(here: Workspace) -> dict[str, float]:
    """The measures that count in this project; its default measure where none are chosen."""
    units = here.project.units
    chosen = {m: w for m, w in here.project.settings.weights.items() if m in units.measure_names}
    return chosen or {units.default_measure: 1.0}


def case_of(here: Workspace, plan: Plan) -> Case:
    """Any plan of this project against its baseline, within the amber band."""
    amber = here.project.settings.amber
    return Case(plan, weights_of(here), amber, here.baseline, here.project)


def current_case(here: Workspace) -> Case:
    """The plan as it is now."""
    return case_of(here, here.plan)
