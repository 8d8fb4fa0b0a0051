"""Who is handled next: finds keys whose next event is due, and gives each free thread one, by the flows' weights.

A key is worked on by one thread until nothing of it is due, or its turn is over. No flow can hold all threads: half of
every other flow's share stays free. A flow that needs a paused upstream gets none, except for the one probe.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from sfcc_client import Clock
from sidecar.engine.delivery import Attempt, Deliveries
from sidecar.engine.inbox import Head
from sidecar.engine.pacing import Shares, room
from sidecar.engine.pauses import Pause, Pauses

_log = structlog.get_logger(__name__)
_TURN = 10
"""So many events of one key in a row; then others get the thread."""
_AT_ONCE = 200
"""Keys fetched at a time, for each flow."""
_PAUSES_S = 0.25
"""So often, at most, an operator's pause or another worker's is looked for."""
_ASIDE_S = 1.0
"""A key that another worker is at is left alone for so long."""


class Dispatcher:
    """Runs attempts on `threads` threads. `make` makes one attempt; False says another worker is at it.

    The loop wakes when it is rung, when a thread becomes free, and every `poll_s` seconds for what became due.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        pauses: Pauses,
        *,
        make: Callable[[Head], bool],
        threads: int,
        poll_s: float,
        clock: Clock,
    ) -> None:
        self._deliveries, self._pauses, self._make, self._clock = deliveries, pauses, make, clock
        self._threads, self._poll_s = threads, poll_s
        weights = {name: flow.weight for name, flow in deliveries.flows.items()}
        self._shares, self._room = Shares(weights), room(weights, threads)
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._ready: dict[str, deque[str]] = {name: deque() for name in deliveries.flows}
        self._stale = set(deliveries.flows)
        self._running: Counter[str] = Counter()
        self._keys: set[str] = set()
        self._again: set[str] = set()
        self._aside: dict[str, float] = {}
        self._closed: Mapping[str, Pause | None] = {}
        self._looked = -poll_s
        self._pool: ThreadPoolExecutor | None = None
        self._loop: threading.Thread | None = None
        self.shared = False
        """Whether other workers take from the same events; then each goes through them in an order of its own."""

    def start(self) -> None:
        self._stopping.clear()
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="deliver")
        self._loop = threading.Thread(target=self._run, args=(self._pool,), name="dispatcher", daemon=True)
        self._loop.start()

    def stop(self) -> None:
        """Begin nothing more; returns when the attempts in flight are through."""
        self._stopping.set()
        self._bell.set()
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.join()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)

    def ring(self, flow: str = "", key: str = "") -> None:
        """Something was stored, or changed: look now. Safe from any thread; costs nothing.

        Whoever knows that only this `key` of this `flow` has something new spares the database the question.
        """
        with self._lock:
            if flow in self._ready:
                self._ready[flow].append(key)
            else:
                self._stale.update(self._ready)
                self._looked = -self._poll_s
        self._bell.set()

    def told(self, attempt: Attempt) -> None:
        """What an attempt says about its upstreams."""
        failed = attempt.failed
        if failed is None:
            self._pauses.succeeded(self._deliveries.flows[attempt.flow].upstreams)
        elif failed.upstream and failed.transient:
            self._pauses.failed(failed.upstream, retry_after=failed.retry_after)
            self.ring()
        elif failed.upstream:
            # A refusal is an answer: it is alive, whatever it said.
            self._pauses.succeeded((failed.upstream,))

    def _run(self, pool: ThreadPoolExecutor) -> None:
        polled = time.monotonic()
        while not self._stopping.is_set():
            self._bell.wait(self._poll_s)
            self._bell.clear()
            if time.monotonic() - polled >= self._poll_s:
                polled = time.monotonic()
                with self._lock:
                    self._stale.update(self._ready)
            try:
                if time.monotonic() - self._looked >= min(self._poll_s, _PAUSES_S):
                    self._looked = time.monotonic()
                    self._closed = self._closed_now()
                while not self._stopping.is_set() and self._began_one(pool):
                    pass
            except Exception as error:  # noqa: BLE001 - a database that is away comes back; the loop must live
                _log.error("events cannot be read", error=type(error).__name__)
                self._stopping.wait(self._poll_s)

    def _closed_now(self) -> Mapping[str, Pause | None]:
        """Flows that get nothing now: the pause to probe, None while its time has not passed."""
        paused = self._pauses.paused()
        if not paused:
            return {}
        now, closed = self._clock.now(), {}
        for name, flow in self._deliveries.flows.items():
            own = [paused[upstream] for upstream in flow.upstreams if upstream in paused]
            if own:
                over = len(own) == 1 and own[0].until is not None and own[0].until <= now
                closed[name] = own[0] if over else None
        return closed

    def _began_one(self, pool: ThreadPoolExecutor) -> bool:
        with self._lock:
            if self._running.total() >= self._threads:
                return False
            full = {name for name, most in self._room.items() if self._running[name] >= most}
        able = [name for name in self._ready if name not in full and self._closed.get(name, True) is not None]
        chosen = self._shares.next(tuple(name for name in able if self._has_ready(name)))
        if chosen is None:
            return False
        turn, pause = _TURN, self._closed.get(chosen)
        if pause is not None:
            # Closed or not, this pause is not to be looked at again before the next ring.
            self._closed = {**self._closed, chosen: None}
            if not self._pauses.probe(pause):
                return True
            self._pauses.probing(pause.upstream)
            turn = 1
        key = self._ready[chosen].popleft()
        with self._lock:
            self._keys.add(key)
            self._running[chosen] += 1
        pool.submit(self._work, chosen, key, turn)
        return True

    def _has_ready(self, flow: str) -> bool:
        """Whether a key of `flow` can be begun; it then stands first."""
        while True:
            if not self._ready[flow] and not self._fetched(flow):
                return False
            key = self._ready[flow][0]
            with self._lock:
                if key not in self._keys and self._clock.monotonic() >= self._aside.get(key, 0.0):
                    self._aside.pop(key, None)
                    return True
                if key in self._keys:
                    self._again.add(key)
            self._ready[flow].popleft()

    def _fetched(self, flow: str) -> bool:
        with self._lock:
            if flow not in self._stale:
                return False
            self._stale.discard(flow)
        found = self._deliveries.inbox.due_keys(self._clock.now(), flows=[flow], limit=_AT_ONCE)
        keys = [key for _, key in found]
        if self.shared:
            random.shuffle(keys)
        with self._lock:
            fresh = [key for key in keys if key not in self._keys]
            self._again.update(key for key in keys if key in self._keys)
            if len(keys) == _AT_ONCE and fresh:
                self._stale.add(flow)
        self._ready[flow].extend(fresh)
        return bool(fresh)

    def _work(self, flow: str, key: str, turn: int) -> None:
        more = False
        try:
            more = self._worked(flow, key, turn)
        except Exception as error:  # noqa: BLE001 - what could not be kept is due still, and is tried again
            self._leave(key)
            _log.error("an attempt could not be kept", error=type(error).__name__, flow=flow)
        finally:
            with self._lock:
                self._keys.discard(key)
                self._running[flow] -= 1
                if more or key in self._again:
                    self._ready[flow].append(key)
                self._again.discard(key)
            self._bell.set()

    def _worked(self, flow: str, key: str, turn: int) -> bool:
        """Whether something of `key` may be due still."""
        for _ in range(turn):
            head = self._deliveries.next(key)
            if head is None:
                return False
            if head.flow != flow or self._stopping.is_set():
                return True
            if turn == _TURN and flow in self._closed:
                return False
            if not self._make(head):
                self._leave(key)
                return False
        return True

    def _leave(self, key: str) -> None:
        now = self._clock.monotonic()
        with self._lock:
            self._aside = {other: until for other, until in self._aside.items() if until > now}
            self._aside[key] = now + _ASIDE_S
