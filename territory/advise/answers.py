"""Questions that a rep will ask about the change, answered from the plan's own numbers."""

from __future__ import annotations

import numpy as np

from territory.advise.document import Block, Fact, Heading, say
from territory.advise.handed import Handed
from territory.metrics import Case, max_deviation, moved_share, outside
from territory.model import measure
from territory.model.figures import share

__all__ = ["answers"]


def answers(handed: Handed, owner: str) -> list[Block]:
    """Why, what stays, what about deals and pay, and how to object."""
    out: list[Block] = [Heading("Questions you may have")]
    out += _why(handed)
    out += _stays(handed, owner)
    if handed.accounts is not None and handed.accounts["handed"].any():
        out += [
            say("What about deals I am working on?", "question"),
            say("They stay with you until they are won or lost; then the account follows."),
            say("What about my commission?", "question"),
            say(
                "The compensation hold list of the transition plan says for each customer until "
                "when both sides count it. Nothing changes before it is agreed on."
            ),
        ]
    out += [
        say("What if something is wrong?", "question"),
        say(
            "Ask for a change in the workbench: it computes what your request does to everybody, "
            "and your manager answers it with a reason."
        ),
    ]
    return out


def _why(handed: Handed) -> list[Block]:
    case, base = handed.case, handed.case.baseline
    if base is None or not handed.plan.k:
        return []
    before = Case(base, case.measures, case.tolerance, None, case.project)
    then, now = max_deviation(before), max_deviation(case)
    if not (np.isfinite(then) and np.isfinite(now)):
        return []
    question = say("Why does anything change?", "question")
    if now >= then - 1e-9:
        return [
            question,
            say(
                "This plan does not make {measure} more even: the largest deviation was {then} and "
                "is {now}. Ask your manager what else it is for.",
                measure=measure(case.main).label.lower(),
                then=Fact(share(then), "metric max_deviation of the baseline"),
                now=Fact(share(now), "metric max_deviation"),
            ),
        ]
    off_then, off_now = outside(before), outside(case)
    return [
        question,
        say(
            "Because {measure} was shared out unevenly: one {territory} was {then} from its even "
            "share and {off_then} of {k} were far off. Now the largest difference is {now}, and "
            "{off_now} are far off.",
            measure=measure(case.main).label.lower(),
            territory=handed.word("territory"),
            then=Fact(share(then), "metric max_deviation of the baseline"),
            off_then=Fact(str(off_then), "metric outside of the baseline"),
            k=Fact(str(base.k), "plan"),
            now=Fact(share(now), "metric max_deviation"),
            off_now=Fact(str(off_now) if off_now else "none", "metric outside"),
        ),
    ]


def _stays(handed: Handed, owner: str) -> list[Block]:
    base = handed.case.baseline
    if base is None:
        return []
    had = handed.units_of(owner, before=True)
    kept = had & handed.units_of(owner)
    moved = moved_share(handed.plan, base, handed.case.main)
    if not had.any():
        return [
            say("What stays as it is?", "question"),
            say("You had no {units} before, so all of it is new.", units=handed.word("units")),
        ]
    return [
        say("What stays as it is?", "question"),
        say(
            "{kept} of the {had} you had. Over the whole region {moved} of the {measure} changes "
            "hands.",
            kept=Fact(f"{int(kept.sum()):,}", "plan against baseline"),
            had=handed.number(int(had.sum()), "unit", "baseline"),
            moved=Fact(share(moved, 1), f"metric disruption of {handed.case.main}"),
            measure=measure(handed.case.main).label.lower(),
        ),
    ]
