"""Rows on disk: one SQLite table per class of the platform, joined along the inheritance chain by sys_id.

A record of `incident` is a row in `task` and a row in `incident`; asking for `task` therefore finds incidents too. All
values are text, numbers excepted, so that they sort as numbers. Empty is the empty string, never NULL.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from snow_app.emulator.query.moments import part_of

Value = str | int | float | bytes
Params = Sequence[Value]

TEXT = "TEXT COLLATE NOCASE NOT NULL DEFAULT ''"
NUMBER = "NUMERIC NOT NULL DEFAULT ''"


def quoted(name: str) -> str:
    """An identifier safe in SQL."""
    return '"' + name.replace('"', '""') + '"'


class Store:
    """One SQLite database behind one lock. Without a path it lives in memory.

    `image` is a database to start from: what `Store.image` of another store returned. It is ignored when the file
    exists already.
    """

    def __init__(self, path: Path | None = None, *, image: bytes | None = None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        if path is not None and image is not None and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(image)
        self._connection = sqlite3.connect(
            str(path) if path else ":memory:", isolation_level=None, check_same_thread=False
        )
        if path is None and image is not None:
            self._connection.deserialize(image)
        self._connection.execute(f"PRAGMA journal_mode={'WAL' if path else 'OFF' if image is None else 'MEMORY'}")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("PRAGMA case_sensitive_like=OFF")
        self._connection.create_function("date_part", 3, part_of, deterministic=True)
        self._connection.execute("CREATE TABLE IF NOT EXISTS _state (name TEXT PRIMARY KEY, value TEXT NOT NULL)")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def image(self) -> bytes:
        """The whole database as bytes."""
        with self._lock:
            return self._connection.serialize()

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Value, ...]]:
        """All rows of a SELECT."""
        with self._lock:
            return self._connection.execute(sql, params).fetchall()

    def row(self, sql: str, params: Params = ()) -> tuple[Value, ...] | None:
        """The first row of a SELECT."""
        with self._lock:
            found: tuple[Value, ...] | None = self._connection.execute(sql, params).fetchone()
            return found

    def run(self, sql: str, params: Params = ()) -> int:
        """Rows changed by one statement."""
        with self._lock:
            return self._connection.execute(sql, params).rowcount

    def run_many(self, sql: str, params: Iterable[Params]) -> None:
        with self._lock:
            self._connection.executemany(sql, params)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nests."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def remembered(self, name: str) -> str:
        """What the instance keeps under this name about itself, empty when nothing."""
        found = self.row("SELECT value FROM _state WHERE name = ?", (name,))
        return str(found[0]) if found else ""

    def remember(self, name: str, value: str) -> None:
        self.run("INSERT OR REPLACE INTO _state VALUES (?, ?)", (name, value))

    def create_class(self, table: str, columns: Mapping[str, bool] = MappingProxyType({})) -> None:
        """A class's own table with its key and `columns` (true for numbers). A later column costs a schema change."""
        more = "".join(f", {quoted(name)} {NUMBER if number else TEXT}" for name, number in columns.items())
        self.run(f"CREATE TABLE IF NOT EXISTS {quoted(table)} (sys_id TEXT NOT NULL PRIMARY KEY{more})")

    def drop_class(self, table: str) -> None:
        self.run(f"DROP TABLE IF EXISTS {quoted(table)}")

    def add_column(self, table: str, name: str, *, number: bool = False) -> None:
        """Give a class a column; existing rows are empty in it. Does nothing when the column is there."""
        if name not in self.columns(table):
            self.run(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} {NUMBER if number else TEXT}")

    def drop_column(self, table: str, name: str) -> None:
        if name in self.columns(table):
            self.run(f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(name)}")

    def add_index(self, table: str, *names: str) -> None:
        title = quoted("_".join(("ix", table, *names)))
        self.run(f"CREATE INDEX IF NOT EXISTS {title} ON {quoted(table)} ({', '.join(map(quoted, names))})")

    def columns(self, table: str) -> set[str]:
        """The names of a class's own columns in the database."""
        return {str(found[0]) for found in self.rows("SELECT name FROM pragma_table_info(?)", (table,))}
