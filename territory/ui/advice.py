"""What lies on the Advisor's table: findings and suggestions of the plan on screen, kept.

They are worked out once for each plan; the engine's outlook is asked for with a button and runs
beside the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from territory.advise.adjustments import Adjustment, adjustments
from territory.advise.assessment import Verdict, assessment
from territory.advise.findings import Context, Finding, Question, findings, questions
from territory.advise.outlook import Outlook, look_ahead
from territory.model import Plan, Workspace
from territory.store import Comment
from territory.ui import session
from territory.ui.runs import Halted, Job, Tell

__all__ = [
    "Desk",
    "begin_outlook",
    "bring_back",
    "desk_of",
    "dismiss",
    "dismissed",
    "take",
    "take_as_scenario",
]


@dataclass(eq=False)
class Desk:
    """What is known about one plan.

    Parameters
    ----------
    context
        The plan, its project and baseline.
    job
        The engine at work on an outlook, or done with it; outlives changes of the plan.
    """

    context: Context
    found: list[Finding]
    asked: list[Question]
    job: Job[Outlook] | None = None
    _measured: tuple[Outlook | None, Job[list[Adjustment]]] | None = None
    _verdicts: tuple[Outlook | None, list[Verdict]] | None = None

    @property
    def outlook(self) -> Outlook | None:
        """What the engine found, if it was asked and has answered."""
        return self.job.result if self.job is not None and self.job.finished else None

    @property
    def measuring(self) -> Job[list[Adjustment]]:
        """The adjustments with what the outlook adds, being measured and ranked beside the page."""
        context, outlook = self.context, self.outlook
        if self._measured is None or self._measured[0] is not outlook:
            if self._measured is not None:
                self._measured[1].cancel()
            job: Job[list[Adjustment]] = Job()
            job.begin(lambda _, halted: adjustments(context, outlook, cancel=halted))
            self._measured = (outlook, job)
        return self._measured[1]

    @property
    def verdicts(self) -> list[Verdict]:
        """The assessment."""
        if self._verdicts is None or self._verdicts[0] is not self.outlook:
            self._verdicts = (self.outlook, assessment(self.context, self.outlook))
        return self._verdicts[1]


def desk_of(here: Workspace) -> Desk:
    """The workspace's desk, made anew when plan, data, settings or baseline have changed."""
    old: Any = here.advice
    seen = (here.project, here.plan, here.baseline)
    if old is not None:
        context = old.context
        if all(a is b for a, b in zip(seen, _parts(context), strict=True)):
            return old
    with st.spinner("Looking at the plan …"):
        context = Context(here.project, here.plan, here.baseline)
        desk = Desk(context, findings(context), questions(context))
    if old is not None and old.context.project is here.project:
        # What the engine found still helps where the plan has only moved on a little.
        desk.job = old.job
    here.advice = desk
    return desk


def _parts(context: Context) -> tuple[object, object, object]:
    return context.project, context.plan, context.baseline


def begin_outlook(desk: Desk) -> None:
    """Ask the engine what would help; returns at once."""
    context = desk.context

    def work(tell: Tell, halted: Halted) -> Outlook:
        return look_ahead(context, progress=tell, cancel=halted)

    if desk.job is not None:
        desk.job.cancel()
    job: Job[Outlook] = Job()
    desk.job = job.begin(work)


def take(here: Workspace, label: str, plan: Plan) -> None:
    """Make a suggested plan the present one: one change, one undo."""
    here.change(label, plan)
    here.notify("info", f"Done: {label}. Undo takes it back.")


def take_as_scenario(here: Workspace, label: str, plan: Plan) -> None:
    """A copy of the open scenario with the suggested plan, open."""
    shelf = session.store().scenarios
    name = f"{here.scenario_name}, {label}"[:80]
    session.open_scenario(shelf.duplicate(here.scenario_id, name, here.author))
    now = session.workspace()
    same = Plan(
        now.plan.units, plan.territories, plan.alignment, plan.locks, dict(plan.named_accounts)
    )
    now.change(label, same)
    now.notify("info", "This is a scenario of its own now, and open; the other one is as it was.")


def dismissed(here: Workspace) -> dict[str, Comment]:
    """Key of a finding → why somebody dismissed it; kept with the scenario's comments."""
    said = session.store().talk.comments(here.scenario_id)
    return {c.about_id: c for c in said if c.about == "finding" and c.resolved_at is None}


def dismiss(here: Workspace, finding: Finding, reason: str) -> None:
    """Put a finding aside, with a reason; StoreError without one."""
    session.store().talk.say(here.scenario_id, reason, here.author, "finding", finding.key)


def bring_back(here: Workspace, comment: Comment) -> None:
    """Undo a dismissal."""
    session.store().talk.resolve(comment.id, here.author)
