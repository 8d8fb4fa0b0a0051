"""One thread that stores what many requests bring: those that wait share one transaction, and so one wait for the disk.

Nobody gets an answer before its event is on disk. A full queue refuses at once instead of letting everybody wait.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from datetime import datetime
from typing import NamedTuple, Self

import structlog
from sqlalchemy.exc import OperationalError

from sfcc_client import Clock
from sidecar.engine.arrivals import Arrival, Stored
from sidecar.errors import Overloaded, StoreUnavailable

Store = Callable[[Sequence[Arrival], datetime], tuple[Stored, ...]]
"""`Inbox.store`: all or nothing."""
Heard = Callable[[tuple[Stored, ...]], None]
"""Told what became of arrivals before anybody gets an answer, whether or not they still wait for it."""
_log = structlog.get_logger(__name__)
_RETRY_AFTER_S = 1.0


class _Waiting(NamedTuple):
    arrivals: tuple[Arrival, ...]
    since: float
    heard: Heard
    stored: Future[tuple[Stored, ...]]


class Writer:
    """Thread-safe. `close` stores what still waits."""

    def __init__(
        self, store: Store, *, clock: Clock, waiting: int = 1000, together: int = 128, patience_s: float = 20.0
    ) -> None:
        """At most `waiting` requests wait, `together` share a transaction, and none waits longer than `patience_s`."""
        self._store, self._clock = store, clock
        self._together, self._patience_s = together, patience_s
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(waiting)
        self._closed = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)
        self._thread.start()

    def storing(self, arrivals: Sequence[Arrival], heard: Heard) -> Future[tuple[Stored, ...]]:
        """All of `arrivals` or none, on disk once it is done. Raises Overloaded when too many wait; the future raises
        StoreUnavailable when the database does not take them. Either way they may be sent again, also when they arrived
        after all."""
        waiting = _Waiting(tuple(arrivals), self._clock.monotonic(), heard, Future())
        with self._closed:
            if self._is_closed:
                raise StoreUnavailable("The sidecar is stopping. Send the event again.", retry_after=_RETRY_AFTER_S)
            try:
                self._queue.put_nowait(waiting)
            except queue.Full:
                detail = "More events wait to be stored than there is room for. Send the event again."
                raise Overloaded(detail, retry_after=_RETRY_AFTER_S) from None
        return waiting.stored

    def stored(self, storing: Future[tuple[Stored, ...]]) -> tuple[Stored, ...]:
        """What `storing` began, waited for."""
        try:
            return storing.result(self._patience_s)
        except NotInTime:
            raise _late() from None

    def close(self) -> None:
        with self._closed:
            if self._is_closed:
                return
            self._is_closed = True
        self._queue.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, last = [first], False
            while len(batch) < self._together:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    last = True
                    break
                batch.append(following)
            self._write(batch)
            if last:
                return

    def _write(self, batch: list[_Waiting]) -> None:
        earliest = self._clock.monotonic() - self._patience_s
        for waiting in [waiting for waiting in batch if waiting.since < earliest]:
            batch.remove(waiting)
            waiting.stored.set_exception(_late())
        arrivals = [arrival for waiting in batch for arrival in waiting.arrivals]
        try:
            results = self._store(arrivals, self._clock.now())
        except Exception as error:  # noqa: BLE001 - whatever the database raises, those who wait must hear of it
            self._failed(batch, error)
            return
        done = 0
        for waiting in batch:
            own = results[done : done + len(waiting.arrivals)]
            waiting.heard(own)
            waiting.stored.set_result(own)
            done += len(waiting.arrivals)

    def _failed(self, batch: list[_Waiting], error: Exception) -> None:
        """One event the database refuses must not take the others with it; a database that is away refuses all."""
        if len(batch) > 1 and not isinstance(error, OperationalError):
            for waiting in batch:
                self._write([waiting])
            return
        _log.error("events not stored", error=type(error).__name__, requests=len(batch))
        detail = "The database did not take the event. Send it again."
        for waiting in batch:
            waiting.stored.set_exception(StoreUnavailable(detail, retry_after=_RETRY_AFTER_S))


def _late() -> StoreUnavailable:
    detail = "The database did not take the event in time. Send it again; it is stored once."
    return StoreUnavailable(detail, retry_after=_RETRY_AFTER_S)
