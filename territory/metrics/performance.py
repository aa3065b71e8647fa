"""What each territory sold: growth, customers won and lost, attainment, productivity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.calendar import Window, window
from territory.metrics.capacity import capacity_hours
from territory.metrics.case import Case
from territory.metrics.ledger import Ledger, grouped, ledger_of
from territory.metrics.people import coverage_by_territory, utilisation
from territory.metrics.scope import Scope, whole
from territory.metrics.seasons import territory_seasons

__all__ = ["Performance", "by_territory", "owners", "performance", "sold_by_period", "total_of"]

NO_HISTORY = "Load a sales history: who or where, in which quarter, how much."
NO_YEAR = "Growth needs the same quarters of two years; the history has {0}."
NO_BUYERS = "A column account_id in the sales history would show who came and who left."
NO_QUOTA = "Quotas of the team would show how far each has come: load them, or set them here."
NO_CAPACITY = "Workload against capacity needs workload_hours and a team with capacity_hours."
OF_ALL = "Quotas and hours are for all that a rep sells, so they are not shown for a part of it."


@dataclass(frozen=True, eq=False)
class Performance:
    """Figures by territory.

    ``table`` has the columns sales, sales_before, growth, customers, new_customers,
    lost_customers, acquisition, churn, quota, attainment, capacity_hours, workload_hours,
    utilisation, coverage and sales_per_hour; NaN where it is not known. ``total`` is the same of
    all territories together (attainment: of those with a quota), and sales_per_rep. ``missing``
    is column → what would fill it; ``window`` says which periods are compared.
    """

    table: pd.DataFrame
    total: pd.Series
    window: Window
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


_seen: WeakKeyDictionary[Case, Performance] = WeakKeyDictionary()
"""Several figures of one case ask for the same."""

COUNTED = [
    *("sales", "sales_before", "customers", "customers_before", "new_customers"),
    *("lost_customers", "quota", "capacity_hours", "workload_hours"),
]


def performance(case: Case, scope: Scope | None = None) -> Performance:
    """Figures of each territory as if it had always been drawn like this.

    Growth is sales over sales of the same periods a year before, minus 1. A new customer bought in
    the window and never before; a lost one bought a year before and not in the window; both over
    the customers of a year before are acquisition and churn. Attainment is sales over quota, of
    which as much is due as the season of the window's quarters says. Coverage and utilisation as
    in ``people``. Productivity is sales over the hours of work that the plan takes.

    Parameters
    ----------
    scope
        What to look at; everything, and the latest year, where not given.
    """
    if scope is None:
        if case not in _seen:
            _seen[case] = _performance(case, whole(case))
        return _seen[case]
    return _performance(case, scope)


def _performance(case: Case, scope: Scope) -> Performance:
    look = _Look(case, scope)
    look.sold()
    look.customers()
    look.asked()
    table = look.table
    total = table[look.scope.territories].sum(min_count=1)
    for figures in (table, total):
        _ratios(figures)
    # Who has no quota is left out on both sides.
    asked = table[look.scope.territories & (table["quota"] > 0).to_numpy()]
    if len(asked):
        total["attainment"] = asked["sales"].sum(min_count=1) / asked["quota"].sum()
    everything = look.everything
    table["coverage"] = coverage_by_territory(case) if everything else np.nan
    table["utilisation"] = utilisation(case) if everything else np.nan
    reps = case.plan.territories["rep_id"][look.scope.territories]
    hours, owned = total["capacity_hours"], reps[reps != ""].nunique()
    total["sales_per_rep"] = total["sales"] / owned if owned else np.nan
    total["utilisation"] = total["workload_hours"] / hours if hours > 0 else np.nan
    return Performance(table, total, look.window, look.missing, look.notes)


def _everything(scope: Scope) -> bool:
    """Does all of the market count, in whichever territories and periods?"""
    return bool(scope.units.all()) and not scope.by_account


def _ground(case: Case, scope: Scope) -> NDArray[np.integer]:
    """(n,) the territory of each unit that is looked at."""
    return np.where(scope.units, case.plan.alignment, -1)


def owners(case: Case, scope: Scope, ledger: Ledger) -> NDArray[np.int64]:
    """(m,) the territory of each account of the history that is looked at, -1 for the others."""
    accounts = case.project.accounts if case.project else None
    inside = np.append(scope.units, False)[ledger.account_unit]
    if scope.by_account and accounts is not None:
        inside &= ledger.buyers.isin(accounts.frame.index[scope.accounts])
    return np.where(inside, ledger.account_owner(case.plan, accounts), -1)


def sold_by_period(case: Case, scope: Scope) -> NDArray[np.float64] | None:
    """(k, periods) sales of what is looked at; None without a history that tells.

    Accounts that were chosen by what they are need a history that says who bought.
    """
    sales = case.project.sales if case.project else None
    if case.project is None or sales is None:
        return None
    ledger, k = ledger_of(case.plan.units, sales), case.plan.k
    if _everything(scope):
        return ledger.by_territory(case.plan, case.project.accounts)
    if ledger.knows_buyers:
        return grouped(owners(case, scope, ledger), ledger.by_account, k)
    return None if scope.by_account else grouped(_ground(case, scope), ledger.by_unit, k)


def total_of(column: str) -> Callable[[Case], float]:
    """A figure of all territories together, for the list of metrics."""
    return lambda case: float(performance(case).total[column])


def by_territory(column: str) -> Callable[[Case], pd.Series]:
    """A figure of each territory, for the list of metrics."""
    return lambda case: performance(case).table[column]


class _Look:
    """The table while it is being filled."""

    def __init__(self, case: Case, scope: Scope) -> None:
        self.case, self.scope, self.plan = case, scope, case.plan
        self.everything = _everything(scope)
        self.accounts = case.project.accounts if case.project else None
        self.table = pd.DataFrame(index=case.plan.territories.index, columns=COUNTED, dtype=float)
        self.missing: dict[str, str] = {}
        sales = case.project.sales if case.project else None
        self.ledger = None if sales is None else ledger_of(case.plan.units, sales)
        self.window = Window((), (), "")
        self.notes: tuple[str, ...] = ()
        if self.ledger is not None:
            self.window = window(self.ledger.calendar, scope.periods)
            self.notes = self.ledger.notes

    def lacks(self, why: str, *columns: str) -> None:
        """What would fill some columns; the first reason stays."""
        self.missing = {**dict.fromkeys(columns, why), **self.missing}

    def sold(self) -> None:
        """Sales of the window and of the year before."""
        ledger = self.ledger
        if ledger is None or not self.window.now:
            self.lacks(NO_HISTORY, "sales", "growth", "new_customers", "churn", "attainment")
            return
        sold = sold_by_period(self.case, self.scope)
        if sold is None:
            self.lacks(NO_BUYERS, "sales", "growth")
            return
        self.table["sales"] = sold[:, list(self.window.now)].sum(axis=1)
        if self.window.before:
            self.table["sales_before"] = sold[:, list(self.window.before)].sum(axis=1)
            return
        labels = ledger.calendar.labels
        have = f"{labels[0]} to {labels[-1]}" if len(labels) > 1 else f"only {labels[0]}"
        self.lacks(NO_YEAR.format(have), "growth", "new_customers", "churn")

    def customers(self) -> None:
        """Who bought, who is new and who left; where only counts are known, how many are new."""
        ledger, now = self.ledger, list(self.window.now)
        if ledger is None or not now:
            return
        if not ledger.knows_buyers:
            fresh = ledger.fresh_by_unit
            if fresh is not None and not self.scope.by_account:
                count = grouped(_ground(self.case, self.scope), fresh, self.plan.k)
                self.table["new_customers"] = count[:, now].sum(axis=1)
                self.missing.pop("new_customers", None)
            else:
                self.lacks(NO_BUYERS, "new_customers")
            self.lacks(NO_BUYERS, "customers", "churn")
            return
        owner, bought = owners(self.case, self.scope, ledger), ledger.by_account > 0
        inside = owner >= 0

        def count_of(which: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(owner[which & inside], minlength=self.plan.k)

        buys = np.asarray(bought[:, now].any(axis=1))
        self.table["customers"] = count_of(buys)
        if not self.window.before:
            return
        before = np.asarray(bought[:, list(self.window.before)].any(axis=1))
        earlier = np.asarray(bought[:, : min(now)].any(axis=1))
        self.table["customers_before"] = count_of(before)
        self.table["new_customers"] = count_of(buys & ~earlier)
        self.table["lost_customers"] = count_of(before & ~buys)

    def year_share(self) -> NDArray[np.float64]:
        """(k,) the share of a year's quota that is due in the window, by season."""
        seen, now = territory_seasons(self.case), list(self.window.now)
        year = 0 if seen is None else seen[2].calendar.a_year
        if seen is None or not year or not now:
            return np.ones(self.plan.k)
        if not seen[0].known:
            return np.full(self.plan.k, len(now) / year)
        quarters = np.array(seen[2].calendar.seasons)[now]
        return np.asarray(seen[0].factors[:, quarters].sum(axis=1) / year)

    def asked(self) -> None:
        """Quota, capacity and workload, which are known for all of a territory only."""
        case = self.case
        if not self.everything:
            self.lacks(OF_ALL, "attainment", "utilisation", "coverage", "sales_per_hour")
            return
        quota = case.team_column("quota")
        if quota is None or not (quota > 0).any():
            self.lacks(NO_QUOTA, "attainment")
        else:
            self.table["quota"] = quota * self.year_share()
        capacity = capacity_hours(case)
        if case.has("workload_hours"):
            self.table["workload_hours"] = case.totals("workload_hours")
        if capacity is not None:
            self.table["capacity_hours"] = capacity
        if capacity is None or not case.has("workload_hours"):
            self.lacks(NO_CAPACITY, "utilisation", "coverage", "sales_per_hour")


def _ratios(of: pd.DataFrame | pd.Series) -> None:
    """Growth, acquisition, churn, attainment, productivity; NaN where they would divide by 0."""
    for name, part, over in (
        ("growth", "sales", "sales_before"),
        ("acquisition", "new_customers", "customers_before"),
        ("churn", "lost_customers", "customers_before"),
        ("attainment", "sales", "quota"),
        ("sales_per_hour", "sales", "workload_hours"),
    ):
        below = np.asarray(of[over], dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.asarray(of[part], dtype=float) / np.where(below > 0, below, np.nan)
        of[name] = ratio - 1 if name == "growth" else ratio
