"""Twelve quarters of invented sales by account: growth, seasons, customers who come and go."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["YEARS", "invent_history"]

SEED = 20260102
YEARS = (2023, 2024, 2025)
QUARTERS = 4 * len(YEARS)
SEASON = (0.225, 0.25, 0.235, 0.29)
FORMER = 0.13  # share of today's prospects that were customers once
LEAVING = (0.06, 0.14)  # share of its sales that a customer buys less with each quarter, at the end

# yearly growth, and how far each quarter is from SEASON
INDUSTRIES = {
    "Healthcare": (0.08, (0.01, 0.0, 0.01, -0.02)),
    "Education": (0.02, (-0.04, -0.03, 0.15, -0.08)),
    "Hospitality": (0.05, (-0.06, 0.02, 0.12, -0.08)),
    "Retail": (0.01, (-0.05, -0.04, -0.04, 0.13)),
    "Manufacturing": (0.04, (0.02, 0.01, 0.0, -0.03)),
    "Technology": (0.13, (-0.02, -0.01, -0.02, 0.05)),
    "Professional services": (0.07, (0.05, 0.01, -0.03, -0.03)),
    "Construction": (0.03, (-0.08, 0.05, 0.08, -0.05)),
    "Public sector": (0.02, (-0.03, 0.14, -0.05, -0.06)),
}
SEGMENTS = {"A": 0.03, "B": 0.0, "C": -0.01}  # yearly growth on top of the industry's


def invent_history(accounts: pd.DataFrame) -> pd.DataFrame:
    """Sales of each account in each quarter; the last four add up to the account's revenue.

    Parameters
    ----------
    accounts
        Columns account_id, unit_id, segment, industry, status, revenue, potential,
        customer_since; in the order of the file.

    Returns
    -------
    Columns account_id, unit_id, period, amount (whole dollars), no rows without sales.
    """
    rng = np.random.default_rng(SEED)
    n = len(accounts)
    customer = accounts["status"].to_numpy() == "customer"
    former = ~customer & (rng.random(n) < FORMER)
    first, last = _active(accounts, customer, former, rng)
    quarter = np.arange(QUARTERS)
    active = (quarter >= first[:, None]) & (quarter <= last[:, None])
    active &= (customer | former)[:, None]
    level = _level(accounts, rng) * _seasons(accounts) * rng.lognormal(0, 0.16, (n, QUARTERS))
    fading = rng.uniform(*LEAVING, n)[:, None] * np.clip(4 - (last[:, None] - quarter), 0, None)
    level *= np.where(former[:, None], 1 - fading, 1.0) * active
    amount = _scaled(accounts, customer, level, rng)
    rows, columns = np.nonzero(amount.T)  # by quarter, then by account
    periods = np.array([f"{year}Q{q + 1}" for year in YEARS for q in range(4)])
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"].to_numpy()[columns],
            "unit_id": accounts["unit_id"].to_numpy()[columns],
            "period": periods[rows],
            "amount": amount.T[rows, columns],
        }
    )


def _active(
    accounts: pd.DataFrame,
    customer: NDArray[np.bool_],
    former: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(n,) first and last quarter in which each account buys."""
    n = len(accounts)
    since = pd.to_numeric(accounts["customer_since"], errors="coerce").fillna(0).to_numpy(int)
    began = np.where(since >= YEARS[0], (since - YEARS[0]) * 4 + rng.choice(4, n, p=_BEGINS), 0)
    left = rng.integers(1, QUARTERS - 4, n)  # nobody who left buys in the last year
    return np.where(customer, began, 0), np.where(former, left, QUARTERS - 1)


_BEGINS = (0.4, 0.3, 0.2, 0.1)
"""In which quarter of their first year customers begin."""


def _level(accounts: pd.DataFrame, rng: np.random.Generator) -> NDArray[np.float64]:
    """(n, quarters) how much is bought at the pace of growth, the last quarter being 1."""
    growth = accounts["industry"].map({name: g for name, (g, _) in INDUSTRIES.items()}).to_numpy()
    growth = growth + accounts["segment"].map(SEGMENTS).to_numpy()
    growth = growth + rng.normal(-0.025, 0.08, len(accounts))
    county = accounts["unit_id"].str[:3]  # the neighbourhood has its own luck
    luck = dict(zip(sorted(county.unique()), rng.normal(0, 0.04, county.nunique()), strict=True))
    growth = np.clip(growth + county.map(luck).to_numpy(), -0.25, 0.5)
    ago = (QUARTERS - 1 - np.arange(QUARTERS)) / 4
    return (1 + growth[:, None]) ** -ago


def _seasons(accounts: pd.DataFrame) -> NDArray[np.float64]:
    """(n, quarters) the season of each account's industry; all together follow SEASON."""
    shift = np.array([INDUSTRIES[name][1] for name in accounts["industry"]])
    weight = accounts["revenue"].to_numpy(float)
    shift = shift - np.average(shift, axis=0, weights=weight)
    return np.tile(np.array(SEASON) + shift, len(YEARS))


def _scaled(
    accounts: pd.DataFrame,
    customer: NDArray[np.bool_],
    level: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Whole dollars: what customers bought last year is their revenue, to the dollar."""
    revenue = accounts["revenue"].to_numpy(float)
    year = level[:, -4:].sum(axis=1)
    once = accounts["potential"].to_numpy() * rng.beta(4, 3.5, len(accounts))
    share = np.where(customer & (year > 0), revenue / np.where(year > 0, year, 1), once)
    amount = (level * share[:, None]).round().astype(np.int64)
    off = np.where(customer, revenue.astype(np.int64) - amount[:, -4:].sum(axis=1), 0)
    most = amount[:, -4:].argmax(axis=1) + QUARTERS - 4
    amount[np.arange(len(accounts)), most] += off
    return amount
