"""What is done again and again: sweeps, polls, cleaning up. Each job has an interval and a thread of its own.

A job that fails is said once in the log and tried again at its next turn; it never ends the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import structlog
from prometheus_client import Gauge

from sfcc_client import Clock
from sidecar.observe import Metrics

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`run` every `every_s` seconds, counted from one start to the next, and never twice at a time."""

    name: str
    every_s: float
    run: Callable[[], object]


class Rounds:
    """Runs jobs until `stop`, which gives those under way `grace_s` seconds: a job must bear being cut off."""

    def __init__(self, jobs: Iterable[Job], *, metrics: Metrics, clock: Clock, grace_s: float = 5.0) -> None:
        self._jobs = tuple(jobs)
        self._done: Gauge = metrics.round_done
        self._clock = clock
        self._grace_s = grace_s
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> Self:
        for job in self._jobs:
            thread = threading.Thread(target=self._repeat, args=(job,), name=f"round-{job.name}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def stop(self) -> None:
        """Safe to call twice."""
        self._stopped.set()
        threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(self._grace_s)

    def once(self, job: Job) -> bool:
        """One turn; whether it succeeded."""
        try:
            job.run()
        except Exception as error:  # noqa: BLE001 - whatever a job raises must not end its rounds
            _log.warning("round failed", job=job.name, code=str(getattr(error, "code", type(error).__name__)))
            return False
        self._done.labels(job.name).set(self._clock.now().timestamp())
        return True

    def _repeat(self, job: Job) -> None:
        while not self._stopped.is_set():
            started = self._clock.monotonic()
            self.once(job)
            self._stopped.wait(max(0.0, job.every_s - (self._clock.monotonic() - started)))
