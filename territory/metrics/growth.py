"""Growth: sales of the last year against the year before."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from territory.metrics.joins import sales_matrix
from territory.model import Sales, Units

__all__ = ["last_year", "periods_a_year", "two_years"]


def periods_a_year(periods: tuple[str, ...]) -> int:
    """How many periods make a year: as many as share the first four characters, such as 2025."""
    return max(Counter(period[:4] for period in periods).values(), default=1)


def last_year(
    units: Units, sales: Sales, periods: tuple[str, ...] = ()
) -> NDArray[np.float64] | None:
    """(n,) sold in the latest year's worth of periods, or in those named, taken to a year.

    None where nothing was sold.
    """
    length = periods_a_year(sales.periods)
    table = sales_matrix(units, sales)
    among = [i for i, period in enumerate(sales.periods) if period in periods]
    recent = table[:, among] if among else table[:, -length:]
    total: NDArray[np.float64] = recent.sum(axis=1) * length / max(recent.shape[1], 1)
    return total if total.any() else None


def two_years(
    units: Units, sales: Sales
) -> tuple[NDArray[np.float64], NDArray[np.float64], str] | None:
    """Sold before and after, (n,) each, and what is compared: "2025 against 2024".

    The latest year's worth of periods against those before; with less than two years the later
    half against the earlier. None with a single period, or where nothing was sold before.
    """
    periods = sales.periods
    length = min(periods_a_year(periods), len(periods) // 2)
    if length < 1:
        return None
    table = sales_matrix(units, sales)
    after = table[:, -length:].sum(axis=1)
    before = table[:, -2 * length : -length].sum(axis=1)
    if not before.any():
        return None
    spans = _span(periods[-length:]), _span(periods[-2 * length : -length])
    return before, after, f"{spans[0]} against {spans[1]}"


def _span(periods: tuple[str, ...]) -> str:
    """The periods in words: "2025", "2025Q3–2025Q4"."""
    years = {period[:4] for period in periods}
    if len(years) == 1 and len(periods) > 1:
        return years.pop()
    return periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
