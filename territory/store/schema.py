"""The tables. Portable SQL, so that another database than SQLite needs no other schema.

::

    datasets          bytes by their SHA-256: areas, measures, neighbours, team, accounts, sales
    projects          a region and its people  ── project_datasets ──> datasets
    scenarios         a named line of work in a project: head, tip, baseline, acknowledged gestures
    revisions         every plan ever accepted: a tree through parent_id
    events            what happened to a scenario, in order: changes, undo, redo, decisions
    marks             revisions that somebody gave a name
    comments          on a scenario, territory, unit or account; open or resolved
    requests          changes somebody asks for, with units and where to; open, taken or declined
    shares            read-only links: the hash of a token, and the scenario it shows

``head`` is the plan as it is now and the chain of parents from there is what can be undone;
``tip`` is the newest revision that can be reached by redo. Undo and redo move ``head``; a change
hangs a new revision below it and makes that the tip. Nothing is ever rewritten, so an undone
branch stays in the table for a later timeline.

``scenarios.rev`` counts accepted changes and is at the same time the version that optimistic
concurrency compares: whoever writes names the ``rev`` they started from.

A scenario's ``status`` is draft, submitted, approved or declined; an approved one takes no more
changes. A deleted one keeps its row, so that deleting can be taken back.

An older store gets the columns and tables it lacks when it is opened (``upgrade.py``): whatever is
added here must be nullable or have a ``server_default``, and raises ``SCHEMA_VERSION``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

__all__ = [
    "SCHEMA_VERSION",
    "Moment",
    "comments",
    "datasets",
    "events",
    "marks",
    "metadata",
    "project_datasets",
    "projects",
    "requests",
    "revisions",
    "scenarios",
    "schema_version",
    "shares",
]

SCHEMA_VERSION = 2


class Moment(TypeDecorator[datetime]):
    """A time with its zone. SQLite forgets zones, so everything is written in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData()

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Moment, nullable=False),
)

datasets = Table(
    "datasets",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("source", String(16), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_opened", Moment, nullable=False),
)

project_datasets = Table(
    "project_datasets",
    metadata,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("sha256", ForeignKey("datasets.sha256"), nullable=False),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("opened_at", Moment, nullable=False, index=True),
    Column("rev", Integer, nullable=False),
    # Empty only inside the transaction that creates the scenario and its first revision.
    Column("head_id", ForeignKey("revisions.id", use_alter=True)),
    Column("tip_id", ForeignKey("revisions.id", use_alter=True)),
    Column("baseline_id", ForeignKey("revisions.id", use_alter=True)),
    Column("acks", JSON, nullable=False),
    Column("notes", Text, nullable=False, server_default=""),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("status", String(12), nullable=False, server_default="draft"),
    Column("deleted_at", Moment),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # Where it was made. A copied scenario shares the revisions of the one it was copied from.
    Column("scenario_id", ForeignKey("scenarios.id"), nullable=False, index=True),
    Column("parent_id", ForeignKey("revisions.id"), index=True),
    Column("rev", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("alignment", LargeBinary, nullable=False),
    # Territories, locks and named accounts; each key only where it differs from the parent.
    Column("state", JSON(none_as_null=True)),
    # How the engine made it: enough to make it again.
    Column("run", JSON(none_as_null=True)),
)


def _told(name: str, *columns: Column[Any]) -> Table:
    """A table of what somebody said or did about a scenario."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("scenario_id", ForeignKey("scenarios.id"), nullable=False, index=True),
        Column("created_at", Moment, nullable=False),
        Column("author", Text, nullable=False),
        *columns,
    )


events = _told(
    "events",
    Column("kind", String(12), nullable=False),
    Column("label", Text, nullable=False),
    # The page or program that did it.
    Column("source", Text, nullable=False),
    # The present after it; none for what does not touch the plan.
    Column("revision_id", ForeignKey("revisions.id")),
)

marks = _told(
    "marks",
    Column("revision_id", ForeignKey("revisions.id"), nullable=False),
    Column("name", Text, nullable=False),
)

comments = _told(
    "comments",
    # scenario, territory, unit or account, and which one.
    Column("about", String(12), nullable=False),
    Column("about_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("resolved_at", Moment),
    Column("resolved_by", Text),
)

requests = _told(
    "requests",
    Column("unit_ids", JSON, nullable=False),
    Column("territory_id", Text),
    Column("text", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("decided_at", Moment),
    Column("decided_by", Text),
)

shares = _told(
    "shares",
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("revoked_at", Moment),
)
