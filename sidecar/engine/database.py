"""The database of the events: a SQLite file by default, PostgreSQL by one setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from sidecar.engine.commits import GroupCommits
from sidecar.engine.tables import METADATA

_BUSY_S = 30
_CONNECTIONS = 16


class Database:
    """One pool of connections. Thread-safe. Creates the tables that are missing; close it."""

    def __init__(self, url: str) -> None:
        target = make_url(url)
        self.is_sqlite = target.get_backend_name() == "sqlite"
        self.url = url
        if self.is_sqlite and target.database:
            path = Path(target.database)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
        connect = {"timeout": _BUSY_S} if self.is_sqlite else {}
        pool = {"pool_size": _CONNECTIONS, "max_overflow": 2 * _CONNECTIONS, "pool_pre_ping": not self.is_sqlite}
        self.engine: Engine = create_engine(url, connect_args=connect, **pool)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepared)
            event.listen(self.engine, "begin", _begun)
        self._commits = GroupCommits(self.engine) if self.is_sqlite else None
        METADATA.create_all(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything or nothing; on disk when the block is left."""
        with self._commits.transaction() if self._commits else self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look."""
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    def fold(self) -> None:
        """Let nothing that was overwritten survive in SQLite's write-ahead log. PostgreSQL's is its operator's."""
        if self.is_sqlite:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()

    def close(self) -> None:
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _prepared(connection: Any, _record: Any) -> None:
    # SQLAlchemy's begin event must be the only one who opens transactions.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    # A reader that becomes a writer halfway would be refused without waiting.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
