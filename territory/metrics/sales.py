"""Sales so far, seen through a plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.model import Plan, Sales

__all__ = ["sales_by_period"]


def sales_by_period(plan: Plan, sales: Sales) -> pd.DataFrame:
    """Sales of each territory in each period, as if it had always been drawn like this.

    Returns
    -------
    Index territory_id, a column a period, oldest first. Sales in unassigned or unknown units are
    left out.
    """
    frame = sales.frame
    unit = frame["unit_id"].map(plan.units.position)
    owner = np.full(len(frame), -1)
    known = unit.notna().to_numpy()
    owner[known] = plan.alignment[unit[known].astype(int)]
    ids = np.array([*plan.territory_ids, ""], dtype=object)
    kept = frame.assign(territory_id=ids[owner])[owner >= 0]
    table = kept.pivot_table(index="territory_id", columns="period", values="amount", aggfunc="sum")
    return table.reindex(index=plan.territories.index, columns=list(sales.periods)).fillna(0.0)
