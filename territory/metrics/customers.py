"""Whose accounts are whose, how far away they are, and how much hangs on a single one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.disruption import changed_accounts
from territory.model import Accounts, Project, account_reps

__all__ = [
    "claimed_share",
    "claimed_twice",
    "key_accounts",
    "key_change",
    "key_words",
    "largest_account",
    "named_distance",
    "worst_largest_account",
]


def _accounts(case: Case) -> Accounts | None:
    return case.project.accounts if case.project else None


def claimed_twice(case: Case) -> NDArray[np.bool_]:
    """(a,) True where another rep than the plan's holds an account, and the plan did not move it.

    The holder is the accounts' column ``owner``. Who had the account in the baseline and loses it
    by the plan is handed over, not contradicted; an account named to a rep is settled.
    """
    accounts = _accounts(case)
    if accounts is None:
        return np.zeros(0, bool)
    owner = accounts.frame["owner"].to_numpy(object)
    now = account_reps(case.plan, accounts)
    named = accounts.frame.index.isin(list(case.plan.named_accounts))
    twice = (owner != "") & (now != "") & (owner != now) & ~named
    if case.baseline is not None:
        twice &= owner != account_reps(case.baseline, accounts)
    return np.asarray(twice, dtype=bool)


def claimed_share(case: Case) -> float:
    """Share of all accounts that two reps claim; NaN without accounts."""
    twice = claimed_twice(case)
    return float(twice.mean()) if len(twice) else float("nan")


def named_distance(case: Case) -> pd.Series:
    """By named account, straight km from its rep's home; only those whose place is known.

    Accounts whose unit's own rep lives no nearer are left out: nobody could do it better.
    """
    accounts, project, plan = _accounts(case), case.project, case.plan
    if accounts is None or project is None or project.team is None:
        return pd.Series(dtype=float)
    xy, frame = plan.units.xy / 1e3, accounts.frame
    homes = dict(zip(project.team.ids, project.team.homes(plan.units).tolist(), strict=True))
    reps = plan.territories["rep_id"].tolist()
    out: dict[str, float] = {}
    for account, rep in plan.named_accounts.items():
        unit = plan.units.position.get(str(frame["unit_id"].get(account, "")), -1)
        home = homes.get(rep, -1)
        if unit < 0 or home < 0:
            continue
        t = int(plan.alignment[unit])
        local = homes.get(reps[t], -1) if t >= 0 else -1
        km = float(np.hypot(*(xy[unit] - xy[home])))
        if local >= 0 and np.hypot(*(xy[unit] - xy[local])) < km:
            out[account] = km
    return pd.Series(out, dtype=float).sort_values(ascending=False)


def largest_account(case: Case) -> pd.DataFrame:
    """By territory: the rep's largest account by revenue, and its share of the rep's revenue.

    Columns account_id and share; no row for a territory whose rep has no revenue.
    """
    accounts = _accounts(case)
    columns = ["account_id", "share"]
    if accounts is None:
        return pd.DataFrame(columns=columns)
    revenue = np.nan_to_num(accounts.frame["revenue"].to_numpy(float))
    table = pd.DataFrame(
        {
            "rep": account_reps(case.plan, accounts),
            "account_id": accounts.frame.index,
            "revenue": revenue,
        }
    )
    table = table[(table["revenue"] > 0) & (table["rep"] != "")]
    whole = table.groupby("rep")["revenue"].sum()
    top = table.sort_values("revenue", ascending=False, kind="stable").drop_duplicates("rep")
    top = top.set_index("rep").assign(share=lambda t: t["revenue"] / whole)
    owners = case.plan.territories["rep_id"]
    owners = owners[owners.isin(top.index)]
    return top.loc[owners, columns].set_axis(owners.index, axis=0)


def worst_largest_account(case: Case) -> float:
    """The largest share of a rep's revenue that a single account has; NaN where not known."""
    return float(largest_account(case)["share"].astype(float).max())


def key_words(project: Project | None) -> tuple[str, tuple[str, ...]]:
    """The column of the accounts and its values that mark key accounts; ("", ()) where none do.

    What the user named as a priority; until somebody has answered, segment A.
    """
    if project is None or project.accounts is None:
        return "", ()
    settings, frame = project.settings, project.accounts.frame
    answered = settings.asked or bool(settings.priority)
    kind, values = (settings.priority_kind, settings.priority) if answered else ("segment", ("A",))
    marked = kind in frame and bool(frame[kind].astype(str).isin(values).any())
    return (kind, values) if marked else ("", ())


def key_accounts(case: Case) -> NDArray[np.bool_]:
    """(a,) the accounts that matter most, by ``key_words``."""
    accounts, (kind, values) = _accounts(case), key_words(case.project)
    if accounts is None or not kind:
        return np.zeros(0 if accounts is None else len(accounts), bool)
    return accounts.frame[kind].astype(str).isin(values).to_numpy(bool)


def key_change(case: Case) -> float:
    """Share of the key accounts that get another rep than in the baseline; NaN where not known."""
    accounts, key = _accounts(case), key_accounts(case)
    if accounts is None or case.baseline is None or not key.any():
        return float("nan")
    return float(changed_accounts(case.plan, case.baseline, accounts)[key].mean())
