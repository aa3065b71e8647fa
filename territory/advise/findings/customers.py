"""Accounts that two reps claim, that lie far off, that too much hangs on, or that change hands."""

from __future__ import annotations

import numpy as np

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said, listed
from territory.metrics.customers import (
    claimed_share,
    claimed_twice,
    key_accounts,
    key_change,
    largest_account,
    named_distance,
    worst_largest_account,
)
from territory.metrics.disruption import REVENUE_AT_RISK, changed_accounts

__all__ = ["concentration", "far_named", "key_disruption", "overlap"]

SHOWN = 20
"""Accounts listed one by one."""


def overlap(context: Context) -> list[Finding]:
    """Accounts that one rep holds and the plan gives to another, without having moved them."""
    twice, limit = claimed_twice(context.case), context.advice.claimed
    share = claimed_share(context.case)
    if not share > limit:
        return []
    frame, team = context.accounts.frame, context.project.team
    rows = np.flatnonzero(twice)
    name = team.name if team is not None else str
    numbers = {
        "count": Number(len(rows), "count", "metrics.customers.claimed_twice"),
        "share": Number(share, "share", "metrics.customers.claimed_share"),
        "limit": Number(limit, "share", "settings.advice.claimed"),
    }
    said = (
        "{count} accounts are claimed twice: the account list names another {rep} than the plan, "
        "and not because of a change. That is {share} of all, where {limit} would be chance."
    )
    lines = tuple(
        Said(
            "{account}: {owner} by the list, {rep} by the plan",
            names={
                "account": str(frame["name"].iloc[i] or frame.index[i]),
                "owner": name(str(frame["owner"].iloc[i])),
                "rep": name(str(context.reps[i])),
            },
        )
        for i in rows[:SHOWN]
    )
    return [
        Finding(
            kind="overlap",
            severity=graded(share, limit, 0.0, share),
            said=Said(said, numbers, {"rep": context.settings.word("rep")}),
            share=share,
            lines=lines,
            accounts=tuple(frame.index[rows]),
            territories=_territories(context, rows),
            action=Action("Settle each: name the account, or correct the list", page="Table"),
            watch=Watch("Accounts claimed twice", claimed_share, "share",
                        "metrics.customers.claimed_share"),
        )
    ]  # fmt: skip


def far_named(context: Context) -> list[Finding]:
    """Named accounts far from their rep's home, with somebody nearer on the spot."""
    km = named_distance(context.case)
    far = km[km > context.advice.far_km]
    if far.empty:
        return []
    frame = context.accounts.frame
    names = [str(frame.at[a, "name"] or a) for a in far.index]
    share = len(far) / len(frame)
    source = "metrics.customers.named_distance"
    numbers = {
        "count": Number(len(far), "count", source),
        "worst": Number(float(far.iloc[0]), "km", source),
        "limit": Number(context.advice.far_km, "km", "settings.advice.far_km"),
    }
    said = (
        "{count} named {accounts} {verb} far from the owner, up to {worst} where {limit} is the "
        "most that goes well, and another {rep} lives nearer: {names}."
    )
    words = {
        "accounts": "account" if len(far) == 1 else "accounts",
        "verb": "lies" if len(far) == 1 else "lie",
        "rep": context.settings.word("rep"),
        "names": listed(names),
    }
    rows = frame.index.get_indexer(far.index)
    return [
        Finding(
            kind="far_named",
            severity=graded(float(far.iloc[0]), context.advice.far_km, 0.0, 1.0),
            said=Said(said, numbers, words),
            share=share,
            lines=tuple(
                Said("{name}: {value}", {"value": Number(v, "km", source)}, {"name": n})
                for n, v in zip(names[:SHOWN], far.tolist(), strict=False)
            ),
            accounts=tuple(far.index),
            territories=_territories(context, rows),
            action=Action("Give them to the {rep} on the spot", "release"),
            watch=Watch("Farthest named account", lambda c: float(named_distance(c).max()), "km",
                        source),
        )
    ]  # fmt: skip


def concentration(context: Context) -> list[Finding]:
    """Reps for whom one account is too large a part of the revenue."""
    top, limit = largest_account(context.case), context.advice.one_account
    high = top[top["share"].astype(float) > limit].sort_values("share", ascending=False)
    if high.empty:
        return []
    frame = context.accounts.frame
    names = {t: str(frame.at[a, "name"] or a) for t, a in high["account_id"].items()}
    share = context.share_of(high.index)
    worst, first = float(high["share"].iloc[0]), high.index[0]
    source = "metrics.customers.largest_account"
    numbers = {
        "worst": Number(worst, "share", source),
        "limit": Number(limit, "share", "settings.advice.one_account"),
        "count": Number(len(high), "count", source),
    }
    said = (
        "Much hangs on single customers: {account} is {worst} of {name}'s revenue. In {count} "
        "{territories} one account is more than {limit}."
    )
    words = {
        "account": names[first],
        "name": context.names[first],
        "territories": context.count(len(high), "territory", "territories"),
    }
    return [
        Finding(
            kind="concentration",
            severity=graded(worst, limit, 0.0, share),
            said=Said(said, numbers, words),
            share=share,
            lines=tuple(
                Said(
                    "{name}: {account}, {value} of the revenue",
                    {"value": Number(float(v), "share", source)},
                    {"name": context.names[t], "account": names[t]},
                )
                for t, v in high["share"].items()
            ),
            territories=tuple(high.index),
            accounts=tuple(high["account_id"]),
            action=Action("Plan a second contact there, and win others beside it"),
            watch=Watch("Largest share of one account", worst_largest_account, "share", source),
        )
    ]


def key_disruption(context: Context) -> list[Finding]:
    """More key accounts get another rep than relationships bear."""
    changed, limit = key_change(context.case), context.advice.key_change
    if context.baseline is None or not changed > limit:
        return []
    moved = changed_accounts(context.plan, context.baseline, context.accounts)
    rows = np.flatnonzero(moved & key_accounts(context.case))
    revenue = float(np.nansum(context.accounts.frame["revenue"].to_numpy(float)[rows]))
    numbers = {
        "count": Number(len(rows), "count", "metrics.disruption.changed_accounts"),
        "changed": Number(changed, "share", "metrics.customers.key_change"),
        "limit": Number(limit, "share", "settings.advice.key_change"),
        "revenue": Number(revenue, "revenue", "project.accounts.revenue"),
        "low": Number(revenue * REVENUE_AT_RISK[0], "revenue", "metrics.disruption"),
        "high": Number(revenue * REVENUE_AT_RISK[1], "revenue", "metrics.disruption"),
    }
    said = (
        "{count} key accounts get another {rep}, {changed} of them ({limit} is the most that goes "
        "well). They bring {revenue} a year, of which {low} to {high} are at risk."
    )
    frame = context.accounts.frame
    return [
        Finding(
            kind="key_disruption",
            severity=graded(changed, limit, 0.0, changed),
            said=Said(said, numbers, {"rep": context.settings.word("rep")}),
            share=changed,
            lines=tuple(
                Said("{name}", names={"name": str(frame["name"].iloc[i] or frame.index[i])})
                for i in rows[:SHOWN]
            ),
            accounts=tuple(frame.index[rows]),
            territories=_territories(context, rows),
            action=Action("Let key accounts keep their {rep}", "keep_key"),
            watch=Watch("Key accounts that change", key_change, "share",
                        "metrics.customers.key_change"),
        )
    ]  # fmt: skip


def _territories(context: Context, rows: np.ndarray) -> tuple[str, ...]:
    """The territories that some accounts count for, in the plan's order."""
    found = set(context.territory_of_account[rows])
    return tuple(t for t in context.plan.territory_ids if t in found)
