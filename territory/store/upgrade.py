"""Making a store's tables what this version expects, without touching what they hold."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, inspect, literal, select, text, update
from sqlalchemy.schema import CreateColumn

from territory.errors import StoreError
from territory.store.schema import SCHEMA_VERSION, events, metadata, revisions, schema_version

__all__ = ["bring_up_to_date", "newer"]


def bring_up_to_date(connection: Connection) -> None:
    """Create what is not there: all tables in an empty store, columns and tables in an older one.

    Nothing is ever renamed or dropped, so comparing names is enough and there is no list of steps
    that could be run twice or in the wrong order. Runs in the caller's transaction: all or nothing.
    """
    version = None
    if inspect(connection).has_table(schema_version.name):
        version = connection.scalar(select(schema_version.c.version))
    if version == SCHEMA_VERSION:
        return
    if version is not None:
        _add_columns(connection)
    metadata.create_all(connection)
    if version == 1:  # the timeline begins with what is known from before there was one
        columns = ["scenario_id", "created_at", "author", "kind", "label", "source", "revision_id"]
        r, none = revisions.c, literal("")
        known = select(r.scenario_id, r.created_at, none, literal("change"), r.label, none, r.id)
        connection.execute(insert(events).from_select(columns, known.order_by(r.id)))
    now = datetime.now(UTC)
    if version is None:
        row = {"version": SCHEMA_VERSION, "created_at": now}
        connection.execute(insert(schema_version).values(row))
    else:
        connection.execute(update(schema_version).values(version=SCHEMA_VERSION))


def newer(where: str, version: int, elsewhere: str) -> StoreError:
    """The refusal of a store that a later version of this program has written."""
    return StoreError(
        f"The store {where} was written by a newer Territory Workbench (its format is {version}, "
        f"this one knows {SCHEMA_VERSION}). It was left as it is. Update with: pip install "
        f"--upgrade territory-workbench. Or {elsewhere}."
    )


def _add_columns(connection: Connection) -> None:
    """Columns that the tables of an older store lack."""
    there = inspect(connection)
    for table in metadata.sorted_tables:
        if not there.has_table(table.name):
            continue
        known = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                definition = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {definition}"))
