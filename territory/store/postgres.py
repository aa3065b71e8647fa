"""All that is particular to PostgreSQL: the address, its checks, its error codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from territory.errors import StoreError
from territory.store.schema import SCHEMA_VERSION, schema_version
from territory.store.upgrade import bring_up_to_date, newer

__all__ = ["PostgresDatabase"]

ELSEWHERE = "name another database in TERRITORY_DATABASE_URL"
SCHEMA_LOCK = 7_302_511
"""An arbitrary number that all of us use: only one program at a time prepares the tables."""

REASONS: dict[str, str] = {
    "53100": (
        "The disk of the database server is full ({where}). The last change was not saved; "
        "everything before it is. Free some space there and repeat the step."
    ),
    "25006": "The database {where} may only be read. Ask its administrator for the right to write.",
    "42501": (
        "The database user may not do this in {where}: {detail}. Ask its administrator for the "
        "right to create and write tables."
    ),
    "55P03": (
        "Another program holds the store {where}. Nothing was changed. Wait a moment, then repeat "
        "the step."
    ),
}
REASONS["57014"] = REASONS["55P03"]  # the same, met as a statement that took too long
UNREACHABLE = (
    "The database {where} can't be reached: {detail}. The last change was not saved; everything "
    "before it is. Check the server and the address, or " + ELSEWHERE + "."
)
OTHER = (
    "The database {where} reported an error: {detail}. The last change was not saved; everything "
    "before it is."
)


class PostgresDatabase:
    """One PostgreSQL database, shared by any number of processes.

    Parameters
    ----------
    address
        ``postgresql://user:password@host:port/name``.
    busy_seconds
        How long to wait for another program's transaction.

    Raises
    ------
    StoreError
        If it can't be used; the message names the way out and never the password.
    """

    def __init__(self, address: str, busy_seconds: float = 5.0) -> None:
        url = _url(address)
        self.where = url.render_as_string(hide_password=True).replace("+psycopg", "", 1)
        try:
            self._engine = create_engine(
                url,
                pool_pre_ping=True,  # a server that was restarted meanwhile is no fault
                connect_args={
                    "connect_timeout": max(2, round(busy_seconds)),
                    "options": f"-c lock_timeout={round(busy_seconds * 1000)}",
                },
            )
        except (ImportError, NoSuchModuleError) as error:
            raise StoreError(
                'For PostgreSQL the driver is missing. Install it: pip install "territory-workbench'
                '[postgres]".'
            ) from error
        with self.write() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"))
            self._check_version(connection)
            bring_up_to_date(connection)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store from beginning to end."""
        with self._transaction("REPEATABLE READ") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or has left no trace.

        Two of them on one scenario queue at its row: the journal moves it on only from the
        revision it started from, so the second finds nothing to move and is told of a conflict.
        """
        with self._transaction("READ COMMITTED") as connection:
            yield connection

    @contextmanager
    def _transaction(self, isolation: str) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(isolation_level=isolation)
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise self._explain(error.orig) from error

    def _check_version(self, connection: Connection) -> None:
        """Refuse a newer store before anything could be written to it."""
        if not inspect(connection).has_table(schema_version.name):
            return
        version = connection.scalar(select(schema_version.c.version)) or 0
        if version > SCHEMA_VERSION:
            raise newer(self.where, version, ELSEWHERE)

    def _explain(self, cause: BaseException | None) -> StoreError:
        """The user's words for a fault of the server or of the way to it."""
        state = getattr(cause, "sqlstate", None)
        # The driver repeats itself over several lines; the first says it all.
        detail = (str(cause).strip().splitlines() or [""])[0].rstrip(".")
        words = (
            UNREACHABLE if state is None or state.startswith("08") else REASONS.get(state, OTHER)
        )
        return StoreError(words.format(where=self.where, detail=detail))


def _url(address: str) -> URL:
    """The address with our driver in it."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "TERRITORY_DATABASE_URL is no database address. It looks like "
            "postgresql://user:password@host:5432/name."
        ) from error
    if url.get_backend_name() != "postgresql":
        raise StoreError(
            f"TERRITORY_DATABASE_URL names a {url.get_backend_name()} database; only PostgreSQL "
            "works there. Without it the work is kept in a file."
        )
    return url.set(drivername="postgresql+psycopg")
