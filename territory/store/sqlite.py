"""All that is particular to SQLite: the file, its checks, its pragmas, its error codes."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_data_dir
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from territory.errors import StoreCorrupt, StoreError
from territory.store.schema import SCHEMA_VERSION, schema_version
from territory.store.upgrade import bring_up_to_date, newer

__all__ = ["ELSEWHERE", "SqliteDatabase", "default_path"]

FILE_NAME = "workbench.sqlite"
FOLDER_VARIABLE = "TERRITORY_DATA_DIR"
ELSEWHERE = f"set {FOLDER_VARIABLE} to another folder"

REASONS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (
        StoreError,
        "The disk that holds the store is full ({path}). The last change was not saved; "
        "everything before it is. Free some space and repeat the step.",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreError,
        f"The store {{path}} may not be written. Allow writing to the file and its folder, "
        f"or {ELSEWHERE}.",
    ),
    sqlite3.SQLITE_BUSY: (
        StoreError,
        "Another program holds the store {path}. Nothing was changed. Close that program "
        "or wait a moment, then repeat the step.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreCorrupt,
        "The store {path} is damaged: {detail}. It was left as it is. Put a backup copy in its "
        f"place, or move it away to start with an empty store, or {ELSEWHERE}.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreError,
        f"The store {{path}} can't be opened: {{detail}}. Allow access to the folder, "
        f"or {ELSEWHERE}.",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreError,
        "The disk reported an error on the store {path}: {detail}. The last change was not "
        f"saved. Check the disk and repeat the step, or {ELSEWHERE}.",
    ),
    sqlite3.SQLITE_TOOBIG: (
        StoreError,
        "This region is too large for the store (1 GB in one piece). Simplify the areas first.",
    ),
}
REASONS[sqlite3.SQLITE_LOCKED] = REASONS[sqlite3.SQLITE_BUSY]
REASONS[sqlite3.SQLITE_NOTADB] = REASONS[sqlite3.SQLITE_CORRUPT]
REASONS[sqlite3.SQLITE_PERM] = REASONS[sqlite3.SQLITE_CANTOPEN]


def default_path() -> Path:
    """The store's file in the user's data folder, or in the folder TERRITORY_DATA_DIR names."""
    folder = os.environ.get(FOLDER_VARIABLE) or user_data_dir("territory-workbench", False)
    return Path(folder) / FILE_NAME


class SqliteDatabase:
    """One SQLite file, shared by all threads of a process.

    Every transaction that may write starts as one (``BEGIN IMMEDIATE``): a read that turns into
    a write can't be queued by SQLite and would fail under load.

    Parameters
    ----------
    path
        The file; it and its folder are made where absent.
    busy_seconds
        How long to wait for another program's transaction.

    Raises
    ------
    StoreError
        If the file can't be used; the message names the way out.
    """

    def __init__(self, path: Path, busy_seconds: float = 5.0) -> None:
        self.path = path
        self._writing = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._explain(error, sqlite3.SQLITE_CANTOPEN) from error
        self._inspect(busy_seconds)
        self._engine = _engine(path, busy_seconds)
        with self.write() as connection:
            bring_up_to_date(connection)

    @property
    def where(self) -> str:
        """What to show people who ask where their work is."""
        return str(self.path)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store from beginning to end."""
        try:
            with self._transaction("BEGIN") as connection:
                yield connection
        except ValueError as error:  # a stored time, number or text that is none
            raise self._explain(error, sqlite3.SQLITE_CORRUPT) from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or has left no trace."""
        # Threads of this process queue here; the file's own lock would make them poll.
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(sqlite_begin=begin)
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise self._explain(error.orig) from error

    def _inspect(self, busy_seconds: float) -> None:
        """Refuse a damaged, foreign or newer file before anything could be written to it."""
        try:
            if not self.path.exists() or self.path.stat().st_size == 0:
                return
            where = f"{self.path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(where, uri=True, timeout=busy_seconds)) as connection:
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if verdict != "ok":
                    raise self._explain(verdict, sqlite3.SQLITE_CORRUPT)
                version = _version(connection)
        except (OSError, sqlite3.Error) as error:
            raise self._explain(error) from error
        except ValueError as error:  # a damaged name in it is no text any more
            raise self._explain(error, sqlite3.SQLITE_CORRUPT) from error
        if version is None:
            raise StoreError(
                f"{self.path} is a database of another program. It was left as it is. "
                f"Move it away, or {ELSEWHERE}."
            )
        if version > SCHEMA_VERSION:
            raise newer(self.where, version, ELSEWHERE)

    def _explain(self, cause: Any, code: int | None = None) -> StoreError:
        """The user's words for a fault of SQLite or of the file system."""
        if code is None:
            # The low byte is the kind; the rest details that users can't act on.
            found = getattr(cause, "sqlite_errorcode", None)
            code = sqlite3.SQLITE_CANTOPEN if found is None else found & 0xFF
        kind, words = REASONS.get(code, REASONS[sqlite3.SQLITE_IOERR])
        return kind(words.format(path=self.path, detail=str(cause).rstrip(".")))


def _version(connection: sqlite3.Connection) -> int | None:
    """The schema version of a file; None where it is no store of ours, 0 where it is empty."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if schema_version.name not in tables:
        return None
    row = connection.execute(f"SELECT max(version) FROM {schema_version.name}").fetchone()
    return row[0] or 0


def _engine(path: Path, busy_seconds: float) -> Engine:
    """An engine that leaves transactions to us and makes each commit reach the disk."""
    # Not an address spelt out: a folder's name may hold the ? and % that mean something there.
    address = URL.create("sqlite", database=str(path))
    engine = create_engine(address, connect_args={"timeout": busy_seconds})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "fullfsync=ON",  # macOS keeps data in the drive's cache otherwise
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    return engine
