"""Writes of several threads that go to disk together.

SQLite takes one writer at a time, and waits for the disk at every commit. So the threads of a process line up: each
does its writes in one transaction, behind a savepoint of its own, and the last in line commits for all. Nobody returns
before the disk has it, and whoever fails takes back only what was its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine

_MOST = 32
"""So many writers at most share a commit, so that the first of them does not wait for ever."""


class _Batch:
    """One transaction and whoever waits for its end."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.members = 0
        self.over = threading.Event()
        self.error: BaseException | None = None


class GroupCommits:
    """Thread-safe. A thread inside `transaction` must not enter it again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self._waiting = 0
        self._batch: _Batch | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything or nothing; on disk when the block is left. Raises what the commit raised, for all who shared
        it."""
        with self._count:
            self._waiting += 1
        batch: _Batch | None = None
        with self._turn:
            with self._count:
                self._waiting -= 1
            try:
                batch = self._batch = self._batch or self._begun()
                with batch.connection.begin_nested() if batch.members else nullcontext():
                    yield batch.connection
                batch.members += 1
            except BaseException:
                if batch is not None and not batch.members:
                    self._batch = None
                    batch.connection.rollback()
                    batch.connection.close()
                raise
            finally:
                if self._batch is not None and (not self._waiting or self._batch.members >= _MOST):
                    self._end(self._batch)
        batch.over.wait()
        if batch.error is not None:
            raise batch.error

    def _begun(self) -> _Batch:
        connection = self._engine.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return _Batch(connection)

    def _end(self, batch: _Batch) -> None:
        """Commit for all; the error is each member's to raise."""
        self._batch = None
        try:
            batch.connection.commit()
        except Exception as error:  # noqa: BLE001 - it is raised where each member waits
            batch.error = error
            # Nobody knows what state it is in: closing it takes everything back.
            batch.connection.invalidate()
        finally:
            try:
                batch.connection.close()
            finally:
                batch.over.set()
