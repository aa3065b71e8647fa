"""The market by unit and territory: potential, penetration, white space, density, competition.

Every figure is a sum over units or a ratio of such sums, so units and territories are made of the
same parts: ``added_up`` sums, ``ratios`` divides.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.drivers import driver_words, territory_drivers
from territory.metrics.joins import account_units
from territory.metrics.potential import Potential, potential_of, unit_sales
from territory.metrics.scope import Scope, whole
from territory.metrics.years import last_year, two_years
from territory.model import Accounts, named_shift

__all__ = [
    "CUSTOMER",
    "added_up",
    "customer_density",
    "is_customer",
    "market_table",
    "market_units",
    "penetration",
    "potential_by_territory",
    "potential_spread",
    "ratios",
    "rivalry",
    "total_penetration",
    "total_white_space",
    "white_space",
]

CUSTOMER = ("customer", "client", "active", "won", "existing", "existing customer")
"""Words for an account that buys, in small letters."""

_sums: WeakKeyDictionary[Case, dict[tuple[Scope | None, Potential | None], Sums]] = (
    WeakKeyDictionary()
)
"""Several figures of one case are made of the same sums; they go when the case does."""

_buyers: WeakKeyDictionary[Accounts, NDArray[np.bool_]] = WeakKeyDictionary()

ADDED = ("potential", "sales", "customers", "prospects", "competitors")


@dataclass(frozen=True, eq=False)
class Sums:
    """Figures that add up, each (n,) by unit and (k,) by territory; only those that are known.

    Named accounts count with their rep. ``compared`` says in words what growth is between.
    """

    units: pd.DataFrame
    territories: pd.DataFrame
    compared: str = ""


def is_customer(accounts: Accounts) -> NDArray[np.bool_]:
    """(a,) which accounts buy: by their status, else by their revenue."""
    if accounts not in _buyers:
        codes, words = pd.factorize(accounts.frame["status"])
        if any(words != ""):
            buys = np.array([str(word).strip().lower() in CUSTOMER for word in words])
            _buyers[accounts] = buys[codes]
        else:
            _buyers[accounts] = accounts.frame["revenue"].to_numpy(float) > 0
    return _buyers[accounts]


def added_up(case: Case, scope: Scope | None = None, potential: Potential | None = None) -> Sums:
    """Potential, sales, customers, prospects, competitors, and sales of two years.

    Parameters
    ----------
    scope
        What to look at; everything where not given. Where accounts were chosen by what they are,
        potential and sales are those of the accounts.
    potential
        The estimate to use instead of the one in use.
    """
    mine = _sums.setdefault(case, {})
    if (scope, potential) not in mine:
        estimate = potential or potential_of(case)
        mine[scope, potential] = _added_up(case, scope or whole(case), estimate)
    return mine[scope, potential]


def _added_up(case: Case, scope: Scope, estimate: Potential | None) -> Sums:
    of_units, compared = _of_units(case, scope, estimate)
    of_accounts = _of_accounts(case, scope)
    plan, units = case.plan, case.plan.units
    table = case.project.accounts if case.project else None
    if table is not None:
        at = account_units(units, table)
        there = scope.accounts & (at >= 0)
        for name in ("customers", "prospects", *(("potential", "sales") * scope.by_account)):
            if of_accounts[name].any() or name not in of_units:
                count = np.bincount(at[there], of_accounts[name][there], units.n)
                of_units[name] = count.astype(float)
    masked = {name: np.where(scope.units, values, 0.0) for name, values in of_units.items()}
    inside = plan.alignment >= 0
    territories = {
        name: np.bincount(plan.alignment[inside], values[inside], plan.k).astype(float)
        for name, values in masked.items()
    }
    if table is not None and plan.named_accounts:
        for name in set(of_accounts) & set(territories):
            # Index points are no money: accounts can't take any of them along.
            if name != "potential" or scope.by_account or (estimate and estimate.money):
                territories[name] += named_shift(plan, table, of_accounts[name])
    index = pd.Index(units.ids, dtype=object, name="unit_id")
    by_territory = pd.DataFrame(territories, index=plan.territories.index)
    return Sums(pd.DataFrame(masked, index=index), by_territory, compared)


def _of_units(
    case: Case, scope: Scope, estimate: Potential | None
) -> tuple[dict[str, NDArray[np.float64]], str]:
    """What is known of whole units."""
    out: dict[str, NDArray[np.float64]] = {"area_km2": case.plan.units.area_km2}
    sales = case.project.sales if case.project else None
    for name in ("customers", "prospects", "competitors"):
        if case.has(name):
            out[name] = np.nan_to_num(case.plan.units.values(name))
    if scope.by_account:
        return out, ""
    if estimate is not None:
        out["potential"] = estimate.values
    sold = unit_sales(case)
    if scope.periods and sales is not None:
        sold = last_year(case.plan.units, sales, scope.periods)
    if sold is not None:
        out["sales"] = sold
    compared = two_years(case.plan.units, sales) if sales is not None else None
    if compared is None:
        return out, ""
    out["sales_before"], out["sales_after"], words = compared
    return out, words


def _of_accounts(case: Case, scope: Scope) -> dict[str, NDArray[np.float64]]:
    """(a,) what each account adds to a figure, none where it is not looked at."""
    table = case.project.accounts if case.project else None
    if table is None:
        return {}
    buys = is_customer(table)
    figures = {
        "customers": buys,
        "prospects": ~buys,
        "potential": np.nan_to_num(table.frame["potential"].to_numpy(float)),
        "sales": np.nan_to_num(table.frame["revenue"].to_numpy(float)),
    }
    return {name: np.where(scope.accounts, values, 0.0) for name, values in figures.items()}


def ratios(sums: pd.DataFrame) -> pd.DataFrame:
    """What follows from the sums of each row; a column is there where its parts are.

    ========================= ====================================================
    penetration               sales / potential
    white_space               potential − sales
    share                     potential / potential of all rows
    customers_per_100_km2     100 · customers / area
    rivalry                   competitors / (competitors + customers)
    growth                    sales of the later year / those of the one before − 1
    ========================= ====================================================
    """
    out = sums[[name for name in ADDED if name in sums]].copy()
    if "potential" in out:
        out.insert(1, "share", out["potential"] / _some(out["potential"].sum()))
    if {"potential", "sales"} <= set(out):
        out["penetration"] = out["sales"] / _positive(out["potential"])
        out["white_space"] = out["potential"] - out["sales"]
    if "customers" in out:
        out["customers_per_100_km2"] = 100 * out["customers"] / _positive(sums["area_km2"])
    if {"competitors", "customers"} <= set(out):
        present = out["competitors"] + out["customers"]
        out["rivalry"] = out["competitors"] / _positive(present)
    if "sales_before" in sums:
        out["growth"] = sums["sales_after"] / _positive(sums["sales_before"]) - 1
    return out


def _positive(values: pd.Series) -> pd.Series:
    """Gaps where nothing can be divided by."""
    return values.where(values > 0)


def _some(value: float) -> float:
    return value if value > 0 else float("nan")


def market_units(
    case: Case, scope: Scope | None = None, potential: Potential | None = None
) -> pd.DataFrame:
    """One row a unit of the scope, index unit_id: its territory's position and ``ratios``."""
    scope = scope or whole(case)
    shown = scope.units_shown(case)
    table = ratios(added_up(case, scope, potential).units[shown])
    table.insert(0, "territory", case.plan.alignment[shown])
    return table


def market_table(
    case: Case, scope: Scope | None = None, potential: Potential | None = None
) -> pd.DataFrame:
    """One row a territory of the scope: name, rep_id, what is known of ``ratios``, and ``driver``.

    ``driver`` says in words which part of the index makes the potential high or low.
    """
    shown = (scope or whole(case)).territories
    table = ratios(added_up(case, scope, potential).territories[shown])
    out = pd.concat([case.plan.territories.loc[shown, ["name", "rep_id"]], table], axis=1)
    estimate = potential or potential_of(case)
    parts = territory_drivers(case)
    if estimate is not None and estimate.index is not None and parts is not None:
        out["driver"] = driver_words(parts[shown], estimate.index)
    return out


def _column(case: Case, name: str) -> pd.Series:
    """A column of the market table by territory, NaN where it is not known."""
    table = ratios(added_up(case).territories)
    return table[name] if name in table else case.series(np.full(case.plan.k, np.nan))


def potential_by_territory(case: Case) -> pd.Series:
    """Potential in use by territory, named accounts with their rep; NaN where not known."""
    return _column(case, "potential")


def penetration(case: Case) -> pd.Series:
    """Own sales of a year over the potential, by territory."""
    return _column(case, "penetration")


def white_space(case: Case) -> pd.Series:
    """Potential − own sales of a year, by territory; below zero where more is sold than thought."""
    return _column(case, "white_space")


def customer_density(case: Case) -> pd.Series:
    """Customers on 100 km², by territory."""
    return _column(case, "customers_per_100_km2")


def rivalry(case: Case) -> pd.Series:
    """Competitors over competitors and own customers together, by territory."""
    return _column(case, "rivalry")


def _overall(case: Case, name: str) -> float:
    """A ratio over everything that is assigned."""
    table = added_up(case).territories.sum().to_frame().T
    table = ratios(table)
    return float(table[name].iloc[0]) if name in table else float("nan")


def total_penetration(case: Case) -> float:
    """Own sales over potential, of all assigned units."""
    return _overall(case, "penetration")


def total_white_space(case: Case) -> float:
    """Potential − own sales, of all assigned units."""
    return _overall(case, "white_space")


def potential_spread(case: Case) -> float:
    """How unequal the territories' potential is: standard deviation / mean."""
    x = potential_by_territory(case)
    return float(x.std(ddof=0) / x.mean()) if x.sum() > 0 else float("nan")


def total_rivalry(case: Case) -> float:
    """Competitors over competitors and own customers, of all assigned units."""
    return _overall(case, "rivalry")


def total_density(case: Case) -> float:
    """Customers on 100 km², of all assigned units."""
    return _overall(case, "customers_per_100_km2")
