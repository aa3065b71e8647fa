"""The tables. Portable SQL, so that another database than SQLite needs no other schema.

::

    datasets          bytes by their SHA-256: areas, measures, neighbours, team, accounts, sales
    projects          a region and its people  ── project_datasets ──> datasets
    scenarios         a named line of work in a project: head, tip, baseline, acknowledged gestures
    revisions         every change ever accepted: a tree through parent_id

``head`` is the plan as it is now and the chain of parents from there is what can be undone;
``tip`` is the newest revision that can be reached by redo. Undo and redo move ``head``; a change
hangs a new revision below it and makes that the tip. Nothing is ever rewritten, so an undone
branch stays in the table for a later timeline.

``scenarios.rev`` counts accepted changes and is at the same time the version that optimistic
concurrency compares: whoever writes names the ``rev`` they started from.

Room for later, each a table of its own that points here: comments and approvals refer to
``scenarios.id`` (and a comment to ``revisions.id``, for what it was said about); run records of
the engine refer to the ``revisions.id`` that took their proposal; who made a change becomes a
column of ``revisions``. Adding any of them raises ``SCHEMA_VERSION`` and needs a migration.
"""

from __future__ import annotations

from datetime import UTC, datetime

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
    "datasets",
    "metadata",
    "project_datasets",
    "projects",
    "revisions",
    "scenarios",
    "schema_version",
]

SCHEMA_VERSION = 1


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
)
