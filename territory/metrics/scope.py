"""Which accounts and units a panel looks at, from the filters that the pages share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.joins import account_territories

__all__ = ["Scope", "whole"]


@dataclass(frozen=True, eq=False)
class Scope:
    """What the filters leave.

    ``units`` (n,), ``accounts`` (a,) and ``territories`` (k,) are True where something is looked
    at; units and accounts are those of all territories, so that a territory's figures are the same
    whichever others are shown. ``by_account`` says that accounts were chosen by what they are, so
    that figures of whole units do not answer; ``periods`` are those to add up, empty for the last
    year.
    """

    units: NDArray[np.bool_]
    accounts: NDArray[np.bool_]
    territories: NDArray[np.bool_]
    by_account: bool = False
    periods: tuple[str, ...] = ()

    def units_shown(self, case: Case) -> NDArray[np.bool_]:
        """(n,) units that pass, in territories that do; unassigned ones where all of them do."""
        shown = np.append(self.territories, self.territories.all())
        return self.units & shown[case.plan.alignment]

    def accounts_shown(self, case: Case) -> NDArray[np.bool_]:
        """(a,) the same of accounts."""
        table = case.project.accounts if case.project else None
        if table is None:
            return self.accounts
        shown = np.append(self.territories, self.territories.all())
        return self.accounts & shown[account_territories(case.plan, table)]


def whole(case: Case) -> Scope:
    """Nothing left out."""
    accounts = case.project.accounts if case.project else None
    count = 0 if accounts is None else len(accounts)
    plan = case.plan
    return Scope(np.ones(plan.units.n, bool), np.ones(count, bool), np.ones(plan.k, bool))
