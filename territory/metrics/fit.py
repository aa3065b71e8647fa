"""Do reps serve the kinds of customers that they have?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.model import Accounts, account_reps

__all__ = ["account_worth", "offered", "unserved", "unserved_accounts", "unserved_share"]


def offered(text: str) -> frozenset[str]:
    """ "A; B" as a set, whatever the case; empty where a rep states nothing."""
    parts = text.replace(",", ";").split(";")
    return frozenset(p.strip().casefold() for p in parts if p.strip())


def account_worth(accounts: Accounts) -> NDArray[np.float64]:
    """(a,) potential of each account, else its revenue, else 0."""
    frame = accounts.frame
    worth = frame["potential"].fillna(frame["revenue"]).fillna(0.0).clip(lower=0.0)
    return worth.to_numpy(float)


def unserved_accounts(case: Case) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(a,) True where the rep does not serve the account's segment; and where that is known."""
    project = case.project
    if project is None or project.accounts is None or project.team is None:
        return np.zeros(0, bool), np.zeros(0, bool)
    serves = {rep: offered(str(text)) for rep, text in project.team.frame["segments"].items()}
    reps = account_reps(case.plan, project.accounts)
    kinds = [str(s).strip().casefold() for s in project.accounts.frame["segment"]]
    stated = np.array([bool(serves.get(r)) and bool(k) for r, k in zip(reps, kinds, strict=True)])
    wrong = [
        known and kind not in serves[rep]
        for known, rep, kind in zip(stated, reps, kinds, strict=True)
    ]
    return np.array(wrong, dtype=bool), stated


def unserved(case: Case) -> pd.Series:
    """By territory, the share of its rep's accounts, by worth, in segments the rep does not serve.

    NaN where the rep states none or has no account. A rep with several territories has the same
    share in each.
    """
    wrong, known = unserved_accounts(case)
    out = case.series(np.full(case.plan.k, np.nan))
    if not known.any() or case.project is None or case.project.accounts is None:
        return out
    worth = account_worth(case.project.accounts)
    reps = pd.Series(account_reps(case.plan, case.project.accounts))[known]
    whole = pd.Series(worth[known]).groupby(reps.to_numpy()).sum()
    part = pd.Series((worth * wrong)[known]).groupby(reps.to_numpy()).sum()
    share = part / whole.where(whole > 0)
    return case.series(share.reindex(case.plan.territories["rep_id"]).to_numpy(float))


def unserved_share(case: Case) -> float:
    """Share of all accounts, by worth, whose rep does not serve their segment; NaN if not known."""
    wrong, known = unserved_accounts(case)
    if not known.any() or case.project is None or case.project.accounts is None:
        return float("nan")
    worth = account_worth(case.project.accounts)
    whole = float(worth[known].sum())
    return float((worth * wrong)[known].sum()) / whole if whole > 0 else float("nan")
