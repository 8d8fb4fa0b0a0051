"""Upstreams that get nothing for a while: because an operator says so, or because they failed too often in a row.

closed ── N transient failures in a row ──▶ paused ── time passes ──▶ one probe ── it succeeds ──▶ closed
                                              ▲────────────────────────── it fails ─┘

Pauses stand in the database, so that all workers keep them and a restart does not forget them. An operator's pause has
no end and no probe.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from sfcc_client import Clock
from sidecar.engine.database import Database
from sidecar.engine.tables import PAUSES

UPSTREAMS = ("servicenow", "commerce")
_LONGEST_S = 900.0
_FAILED = "failed repeatedly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """`until` is None when an operator has to resume."""

    upstream: str
    since: datetime
    until: datetime | None
    reason: str


class Pauses:
    """Reads, makes and ends pauses. Thread-safe; workers of one database share what is in it."""

    def __init__(self, database: Database, *, clock: Clock, failures: int = 8, open_s: float = 10.0) -> None:
        self._database, self._clock = database, clock
        self._limit, self._open_s = failures, open_s
        self._lock = threading.Lock()
        self._failed: Counter[str] = Counter()

    def all(self) -> tuple[Pause, ...]:
        """Every pause, those of the breaker whose time has passed included: a probe has yet to end them."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PAUSES).order_by(PAUSES.c.upstream)).all()
        return tuple(
            Pause(
                upstream=row.upstream,
                since=_moment(row.since),
                until=None if row.until is None else _moment(row.until),
                reason=row.reason,
            )
            for row in rows
        )

    def paused(self) -> Mapping[str, Pause]:
        return {pause.upstream: pause for pause in self.all()}

    def pause(self, upstream: str, reason: str) -> None:
        """An operator's pause; it replaces the breaker's."""
        self._put(upstream, None, reason)

    def resume(self, upstream: str) -> bool:
        """End a pause, whoever made it; False when there was none."""
        with self._lock:
            self._failed[upstream] = 0
        with self._database.transaction() as connection:
            return connection.execute(delete(PAUSES).where(PAUSES.c.upstream == upstream)).rowcount > 0

    def probe(self, pause: Pause) -> bool:
        """Whether the caller is the one who may try `pause.upstream` once, now that its time has passed."""
        now = self._clock.now()
        if pause.until is None or pause.until > now:
            return False
        mine = update(PAUSES).where(
            PAUSES.c.upstream == pause.upstream, PAUSES.c.until.is_not(None), PAUSES.c.until <= now.timestamp()
        )
        with self._database.transaction() as connection:
            return connection.execute(mine.values(until=now.timestamp() + self._open_s)).rowcount > 0

    def succeeded(self, upstreams: Iterable[str]) -> None:
        """An attempt that needed these upstreams was answered: those the breaker paused go on."""
        with self._lock:
            again = [name for name in upstreams if self._failed.pop(name, 0) >= self._limit]
        for name in again:
            with self._database.transaction() as connection:
                ours = (PAUSES.c.upstream == name, PAUSES.c.until.is_not(None))
                connection.execute(delete(PAUSES).where(*ours))

    def failed(self, upstream: str, *, retry_after: float | None) -> None:
        """One more failure of `upstream`; the limit pauses it for what it asked for, or our own while."""
        with self._lock:
            self._failed[upstream] += 1
            if self._failed[upstream] < self._limit:
                return
        wait = min(max(retry_after or 0.0, self._open_s), _LONGEST_S)
        self._put(upstream, self._clock.now().timestamp() + wait, f"{_FAILED}, the last {self._limit} attempts")

    def probing(self, upstream: str) -> None:
        """A probe begins: its failure alone pauses again, its success ends the pause."""
        with self._lock:
            self._failed[upstream] = max(self._failed[upstream], self._limit)

    def _put(self, upstream: str, until: float | None, reason: str) -> None:
        now = self._clock.now().timestamp()
        with self._database.transaction() as connection:
            known = connection.execute(select(PAUSES.c.until).where(PAUSES.c.upstream == upstream)).one_or_none()
            if known is None:
                connection.execute(insert(PAUSES).values(upstream=upstream, since=now, until=until, reason=reason))
            elif until is None or known.until is not None:
                # An operator's pause is not shortened by failures that come in meanwhile.
                longer = until if until is None else max(until, known.until)
                values = {"until": longer, "reason": reason}
                connection.execute(update(PAUSES).where(PAUSES.c.upstream == upstream).values(**values))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
