"""How much changes hands against the baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import PlanError
from territory.metrics.case import Case
from territory.model import Accounts, Plan, Project, account_reps

__all__ = [
    "REVENUE_AT_RISK",
    "accounts_moved",
    "changed_accounts",
    "changed_units",
    "disruption",
    "flows",
    "match_territories",
    "moved_revenue",
    "moved_share",
    "relabelled",
    "revenue_at_risk",
    "revenue_moved",
]

REVENUE_AT_RISK = (0.13, 0.18)
"""Share of moved revenue that rep departures cost. Source: Shi et al. (2017)."""


def match_territories(plan: Plan, baseline: Plan, measure: str) -> NDArray[np.int64]:
    """(k,) for each territory of the plan, its best match in the baseline; -1 without one.

    One to one, so that the shared weight is largest (Hungarian method): a territory that only
    changed its label is matched with itself.
    """
    from scipy.optimize import linear_sum_assignment

    both = (plan.alignment >= 0) & (baseline.alignment >= 0)
    weight = np.nan_to_num(plan.units.values(measure))[both]
    shared = np.zeros((plan.k, baseline.k))
    # A trace of the unit count keeps units without weight with their old neighbours.
    trace = 1e-9 * max(weight.sum(), 1.0) / max(len(weight), 1)
    np.add.at(shared, (plan.alignment[both], baseline.alignment[both]), weight + trace)
    rows, columns = linear_sum_assignment(-shared)
    out = np.full(plan.k, -1, dtype=np.int64)
    out[rows] = columns
    return out


def relabelled(plan: Plan, like: Plan, measure: str) -> Plan:
    """A from-scratch plan under the territories of another one, each on its best match.

    Names, owners, colours, targets and locks come from ``like``; territories beyond its number
    are a PlanError.
    """
    if plan.k > like.k:
        raise PlanError(f"{plan.k} territories can't take the names of {like.k}.")
    match = match_territories(plan, like, measure)
    return like.with_alignment(np.append(match, -1)[plan.alignment])


def changed_units(plan: Plan, baseline: Plan, measure: str = "units") -> NDArray[np.bool_]:
    """(n,) True where a unit's rep changes.

    Where every territory of both plans has a rep, reps are compared; otherwise territories are
    matched first, because a new label is no disruption. A unit that had nobody and gets somebody
    is no disruption either; one that loses its rep is.
    """
    owners_known = (plan.territories["rep_id"] != "").all()
    owners_known &= (baseline.territories["rep_id"] != "").all()
    if owners_known:
        reps = {r: i for i, r in enumerate(dict.fromkeys(baseline.territories["rep_id"]))}
        now = plan.territories["rep_id"].map(reps).fillna(-1).to_numpy(np.int64)
        then = baseline.territories["rep_id"].map(reps).to_numpy(np.int64)
    else:
        now = match_territories(plan, baseline, measure)
        then = np.arange(baseline.k)
    # The appended -1 answers for the unassigned, whose position is -1.
    before = np.append(then, -1)[baseline.alignment]
    after = np.append(now, -1)[plan.alignment]
    return (before >= 0) & (before != after)


def moved_share(plan: Plan, baseline: Plan, measure: str) -> float:
    """Σ w[rep changes] / Σ w of a measure, 0 to 1."""
    weight = np.nan_to_num(plan.units.values(measure))
    if weight.sum() <= 0:
        return 0.0
    return float(weight[changed_units(plan, baseline, measure)].sum() / weight.sum())


def flows(plan: Plan, baseline: Plan, measure: str) -> pd.DataFrame:
    """Who gives what to whom: columns giver, taker (names; "" nobody), units, amount.

    An owner is a territory's rep where it has one, else the territory itself. One row a pair, the
    largest amount first; what stays with its owner is left out.
    """
    then, now = (_owner_keys(p)[p.alignment] for p in (baseline, plan))
    moved = then != now
    table = pd.DataFrame(
        {
            "giver": then[moved],
            "taker": now[moved],
            "amount": np.nan_to_num(plan.units.values(measure))[moved],
        }
    )
    rows = table.groupby(["giver", "taker"], as_index=False).agg(
        units=("amount", "size"), amount=("amount", "sum")
    )
    names = {**_owner_names(baseline), **_owner_names(plan), "": ""}
    rows = rows.assign(giver=rows["giver"].map(names), taker=rows["taker"].map(names))
    rows = rows.sort_values(["amount", "units"], ascending=False, ignore_index=True)
    return rows[["giver", "taker", "units", "amount"]]


def _owner_keys(plan: Plan) -> NDArray[np.object_]:
    """(k + 1,) the owner of each territory, and "" at the end for the unassigned."""
    keys = [r or t for t, r in zip(plan.territory_ids, plan.territories["rep_id"], strict=True)]
    return np.array([*keys, ""], dtype=object)


def _owner_names(plan: Plan) -> dict[str, str]:
    return dict(zip(_owner_keys(plan)[:-1], plan.territories["name"], strict=True))


def disruption(case: Case) -> float:
    """Share of the heaviest measure whose rep changes; NaN without a baseline."""
    if case.baseline is None:
        return float("nan")
    return moved_share(case.plan, case.baseline, case.main)


def disruption_by_territory(case: Case) -> pd.Series:
    """By territory, the share of what it has now that had another rep before."""
    if case.baseline is None:
        return case.series(np.full(case.plan.k, np.nan))
    plan = case.plan
    weight = np.nan_to_num(plan.units.values(case.main))
    moved = changed_units(plan, case.baseline, case.main) & (plan.alignment >= 0)
    gained = np.bincount(plan.alignment[moved], weight[moved], plan.k)
    total = plan.totals(case.main)
    return case.series(gained / np.where(total > 0, total, np.nan))


def changed_accounts(plan: Plan, baseline: Plan, accounts: Accounts) -> NDArray[np.bool_]:
    """(a,) True where an account's rep changes; an account that had nobody does not count.

    Accounts named to a rep keep them. Where reps are not known, their unit's change is theirs.
    """
    then, now = account_reps(baseline, accounts), account_reps(plan, accounts)
    if (then != "").any() and (now != "").any():
        return np.asarray((then != "") & (then != now))
    changed = np.append(changed_units(plan, baseline), False)
    where = plan.units.position
    return changed[[where.get(u, -1) for u in accounts.frame["unit_id"]]]


def moved_revenue(plan: Plan, baseline: Plan, project: Project) -> tuple[float, float]:
    """Yearly revenue with customers who get another rep, and with all; NaN where none is known.

    The accounts' own, else the units' column revenue or sales.
    """
    accounts = project.accounts
    if accounts is not None and np.nansum(accounts.frame["revenue"]) > 0:
        amount = np.nan_to_num(accounts.frame["revenue"].to_numpy(float))
        moved = changed_accounts(plan, baseline, accounts)
        return float(amount[moved].sum()), float(amount.sum())
    for name in ("revenue", "sales"):
        if name in plan.units.measure_names:
            amount = np.nan_to_num(plan.units.values(name))
            return float(amount[changed_units(plan, baseline)].sum()), float(amount.sum())
    return float("nan"), float("nan")


def revenue_at_risk(case: Case) -> float:
    """The middle of ``REVENUE_AT_RISK`` of the revenue that gets another rep; NaN if not known.

    Shi et al. (2017) studied customers whose rep had left the company, so that a planned and
    well-prepared change should cost less.
    """
    if case.baseline is None or case.project is None:
        return float("nan")
    moved, _ = moved_revenue(case.plan, case.baseline, case.project)
    return moved * sum(REVENUE_AT_RISK) / 2


def revenue_moved(case: Case) -> float:
    """Share of the yearly revenue that gets another rep; NaN where it is not known."""
    if case.baseline is None or case.project is None:
        return float("nan")
    moved, whole = moved_revenue(case.plan, case.baseline, case.project)
    return moved / whole if whole > 0 else float("nan")


def accounts_moved(case: Case) -> float:
    """Share of the accounts that get another rep; NaN where there are none."""
    accounts = case.project.accounts if case.project else None
    if case.baseline is None or accounts is None or not len(accounts):
        return float("nan")
    return float(changed_accounts(case.plan, case.baseline, accounts).mean())
