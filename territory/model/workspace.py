"""The single mutable object: what one person is working on. Pages share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from territory.errors import PlanError
from territory.model.conflict import Conflict
from territory.model.filters import Filters
from territory.model.history import History
from territory.model.plan import Plan
from territory.model.project import Project

__all__ = ["Change", "Workspace"]


@dataclass(frozen=True, eq=False)
class Change:
    """One accepted change on its way to the store.

    ``author`` and ``source`` are who made it and on which page or with which program; ``run`` is
    the engine's record where it made the plan.
    """

    kind: Literal["change", "undo", "redo"]
    label: str
    plan: Plan
    rev: int
    acks: dict[str, int]
    author: str = ""
    source: str = ""
    run: Mapping[str, Any] | None = None


@dataclass
class Workspace:
    """Project, undo history, baseline.

    ``proposal``, ``stress``, ``lesson``, ``visits``, ``roads``, ``advice``, ``handover``, ``map``,
    ``intake`` and ``quota_draft`` belong to pages: runs beside them, what was learned from sales,
    what the browser's map was told last, what was read and what is tried. They are never saved.

    ``author`` is who works here and ``source`` the page they are on; both go with every change.
    ``read_only`` says why nothing may be changed, and is empty where everything may; ``share`` is
    the token of the link through which this is only looked at. ``compared`` are the scenarios
    that are set beside the open one; ``conflict`` is what somebody else changed at the same time;
    ``asking`` whether the start page shows its questions; ``filters`` which part of the data the
    panels show; ``pointed`` is the unit that was picked in one of them, until the map has shown it.

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
    active: int = 0
    proposal: object | None = None
    map: object | None = None
    intake: object | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)
    author: str = ""
    source: str = ""
    read_only: str = ""
    share: str = ""
    compared: tuple[str, ...] = ()
    conflict: Conflict | None = None
    asking: bool = False
    filters: Filters = field(default_factory=Filters)
    pointed: str = ""
    stress: object | None = None
    lesson: object | None = None
    visits: object | None = None
    advice: object | None = None
    roads: object | None = None
    handover: object | None = None
    quota_draft: object | None = None
    journal: Callable[[Change], None] | None = None

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self.history.present.plan

    def change(
        self,
        label: str,
        plan: Plan,
        acks: dict[str, int] | None = None,
        run: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a new plan as the present; one undo entry.

        Parameters
        ----------
        label
            What undo will say: "3 ZIPs to North".
        plan
            The plan after the change.
        acks
            Map gestures this change answers: client → last sequence number.
        run
            The engine's record of how it made the plan, as plain values.

        Raises
        ------
        PlanError
            If nothing may be changed here.
        """
        self._accept("change", label, self.history.push(label, plan), acks, run)

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
        run: Mapping[str, Any] | None = None,
    ) -> None:
        if self.read_only:
            raise PlanError(self.read_only)
        known = {**self.acks, **(acks or {})}
        plan, who, where = history.present.plan, self.author, self.source
        change = Change(kind, label, plan, self.rev + 1, known, who, where, run)
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
