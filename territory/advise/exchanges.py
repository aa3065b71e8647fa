"""Suggestions that give single accounts to another rep, whatever unit they lie in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from territory.advise.adjustment import Adjustment, adjustment
from territory.advise.findings import Context, Said
from territory.metrics.fit import account_worth, offered, unserved_accounts
from territory.model import Accounts

__all__ = ["exchanges"]

MOST = 6
"""Most that are measured of each kind."""


def exchanges(context: Context) -> Iterator[Adjustment]:
    """Named accounts back to the rep on the spot, and others to a rep who serves their kind."""
    project = context.project
    if project.accounts is None or project.team is None:
        return
    yield from _released(context, project.accounts)
    yield from _suited(context, project.accounts)


def _homes(context: Context) -> dict[str, np.ndarray]:
    """rep_id → where the rep lives, in metres."""
    team, units = context.project.team, context.plan.units
    assert team is not None  # asked before
    at = zip(team.ids, team.homes(units).tolist(), strict=True)
    return {rep: units.xy[unit] for rep, unit in at if unit >= 0}


def _released(context: Context, accounts: Accounts) -> Iterator[Adjustment]:
    """Named accounts whose unit's rep lives nearer: they could go with their unit."""
    plan, frame, homes = context.plan, accounts.frame, _homes(context)
    reps = plan.territories["rep_id"].tolist()
    team = context.project.team
    assert team is not None
    gains: list[tuple[float, str, str, str]] = []
    for account, rep in plan.named_accounts.items():
        if account in plan.locks.accounts or account not in frame.index:
            continue
        unit = plan.units.position.get(str(frame.at[account, "unit_id"]), -1)
        local = reps[plan.alignment[unit]] if unit >= 0 and plan.alignment[unit] >= 0 else ""
        if local and local != rep and local in homes and rep in homes:
            spot = plan.units.xy[unit]
            saved = np.hypot(*(spot - homes[rep])) - np.hypot(*(spot - homes[local]))
            gains.append((float(saved), account, rep, local))
    for saved, account, rep, local in sorted(gains, reverse=True)[:MOST]:
        if saved <= 0:
            break
        named = {a: r for a, r in plan.named_accounts.items() if a != account}
        yield adjustment(
            context,
            f"release|{account}",
            "accounts",
            f"Give {frame.at[account, 'name'] or account} from {team.name(rep)} to "
            f"{team.name(local)}",
            Said("{rep} has the place it lies in and lives nearer.", {}, {"rep": team.name(local)}),
            replace(plan, named_accounts=named),
            accounts=(account,),
            territories=_owned(context, rep, local),
        )


def _suited(context: Context, accounts: Accounts) -> Iterator[Adjustment]:
    """The most valuable accounts of a kind their rep does not serve, to the nearest who does."""
    plan, frame, homes = context.plan, accounts.frame, _homes(context)
    wrong, _ = unserved_accounts(context.case)
    worth = np.where(wrong, account_worth(accounts), 0.0) if len(wrong) else np.zeros(0)
    team = context.project.team
    assert team is not None
    serves = {rep: offered(str(text)) for rep, text in team.frame["segments"].items()}
    active = set(plan.territories["rep_id"]) & set(homes)
    for i in np.argsort(-worth, kind="stable")[:MOST]:
        account = str(frame.index[i])
        unit = plan.units.position.get(str(frame["unit_id"].iloc[i]), -1)
        kind = str(frame["segment"].iloc[i]).strip()
        able = [r for r in active if kind.casefold() in serves.get(r, frozenset())]
        if worth[i] <= 0 or unit < 0 or account in plan.locks.accounts or not able:
            continue
        away = {r: float(np.hypot(*(plan.units.xy[unit] - homes[r]))) / 1e3 for r in sorted(able)}
        rep = min(away, key=lambda r: away[r])
        if away[rep] > context.advice.far_km:
            continue
        old = str(context.reps[i])
        yield adjustment(
            context,
            f"suit|{account}|{rep}",
            "accounts",
            f"Give {frame['name'].iloc[i] or account} from {team.name(old)} to {team.name(rep)}",
            Said(
                "It is of segment {kind}, which {rep} serves and {old} does not.",
                {},
                {"kind": kind, "rep": team.name(rep), "old": team.name(old)},
            ),
            replace(plan, named_accounts={**plan.named_accounts, account: rep}),
            accounts=(account,),
            territories=_owned(context, old, rep),
        )


def _owned(context: Context, *reps: str) -> tuple[str, ...]:
    owners = context.plan.territories["rep_id"]
    return tuple(str(t) for t in owners.index[owners.isin(reps)])
