"""From the old plan to the new one in waves: who hands over what, when, and who is paid for it.

New business moves first, because nobody knows the customer yet; then customers that need little
attention; key accounts last and in person. Whatever is being sold right now stays where it is until
it is decided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import pandas as pd

from territory.advise.document import Block, Document, Fact, Heading, Picture, Table, say
from territory.advise.gaps import gaps
from territory.advise.handed import NO_ACCOUNTS, Handed, when
from territory.metrics import flows, moved_share
from territory.metrics.customers import key_words
from territory.model import measure
from territory.model.figures import amount, share

__all__ = ["HOLD_DAYS", "WAVES", "Meeting", "Wave", "meetings", "transition_plan", "waves_of"]

HOLD_DAYS = 90
"""How long the one who gives an account shares in what it brings: a proposal to agree on."""
LISTED = 40


@dataclass(frozen=True)
class Wave:
    """One step: its name, days after the start, and why it comes then."""

    name: str
    days: int
    why: str


WAVES: tuple[Wave, ...] = (
    Wave("New business", 0, "Nobody has to be told goodbye: prospects and open ground move first."),
    Wave("Customers that need little", 14, "A call and a letter are enough, so these go quickly."),
    Wave("Key accounts", 42, "Each is handed over in person, by both, once the rest has settled."),
)
HELD = "Open deals, held until closed"


@dataclass(frozen=True)
class Meeting:
    """Two owners meet about what goes from one to the other in a wave."""

    wave: int
    giver: str
    taker: str
    days: int
    accounts: int


_seen_waves: WeakKeyDictionary[Handed, pd.DataFrame] = WeakKeyDictionary()
_seen_meetings: WeakKeyDictionary[Handed, tuple[Meeting, ...]] = WeakKeyDictionary()
"""Every brief asks for both."""


def waves_of(handed: Handed) -> pd.DataFrame:
    """Accounts that change hands, with the position of their wave; -1 is held."""
    if handed not in _seen_waves:
        _seen_waves[handed] = _in_waves(handed)
    return _seen_waves[handed]


def _in_waves(handed: Handed) -> pd.DataFrame:
    if handed.accounts is None:
        return NO_ACCOUNTS.assign(wave=[])
    table = handed.accounts[handed.accounts["handed"]].copy()
    table["wave"] = 1
    table.loc[table["key"], "wave"] = 2
    table.loc[table["prospect"], "wave"] = 0
    table.loc[table["open_deal"], "wave"] = -1
    return table


def meetings(handed: Handed) -> tuple[Meeting, ...]:
    """One meeting a pair and wave, on working days, nobody twice on a day."""
    if handed not in _seen_meetings:
        _seen_meetings[handed] = _planned(handed)
    return _seen_meetings[handed]


def _planned(handed: Handed) -> tuple[Meeting, ...]:
    table = waves_of(handed)
    out = []
    taken: dict[str, set[int]] = defaultdict(set)
    for number, wave in enumerate(WAVES):
        mine = table[(table["wave"] == number) & (table["owner_before"] != "")]
        pairs = mine.groupby(["owner_before", "owner_now"], sort=True).size()
        for (giver, taker), count in pairs.sort_values(ascending=False, kind="stable").items():
            day = wave.days
            while (
                day in taken[giver] | taken[taker]  # One at a time: both are in the field.
                or not _works(handed.start, day)
            ):
                day += 1
            taken[giver].add(day)
            taken[taker].add(day)
            out.append(Meeting(number, str(giver), str(taker), day, int(count)))
    return tuple(out)


def _works(start: date | None, days: int) -> bool:
    if start is None:
        return True
    day = start + timedelta(days=days)
    return day.weekday() < 5 and (day.month, day.day) != (1, 1)


def transition_plan(handed: Handed) -> Document:
    """The plan of the change-over for everybody who runs it."""
    table = waves_of(handed)
    blocks: list[Block] = [*_what_changes(handed, table), *gaps(handed)]
    blocks += [Picture(words="The plan as it will be")]
    blocks += _waves(handed, table)
    blocks += _meetings(handed)
    blocks += _holds(handed, table)
    return Document(
        "Transition plan",
        "Transition plan",
        f"{handed.project.name}, starting {when(handed.start, 0)}"
        if handed.start
        else handed.project.name,
        tuple(blocks),
    )


def _what_changes(handed: Handed, table: pd.DataFrame) -> list[Block]:
    base, main = handed.case.baseline, handed.case.main
    if base is None:
        return [Heading("What changes")]
    moved = share(moved_share(handed.plan, base, main), 1)
    pairs = flows(handed.plan, base, main)
    units = int(pairs["units"].sum())
    blocks: list[Block] = [Heading("What changes")]
    if not units and not len(table):
        return [*blocks, say("Nothing changes hands. There is nothing to hand over.", "lead")]
    sentence = "{units} change hands, {share} of the {measure}"
    sentence += ", and with them {accounts} worth {worth}." if len(table) else "."
    blocks.append(
        say(
            sentence,
            "lead",
            units=handed.number(units, "unit", "metric flows: units"),
            share=Fact(moved, f"metric disruption of {main}"),
            measure=measure(main).label.lower(),
            accounts=handed.number(len(table), "account", "accounts: owner changes"),
            worth=Fact(
                amount(float(table["revenue"].sum()), "revenue", handed.project.settings)
                + " a year",
                "accounts: revenue, summed",
            )
            if len(table)
            else "",
        )
    )
    rows = tuple(
        (
            str(flow["giver"]) or "nobody",
            str(flow["taker"]) or "nobody",
            f"{int(flow['units']):,}",
            amount(float(flow["amount"]), main, handed.project.settings),
        )
        for _, flow in pairs.head(LISTED).iterrows()
    )
    head = ("From", "To", handed.word("units"), measure(main).label)
    blocks.append(Table(head, rows, "metric flows", frozenset({2, 3}), (3, 3, 1, 1.5)))
    if len(pairs) > LISTED:
        more = handed.number(len(pairs) - LISTED, "smaller hand-over", "metric flows")
        blocks.append(say("{more} are in the workbook.", more=more))
    return blocks


def _waves(handed: Handed, table: pd.DataFrame) -> list[Block]:
    if not len(table):
        return []
    blocks: list[Block] = [Heading("Waves")]
    column, values = key_words(handed.project)
    rows = []
    for number, wave in enumerate((*WAVES, None)):
        mine = table[table["wave"] == (number if wave else -1)]
        name = f"{number + 1}. {wave.name}" if wave else HELD
        begins = when(handed.start, wave.days) if wave else "when each is won or lost"
        rows.append(
            (
                name,
                begins,
                f"{len(mine):,}",
                amount(float(mine["revenue"].sum()), "revenue", handed.project.settings),
                f"{len(set(mine['owner_before']) - {''}):,}",
            )
        )
    head = ("Wave", "Begins", "Accounts", "Revenue", f"Giving {handed.word('reps')}")
    blocks.append(
        Table(
            head, tuple(rows), "accounts by wave", frozenset({2, 3, 4}), (2.8, 2.4, 1.2, 1.2, 1.4)
        )
    )
    blocks += [say("{name}: {why}", "bullet", name=wave.name, why=wave.why) for wave in WAVES]
    held = "Deals that are open on the first day stay with whoever opened them until they are won "
    blocks.append(say(held + "or lost; the account follows the week after.", "bullet"))
    if column:
        blocks.append(
            say(
                "Key accounts are those whose {column} is {values}.",
                column=column,
                values=" or ".join(values),
            )
        )
    else:
        blocks.append(
            say(
                "Nothing marks key accounts, so that wave is empty. Choose the priority "
                "customers on the page Start.",
                "gap",
            )
        )
    return blocks


def _meetings(handed: Handed) -> list[Block]:
    planned = meetings(handed)
    if not planned:
        return []
    rows = tuple(
        (
            when(handed.start, m.days),
            handed.name(m.giver),
            handed.name(m.taker),
            WAVES[m.wave].name,
            f"{m.accounts:,}",
        )
        for m in sorted(planned, key=lambda m: (m.days, m.giver, m.taker))
    )
    head = ("When", "Hands over", "Takes over", "Wave", "Accounts")
    return [
        Heading("Hand-over meetings"),
        say(
            "Half an hour for each pair, on a working day, nobody twice a day. For each account: "
            "who decides, what is promised, what is open, what to avoid."
        ),
        Table(head, rows, "accounts by wave and pair", frozenset({4}), (1.9, 2.1, 2.1, 2.7, 1.25)),
    ]


def _holds(handed: Handed, table: pd.DataFrame) -> list[Block]:
    paid = table[(table["revenue"] > 0) & (table["owner_before"] != "")] if len(table) else table
    if not len(paid):
        return []
    until = when(handed.start, HOLD_DAYS)
    pairs = paid.groupby(["owner_before", "owner_now"])["revenue"].agg(["size", "sum"])
    pairs = pairs.sort_values("sum", ascending=False, kind="stable")
    settings = handed.project.settings
    rows = tuple(
        (
            handed.name(str(giver)),
            handed.name(str(taker)),
            f"{int(row['size']):,}",
            amount(float(row["sum"]), "revenue", settings),
            until,
        )
        for (giver, taker), row in pairs.head(LISTED).iterrows()
    )
    blocks: list[Block] = [
        Heading("Compensation hold list"),
        say(
            "So that nobody loses by helping: proposed is that giver and taker both count what "
            "these customers bring until {until}, and open deals count for whoever opened them. "
            "Agree on it before the first wave; account by account it is in the file "
            "transition-accounts.csv.",
            until=Fact(until, f"start date + {HOLD_DAYS} days"),
        ),
        Table(
            ("From", "To", "Customers", "Revenue", "Both until"),
            rows,
            "accounts: revenue by pair",
            frozenset({2, 3}),
            (3, 3, 1.5, 1.4, 2),
        ),
    ]
    if len(pairs) > LISTED:
        more = handed.number(len(pairs) - LISTED, "smaller pair", "accounts: revenue by pair")
        blocks.append(say("{more} are in that file.", more=more))
    return blocks
