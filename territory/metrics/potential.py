"""What a market is worth: the buying-power index, and which estimate of potential is in use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.facts import census_facts
from territory.metrics.joins import revenue_by_unit
from territory.metrics.years import last_year
from territory.model import Market, Settings, Units

__all__ = [
    "COMPONENTS",
    "ESTIMATE",
    "BuyingPower",
    "Potential",
    "buying_power",
    "market_weights",
    "potential_of",
    "settings_of",
    "unit_sales",
]

COMPONENTS: Mapping[str, str] = {
    "income": "Income",
    "retail": "Retail",
    "population": "Population",
}
"""Parts of the index, in the order of their usual weight."""

INCOME = ("total_income", "aggregate_income", "disposable_income")
RETAIL = ("retail_sales", "retail", "establishments", "stores", "employment")
PEOPLE = ("population", "inhabitants", "residents", "households")
"""Columns that can stand for a part; the first there is."""

ESTIMATE = "potential_estimate"
"""The measure that keeps a learned estimate which somebody took over."""

BEST = 0.90
"""Without a market size, the whole market is worth what its best tenth (by index) already buys."""
POINTS = 100_000.0
"""Size of the market in index points, where nothing says what it is worth in money."""


@dataclass(frozen=True, eq=False)
class BuyingPower:
    """The index of each unit.

    ``share`` (n,) adds up to 1; ``parts`` (n, parts) are each part's own shares, before weighting;
    ``weights`` those in use, adding up to 1; ``sources`` part → the columns it was made of;
    ``missing`` the parts that no column can tell.
    """

    share: NDArray[np.float64]
    parts: pd.DataFrame
    weights: Mapping[str, float]
    sources: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Potential:
    """What each unit could buy in a year.

    ``values`` (n,); ``kind`` "own" (the user's column), "index" or "learned"; ``why`` in words;
    ``size`` in words where the total comes from. ``money`` is False where the figures are index
    points. ``index`` explains them where the units have the facts.
    """

    values: NDArray[np.float64]
    kind: str
    why: str
    size: str
    money: bool = True
    index: BuyingPower | None = None


def settings_of(case: Case) -> Settings:
    """The project's settings; the defaults without a project."""
    return case.project.settings if case.project else Settings()


def market_weights(market: Market) -> dict[str, float]:
    """Weights of the index by part, sound and adding up to 1; the usual ones where none is."""
    usable = {name: _positive(market.weights.get(name)) for name in COMPONENTS}
    total = sum(usable.values())
    if total <= 0:
        return market_weights(Market())
    return {name: weight / total for name, weight in usable.items()}


def _positive(value: object) -> float:
    """A number above zero, else 0; stored settings may hold anything."""
    sound = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return max(float(value), 0.0) if sound else 0.0  # type: ignore[arg-type]


def buying_power(units: Units, weights: Mapping[str, float]) -> BuyingPower | None:
    """Buying-power index: Σ weight · (the unit's share of the region's income, retail, population).

    Parameters
    ----------
    units
        Their columns are used, else the Census facts of US ZIPs.
    weights
        Part → weight; the weights of parts that nothing tells go to the others in proportion.

    Returns
    -------
    None where no part can be told, or every one of them is zero everywhere.

    Source: Sales & Marketing Management's Buying Power Index, 0.5 effective buying income +
    0.3 retail sales + 0.2 population.
    """
    found = {name: made for name in COMPONENTS if (made := _part(units, name)) is not None}
    used = {name: weights.get(name, 0.0) for name in found if weights.get(name, 0.0) > 0}
    total = sum(used.values())
    if total <= 0:
        return None
    parts = pd.DataFrame(
        {name: values / values.sum() for name, (values, _) in found.items()},
        index=units.attributes.index,
    )
    used = {name: weight / total for name, weight in used.items()}
    share = sum(weight * parts[name].to_numpy() for name, weight in used.items())
    sources = {name: words for name, (_, words) in found.items()}
    missing = tuple(name for name in COMPONENTS if name not in found)
    return BuyingPower(np.asarray(share), parts, used, sources, missing)


def _part(units: Units, name: str) -> tuple[NDArray[np.float64], str] | None:
    """A part of each unit and the columns it is made of; None where it is not known."""
    made = None
    if name == "income":
        made = _first(units, INCOME) or _income(units)
    elif name == "retail":
        made = _first(units, RETAIL)
    else:
        made = _first(units, PEOPLE)
    return made if made is not None and made[0].sum() > 0 else None


def _first(units: Units, columns: tuple[str, ...]) -> tuple[NDArray[np.float64], str] | None:
    """The first of some columns that says anything, the user's before the Census's."""
    for look, origin in (
        (lambda: units.attributes, ""),
        (lambda: census_facts(units), " (Census)"),
    ):
        table = look()
        for column in columns:
            if column in table and pd.api.types.is_numeric_dtype(table[column]):
                values = _sound(table[column])
                if values.sum() > 0:
                    return values, column + origin
    return None


def _sound(column: pd.Series) -> NDArray[np.float64]:
    """Numbers from zero up; what is not known counts as none."""
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values) & (values > 0), values, 0.0)


def _income(units: Units) -> tuple[NDArray[np.float64], str] | None:
    """Households times their median income; gaps take the county's middle, else the region's."""
    homes = _first(units, ("households", "population", "inhabitants"))
    level = _first(units, ("median_income", "median_household_income", "income_per_household"))
    if homes is None or level is None:
        return None
    income = pd.Series(level[0]).replace(0.0, np.nan)
    attributes = units.attributes.reset_index(drop=True)
    place = [attributes[c].astype(str) for c in ("state", "county") if c in attributes]
    if place:
        income = income.fillna(income.groupby(place).transform("median"))
    values = homes[0] * income.fillna(income.median()).to_numpy()
    return values, f"{homes[1]} × {level[1]}"


def unit_sales(case: Case) -> NDArray[np.float64] | None:
    """(n,) own sales of a year by unit: the measure, else the accounts', else the last periods'.

    None where nothing says what was sold.
    """
    units = case.plan.units
    for name in ("sales", "revenue"):
        if case.has(name) and (values := np.nan_to_num(units.values(name))).any():
            return values
    project = case.project
    if project is not None and project.accounts is not None:
        values = revenue_by_unit(units, project.accounts)
        if values.any():
            return values
    if project is not None and project.sales is not None:
        return last_year(units, project.sales)
    return None


def potential_of(case: Case, *, learned: bool = True) -> Potential | None:
    """The estimate of potential in use, as the settings say; None where there is nothing to go by.

    "auto" is the learned estimate where somebody took it over, else the units' own column
    ``potential``, else the index. A choice that the data does not allow falls to the next.

    Parameters
    ----------
    learned
        False for what would be in use if nothing had been learned.
    """
    market = settings_of(case).market
    asked = market.model
    index = buying_power(case.plan.units, market_weights(market))
    if learned and asked in ("auto", "learned") and (kept := _column(case, ESTIMATE)) is not None:
        why = "A model learned from your own sales, taken over into the project."
        return Potential(kept, "learned", why, "the measure potential_estimate", index=index)
    own = _column(case, "potential")
    if own is not None and (asked != "index" or index is None):
        why = "The potential that your data brings."
        return Potential(own, "own", why, "the measure potential", index=index)
    if index is None:
        return None
    why = "The buying-power index: " + ", ".join(
        f"{100 * weight:.0f} % {COMPONENTS[name].lower()}" for name, weight in index.weights.items()
    )
    total, size, money = market_size(case, index.share)
    return Potential(total * index.share, "index", f"{why}.", size, money, index)


def _column(case: Case, name: str) -> NDArray[np.float64] | None:
    """A measure of the units that says anything, gaps as none."""
    if not case.has(name):
        return None
    values = _sound(case.plan.units.attributes[name])
    return values if values.sum() > 0 else None


def market_size(case: Case, share: NDArray[np.float64]) -> tuple[float, str, bool]:
    """What the whole market is worth in a year, where that comes from, and whether it is money.

    The setting, else the sum of the units' own potential, else what everybody would buy who bought
    like the best tenth of the market does now: the 90th percentile of sales / index, weighted by
    the index, over the whole. Else 100,000 points.
    """
    market = settings_of(case).market
    if market.total > 0:
        return float(market.total), "the market size in Settings", True
    own = _column(case, "potential")
    if own is not None:
        return float(own.sum()), "the sum of the measure potential", True
    sales = unit_sales(case)
    there = share > 0
    if sales is not None and sales[there].sum() > 0:
        ratio = sales[there] / share[there]
        order = np.argsort(ratio, kind="stable")
        reach = np.cumsum(share[there][order])
        at = min(int(np.searchsorted(reach, BEST * reach[-1])), len(order) - 1)
        best = max(float(ratio[order][at]), float(sales.sum()))
        return best, "everybody buying as much as the best tenth of the market does now", True
    return POINTS, "100,000 index points for the whole market", False
