"""The plan on screen as the metrics see it: measures and bands from the project's settings."""

from __future__ import annotations

from territory.metrics import Case
from territory.metrics.case import case_of_project, weights_of_project
from territory.model import Plan, Workspace

__all__ = ["case_of", "current_case", "weights_of"]


def weights_of(here: Workspace) -> dict[str, float]:
    """The measures that count in this project; its default measure where none are chosen."""
    return weights_of_project(here.project)


def case_of(here: Workspace, plan: Plan) -> Case:
    """Any plan of this project against its baseline, within the amber band."""
    return case_of_project(here.project, plan, here.baseline)


def current_case(here: Workspace) -> Case:
    """The plan as it is now."""
    return case_of(here, here.plan)
