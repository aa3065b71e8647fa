"""Sales so far, seen through a plan."""

from __future__ import annotations

import pandas as pd

from territory.metrics.ledger import ledger_of
from territory.model import Accounts, Plan, Sales

__all__ = ["sales_by_period"]


def sales_by_period(plan: Plan, sales: Sales, accounts: Accounts | None = None) -> pd.DataFrame:
    """Sales of each territory in each period, as if it had always been drawn like this.

    Parameters
    ----------
    accounts
        With them, what named accounts bought counts for their rep.

    Returns
    -------
    Index territory_id, a column a quarter (or year), oldest first. Sales in unassigned or unknown
    units are left out.
    """
    ledger = ledger_of(plan.units, sales)
    sold = ledger.by_territory(plan, accounts)
    columns = pd.Index(ledger.calendar.labels, name="period")
    return pd.DataFrame(sold[:, : len(columns)], index=plan.territories.index, columns=columns)
