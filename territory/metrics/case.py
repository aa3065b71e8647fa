"""What a metric looks at: a plan, what counts in it, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.model import Plan, Project, named_offset

__all__ = ["Case", "case_of_project", "weights_of_project"]


@dataclass(frozen=True, eq=False)
class Case:
    """A plan under a set of measures.

    Parameters
    ----------
    plan
        The plan to measure.
    measures
        measure → weight; the first of the heaviest is the one that distances are weighted by.
        Empty: the region's default measure.
    tolerance
        Allowed deviation, as a share.
    baseline
        What the plan is compared with, if anything.
    project
        Team, accounts and sales, where there are any.
    """

    plan: Plan
    measures: Mapping[str, float] = field(default_factory=dict)
    tolerance: float = 0.05
    baseline: Plan | None = None
    project: Project | None = None

    def __post_init__(self) -> None:
        if not self.measures:
            object.__setattr__(self, "measures", {self.plan.units.default_measure: 1.0})

    @property
    def main(self) -> str:
        """The heaviest measure."""
        return max(self.measures, key=lambda name: self.measures[name])

    def totals(self, measure: str) -> NDArray[np.float64]:
        """(k,) a measure by territory, named accounts counted with their rep."""
        accounts = self.project.accounts if self.project else None
        return self.plan.totals(measure) + named_offset(self.plan, accounts, measure)

    def series(self, values: object) -> pd.Series:
        """Values by territory, indexed by territory_id."""
        return pd.Series(values, index=self.plan.territories.index, dtype=float)

    def has(self, measure: str) -> bool:
        """Does the region carry this measure?"""
        return measure in self.plan.units.measure_names

    def team_column(self, column: str) -> pd.Series | None:
        """A column of the team by territory; a rep's figure is split over its territories.

        None without a team or when no owner has a figure.
        """
        team = self.project.team if self.project else None
        if team is None:
            return None
        reps = self.plan.territories["rep_id"]
        values = team.frame[column].reindex(reps).to_numpy(float)
        shared = reps.map(reps.value_counts()).to_numpy(float)
        return self.series(values / shared) if np.isfinite(values).any() else None


def weights_of_project(project: Project) -> dict[str, float]:
    """The measures that count in a project; its default measure where none are chosen."""
    units = project.units
    chosen = {m: w for m, w in project.settings.weights.items() if m in units.measure_names}
    return chosen or {units.default_measure: 1.0}


def case_of_project(project: Project, plan: Plan, baseline: Plan | None = None) -> Case:
    """A plan under what its project's settings ask for, within the amber band."""
    weights = weights_of_project(project)
    return Case(plan, weights, project.settings.amber, baseline, project)
