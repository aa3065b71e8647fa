"""Segments: accounts and units by what they are, with what each segment is worth.

A *kind* is a way to divide: a column, or one of those made here (``CLASS``, ``BUSINESS``,
``URBANICITY``, ``CLIMATE``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary, ref

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.calendar import last_day
from territory.metrics.case import Case
from territory.metrics.facts import FACTS, census_facts, fact_label
from territory.metrics.labels import Labels, as_labels, fit_for_labels
from territory.metrics.market import is_customer
from territory.metrics.potential import settings_of
from territory.model import Accounts, Market, Sales, Units, measure
from territory.model.settings import Settings

__all__ = [
    "BUSINESS",
    "CLASS",
    "CLIMATE",
    "URBANICITY",
    "account_kinds",
    "account_labels",
    "classes",
    "unit_kinds",
    "unit_labels",
]

CLASS, BUSINESS, URBANICITY, CLIMATE = "class", "business", "urbanicity", "climate_zone"

HIDDEN = frozenset(
    {
        *("name", "owner", "named_to", "named_account", "phone", "email", "website", "row"),
        *("unit_id", "zip", "postal_code", "address", "street"),
        *("lat", "lon", "latitude", "longitude"),
    }
)
"""Columns of accounts that say who and where, not of what kind."""

DENSITY = ((300.0, "rural"), (1500.0, "towns and suburbs"), (float("inf"), "city"))
"""People per km² below which a place is called so (degree of urbanisation, Eurostat 2018)."""

Made = WeakKeyDictionary[object, dict[tuple[object, ...], Labels | None]]
_made: Made = WeakKeyDictionary()


def _once(
    owner: object, key: tuple[object, ...], make: Callable[[], Labels | None]
) -> Labels | None:
    """Labels are made once for a table and kept as long as it is."""
    mine = _made.setdefault(owner, {})
    if key not in mine:
        mine[key] = make()
    return mine[key]


def account_kinds(case: Case) -> dict[str, str]:
    """Ways to divide the accounts, name → label; those that divide nothing are left out."""
    table = case.project.accounts if case.project else None
    if table is None or not len(table):
        return {}
    usual = {
        CLASS: "A/B/C class",
        "segment": "Segment",
        "industry": "Industry",
        "status": "Status",
        BUSINESS: "New or existing",
    }
    others = {
        name: measure(name).label
        for name in table.frame
        if name not in usual and name not in HIDDEN
    }
    kinds = usual | others
    return {name: label for name, label in kinds.items() if _divides(account_labels(case, name))}


def _divides(labels: Labels | None) -> bool:
    return labels is not None and labels.divide


def account_labels(case: Case, kind: str) -> Labels | None:
    """Each account's label; None for a kind that these accounts can't be divided by."""
    table = case.project.accounts if case.project else None
    if table is None:
        return None
    settings = settings_of(case)
    if kind == CLASS:
        market = settings.market
        rule = (CLASS, market.class_by, market.class_a, market.class_b)
        return _once(table, rule, lambda: classes(table, market))
    if kind == BUSINESS:
        sales = case.project.sales if case.project else None
        history = None if sales is None else ref(sales)
        return _once(table, (BUSINESS, history), lambda: _business(table, sales))
    if kind not in table.frame or kind in HIDDEN:
        return None
    return _once(table, _key(kind, settings), partial(_fitting, table.frame[kind], kind, settings))


def _fitting(column: pd.Series, kind: str, settings: Settings) -> Labels | None:
    """A column as labels; None where it divides nothing, as names do."""
    return as_labels(column, kind, settings) if fit_for_labels(column) else None


def _key(kind: str, settings: Settings) -> tuple[object, ...]:
    """Bands are written in the user's currency and unit of distance."""
    return kind, settings.currency, settings.distance


def classes(accounts: Accounts, market: Market) -> Labels:
    """A/B/C: ranked by potential or revenue, A are the largest that together hold ``class_a``.

    An account is A where those before it hold less than that share, B where they hold less than
    ``class_b``, else C; so is one without a figure. No classes where nothing has a figure.

    Source: Pareto's 80/20; 80/15/5 is the usual cut.
    """
    order = ("revenue", "potential") if market.class_by == "revenue" else ("potential", "revenue")
    for column in order:
        values = np.nan_to_num(accounts.frame[column].to_numpy(float))
        if (total := values.sum()) > 0:
            break
    else:
        return Labels(np.full(len(accounts), -1), ())
    rank = np.argsort(-values, kind="stable")
    before = np.cumsum(values[rank]) - values[rank]
    codes = np.empty(len(values), np.int64)
    codes[rank] = np.searchsorted([market.class_a, market.class_b], before / total, side="right")
    codes[values <= 0] = 2
    return Labels(codes, ("A", "B", "C"))


def _business(accounts: Accounts, sales: Sales | None) -> Labels:
    """Existing business, new business or prospect; new are the customers of the latest year.

    No labels where nothing says since when.
    """
    since = _since(accounts, sales)
    if since is None:
        return Labels(np.full(len(accounts), -1), ())
    buys = is_customer(accounts)
    codes = np.where(buys, np.where(since >= _latest_year(sales, since), 1, 0), 2)
    return Labels(codes.astype(np.int64), ("existing business", "new business", "prospect"))


def _since(accounts: Accounts, sales: Sales | None) -> NDArray[np.float64] | None:
    """(a,) the year from which each account buys, NaN where not known; None without any.

    From ``customer_since``, else from the first sale where the history names accounts; whoever
    bought in its first year may have bought before.
    """
    if "customer_since" in accounts.frame:
        text = accounts.frame["customer_since"].astype(str)
        year = pd.to_numeric(text.str.extract(r"(\d{4})", expand=False), errors="coerce")
    elif sales is not None and "account_id" in sales.frame:
        sold = sales.frame[sales.frame["amount"] > 0]
        years = {p: day.year for p in sales.periods if (day := last_day(str(p))) is not None}
        first = sold["period"].map(years).groupby(sold["account_id"]).min()
        year = first.reindex(accounts.frame.index)
    else:
        return None
    values = year.to_numpy(dtype=float, na_value=np.nan)
    return values if np.isfinite(values).any() else None


def _latest_year(sales: Sales | None, since: NDArray[np.float64]) -> float:
    """The year of the last sales, else of the youngest customer."""
    days = [last_day(str(period)) for period in (sales.periods if sales is not None else ())]
    years = [day.year for day in days if day is not None]
    return float(max(years)) if years else float(np.nanmax(since))


def unit_kinds(case: Case) -> dict[str, str]:
    """Ways to divide the units, name → label; those that divide nothing are left out."""
    facts = {
        name: fact_label(name).capitalize()
        for name in FACTS
        if name in census_facts(case.plan.units)
    }
    own = {str(name): measure(str(name)).label for name in case.plan.units.attributes}
    kinds = {URBANICITY: "Urbanicity", CLIMATE: "Climate zone"} | own | facts
    return {name: label for name, label in kinds.items() if _divides(unit_labels(case, name))}


def unit_labels(case: Case, kind: str) -> Labels | None:
    """Each unit's label; None for a kind that these units can't be divided by.

    The user's column comes before the Census's fact; urbanicity is told by density where neither
    has it.
    """
    units, settings = case.plan.units, settings_of(case)
    for table in (units.attributes, census_facts(units)):
        if kind in table:
            made = partial(_fitting, table[kind], kind, settings)
            key = (*_key(kind, settings), table is units.attributes)
            if (found := _once(units, key, made)) is not None:
                return found
    if kind == URBANICITY and "population" in units.attributes:
        return _once(units, (URBANICITY,), lambda: _by_density(units))
    return None


def _by_density(units: Units) -> Labels:
    """Rural, towns and suburbs, city, by people per km²."""
    people = units.attributes["population"].to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        density = people / units.area_km2
    codes = np.searchsorted([border for border, _ in DENSITY[:-1]], density, side="right")
    codes = np.where(np.isfinite(density), codes, -1)
    return Labels(codes.astype(np.int64), tuple(name for _, name in DENSITY))
