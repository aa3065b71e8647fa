"""The brief of one rep: my map, my customers, what is new, what to do first, whom to ask."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.advise.answers import answers
from territory.advise.document import Block, Document, Fact, Heading, Picture, Table, say
from territory.advise.enablement import tips
from territory.advise.handed import Handed, when
from territory.advise.transition import WAVES, gaps, meetings, waves_of
from territory.metrics import radius_km, targets
from territory.model import measure
from territory.model.figures import amount, deviation, distance, share
from territory.optimize.words import listed

__all__ = ["MOST", "brief", "team_of"]

MOST = 40
"""Accounts that a brief lists; all of them are in the rep's own table beside it."""


def brief(handed: Handed, owner: str) -> Document:
    """Everything one owner of a territory needs on the first day.

    Parameters
    ----------
    handed
        The plan on its way.
    owner
        A rep_id, or a territory_id where a territory has no rep.
    """
    name = handed.name(owner)
    blocks: list[Block] = [
        *_glance(handed, owner),
        Picture(owner, "Your territory; hatched is what is new to you."),
        *_accounts(handed, owner),
        *_new(handed, owner),
        *_given(handed, owner),
        *_quota(handed, owner),
        *_first_days(handed, owner),
    ]
    advice = tips(handed, owner)
    if advice:
        blocks += [Heading("What this territory asks for"), *advice]
    blocks += _inherited(handed, owner)
    blocks += answers(handed, owner)
    blocks += _whom_to_ask(handed, owner)
    missing = gaps(handed)
    if missing:
        blocks += [Heading("What this brief does not know"), *missing]
    start = f"From {when(handed.start, 0)}" if handed.start else "Start date to be set"
    return Document(
        f"{owner} {name}" if name != owner else owner,
        f"{name}: your territory",
        f"{handed.project.name} · {start}",
        tuple(blocks),
        foot=f"{handed.project.name} · {name}",
    )


def _glance(handed: Handed, owner: str) -> list[Block]:
    """The territory in one sentence and one table, before and after."""
    settings, case = handed.project.settings, handed.case
    here = handed.units_of(owner)
    blocks: list[Block] = [Heading("At a glance")]
    if not here.any():
        return [
            *blocks,
            say("You have no {units} in this plan yet.", "gap", units=handed.word("units")),
        ]
    places = _places(handed, here)
    sentence = "You look after {n}" + (" around {places}" if places else "")
    goal = _target(handed, owner, case.main)
    if goal > 0:
        sentence += ": {main} of {measure}, {off} against an even share."
    else:
        sentence += ": {main} of {measure}."
    total = handed.total(owner, case.main)
    blocks.append(
        say(
            sentence,
            "lead",
            n=handed.number(int(here.sum()), "unit", "plan"),
            places=places,
            main=Fact(amount(total, case.main, settings), f"metric total of {case.main}"),
            measure=measure(case.main).label.lower(),
            off=Fact(deviation(total / goal - 1) if goal > 0 else "", "metric deviation"),
        )
    )
    return [*blocks, _figures(handed, owner)]


def _figures(handed: Handed, owner: str) -> Table:
    settings, case = handed.project.settings, handed.case
    compared = case.baseline is not None
    rows = []
    for name in ("units", *(m for m in handed.measures if m != "units")):
        now, before = handed.total(owner, name), handed.total(owner, name, before=True)
        goal = _target(handed, owner, name) if name in case.measures else 0.0
        label = handed.word("units") if name == "units" else measure(name).label
        row = [label, amount(now, name, settings)]
        row += [amount(before, name, settings)] if compared else []
        row += [
            amount(goal, name, settings) if goal > 0 else "",
            deviation(now / goal - 1) if goal > 0 else "",
        ]
        rows.append(tuple(row))
    reach = radius_km(case).to_numpy(float)[handed.territories_of(owner)]
    if np.isfinite(reach).any():
        far = distance(float(np.nanmax(reach)), settings)
        rows.append(("Travel radius", far, *([""] if compared else []), "", ""))
    head = ("", "Now", *(("Before",) if compared else ()), "Even share", "Against it")
    return Table(head, tuple(rows), "METRICS", frozenset(range(1, len(head))))


def _target(handed: Handed, owner: str, name: str) -> float:
    return float(targets(handed.case, name).to_numpy(float)[handed.territories_of(owner)].sum())


def _places(handed: Handed, here: np.ndarray) -> str:
    """The towns that most of the territory lies in, by the heaviest measure."""
    attributes = handed.plan.units.attributes
    column = next((c for c in ("city", "town", "place", "county") if c in attributes), "")
    if not column:
        return ""
    weight = pd.Series(np.nan_to_num(handed.plan.units.values(handed.case.main))[here])
    names = attributes[column].fillna("").astype(str).to_numpy()[here]
    order = weight.groupby(names).sum().sort_values(ascending=False, kind="stable").index
    return listed([n for n in order if n][:3], 3) if any(order) else ""


def _accounts(handed: Handed, owner: str) -> list[Block]:
    if handed.accounts is None:
        return []
    mine = handed.mine(owner)
    head: list[Block] = [Heading("Your accounts, the most important first")]
    if not len(mine):
        return [
            *head,
            say(
                "There are no accounts in this territory yet. That makes it open "
                "ground: ask for leads before the start.",
                "gap",
            ),
        ]
    customers = mine[~mine["prospect"]]
    head.append(
        say(
            "{all}: {customers} that bring {revenue} a year, and {potential} of potential. "
            "{key} of them are key accounts.",
            all=handed.number(len(mine), "account", "accounts"),
            customers=handed.number(len(customers), "customer", "accounts: status"),
            revenue=handed.worth(mine, "revenue"),
            potential=handed.worth(mine, "potential"),
            key=Fact(f"{int(mine['key'].sum()):,}", "accounts: priority"),
        )
    )
    head.append(_account_table(handed, mine.head(MOST)))
    if len(mine) > MOST:
        more = handed.number(len(mine) - MOST, "more account", "accounts")
        head.append(say("{more} are in the table beside this brief.", more=more))
    return head


def _account_table(handed: Handed, table: pd.DataFrame) -> Table:
    settings = handed.project.settings
    rows = tuple(
        (
            str(row["name"]) or str(account),
            str(row["unit_id"]),
            str(row["segment"]),
            str(row["industry"]),
            "prospect" if row["prospect"] else amount(float(row["revenue"]), "revenue", settings),
            amount(float(row["potential"]), "potential", settings),
            "new to you" if row["handed"] else "",
        )
        for account, row in zip(table.index, table.to_dict("records"), strict=True)
    )
    unit = handed.word("unit")
    head = ("Account", unit, "Segment", "Industry", "Revenue", "Potential", "")
    return Table(head, rows, "accounts", frozenset({4, 5}), (3.2, 1, 1.35, 2.1, 1.25, 1.35, 1.25))


def _new(handed: Handed, owner: str) -> list[Block]:
    """Who hands what to this owner, and when both meet."""
    if handed.accounts is None or handed.case.baseline is None:
        return []
    gained = handed.gained(owner)
    blocks: list[Block] = [Heading("New to you")]
    if not len(gained):
        return [*blocks, say("No account comes to you from anybody else.")]
    blocks.append(
        say(
            "{n} worth {worth} come to you. Talk to these people before you call a customer:",
            n=handed.number(len(gained), "account", "accounts: owner changes"),
            worth=handed.worth(gained, "revenue"),
        )
    )
    return [*blocks, _partners(handed, owner, gained, "owner_before")]


def _given(handed: Handed, owner: str) -> list[Block]:
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


def _quota(handed: Handed, owner: str) -> list[Block]:
    team, settings = handed.project.team, handed.project.settings
    blocks: list[Block] = [Heading("Your quota, and how it was set")]
    if team is None or owner not in team.ids:
        return []
    quota = float(team.frame.at[owner, "quota"])
    if not np.isfinite(quota):
        return [
            *blocks,
            say(
                "No quota is set for you yet. {ops} adds it to the team table.",
                "gap",
                ops="Sales operations",
            ),
        ]
    whole = float(np.nansum(team.frame["quota"].to_numpy(float)))
    blocks.append(
        say(
            "{quota} for the year: {part} of the team's {whole}.",
            quota=Fact(amount(quota, "revenue", settings), "team: quota"),
            part=Fact(share(quota / whole, 1), "team: quota"),
            whole=Fact(amount(whole, "revenue", settings), "team: quota, summed"),
        )
    )
    if handed.case.has("potential"):
        mine = handed.total(owner, "potential")
        everything = float(np.nansum(handed.plan.units.values("potential")))
        if everything > 0 and whole > 0 and quota > 0:
            blocks.append(
                say(
                    "Your territory holds {part} of the potential, so that each {one} of quota has "
                    "{ratio} of potential behind it; over the whole team it is {mean}.",
                    part=Fact(share(mine / everything, 1), "metric total of potential"),
                    one=Fact(f"{settings.currency}1", "definition"),
                    ratio=Fact(f"{settings.currency}{mine / quota:,.2f}", "metric quota_spread"),
                    mean=Fact(
                        f"{settings.currency}{everything / whole:,.2f}", "metric quota_spread"
                    ),
                )
            )
    return blocks


def _first_days(handed: Handed, owner: str) -> list[Block]:
    """What to do by day 30, 60 and 90, out of the owner's own numbers."""
    mine, gained = handed.mine(owner), handed.gained(owner)
    key = mine[mine["key"]] if len(mine) else mine
    new_key = gained[gained["key"]] if len(gained) else gained
    prospects = mine[mine["prospect"]] if len(mine) else mine

    def names(table: pd.DataFrame) -> str:
        return listed([str(n) or str(i) for i, n in table["name"].head(3).items()], 3)

    steps: list[Block] = [
        Heading("First 30, 60 and 90 days"),
        Heading(f"By {when(handed.start, 30)}" if handed.start else "By day 30", 2),
    ]
    if len(gained):
        n = handed.number(
            int(gained["owner_before"].replace("", None).nunique()), "colleague", "accounts by pair"
        )
        steps.append(
            say(
                "Sit down with {n} before you take over: know what each account was promised.",
                "step",
                n=n,
            )
        )
    if len(key):
        steps.append(
            say(
                "See {names}, and the other key accounts: {n} in all.",
                "step",
                names=names(key),
                n=Fact(f"{len(key):,}", "accounts: priority"),
            )
        )
    steps.append(
        say(
            "Drive the territory once, end to end, and correct what the map does not "
            "know: bridges, seasons, doors that stay shut.",
            "step",
        )
    )
    steps.append(Heading(f"By {when(handed.start, 60)}" if handed.start else "By day 60", 2))
    if len(prospects):
        best = prospects.nlargest(3, "worth")
        steps.append(
            say(
                "Have first talks with {names}, the largest of {n}.",
                "step",
                names=names(best),
                n=handed.number(len(prospects), "prospect", "accounts: status"),
            )
        )
    if len(new_key):
        steps.append(say("Finish the joint visits at {names}.", "step", names=names(new_key)))
    steps.append(
        say(
            "Write an account plan for your five largest accounts: {names} first.",
            "step",
            names=names(mine),
        )
        if len(mine)
        else say("Ask for leads: there is no account here yet.", "step")
    )
    steps.append(Heading(f"By {when(handed.start, 90)}" if handed.start else "By day 90", 2))
    steps.append(say("Every account has been spoken to once; what is open has a date.", "step"))
    steps.append(
        say(
            "Go through this territory with your manager: keep, correct, or ask for a "
            "change in the workbench, with its reason.",
            "step",
        )
    )
    return steps


def _inherited(handed: Handed, owner: str) -> list[Block]:
    """How to win over the key accounts that come from somebody else."""
    gained = handed.gained(owner)
    key = gained[gained["key"] & ~gained["prospect"]] if len(gained) else gained
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


def team_of(handed: Handed, manager: str) -> list[str]:
    """Owners who report to a manager, in the plan's order."""
    team = handed.project.team
    if team is None:
        return []
    boss = team.frame["manager"]
    return [o for o in handed.owners if o in boss.index and str(boss[o]) == manager]


def _whom_to_ask(handed: Handed, owner: str) -> list[Block]:
    team = handed.project.team
    blocks: list[Block] = [Heading("Whom to ask")]
    manager = str(team.frame.at[owner, "manager"]) if team and owner in team.ids else ""
    if manager:
        blocks.append(
            say(
                "About your territory, quota and priorities: {name}, your manager.",
                "bullet",
                name=manager,
            )
        )
    blocks.append(say("About data, files and the CRM: sales operations.", "bullet"))
    gained = handed.gained(owner)
    if len(gained):
        first = [handed.name(str(o)) for o in gained["owner_before"].drop_duplicates() if o]
        if first:
            blocks.append(
                say(
                    "About an account that is new to you: whoever had it, {names}.",
                    "bullet",
                    names=listed(first, 5),
                )
            )
    return blocks
