"""A worker: hands events to their flows until it is stopped, and takes over what dead workers left.

dbos keeps its own tables beside the events': in `engine.sqlite` next to a SQLite file, in the schema "dbos" of a
PostgreSQL database. They hold numbers and states only. The truth is the events' own table: if dbos forgot something,
the event is due still, and what it already did is known.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import structlog
from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine, create_engine, event

from sfcc_client import Clock, SystemClock
from sidecar.engine.database import Database, sqlite_url
from sidecar.engine.delivery import Attempt, Deliveries
from sidecar.engine.dispatcher import Dispatcher
from sidecar.engine.flow import Flow
from sidecar.engine.gauges import counted, measured
from sidecar.engine.inbox import Head
from sidecar.engine.pauses import Pauses
from sidecar.engine.retention import Retention, cleaned
from sidecar.engine.slots import FileSlots, PostgresSlots, Slots
from sidecar.engine.workflows import OVER, Plain, finished, made, working_with
from sidecar.observe import Metrics

_log = structlog.get_logger(__name__)
_NAME = "sfcc-snow"
_VERSION = "1"
"""Of the workflow's body. What a version began, only the same version goes on with."""
_LOOK_S = 2.0
_CLEAN_S = 3600.0
_DONE_HOURS = 24
"""What dbos noted of an attempt that is over is of no use any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPolicy:
    """`threads` attempts are made at once. Seconds: `poll_s` between looks for what became due, `stop_s` that attempts
    in flight may take at the end, `open_s` that an upstream is left alone after `failures` in a row."""

    threads: int = 8
    poll_s: float = 1.0
    stop_s: float = 25.0
    failures: int = 8
    open_s: float = 10.0
    retention: Retention = field(default_factory=Retention)


class Worker:
    """One worker; a process has at most one at a time. `folder` keeps its locks and, for SQLite, dbos' file.

    `start` returns once it works, `stop` once every attempt in flight is through. `ring` says something was stored.
    """

    def __init__(
        self,
        database: Database,
        flows: Iterable[Flow],
        *,
        folder: Path,
        clock: Clock | None = None,
        policy: WorkerPolicy | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._database, self._folder = database, folder
        self._clock, self._policy = clock or SystemClock(), policy or WorkerPolicy()
        self._metrics = metrics
        policy = self._policy
        self.deliveries = Deliveries(database, flows, clock=self._clock, told=self._tell)
        self.pauses = Pauses(database, clock=self._clock, failures=policy.failures, open_s=policy.open_s)
        self._dispatcher = Dispatcher(
            self.deliveries,
            self.pauses,
            make=self._make,
            threads=policy.threads,
            poll_s=policy.poll_s,
            clock=self._clock,
        )
        self._slots: Slots = FileSlots(folder) if database.is_sqlite else PostgresSlots(database.url)
        self._place = -1
        self._stack = ExitStack()
        self._ended = threading.Event()
        self._keeper: threading.Thread | None = None
        self.failed = threading.Event()
        """Set when the worker lost its place and stopped by itself; the process should end and be started again."""

    def start(self) -> Self:
        with ExitStack() as stack:
            self._place = self._slots.take()
            stack.callback(self._slots.close)
            stack.enter_context(working_with(self.deliveries))
            self._launch(stack)
            self._dispatcher.start()
            self._stack = stack.pop_all()
        self._ended.clear()
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._keeper.start()
        return self

    def stop(self) -> None:
        """Begin nothing more and let what is in flight finish; safe to call twice."""
        self._ended.set()
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.join()
        self._dispatcher.stop()
        self._stack.close()

    @property
    def name(self) -> str:
        """Of the place it holds."""
        return _executor(self._place)

    def ring(self, flow: str = "", key: str = "") -> None:
        """Something was stored, if given for this `key` of this `flow`: look now instead of at the next poll. Safe from
        any thread."""
        self._dispatcher.ring(flow, key)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launch(self, stack: ExitStack) -> None:
        config: DBOSConfig = {
            "name": _NAME,
            "application_version": _VERSION,
            "executor_id": _executor(self._place),
            "serializer": Plain(),
            "log_level": "ERROR",
            "use_listen_notify": False,
        }
        if self._database.is_sqlite:
            path = self._folder / "engine.sqlite"
            path.touch(mode=0o600)
            engine = _sqlite(path)
            stack.callback(engine.dispose)
            config |= {"system_database_url": sqlite_url(path), "system_database_engine": engine}
        else:
            config |= {"system_database_url": self._database.url, "sys_db_pool_size": self._policy.threads + 4}
        DBOS(config=config)
        stack.callback(self._destroy)
        DBOS.launch()

    def _destroy(self) -> None:
        # Attempts that dbos itself took up again after a crash are not the dispatcher's.
        if not finished(self._policy.stop_s):
            _log.warning("attempts in flight are broken off; they are made again later")
        DBOS.destroy()

    def _make(self, head: Head) -> bool:
        return made(
            head, still=lambda one: self.deliveries.inbox.awaited(one) is not None, gave_up=self.deliveries.gave_up
        )

    def _tell(self, attempt: Attempt) -> None:
        self._dispatcher.told(attempt)
        if self._metrics is not None:
            counted(self._metrics, attempt)

    def _keep(self) -> None:
        cleaned_at = -_CLEAN_S
        while not self._ended.wait(_LOOK_S):
            try:
                if self._metrics is not None:
                    measured(self._metrics, self._database, self.deliveries.flows, self._clock.now())
                if not self._slots.held():
                    _log.error("the worker lost its place in the database and stops")
                    self.failed.set()
                    self._dispatcher.stop()
                    return
                self._take_over()
                if time.monotonic() - cleaned_at >= _CLEAN_S:
                    cleaned_at = time.monotonic()
                    self._clean()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                _log.error("unfinished work cannot be looked at", error=type(error).__name__)

    def _take_over(self) -> None:
        """Have run again what workers that are gone began."""
        own = _executor(self._place)
        begun: dict[str, list[str]] = {}
        for one in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            if one.executor_id and one.executor_id != own:
                begun.setdefault(one.executor_id, []).append(one.workflow_id)
        alive = False
        for executor, ids in begun.items():
            with self._slots.dead(_place(executor)) as dead:
                if dead:
                    DBOS.resume_workflows(ids)
                    _log.info("took over", worker=executor, attempts=len(ids))
            alive = alive or not dead
        self._dispatcher.shared = alive

    def _clean(self) -> None:
        cleaned(self._database, self._policy.retention, self._clock.now())
        before = (datetime.now(UTC) - timedelta(hours=_DONE_HOURS)).isoformat()
        while not self._ended.is_set():
            old = DBOS.list_workflows(
                end_time=before, status=list(OVER), limit=500, load_input=False, load_output=False
            )
            if not old:
                return
            DBOS.delete_workflows([one.workflow_id for one in old])


def _executor(place: int) -> str:
    return f"worker-{place}"


def _place(executor: str) -> int:
    return int(executor.removeprefix("worker-"))


def _sqlite(path: Path) -> Engine:
    """dbos' file. A commit may be lost with the machine's power: then the attempt is made again, as the truth is in the
    events' table, whose commits are not."""
    engine = create_engine(sqlite_url(path), pool_size=32, connect_args={"timeout": 30})

    def prepared(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepared)
    return engine
