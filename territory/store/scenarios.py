"""The shelf: all scenarios, their names, notes, tags and standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import select, update

from territory.errors import StoreError
from territory.store.database import Database
from territory.store.rows import get_scenario, new_id, point, put_event, put_scenario
from territory.store.schema import projects, scenarios
from territory.store.text import clean

__all__ = ["ScenarioInfo", "Scenarios", "Status"]

Status = Literal["draft", "submitted", "approved", "declined"]

STEPS: dict[str, tuple[tuple[Status, ...], Status, str]] = {
    "submit": (("draft", "declined"), "submitted", "Submitted for approval"),
    "withdraw": (("submitted",), "draft", "Withdrawn"),
    "approve": (("submitted",), "approved", "Approved"),
    "decline": (("submitted",), "declined", "Declined"),
}
"""What can be done: from which standing, to which, and the words of the timeline."""


@dataclass(frozen=True)
class ScenarioInfo:
    """A line in the list of scenarios."""

    id: str
    name: str
    project_id: str
    project: str
    source: str
    created_at: datetime
    updated_at: datetime
    rev: int
    notes: str
    tags: tuple[str, ...]
    status: Status
    deleted_at: datetime | None


class Scenarios:
    """Everything about scenarios but their plans."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, deleted: bool = False) -> tuple[ScenarioInfo, ...]:
        """All scenarios, those changed last first; or those that were deleted."""
        gone = scenarios.c.deleted_at
        query = (
            select(
                scenarios.c.id,
                scenarios.c.name,
                scenarios.c.project_id,
                projects.c.name.label("project"),
                projects.c.source,
                scenarios.c.created_at,
                scenarios.c.updated_at,
                scenarios.c.rev,
                scenarios.c.notes,
                scenarios.c.tags,
                scenarios.c.status,
                scenarios.c.deleted_at,
            )
            .join(projects, scenarios.c.project_id == projects.c.id)
            .where(gone.is_not(None) if deleted else gone.is_(None))
            .order_by(scenarios.c.updated_at.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(ScenarioInfo(**{**row, "tags": tuple(row["tags"])}) for row in rows)

    def last_id(self) -> str | None:
        """The scenario opened last. For a workbench of one person: it may be anybody's."""
        query = select(scenarios.c.id).where(scenarios.c.deleted_at.is_(None))
        with self._database.read() as connection:
            return connection.scalar(query.order_by(scenarios.c.opened_at.desc()).limit(1))

    def rename(self, scenario_id: str, name: str) -> None:
        """Another name for a scenario; no change of the plan, so no conflict with one."""
        self._write(scenario_id, name=clean(name))

    def describe(self, scenario_id: str, notes: str, tags: Sequence[str]) -> None:
        """Notes and tags; a tag twice or empty counts once or not at all."""
        kept = dict.fromkeys(clean(tag).strip() for tag in tags)
        self._write(scenario_id, notes=clean(notes), tags=[tag for tag in kept if tag])

    def duplicate(
        self, scenario_id: str, name: str, author: str = "", revision_id: int | None = None
    ) -> str:
        """A copy under a new name, which shares the original's past (undo works in both).

        What was undone in the original can't be redone in the copy. With ``revision_id`` the copy
        begins at that point of the original's timeline. A copy of an approved scenario is a draft.
        """
        copy_id, now = new_id(), datetime.now(UTC)
        with self._database.write() as connection:
            row = get_scenario(connection, scenario_id)
            put_scenario(connection, copy_id, row.project_id, name, now)
            head = revision_id or row.head_id
            point(connection, copy_id, head, row.baseline_id)
            words = f"Copied from {row.name}"
            put_event(connection, copy_id, now, "copy", words, author=author, revision_id=head)
        return copy_id

    def delete(self, scenario_id: str, author: str = "") -> None:
        """Off the shelf; ``bring_back`` undoes it."""
        self._standing(scenario_id, "delete", "Deleted", author, deleted_at=datetime.now(UTC))

    def bring_back(self, scenario_id: str, author: str = "") -> None:
        """Undo ``delete``."""
        self._standing(scenario_id, "restore", "Brought back", author, deleted_at=None)

    def set_baseline(self, scenario_id: str, other_id: str, author: str = "") -> None:
        """Compare a scenario with the present plan of another of the same project.

        Raises
        ------
        StoreError
            If the two are of different projects: their units may differ.
        """
        now = datetime.now(UTC)
        with self._database.write() as connection:
            mine, other = (get_scenario(connection, i) for i in (scenario_id, other_id))
            if mine.project_id != other.project_id:
                raise StoreError(
                    "A baseline comes from the same project. Choose a scenario of this project."
                )
            if mine.status == "approved":
                raise StoreError("This scenario is approved, so its baseline stays as it is.")
            here = scenarios.c.id == scenario_id
            connection.execute(
                update(scenarios)
                .where(here)
                # Other windows notice by the revision.
                .values(baseline_id=other.head_id, rev=scenarios.c.rev + 1)
            )
            words = f"Baseline: {other.name}"
            put_event(connection, scenario_id, now, "baseline", words, author=author)

    def step(self, scenario_id: str, action: str, author: str = "", reason: str = "") -> None:
        """Submit, withdraw, approve or decline.

        Raises
        ------
        StoreError
            If the scenario does not stand where this step begins.
        """
        before, after, words = STEPS[action]
        with self._database.read() as connection:
            now = get_scenario(connection, scenario_id).status
        if now not in before:
            raise StoreError(f"This scenario is {now}, so it can't be: {words.lower()}.")
        text = f"{words}: {reason}" if reason.strip() else words
        self._standing(scenario_id, action, text, author, before=before, status=after)

    def _standing(
        self,
        scenario_id: str,
        kind: str,
        words: str,
        author: str,
        before: Sequence[Status] = (),
        **values: Any,
    ) -> None:
        """Write columns and a line of the timeline together."""
        with self._database.write() as connection:
            row = get_scenario(connection, scenario_id)
            if before and row.status not in before:
                raise StoreError("Somebody else was faster: look at this scenario again.")
            mine = scenarios.c.id == scenario_id
            connection.execute(update(scenarios).where(mine).values(values))
            now = datetime.now(UTC)
            put_event(
                connection, scenario_id, now, kind, words, author=author, revision_id=row.head_id
            )

    def _write(self, scenario_id: str, **values: Any) -> None:
        with self._database.write() as connection:
            get_scenario(connection, scenario_id)
            connection.execute(
                update(scenarios).where(scenarios.c.id == scenario_id).values(values)
            )
