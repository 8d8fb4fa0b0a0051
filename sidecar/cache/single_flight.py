"""One load per key, however many wait for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class SingleFlight(Generic[V]):
    """Joins callers of one key to one running load.

    `run` starts a task elsewhere, normally in a thread pool, and may raise when there is no room. A load belongs to
    nobody: a caller that stops waiting does not cancel it. Its error goes to those who wait now; the next caller
    starts a new load.
    """

    def __init__(self, run: Callable[[Callable[[], None]], None]) -> None:
        self._run = run
        self._lock = Lock()
        self._flights: dict[str, Future[V]] = {}

    def join(self, key: str, load: Callable[[], V]) -> Future[V]:
        """The running load of `key`, started when there is none. Wait on it with ``exception(timeout)``."""
        with self._lock:
            running = self._flights.get(key)
            if running is not None:
                return running
            flight: Future[V] = Future()
            self._flights[key] = flight
        try:
            self._run(lambda: self._land(key, flight, load))
        except Exception as error:  # noqa: BLE001 - whatever refuses the task refuses it to every waiter
            self._forget(key)
            flight.set_exception(error)
        return flight

    def __len__(self) -> int:
        return len(self._flights)

    def _land(self, key: str, flight: Future[V], load: Callable[[], V]) -> None:
        # The key is forgotten before the waiters wake, so that none of them can join a flight that has already failed.
        try:
            value = load()
        except BaseException as error:  # noqa: BLE001 - a waiter must never be left hanging
            self._forget(key)
            flight.set_exception(error)
        else:
            self._forget(key)
            flight.set_result(value)

    def _forget(self, key: str) -> None:
        with self._lock:
            self._flights.pop(key, None)
