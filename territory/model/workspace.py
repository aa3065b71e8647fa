"""The single mutable object: what one person is working on. Pages share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from territory.model.history import History
from territory.model.plan import Plan
from territory.model.project import Project

__all__ = ["Change", "Workspace"]


@dataclass(frozen=True, eq=False)
class Change:
    """One accepted change on its way to the store."""

    kind: Literal["change", "undo", "redo"]
    label: str
    plan: Plan
    rev: int
    acks: dict[str, int]


@dataclass
class Workspace:
    """Project, undo history, baseline, selection.

    ``proposal`` and ``map`` belong to the Balance and Map pages: the engine's run, and what the
    browser's map was told last. They are never saved.

    Every change goes through ``change``, ``undo`` or ``redo``. Each is handed to ``journal``
    *before* it takes effect: when saving fails, the exception leaves the workspace as it was, and
    what was acknowledged is always what is on disk.
    """

    project: Project
    history: History
    baseline: Plan
    rev: int = 0
    acks: dict[str, int] = field(default_factory=dict)
    scenario_id: str = ""
    scenario_name: str = ""
    saved_at: datetime | None = None
    recovered: str = ""
    selection: tuple[str, ...] = ()
    active: int = 0
    proposal: object | None = None
    map: object | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)
    journal: Callable[[Change], None] | None = None

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self.history.present.plan

    def change(self, label: str, plan: Plan, acks: dict[str, int] | None = None) -> None:
        """Take a new plan as the present; one undo entry.

        Parameters
        ----------
        label
            What undo will say: "3 ZIPs to North".
        plan
            The plan after the change.
        acks
            Map gestures this change answers: client → last sequence number.
        """
        self._accept("change", label, self.history.push(label, plan), acks)

    def undo(self, acks: dict[str, int] | None = None) -> None:
        """Take the last change back; PlanError when there is none."""
        self._accept("undo", self.history.undo_label, self.history.undo(), acks)

    def redo(self, acks: dict[str, int] | None = None) -> None:
        """Do the last undone change again; PlanError when there is none."""
        self._accept("redo", self.history.redo_label, self.history.redo(), acks)

    def _accept(
        self,
        kind: Literal["change", "undo", "redo"],
        label: str,
        history: History,
        acks: dict[str, int] | None,
    ) -> None:
        known = {**self.acks, **(acks or {})}
        change = Change(kind, label, history.present.plan, self.rev + 1, known)
        if self.journal is not None:
            self.journal(change)
            self.saved_at = datetime.now().astimezone()
        self.active = self.active_in(history.present.plan)
        self.history, self.rev, self.acks = history, change.rev, known

    def active_in(self, plan: Plan) -> int:
        """Position of the active territory in another plan; the nearest there is if it is gone."""
        ids, known = plan.territories.index, self.plan.territory_ids
        if self.active < len(known) and known[self.active] in ids:
            return int(ids.get_loc(known[self.active]))
        return max(0, min(self.active, plan.k - 1))

    def notify(self, level: str, text: str) -> None:
        """Leave a notice ("info", "warning", "error") for the next time a page is drawn.

        It is shown letter by letter, so names in it need no care; a newline starts a new line.
        """
        self.notices.append((level, text))
