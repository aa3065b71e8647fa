"""A short course for each role, made from this very plan: exercises have one right answer each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from territory.advise.document import Block, Document, Fact, Heading, Picture, Text, say
from territory.advise.gaps import gaps
from territory.advise.handed import Handed, when
from territory.advise.transition import WAVES, waves_of
from territory.metrics import outside, worst_deviation
from territory.model import measure
from territory.model.figures import deviation, share

__all__ = ["ROLES", "Role", "course"]

Role = Literal["reps", "managers", "operations"]

ROLES: dict[Role, str] = {
    "reps": "For reps: working with your territory",
    "managers": "For managers: leading the change-over",
    "operations": "For sales operations: keeping the plan right",
}
"""Whom a course is for, and its title."""


def course(handed: Handed, role: Role) -> Document:
    """The course of one role: what to know, exercises on this plan, their answers at the end."""
    lessons = {"reps": _reps, "managers": _managers, "operations": _operations}[role]
    blocks: list[Block] = [
        say(
            "Three lessons of twenty minutes. Do the exercises on the screen; the answers are on "
            "the last page and come from this plan.",
            "lead",
        )
    ]
    asked: list[tuple[Text, Text]] = []
    for number, (title, texts, tasks) in enumerate(lessons(handed)):
        blocks.append(Heading(f"{'ABC'[number]}. {title}"))
        blocks += texts
        for question, answer in tasks:
            asked.append((question, answer))
            blocks.append(question)
    if role == "reps":
        blocks.append(Picture(words="The plan you work with"))
    blocks.append(Heading("Answers"))
    for question, answer in asked:
        blocks += [say("{q}", "question", q=question.text), answer]
    missing = gaps(handed)
    if missing:
        blocks += [Heading("What this course leaves out"), *missing]
    return Document(
        f"Training {role}",
        ROLES[role],
        f"{handed.project.name} · before {when(handed.start, 0)}"
        if handed.start
        else handed.project.name,
        tuple(blocks),
    )


Lesson = tuple[str, Sequence[Block], list[tuple[Text, Text]]]


def _example(handed: Handed) -> tuple[str, str]:
    """A unit that changes hands, else the heaviest, and who has it."""
    now, before = handed.unit_owners
    weight = np.nan_to_num(handed.plan.units.values(handed.case.main))
    moved = (now != before) & (now != "")
    pool = moved if moved.any() else now != ""
    if not pool.any():
        return "", ""
    i = int(np.argmax(np.where(pool, weight, -np.inf)))
    return str(handed.plan.units.ids[i]), handed.name(str(now[i]))


def _reps(handed: Handed) -> list[Lesson]:
    unit, owner = _example(handed)
    one = handed.word("unit")
    find = (
        [
            (
                say(
                    "Exercise: whose is {unit} {id}?",
                    "step",
                    unit=one,
                    id=Fact(unit, "plan"),
                ),
                say("{owner}.", owner=owner),
            )
        ]
        if unit
        else []
    )
    table = waves_of(handed)
    biggest = []
    if handed.accounts is not None and len(handed.accounts):
        top = handed.accounts.iloc[0]
        biggest = [
            (
                say(
                    "Exercise: who looks after {account}?",
                    "step",
                    account=str(top["name"]) or str(handed.accounts.index[0]),
                ),
                say("{owner}.", owner=handed.name(str(top["owner_now"]))),
            )
        ]
    first = (
        say(
            "In wave one, {n} move.",
            n=handed.number(int((table["wave"] == 0).sum()), "account", "accounts by wave"),
        )
        if len(table)
        else say("Nothing moves in this plan, so there are no waves.")
    )
    return [
        (
            "Find your way",
            [
                say(
                    "On the map no two neighbouring {territories} share a colour. Click a {unit} "
                    "to see what is in it and who has it; type its number to jump there.",
                    unit=one,
                    territories=handed.word("territories"),
                ),
            ],
            find,
        ),
        (
            "Know your accounts",
            [
                say(
                    "Your brief lists accounts by importance: key accounts first, then by the "
                    "larger of revenue and potential. The table beside it has all of them."
                ),
            ],
            biggest,
        ),
        (
            "Take over and hand over",
            [
                say(
                    "Accounts move in waves, so that nobody is left alone. An account counts as "
                    "handed over when both of you have spoken to the customer."
                ),
                first,
            ],
            [],
        ),
    ]


def _managers(handed: Handed) -> list[Lesson]:
    case = handed.case
    off = worst_deviation(case)
    tasks = []
    if len(off.dropna()):
        at = int(np.nanargmax(np.abs(off.to_numpy(float))))
        name = str(handed.plan.territories["name"].iloc[at])
        tasks = [
            (
                say(
                    "Exercise: which {territory} is farthest from its even share?",
                    "step",
                    territory=handed.word("territory"),
                ),
                say(
                    "{name}, {off}.",
                    name=name,
                    off=Fact(deviation(float(off.iloc[at])), "metric worst_deviation"),
                ),
            )
        ]
    n = outside(case)
    return [
        (
            "Read the plan",
            [
                say(
                    "{n} of {k} {territories} are more than {band} away from an even share of "
                    "{measure}. That is where your team will have questions.",
                    n=Fact(str(n) if n else "none", "metric outside"),
                    k=Fact(str(case.plan.k), "plan"),
                    band=Fact(share(case.tolerance), "settings"),
                    territories=handed.word("territories"),
                    measure=measure(case.main).label.lower(),
                ),
            ],
            tasks,
        ),
        (
            "Lead the change-over",
            [
                say(
                    "{wave} begins {when}: {why}",
                    "bullet",
                    wave=w.name,
                    when=Fact(when(handed.start, w.days), "start date"),
                    why=w.why,
                )
                for w in WAVES
            ]
            + [
                say(
                    "Agree on the compensation hold list before the first wave; a rep who loses by "
                    "helping will not help."
                )
            ],
            [],
        ),
        (
            "Hear and decide",
            [
                say(
                    "Requests of reps come with their effect on everybody computed. Approve or "
                    "decline with a reason; both are kept."
                ),
                say(
                    "Meet each rep after thirty, sixty and ninety days; the calendar file has the "
                    "agendas."
                ),
            ],
            [],
        ),
    ]


def _operations(handed: Handed) -> list[Lesson]:
    loose = handed.plan.unassigned
    table = waves_of(handed)
    return [
        (
            "Load and check",
            [
                say(
                    "Export accounts from the CRM as they are; the page Data says what was "
                    "repaired and which rows were refused, with a file of these rows."
                ),
            ],
            [
                (
                    say(
                        "Exercise: how many {units} belong to nobody?",
                        "step",
                        units=handed.word("units"),
                    ),
                    say("{n}.", n=Fact(f"{loose:,}", "metric unassigned")),
                )
            ],
        ),
        (
            "Write back to the CRM",
            [
                say(
                    "The file of owner changes holds only accounts whose owner changes: upload it "
                    "wave by wave. Try it in a sandbox first, and keep the export you began with."
                ),
            ],
            [
                (
                    say("Exercise: how many accounts change their owner in all?", "step"),
                    say("{n}.", n=Fact(f"{len(table):,}", "accounts: owner changes")),
                )
            ],
        ),
        (
            "Keep it right",
            [
                say(
                    "Every quarter: load new sales, make the review pack, look at what drifted, "
                    "and change little. The command territory export runs it all in a nightly job."
                ),
            ],
            [],
        ),
    ]
