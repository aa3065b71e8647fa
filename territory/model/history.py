"""Undo and redo as immutable snapshots: a plan is 64 kB at 33,000 units, so keep them whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

from territory.errors import PlanError
from territory.model.plan import Plan

__all__ = ["LIMIT", "Entry", "History"]

LIMIT = 200
"""Steps kept."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A plan and what made it, as the undo button will say it: "3 ZIPs to North"."""

    label: str
    plan: Plan


@dataclass(frozen=True, eq=False)
class History:
    """What was, what is, what was taken back."""

    past: tuple[Entry, ...]
    present: Entry
    future: tuple[Entry, ...] = ()

    @classmethod
    def start(cls, plan: Plan, label: str = "Start") -> History:
        """A history with nothing to undo."""
        return cls((), Entry(label, plan))

    @property
    def can_undo(self) -> bool:
        """Is there a step to take back?"""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Is there a step to do again?"""
        return bool(self.future)

    @property
    def undo_label(self) -> str:
        """What undo would take back."""
        return self.present.label if self.past else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again."""
        return self.future[0].label if self.future else ""

    def push(self, label: str, plan: Plan) -> History:
        """A new present; what was undone before is forgotten."""
        past = (*self.past, self.present)[-LIMIT:]
        return replace(self, past=past, present=Entry(label, plan), future=())

    def undo(self) -> History:
        """One step back; PlanError at the start."""
        if not self.past:
            raise PlanError("There is nothing to undo.")
        return History(self.past[:-1], self.past[-1], (self.present, *self.future))

    def redo(self) -> History:
        """One step forward; PlanError at the end."""
        if not self.future:
            raise PlanError("There is nothing to redo.")
        return History((*self.past, self.present), self.future[0], self.future[1:])
