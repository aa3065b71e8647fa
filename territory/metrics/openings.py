"""Where most can still be won, who could buy there, and whether anybody goes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.case import Case
from territory.metrics.joins import account_units
from territory.metrics.market import is_customer, market_units
from territory.metrics.people import coverage_by_territory
from territory.metrics.potential import Potential
from territory.metrics.scope import Scope, whole

__all__ = ["top_accounts", "white_space_list"]

LOW = 0.6
"""Reps with hours for less than this share of the planned visits cover their units poorly."""
NAMED = 3


def white_space_list(
    case: Case,
    scope: Scope | None = None,
    potential: Potential | None = None,
    *,
    only: str = "all",
    count: int = 50,
) -> pd.DataFrame | None:
    """The units with most white space, most first; None where white space is not known.

    Parameters
    ----------
    only
        "all", "no customers" or "low coverage": nobody's units, and those whose rep has hours for
        less than 60 % of the planned visits.
    count
        How many to list.

    Returns
    -------
    Index unit_id; ``territory`` (position, -1 unassigned), potential, sales, white_space,
    penetration, customers, prospects, coverage (0 where nobody goes, NaN where not known) and
    ``accounts``, the names of those with most to win.
    """
    units = market_units(case, scope, potential)
    if "white_space" not in units:
        return None
    served = np.append(coverage_by_territory(case).to_numpy(float), 0.0)
    out = units.assign(coverage=served[units["territory"]])
    out = out[out["white_space"] > 0]
    if only == "no customers" and "customers" in out:
        out = out[out["customers"] == 0]
    elif only == "low coverage":
        out = out[out["coverage"] < LOW]
    out = out.sort_values("white_space", ascending=False, kind="stable").head(count)
    names = top_accounts(case, out.index, scope)
    keep = ["territory", "potential", "sales", "white_space", "penetration", "customers",
            "prospects", "coverage"]  # fmt: skip
    return out[[name for name in keep if name in out]].assign(accounts=names)


def top_accounts(case: Case, unit_ids: pd.Index, scope: Scope | None = None) -> pd.Series:
    """Up to three accounts of each unit with most potential left: "Name (prospect), …".

    Without potential, those with most revenue; empty text where a unit has none.
    """
    nothing = pd.Series("", index=unit_ids, dtype=object)
    table = case.project.accounts if case.project else None
    if table is None or not len(unit_ids):
        return nothing
    shown = (scope or whole(case)).accounts
    wanted = np.zeros(case.plan.units.n + 1, bool)
    wanted[case.plan.units.positions(unit_ids)] = True
    rows = np.flatnonzero(wanted[account_units(case.plan.units, table)] & shown)
    frame = table.frame.iloc[rows]
    worth = np.nan_to_num(frame["potential"].to_numpy(float))
    sold = np.nan_to_num(frame["revenue"].to_numpy(float))
    left = worth - sold if worth.any() else sold
    kind = np.where(is_customer(table)[rows], "", " (prospect)")
    name = np.where(frame["name"] != "", frame["name"], frame.index)
    listed = pd.DataFrame({"unit": frame["unit_id"].to_numpy(), "left": left, "name": name + kind})
    listed = listed.sort_values("left", ascending=False, kind="stable").groupby("unit").head(NAMED)
    joined = listed.groupby("unit", sort=False)["name"].agg(", ".join)
    return joined.reindex(unit_ids).fillna("")
