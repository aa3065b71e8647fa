"""The brief of one rep: my map, my customers, what is new, what to do first, whom to ask."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.advise.answers import answers
from territory.advise.brief_changes import given_accounts, inherited, new_accounts
from territory.advise.brief_goals import first_days, quota_of
from territory.advise.document import Block, Document, Fact, Heading, Picture, Table, say
from territory.advise.enablement import tips
from territory.advise.gaps import gaps
from territory.advise.handed import Handed, when
from territory.metrics import radius_km, targets
from territory.model import measure
from territory.model.figures import amount, deviation, distance
from territory.optimize.words import listed

__all__ = ["MOST", "brief"]

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
        *new_accounts(handed, owner),
        *given_accounts(handed, owner),
        *quota_of(handed, owner),
        *first_days(handed, owner),
    ]
    advice = tips(handed, owner)
    if advice:
        blocks += [Heading("What this territory asks for"), *advice]
    blocks += inherited(handed, owner)
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
            "{all}: {customers} that bring {revenue} a year; all of them could bring {potential}. "
            "{key} among them.",
            all=handed.number(len(mine), "account", "accounts"),
            customers=handed.number(len(customers), "customer", "accounts: status"),
            revenue=handed.worth(mine, "revenue"),
            potential=handed.worth(mine, "potential"),
            key=handed.number(int(mine["key"].sum()), "key account", "accounts: priority"),
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
            "new" if row["handed"] else "",
        )
        for account, row in zip(table.index, table.to_dict("records"), strict=True)
    )
    unit = handed.word("unit")
    head = ("Account", unit, "Segment", "Industry", "Revenue", "Potential", "")
    return Table(head, rows, "accounts", frozenset({4, 5}), (3.3, 1, 1.35, 2.5, 1.25, 1.35, 0.8))


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
