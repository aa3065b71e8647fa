"""What each segment is worth and how it is covered, and which accounts and units filters leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.joins import account_territories, account_units
from territory.metrics.labels import Labels
from territory.metrics.market import is_customer, market_units
from territory.metrics.people import coverage_by_territory
from territory.metrics.potential import Potential
from territory.metrics.scope import Scope, whole
from territory.metrics.segments import account_labels, unit_labels
from territory.model import Filters

__all__ = ["UNKNOWN", "account_segments", "scope_of", "unit_segments"]

UNKNOWN = "not known"
"""Label of rows that a column says nothing of."""


def scope_of(case: Case, filters: Filters) -> Scope:
    """The units, accounts and territories that pass every filter.

    Columns and values that this project does not have keep nothing out: filters stay when another
    project is opened.
    """
    every, plan = whole(case), case.plan
    territories = np.isin(plan.territories.index, list(filters.territories))
    units = every.units & _passing(filters.units, lambda kind: unit_labels(case, kind))
    accounts = every.accounts & _passing(filters.accounts, lambda kind: account_labels(case, kind))
    by_account = not bool(accounts.all())
    table = case.project.accounts if case.project else None
    if table is not None and not units.all():
        accounts = accounts & np.append(units, False)[account_units(plan.units, table)]
    sales = case.project.sales if case.project else None
    known = () if sales is None else sales.periods
    periods = tuple(period for period in known if period in filters.periods)
    chosen = territories if territories.any() else every.territories
    return Scope(units, accounts, chosen, by_account, periods)


def _passing(
    wanted: Mapping[str, tuple[str, ...]], labels: Callable[[str], Labels | None]
) -> NDArray[np.bool_] | bool:
    """Rows that have one of the wanted labels of every kind."""
    out: NDArray[np.bool_] | bool = True
    for kind, values in wanted.items():
        if values and (found := labels(kind)) is not None:
            out = out & found.kept(values)
    return out


def account_segments(case: Case, kind: str, scope: Scope | None = None) -> pd.DataFrame | None:
    """One row a segment of accounts, in the order of its labels; None for an unknown kind.

    Columns: accounts, customers, prospects; won = customers / accounts; potential and sales of
    the accounts, penetration = sales / potential and white_space = potential − sales where they
    have any; coverage = the mean share of planned visits that the reps of these accounts have
    hours for, none where nobody owns an account; accounts of reps without known hours don't count.
    """
    table = case.project.accounts if case.project else None
    labels = account_labels(case, kind)
    if table is None or labels is None:
        return None
    shown = (scope or whole(case)).accounts_shown(case)
    figures = {
        "customers": is_customer(table),
        "potential": np.nan_to_num(table.frame["potential"].to_numpy(float)),
        "sales": np.nan_to_num(table.frame["revenue"].to_numpy(float)),
    }
    served = coverage_by_territory(case).to_numpy(float)
    if np.isfinite(served).any():
        reached = np.append(served, 0.0)[account_territories(case.plan, table)]
        figures["planned"] = np.isfinite(reached)
        figures["reached"] = np.nan_to_num(reached)
    sums = _summed(labels, shown, figures)
    out = pd.DataFrame({"accounts": sums["rows"], "customers": sums["customers"]})
    out["prospects"] = out["accounts"] - out["customers"]
    out["won"] = out["customers"] / out["accounts"]
    _money(out, sums)
    _coverage(out, sums)
    return out


def unit_segments(
    case: Case, kind: str, scope: Scope | None = None, potential: Potential | None = None
) -> pd.DataFrame | None:
    """One row a segment of units: units, what is known of potential, sales, customers, prospects.

    Coverage is weighted by the accounts of each unit, or by units where there are none.
    """
    labels = unit_labels(case, kind)
    if labels is None:
        return None
    scope = scope or whole(case)
    units = market_units(case, scope, potential)
    shown = scope.units_shown(case)
    figures = {
        name: units[name].to_numpy(float)
        for name in ("customers", "prospects", "potential", "sales")
        if name in units
    }
    served = coverage_by_territory(case).to_numpy(float)
    if np.isfinite(served).any():
        there = figures.get("customers", 0.0) + figures.get("prospects", np.ones(len(units)))
        reached = np.append(served, 0.0)[units["territory"]]
        figures["planned"] = there * np.isfinite(reached)
        figures["reached"] = there * np.nan_to_num(reached)
    inside = Labels(labels.codes[shown], labels.names)
    sums = _summed(inside, np.ones(len(units), bool), figures)
    out = pd.DataFrame({"units": sums["rows"]})
    for name in ("customers", "prospects"):
        if name in sums:
            out[name] = sums[name]
    _money(out, sums)
    _coverage(out, sums)
    return out


def _coverage(out: pd.DataFrame, sums: pd.DataFrame) -> None:
    """Reached over planned, where anybody's hours are known."""
    if "planned" in sums:
        out["coverage"] = sums["reached"] / sums["planned"].where(sums["planned"] > 0)


def _summed(
    labels: Labels, shown: NDArray[np.bool_], figures: Mapping[str, NDArray]
) -> pd.DataFrame:
    """Rows and figures added up by label; labels without rows are left out."""
    names = [*labels.names, UNKNOWN]
    codes = np.where(labels.codes < 0, len(names) - 1, labels.codes)[shown]
    sums = {"rows": np.bincount(codes, minlength=len(names)).astype(np.int64)}
    for name, values in figures.items():
        sums[name] = np.bincount(codes, np.asarray(values, float)[shown], len(names))
    table = pd.DataFrame(sums, index=pd.Index(names, name="segment"))
    return table[table["rows"] > 0]


def _money(out: pd.DataFrame, sums: pd.DataFrame) -> None:
    """Potential, its share, sales and what follows from them, where there are any."""
    if "potential" in sums and sums["potential"].sum() > 0:
        out["potential"] = sums["potential"]
        out["share"] = sums["potential"] / sums["potential"].sum()
    if "sales" in sums and sums["sales"].sum() > 0:
        out["sales"] = sums["sales"]
    if {"potential", "sales"} <= set(out):
        out["penetration"] = out["sales"] / out["potential"].where(out["potential"] > 0)
        out["white_space"] = out["potential"] - out["sales"]
