"""The access log as the sidecar uses it: one writer thread that commits in groups.

`write` returns once its entries are on disk, so what it guards (a reveal, a panel page) can fail closed. `note` is for
reads through the API: it returns at once, and repeats within a minute are one entry.
Raises AuditUnavailable (sidecar.errors) when the file cannot be written.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from pathlib import Path

import structlog
from cachetools import TTLCache

from sfcc_client import Clock, SystemClock
from sidecar.audit.entry import Entry, LoggedEntry, Subject
from sidecar.audit.keys import LogKeys
from sidecar.audit.store import ERASURES, Store, Verification
from sidecar.errors import AuditUnavailable

_log = structlog.get_logger(__name__)
_UNAVAILABLE = "The access log cannot be written, so nothing is shown. Free its disk, then try again."
_GROUP = 256
_WAITING = 10_000
_Job = tuple[tuple[Entry, ...], "Future[None]"]


class AccessLog:
    """Append-only record of who looked at which customer. Thread-safe; `close` writes what waits."""

    COALESCE_S = 60.0
    COMMIT_TIMEOUT_S = 10.0

    def __init__(self, path: Path, master: bytes, *, clock: Clock | None = None) -> None:
        self._path = path
        self._keys = LogKeys(master)
        self._clock = clock or SystemClock()
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._noted: TTLCache[tuple[str, ...], bool] = TTLCache(50_000, self.COALESCE_S, self._clock.monotonic)
        self._closed = False
        self._open_store().close()
        self._writer = threading.Thread(target=self._write_groups, name="access-log", daemon=True)
        self._writer.start()

    def write(self, *entries: Entry) -> None:
        """Record now: on disk when this returns. Raises AuditUnavailable, and then nothing was recorded."""
        try:
            self._submitted(entries).result(self.COMMIT_TIMEOUT_S)
        except Exception as error:
            raise AuditUnavailable(_UNAVAILABLE) from error

    def note(self, *entries: Entry) -> None:
        """Record soon; the same user, action, customer and case within a minute count once."""
        with self._lock:
            fresh = []
            for entry in entries:
                key = (entry.user, entry.action, entry.result, entry.subject.key, entry.case_id)
                if key not in self._noted:
                    self._noted[key] = True
                    fresh.append(entry)
        if fresh:
            self._submitted(tuple(fresh))

    def export(self, subject: Subject) -> tuple[LoggedEntry, ...]:
        """Every entry about one customer, oldest first (GDPR article 15); empty once erased."""
        store = self._open_store()
        try:
            return store.of_subject(subject)
        finally:
            store.close()

    def erase(self, subject: Subject, *, by: str) -> int:
        """Destroy the customer's key, so that no entry about them can be read again; how many entries that were."""
        store = self._open_store()
        try:
            count = store.erase(subject, self._clock.now())
            store.append([Entry(action="erase", subject=ERASURES, user=by, result="done")], self._clock.now())
        finally:
            store.close()
        with self._lock:
            self._noted.clear()
        return count

    def verify(self, expected: tuple[int, str] | None = None) -> Verification:
        """Whether every entry is as it was written; `expected` is a (count, head) noted earlier."""
        store = self._open_store()
        try:
            return store.verified(expected)
        finally:
            store.close()

    def close(self) -> None:
        """Write what waits, then stop; safe to call twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._jobs.put(None)
        self._writer.join(timeout=self.COMMIT_TIMEOUT_S)

    def _open_store(self) -> Store:
        return Store(self._path, self._keys)

    def _submitted(self, entries: tuple[Entry, ...]) -> Future[None]:
        done: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise AuditUnavailable(_UNAVAILABLE)
        self._jobs.put((entries, done))
        return done

    def _write_groups(self) -> None:
        store: Store | None = None
        while (first := self._jobs.get()) is not None:
            group = [first]
            last = False
            while len(group) < _GROUP and not self._jobs.empty():
                job = self._jobs.get()
                if job is None:
                    last = True
                    break
                group.append(job)
            store = self._committed(store, group)
            if last:
                break
        if store is not None:
            store.close()

    def _committed(self, store: Store | None, group: list[_Job]) -> Store | None:
        """Write one group; the store to go on with, None when it has to be opened again."""
        try:
            store = store or self._open_store()
            store.append([entry for entries, _ in group for entry in entries], self._clock.now())
        except Exception as error:  # noqa: BLE001 - whatever it is, the writer must live and the waiting must hear
            _log.error("access_log_write_failed", error=type(error).__name__, entries=len(group))
            for _, done in group:
                done.set_exception(error)
            if store is not None:
                store.close()
            return None
        for _, done in group:
            done.set_result(None)
        return store
