"""Single rows written and read, by the store's longer operations."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from territory.errors import StoreCorrupt, StoreError
from territory.model import Plan
from territory.store.payload import Payload, encode
from territory.store.schema import datasets, events, revisions, scenarios
from territory.store.text import clean

__all__ = [
    "get_dataset",
    "get_scenario",
    "inserted",
    "new_id",
    "point",
    "put_dataset",
    "put_event",
    "put_revision",
    "put_scenario",
    "put_snapshot",
]


def new_id() -> str:
    """An id for an address: 96 random bits."""
    return secrets.token_urlsafe(12)


def get_scenario(connection: Connection, scenario_id: str) -> Row[Any]:
    """A scenario's row; StoreError in words where there is none."""
    row = connection.execute(select(scenarios).where(scenarios.c.id == scenario_id)).one_or_none()
    if row is None:
        raise StoreError(
            "There is no such scenario in the store. Its address may be incomplete, or it was "
            "saved on another computer."
        )
    return row


def put_dataset(
    connection: Connection, kind: str, sha256: str, content: bytes, now: datetime
) -> None:
    """Data under its hash, unless it is there."""
    known = connection.scalar(select(datasets.c.kind).where(datasets.c.sha256 == sha256))
    if known is None:
        row = {"sha256": sha256, "kind": kind, "content": content, "created_at": now}
        try:
            with connection.begin_nested():
                connection.execute(insert(datasets).values(row))
        except IntegrityError:  # somebody else stored the same data a moment ago
            return


def get_dataset(connection: Connection, sha256: str) -> bytes:
    """Data, checked against its hash."""
    content = connection.scalar(select(datasets.c.content).where(datasets.c.sha256 == sha256))
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise StoreCorrupt(
            "The store is damaged: the data of this scenario has changed or is missing. "
            "Other scenarios may still open. Put a backup copy of the store in its place."
        )
    return content


def put_scenario(
    connection: Connection, scenario_id: str, project_id: str, name: str, now: datetime
) -> None:
    """A scenario that does not point to a plan yet."""
    row = {
        "id": scenario_id,
        "project_id": project_id,
        "name": clean(name),
        "created_at": now,
        "updated_at": now,
        "opened_at": now,
        "rev": 0,
        "acks": {},
        "notes": "",
        "tags": [],
        "status": "draft",
    }
    connection.execute(insert(scenarios).values(row))


def put_snapshot(
    connection: Connection, scenario_id: str, label: str, plan: Plan, now: datetime
) -> int:
    """A first revision, saved whole; its id."""
    return put_revision(connection, scenario_id, label, encode(plan, None), now)


def put_revision(
    connection: Connection,
    scenario_id: str,
    label: str,
    payload: Payload,
    now: datetime,
    parent_id: int | None = None,
    rev: int = 0,
    run: Mapping[str, Any] | None = None,
) -> int:
    """A plan that was accepted; its id."""
    row = {
        "scenario_id": scenario_id,
        "parent_id": parent_id,
        "rev": rev,
        "label": clean(label),
        "created_at": now,
        "kind": payload.kind,
        "alignment": payload.alignment,
        "state": payload.state,
        "run": None if run is None else dict(run),
    }
    return inserted(connection, revisions, row)


def put_event(
    connection: Connection,
    scenario_id: str,
    now: datetime,
    kind: str,
    label: str,
    *,
    author: str = "",
    source: str = "",
    revision_id: int | None = None,
) -> None:
    """A line of the scenario's timeline."""
    row = {
        "scenario_id": scenario_id,
        "created_at": now,
        "author": clean(author),
        "kind": kind,
        "label": clean(label),
        "source": source,
        "revision_id": revision_id,
    }
    connection.execute(insert(events).values(row))


def inserted(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row; the number the database gave it."""
    key = connection.execute(insert(table).values(row)).inserted_primary_key
    if key is None:  # no database of ours does this; the type allows it
        raise StoreError("The store did not number the new row.")
    return int(key[0])


def point(connection: Connection, scenario_id: str, head: int, baseline: int) -> None:
    """Where a new scenario stands, and what it is compared with."""
    values = {"head_id": head, "tip_id": head, "baseline_id": baseline}
    connection.execute(update(scenarios).where(scenarios.c.id == scenario_id).values(values))
