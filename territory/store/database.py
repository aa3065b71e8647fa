"""Where the store is kept: a file of this computer, or a server that a team shares."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from territory.store.postgres import PostgresDatabase
from territory.store.sqlite import SqliteDatabase, default_path

__all__ = ["ADDRESS_VARIABLE", "Database", "connect"]

ADDRESS_VARIABLE = "TERRITORY_DATABASE_URL"


class Database(Protocol):
    """What the store needs of a database."""

    @property
    def where(self) -> str:
        """What to show people who ask where their work is; without passwords."""

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the store from beginning to end."""

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that is on disk when the block ends, or has left no trace."""

    def close(self) -> None:
        """Let go of it."""


def connect(place: Path | str | None, busy_seconds: float) -> Database:
    """The database at a place: a file's path, or an address with ``://`` in it.

    Without a place: what TERRITORY_DATABASE_URL names, else the file in the user's data folder.
    """
    place = place or os.environ.get(ADDRESS_VARIABLE) or default_path()
    if isinstance(place, str) and "://" in place:
        return PostgresDatabase(place, busy_seconds)
    return SqliteDatabase(Path(place), busy_seconds)
