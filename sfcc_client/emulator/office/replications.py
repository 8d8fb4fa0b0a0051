"""Granular replication: single items are queued on a staging instance and copied to production together.

::

    pending  30 s after the first item of a batch  →  in_progress  60 s, nothing can be queued  →  completed or failed
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.tokens import Clock

COLLECTS = timedelta(seconds=30)
RUNS = timedelta(seconds=60)
MOST_QUEUED = 50
_KEPT = 1_000


class ReplicationRunning(Exception):  # noqa: N818 - the house names errors by what happened
    """Items are being copied just now; nothing can be queued until that is over."""


class TooManyQueued(Exception):  # noqa: N818
    """The batch is full: 50 items."""


class QueuedTwice(Exception):  # noqa: N818
    """The item is in the batch already."""


@dataclass(slots=True, kw_only=True)
class Process:
    """One item on its way. `work` copies it and says whether it could; `opened` is when its batch began."""

    id: str
    item: Mapping[str, Any]
    opened: datetime
    queued: datetime
    client_id: str
    work: Callable[[], bool] = field(repr=False)
    succeeded: bool | None = None

    @property
    def ends(self) -> datetime:
        return self.opened + COLLECTS + RUNS

    def status(self, now: datetime) -> str:
        if now < self.opened + COLLECTS:
            return "pending"
        if now < self.ends:
            return "in_progress"
        return "completed" if self.succeeded else "failed"

    def document(self, now: datetime) -> dict[str, Any]:
        """Granular Replications 1.0, schema PublishProcessResponse."""
        name, value = next(iter(self.item.items()))
        status = self.status(now)
        over = {"endTime": iso(self.ends)} if status in ("completed", "failed") else {}
        return {
            "id": self.id,
            "status": status,
            "startTime": iso(self.queued),
            **over,
            "initiatedBy": self.client_id,
            f"{name}Item": value,
        }


class Replications:
    """The batch being collected, and the last 1,000 items. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._processes: dict[str, Process] = {}
        self._open: list[Process] = []
        self._lock = threading.RLock()

    def queue(self, process_id: str, item: Mapping[str, Any], client_id: str, work: Callable[[], bool]) -> Process:
        """Raises ReplicationRunning, TooManyQueued, QueuedTwice."""
        self.settle()
        now = self._clock.now()
        with self._lock:
            if any(process.status(now) == "in_progress" for process in self._open):
                raise ReplicationRunning
            if len(self._open) >= MOST_QUEUED:
                raise TooManyQueued
            if any(process.item == item for process in self._open):
                raise QueuedTwice
            opened = self._open[0].opened if self._open else now
            process = Process(id=process_id, item=item, opened=opened, queued=now, client_id=client_id, work=work)
            self._open.append(process)
            self._processes[process_id] = process
            while len(self._processes) > _KEPT:
                self._processes.pop(next(iter(self._processes)))
        return process

    def settle(self) -> None:
        """Copy the batch once its time is over."""
        now = self._clock.now()
        with self._lock:
            if self._open and self._open[0].ends <= now:
                for process in self._open:
                    process.succeeded = process.work()
                self._open = []

    def all(self) -> list[Process]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._processes.values()))

    def get(self, process_id: str) -> Process | None:
        return self._processes.get(process_id)


def documents(processes: Iterable[Process], now: datetime) -> list[dict[str, Any]]:
    return [process.document(now) for process in processes]
