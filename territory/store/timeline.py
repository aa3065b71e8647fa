"""What happened to a scenario: every change, by whom, when, from where; named points in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select

from territory.store.database import Database
from territory.store.rows import get_scenario, inserted
from territory.store.schema import events, marks, revisions
from territory.store.text import clean

__all__ = ["Event", "Timeline"]


@dataclass(frozen=True)
class Event:
    """A line of the timeline.

    ``revision_id`` is the plan after it; ``name`` what somebody called that plan; ``run`` the
    engine's record where the engine made it.
    """

    id: int
    kind: str
    label: str
    author: str
    source: str
    at: datetime
    revision_id: int | None
    name: str
    run: Mapping[str, Any] | None


class Timeline:
    """The past of scenarios."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, scenario_id: str, most: int = 500) -> tuple[Event, ...]:
        """The newest events of a scenario, newest first."""
        query = (
            select(events, revisions.c.run)
            .outerjoin(revisions, events.c.revision_id == revisions.c.id)
            .where(events.c.scenario_id == scenario_id)
            .order_by(events.c.id.desc())
            .limit(most)
        )
        named = select(marks.c.revision_id, marks.c.name).where(marks.c.scenario_id == scenario_id)
        with self._database.read() as connection:
            get_scenario(connection, scenario_id)
            names = {row.revision_id: row.name for row in connection.execute(named)}
            rows = connection.execute(query).all()
        return tuple(
            Event(
                id=row.id,
                kind=row.kind,
                label=row.label,
                author=row.author,
                source=row.source,
                at=row.created_at,
                revision_id=row.revision_id,
                name=names.get(row.revision_id, ""),
                # Undoing to a plan is not making it: the record stands where the plan was made.
                run=row.run if row.kind == "change" else None,
            )
            for row in rows
        )

    def mark(self, scenario_id: str, name: str, author: str = "") -> None:
        """Give the plan as it is now a name; an empty name takes it away."""
        with self._database.write() as connection:
            head = get_scenario(connection, scenario_id).head_id
            mine = (marks.c.scenario_id == scenario_id) & (marks.c.revision_id == head)
            connection.execute(delete(marks).where(mine))
            if name.strip():
                row = {
                    "scenario_id": scenario_id,
                    "created_at": datetime.now(UTC),
                    "author": clean(author),
                    "revision_id": head,
                    "name": clean(name),
                }
                inserted(connection, marks, row)
