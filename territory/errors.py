"""What can go wrong, in words a user can act on.

TerritoryError
├── InputError        a file or argument can't be used; carries one Problem per fault
├── PlanError         an operation that the plan doesn't allow
│   └── LockError     … because a unit or territory is locked
├── StoreError        the saved work can't be reached or written
│   ├── StoreConflict somebody else changed the scenario meanwhile
│   └── StoreCorrupt  the store file is damaged; it is never overwritten
└── Cancelled         the user stopped a long run
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "Cancelled",
    "InputError",
    "LockError",
    "PlanError",
    "Problem",
    "StoreConflict",
    "StoreCorrupt",
    "StoreError",
    "TerritoryError",
]

SHOWN = 5
"""How many problems one message spells out before it counts the rest."""


@dataclass(frozen=True)
class Problem:
    """One fault in what a user brought, and the way out.

    ``row`` is the line as the user sees it: in a table the header is row 1, in a boundary file
    the first area is row 1.
    """

    message: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        where = [self.file] if self.file else []
        where += [f"row {self.row}"] if self.row is not None else []
        where += [f"column {self.column}"] if self.column else []
        text = f"{', '.join(where)}: {self.message}" if where else self.message
        if self.remedy:
            text = f"{text.rstrip('.')}. Remedy: {self.remedy}"
        return text

    def as_dict(self) -> dict[str, object]:
        """The same as plain values, for JSON and tables."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
            "remedy": self.remedy,
        }


class TerritoryError(Exception):
    """Root of everything this package raises on purpose."""


class InputError(TerritoryError):
    """Input that can't be used: every problem at once."""

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = [Problem(problems)]
        elif isinstance(problems, Problem):
            problems = [problems]
        self.problems: tuple[Problem, ...] = tuple(problems)
        lines = [str(p) for p in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"… and {len(self.problems) - SHOWN} more problems of this kind.")
        super().__init__("\n".join(lines))


class PlanError(TerritoryError):
    """An operation that the plan doesn't allow; the plan is unchanged."""


class LockError(PlanError):
    """A move that touches a locked unit or territory."""

    def __init__(self, message: str, unit_ids: Sequence[str] = ()) -> None:
        self.unit_ids: tuple[str, ...] = tuple(unit_ids)
        super().__init__(message)


class StoreError(TerritoryError):
    """The saved work can't be reached or written; nothing was changed."""


class StoreConflict(StoreError):
    """Another session changed the same scenario since it was opened."""


class StoreCorrupt(StoreError):
    """The store file is damaged or not ours; it is left as it is."""


class Cancelled(TerritoryError):
    """The user stopped a long run."""
