"""What a sweep remembers: how far it got, and the last version delivered of each order.

Only the last version is kept: Commerce shows an order in one state at a time, so that an older state cannot come back,
while a state that does come back (changed and changed back within a second) has to be delivered again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self

from sfcc_client.models import OrderVersion

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sweep_positions (site TEXT PRIMARY KEY, reached TEXT NOT NULL, started TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sweep_versions (
  site TEXT NOT NULL, order_no TEXT NOT NULL, version TEXT NOT NULL, modified_at TEXT NOT NULL,
  PRIMARY KEY (site, order_no)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """`reached` is where to go on. `started` is when the run under way began, None between runs."""

    reached: datetime
    started: datetime | None = None


class SweepStore(Protocol):
    """Kept for each site. A store of your own has to make `take` all or nothing."""

    def position(self, site_id: str) -> Position | None: ...

    def take(
        self,
        site_id: str,
        rows: Sequence[OrderVersion],
        position: Position,
        deliver: Callable[[Sequence[OrderVersion]], object],
    ) -> int:
        """Deliver the rows whose version is not the last one delivered, then keep them and the position; how many
        there were. Nothing is kept when `deliver` raises."""
        ...

    def finish(self, site_id: str, position: Position, *, forget_before: datetime) -> None:
        """Keep the position and forget versions of orders changed before a moment."""
        ...


class MemorySweepStore:
    """For tests and short-lived processes: with it, the first run after a restart starts over."""

    def __init__(self) -> None:
        self._positions: dict[str, Position] = {}
        self._versions: dict[str, dict[str, OrderVersion]] = {}
        self._lock = threading.RLock()

    def position(self, site_id: str) -> Position | None:
        return self._positions.get(site_id)

    def take(
        self,
        site_id: str,
        rows: Sequence[OrderVersion],
        position: Position,
        deliver: Callable[[Sequence[OrderVersion]], object],
    ) -> int:
        with self._lock:
            known = self._versions.setdefault(site_id, {})
            new = _unseen(rows, lambda number: known[number].version if number in known else None)
            if new:
                deliver(new)
            known |= {one.order.order_no: one for one in new}
            self._positions[site_id] = position
        return len(new)

    def finish(self, site_id: str, position: Position, *, forget_before: datetime) -> None:
        with self._lock:
            self._positions[site_id] = position
            known = self._versions.get(site_id, {})
            self._versions[site_id] = {number: one for number, one in known.items() if one.modified_at >= forget_before}


class SqliteSweepStore:
    """In a SQLite file of mode 600; thread-safe, also between processes. Close it, or use it as a context manager.

    `transaction` is for what has to be written together with the sweep, such as an `OrderIndex`.
    """

    def __init__(self, path: Path | str) -> None:
        if str(path) != ":memory:":
            Path(path).touch(mode=0o600)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA secure_delete = ON")
        self.script(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def script(self, statements: str) -> None:
        """Create tables."""
        with self._lock:
            self._db.executescript(statements)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; inside another one, part of that."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def position(self, site_id: str) -> Position | None:
        with self._lock:
            row = self._db.execute("SELECT reached, started FROM sweep_positions WHERE site = ?", (site_id,)).fetchone()
        return Position(reached=_read(row[0]), started=row[1] and _read(row[1])) if row else None

    def take(
        self,
        site_id: str,
        rows: Sequence[OrderVersion],
        position: Position,
        deliver: Callable[[Sequence[OrderVersion]], object],
    ) -> int:
        with self.transaction() as db:
            new = _unseen(rows, self._known(db, site_id, rows).get)
            if new:
                deliver(new)
            db.executemany(
                "REPLACE INTO sweep_versions VALUES (?, ?, ?, ?)",
                [(site_id, one.order.order_no, one.version, _written(one.modified_at)) for one in new],
            )
            self._place(db, site_id, position)
        return len(new)

    def finish(self, site_id: str, position: Position, *, forget_before: datetime) -> None:
        with self.transaction() as db:
            self._place(db, site_id, position)
            db.execute(
                "DELETE FROM sweep_versions WHERE site = ? AND modified_at < ?", (site_id, _written(forget_before))
            )

    @staticmethod
    def _known(db: sqlite3.Connection, site_id: str, rows: Sequence[OrderVersion]) -> dict[str, str]:
        numbers = [one.order.order_no for one in rows]
        marks = ", ".join("?" * len(numbers))
        found: list[Any] = db.execute(
            f"SELECT order_no, version FROM sweep_versions WHERE site = ? AND order_no IN ({marks})",  # noqa: S608
            (site_id, *numbers),
        ).fetchall()
        return dict(found)

    @staticmethod
    def _place(db: sqlite3.Connection, site_id: str, position: Position) -> None:
        started = position.started and _written(position.started)
        db.execute("REPLACE INTO sweep_positions VALUES (?, ?, ?)", (site_id, _written(position.reached), started))


def _unseen(rows: Sequence[OrderVersion], known: Callable[[str], str | None]) -> list[OrderVersion]:
    return [one for one in rows if known(one.order.order_no) != one.version]


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)
