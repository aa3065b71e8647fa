"""What each territory sold: growth, customers won and lost, attainment, productivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.calendar import Window, window
from territory.metrics.case import Case
from territory.metrics.ledger import Ledger, grouped, ledger_of
from territory.metrics.people import coverage_by_territory, utilisation

__all__ = ["Part", "Performance", "performance"]

NO_HISTORY = "Load a sales history: who or where, in which quarter, how much."
NO_YEAR = "Growth needs the same quarters of two years; the history has {0}."
NO_BUYERS = "A column account_id in the sales history would show who came and who left."
NO_QUOTA = "Quotas of the team would show how far each has come: load them, or set them here."
NO_CAPACITY = "Workload against capacity needs workload_hours and a team with capacity_hours."
OF_ALL = "Quotas and hours are for all that a rep sells, so they are not shown for a part of it."


@dataclass(frozen=True, eq=False)
class Part:
    """Which part of the data is looked at; None is everything.

    ``units`` (n,) True for those that count; ``account_ids`` those whose sales count; ``periods``
    the ones to look at, empty for the latest year.
    """

    units: NDArray[np.bool_] | None = None
    account_ids: pd.Index | None = None
    periods: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Does all of the market count, whatever the periods?"""
        return self.units is None and self.account_ids is None


@dataclass(frozen=True, eq=False)
class Performance:
    """Figures by territory.

    ``table`` has the columns sales, sales_before, growth, customers, new_customers,
    lost_customers, acquisition, churn, quota, attainment, capacity_hours, workload_hours,
    utilisation, coverage and sales_per_hour; NaN where it is not known. ``total`` is the same of
    all territories together. ``missing`` is column → what would fill it; ``window`` says which
    periods are compared.
    """

    table: pd.DataFrame
    total: pd.Series
    window: Window
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


COUNTED = ("sales", "sales_before", "customers", "customers_before", "new_customers")
COUNTED += ("lost_customers", "quota", "capacity_hours", "workload_hours")


def performance(case: Case, part: Part | None = None) -> Performance:
    """Figures of each territory as if it had always been drawn like this.

    Growth is sales over sales of the same periods a year before, minus 1. A new customer bought in
    the window and never before; a lost one bought a year before and not in the window; both over
    the customers of a year before are acquisition and churn. Attainment is sales over quota, the
    quota of a year taken for as long as the window is. Coverage and utilisation as in ``people``.
    Productivity is sales over the hours of work that the plan takes.

    Parameters
    ----------
    part
        What to look at; everything, and the latest year, where not given.
    """
    part = part or Part()
    index = case.plan.territories.index
    table = pd.DataFrame(index=index, columns=list(COUNTED), dtype=float)
    missing: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    sales = case.project.sales if case.project else None
    shown = Window((), (), "")
    if sales is None:
        missing |= dict.fromkeys(("sales", "growth", "new_customers", "churn"), NO_HISTORY)
    else:
        ledger = ledger_of(case.plan.units, sales)
        shown, notes = window(ledger.calendar, part.periods), ledger.notes
        _sold(case, ledger, shown, part, table, missing)
        _customers(case, ledger, shown, part, table, missing)
    _asked(case, sales is not None and shown, part, table, missing)
    total = table.sum(min_count=1)
    for frame in (table, total):
        _ratios(frame)
    table["coverage"] = coverage_by_territory(case) if part.whole else np.nan
    table["utilisation"] = utilisation(case) if part.whole else np.nan
    total["utilisation"] = total["workload_hours"] / total["capacity_hours"]
    return Performance(table, total, shown, missing, notes)


def _chosen(ledger: Ledger, part: Part) -> NDArray[np.bool_]:
    """(m,) the accounts of the history that are looked at."""
    inside = np.ones(len(ledger.buyers), bool)
    if part.account_ids is not None:
        inside &= ledger.buyers.isin(part.account_ids)
    if part.units is not None:
        inside &= np.append(part.units, False)[ledger.account_unit]
    return inside


def _sold(
    case: Case,
    ledger: Ledger,
    shown: Window,
    part: Part,
    table: pd.DataFrame,
    missing: dict[str, str],
) -> None:
    """Sales of the window and of the year before."""
    plan, accounts = case.plan, case.project.accounts if case.project else None
    if part.account_ids is not None and not ledger.knows_buyers:
        missing |= dict.fromkeys(("sales", "growth"), NO_BUYERS)
        return
    if part.whole:
        sold = ledger.by_territory(plan, accounts)
    elif ledger.knows_buyers:
        owner = np.where(_chosen(ledger, part), ledger.account_owner(plan, accounts), -1)
        sold = grouped(owner, ledger.by_account, plan.k)
    else:
        units = np.ones(plan.units.n, bool) if part.units is None else part.units
        sold = grouped(np.where(units, plan.alignment, -1), ledger.by_unit, plan.k)
    table["sales"] = sold[:, list(shown.now)].sum(axis=1)
    if shown.before:
        table["sales_before"] = sold[:, list(shown.before)].sum(axis=1)
    else:
        labels = ledger.calendar.labels
        have = f"{labels[0]} to {labels[-1]}" if len(labels) > 1 else f"{', '.join(labels)} only"
        missing["growth"] = NO_YEAR.format(have if labels else "none")


def _customers(
    case: Case,
    ledger: Ledger,
    shown: Window,
    part: Part,
    table: pd.DataFrame,
    missing: dict[str, str],
) -> None:
    """Who bought, who is new and who left; where only counts are known, who is new."""
    plan, accounts = case.plan, case.project.accounts if case.project else None
    if not ledger.knows_buyers:
        missing |= dict.fromkeys(("customers", "new_customers", "churn"), NO_BUYERS)
        if ledger.fresh_by_unit is not None and part.account_ids is None:
            inside = np.ones(plan.units.n, bool) if part.units is None else part.units
            owner = np.where(inside, plan.alignment, -1)
            fresh = grouped(owner, ledger.fresh_by_unit, plan.k)
            table["new_customers"] = fresh[:, list(shown.now)].sum(axis=1)
            missing.pop("new_customers")
        return
    owner = np.where(_chosen(ledger, part), ledger.account_owner(plan, accounts), -1)
    bought = ledger.by_account > 0
    now = bought[:, list(shown.now)].any(axis=1)

    def count(which: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(owner[which & (owner >= 0)], minlength=plan.k)

    table["customers"] = count(now)
    if not shown.before:
        missing |= dict.fromkeys(("new_customers", "churn"), missing.get("growth", NO_HISTORY))
        return
    before = bought[:, list(shown.before)].any(axis=1)
    earlier = bought[:, : min(shown.now)].any(axis=1)
    table["customers_before"] = count(before)
    table["new_customers"] = count(now & ~earlier)
    table["lost_customers"] = count(before & ~now)


def _asked(
    case: Case, shown: Window | bool, part: Part, table: pd.DataFrame, missing: dict[str, str]
) -> None:
    """Quota, capacity and workload, which are known for all of a territory only."""
    if not part.whole:
        missing |= dict.fromkeys(("attainment", "utilisation", "sales_per_hour"), OF_ALL)
        return
    quota = case.team_column("quota")
    if quota is None or not (quota > 0).any():
        missing["attainment"] = NO_QUOTA
    else:
        table["quota"] = quota * _years(case, shown)
        if isinstance(shown, bool):
            missing["attainment"] = NO_HISTORY
    capacity = case.team_column("capacity_hours")
    if case.has("workload_hours"):
        table["workload_hours"] = case.totals("workload_hours")
    if capacity is not None:
        table["capacity_hours"] = capacity
    if capacity is None or not case.has("workload_hours"):
        missing["utilisation"] = NO_CAPACITY
        missing["sales_per_hour"] = NO_CAPACITY


def _years(case: Case, shown: Window | bool) -> float:
    """How long the window is, in years; a year where that is not known."""
    if isinstance(shown, bool) or case.project is None or case.project.sales is None:
        return 1.0
    year = ledger_of(case.plan.units, case.project.sales).calendar.a_year
    return len(shown.now) / year if year else 1.0


def _ratios(of: pd.DataFrame | pd.Series) -> None:
    """Growth, acquisition, churn, attainment, productivity; NaN where they would divide by 0."""
    for name, part, whole in (
        ("growth", "sales", "sales_before"),
        ("acquisition", "new_customers", "customers_before"),
        ("churn", "lost_customers", "customers_before"),
        ("attainment", "sales", "quota"),
        ("sales_per_hour", "sales", "workload_hours"),
    ):
        below = np.asarray(of[whole], dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.asarray(of[part], dtype=float) / np.where(below > 0, below, np.nan)
        of[name] = ratio - 1 if name == "growth" else ratio
