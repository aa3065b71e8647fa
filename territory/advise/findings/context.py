"""What the advisor looks at: a plan, its project and baseline, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.advise.findings.said import Number, Said, listed
from territory.metrics import Case
from territory.metrics.case import case_of_project
from territory.metrics.joins import account_territories
from territory.model import Accounts, Advice, Plan, Project, Settings, account_reps

__all__ = ["Context"]


@dataclass(frozen=True, eq=False)
class Context:
    """A plan and everything there is to say about it.

    Parameters
    ----------
    project
        Region, team, accounts, sales, earlier data and settings.
    plan
        The plan that is looked at.
    baseline
        What it is compared with, if anything.
    """

    project: Project
    plan: Plan
    baseline: Plan | None = None

    def on(self, plan: Plan, project: Project | None = None) -> Context:
        """The same about another plan."""
        return replace(self, plan=plan, project=project or self.project)

    @property
    def settings(self) -> Settings:
        """The project's settings."""
        return self.project.settings

    @property
    def advice(self) -> Advice:
        """From where on to speak up."""
        return self.project.settings.advice

    @cached_property
    def case(self) -> Case:
        """The plan as the metrics see it."""
        return case_of_project(self.project, self.plan, self.baseline)

    @cached_property
    def weight(self) -> pd.Series:
        """Share of the main measure by territory."""
        totals = np.nan_to_num(self.case.totals(self.case.main))
        whole = float(np.nansum(self.plan.units.values(self.case.main)))
        return self.case.series(totals / whole if whole > 0 else np.zeros(self.plan.k))

    @cached_property
    def names(self) -> dict[str, str]:
        """territory_id → its name."""
        return {t: str(name) for t, name in self.plan.territories["name"].items()}

    @property
    def accounts(self) -> Accounts:
        """The accounts; only for kinds that need them."""
        assert self.project.accounts is not None  # the catalogue asks first
        return self.project.accounts

    @cached_property
    def reps(self) -> NDArray[np.object_]:
        """(a,) the rep of each account by the plan, "" for none."""
        return account_reps(self.plan, self.accounts)

    @cached_property
    def territory_of_account(self) -> NDArray[np.object_]:
        """(a,) the territory each account counts for, "" for none."""
        ids = np.array([*self.plan.territory_ids, ""], dtype=object)
        return ids[account_territories(self.plan, self.accounts)]

    def count(self, n: int, one: str, many: str) -> str:
        """The user's word for so many: "territory" or "territories"."""
        return self.settings.word(one if n == 1 else many)

    def share_of(self, territories: pd.Index) -> float:
        """What part of the main measure some territories have together."""
        return float(self.weight[territories].sum())

    def listed(self, territories: pd.Index) -> str:
        """Names of territories in a sentence."""
        return listed([self.names[t] for t in territories])

    def lines(self, values: pd.Series, words: str, form: str, source: str) -> tuple[Said, ...]:
        """A line for each territory; the words hold {name} and {value}."""
        return tuple(
            Said(words, {"value": Number(float(v), form, source)}, {"name": self.names[t]})
            for t, v in values.items()
        )
