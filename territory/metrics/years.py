"""Growth by unit: sales of the last year against the same time a year before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from territory.metrics.calendar import window
from territory.metrics.ledger import ledger_of
from territory.model import Sales, Units

__all__ = ["last_year", "two_years"]


def last_year(
    units: Units, sales: Sales, periods: tuple[str, ...] = ()
) -> NDArray[np.float64] | None:
    """(n,) sold in the latest year, or in the periods named, taken to a year.

    None where nothing was sold.
    """
    ledger = ledger_of(units, sales)
    calendar = ledger.calendar
    among = sorted({calendar.place.get(period, -1) for period in periods} - {-1})
    if among:
        year = calendar.a_year or len(among)
        total = ledger.by_unit[:, among].sum(axis=1) * (year / len(among))
    else:
        total = ledger.a_year(ledger.by_unit)
    return total if total.any() else None


def two_years(
    units: Units, sales: Sales
) -> tuple[NDArray[np.float64], NDArray[np.float64], str] | None:
    """Sold before and after, (n,) each, and what is compared: "2025 against 2024".

    The latest year against the one before; with less than two years the latest quarters against
    the same quarters a year earlier, so that a season is never held against another. None where
    that is not there, or nothing was sold before.
    """
    ledger = ledger_of(units, sales)
    seen = window(ledger.calendar)
    if not seen.before:
        return None
    before = ledger.by_unit[:, list(seen.before)].sum(axis=1)
    after = ledger.by_unit[:, list(seen.now)].sum(axis=1)
    return (before, after, f"{seen.words} against {seen.words_before}") if before.any() else None
