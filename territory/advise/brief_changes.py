"""A brief's part on the change: what comes, what goes, and how to win inherited accounts."""

from __future__ import annotations

import pandas as pd

from territory.advise.document import Block, Heading, Table, say
from territory.advise.handed import Handed, when
from territory.advise.transition import WAVES, meetings, waves_of
from territory.model.figures import amount
from territory.optimize.words import listed

__all__ = ["given_accounts", "inherited", "new_accounts"]


def new_accounts(handed: Handed, owner: str) -> list[Block]:
    """Who hands what to this owner, and when both meet."""
    if handed.accounts is None or handed.case.baseline is None:
        return []
    gained = handed.gained(owner)
    blocks: list[Block] = [Heading("New to you")]
    if not len(gained):
        return [*blocks, say("No account comes to you from anybody else.")]
    had = gained[gained["owner_before"] != ""]
    then = "Talk to these people before you call a customer:" if len(had) else ""
    blocks.append(
        say(
            f"{{n}} worth {{worth}} come to you. {then or 'Nobody had them before.'}",
            n=handed.number(len(gained), "account", "accounts: owner changes"),
            worth=handed.worth(gained, "revenue"),
        )
    )
    return [*blocks, _partners(handed, owner, had, "owner_before")] if len(had) else blocks


def given_accounts(handed: Handed, owner: str) -> list[Block]:
    """Who gets what from this owner, and when both meet."""
    if handed.accounts is None or handed.case.baseline is None:
        return []
    given = handed.given(owner)
    if not len(given):
        return []
    sentence = "{n} worth {worth} go to colleagues. You know what they need to know:"
    return [
        Heading("What you hand over"),
        say(
            sentence,
            n=handed.number(len(given), "account", "accounts: owner changes"),
            worth=handed.worth(given, "revenue"),
        ),
        _partners(handed, owner, given, "owner_now"),
    ]


def _partners(handed: Handed, owner: str, table: pd.DataFrame, column: str) -> Table:
    """One row a colleague: accounts, revenue, the largest one, the first meeting."""
    first: dict[str, int] = {}
    for met in meetings(handed):
        if owner in (met.giver, met.taker):
            other = met.giver if met.taker == owner else met.taker
            first[other] = min(met.days, first.get(other, met.days))
    settings = handed.project.settings
    rows = []
    for partner, part in table.groupby(column, sort=False):
        largest = listed([str(n) or str(i) for i, n in part["name"].head(3).items()], 3)
        rows.append(
            (
                handed.name(str(partner)),
                f"{len(part):,}",
                amount(float(part["revenue"].sum()), "revenue", settings),
                largest,
                when(handed.start, first[str(partner)]) if partner in first else "",
            )
        )
    rows.sort(key=lambda row: -int(row[1].replace(",", "")))
    who = "From" if column == "owner_before" else "To"
    head = (who, "Accounts", "Revenue", "Begin with", "Meet on")
    return Table(head, tuple(rows), "accounts by pair", frozenset({1, 2}), (2, 1.3, 1.2, 3.8, 1.9))


def inherited(handed: Handed, owner: str) -> list[Block]:
    """How to win over the key accounts that come from somebody else."""
    gained = handed.gained(owner)
    known = gained["key"] & ~gained["prospect"] & (gained["owner_before"] != "")
    key = gained[known.astype(bool)]
    if not len(key):
        return []
    table = waves_of(handed)
    rows = []
    for account, row in key.head(12).iterrows():
        wave = int(table.at[account, "wave"])
        day = (
            "when the open deal is closed"
            if wave < 0
            else (f"from {when(handed.start, WAVES[wave].days)}")
        )
        rows.append((str(row["name"]) or str(account), handed.name(str(row["owner_before"])), day))
    head = ("Account", "Introduced by", "Joint visit")
    return [
        Heading("Relationship plan for inherited key accounts"),
        say(
            "Three contacts each, in this order: a call by the colleague who leaves, a visit by "
            "both of you, a visit by you alone within two weeks with one thing done that was "
            "promised."
        ),
        Table(head, tuple(rows), "accounts: priority, owner changes", widths=(3, 2.4, 2.4)),
    ]
