"""Single rows written and read, by the store's longer operations."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.engine import Connection

from territory.errors import StoreCorrupt, StoreError
from territory.model import Plan
from territory.store.journal import clean
from territory.store.payload import encode
from territory.store.schema import datasets, revisions, scenarios

__all__ = [
    "get_dataset",
    "get_scenario",
    "point",
    "put_dataset",
    "put_scenario",
    "put_snapshot",
]


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
        connection.execute(insert(datasets).values(row))


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
    }
    connection.execute(insert(scenarios).values(row))


def put_snapshot(
    connection: Connection, scenario_id: str, label: str, plan: Plan, now: datetime
) -> int:
    """A first revision, saved whole; its id."""
    payload = encode(plan, None)
    row = {
        "scenario_id": scenario_id,
        "rev": 0,
        "label": clean(label),
        "created_at": now,
        "kind": payload.kind,
        "alignment": payload.alignment,
        "state": payload.state,
    }
    key = connection.execute(insert(revisions).values(row)).inserted_primary_key
    if key is None:  # no database of ours does this; the type allows it
        raise StoreError("The store did not number the new revision.")
    return int(key[0])


def point(connection: Connection, scenario_id: str, head: int, baseline: int) -> None:
    """Where a new scenario stands, and what it is compared with."""
    values = {"head_id": head, "tip_id": head, "baseline_id": baseline}
    connection.execute(update(scenarios).where(scenarios.c.id == scenario_id).values(values))
