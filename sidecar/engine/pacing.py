"""A narrow way shared fairly: who has more weight goes more often, and nobody who waits is passed over for ever.

Stride scheduling: each passage costs a flow 1 ÷ weight, and of those that wait the one that paid least goes next. One
that comes back after a rest starts where the others are, so that resting saves nothing up.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from sfcc_client import Clock, SystemClock

_flow: ContextVar[str] = ContextVar("flow", default="")
_LEAST_SHARE = 0.1
"""How far 429 answers slow us down, as a share of the rate set."""
_SLOWER, _FASTER_A_SECOND = 0.5, 0.02
_LONGEST_HOLD_S = 300.0


class Shares:
    """Decides who of several goes next. Not thread-safe."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        self._weights = dict(weights)
        self._paid: dict[str, float] = {}
        self._now = 0.0

    def next(self, waiting: Iterator[str] | tuple[str, ...]) -> str | None:
        """Who of `waiting` goes now, which it pays for; None when nobody waits."""
        candidates = sorted(set(waiting))
        if not candidates:
            return None
        chosen = min(candidates, key=lambda name: max(self._paid.get(name, 0.0), self._now))
        self._now = max(self._paid.get(chosen, 0.0), self._now)
        self._paid[chosen] = self._now + 1 / max(1, self._weights.get(chosen, 1))
        return chosen


def room(weights: Mapping[str, int], places: int) -> dict[str, int]:
    """How many of `places` each flow may hold at most: half of every other's fair share, at least one, stays free."""
    total = sum(weights.values()) or 1
    kept = {name: max(1, places * weight // total // 2) for name, weight in weights.items()}
    return {name: max(1, places - sum(kept.values()) + kept[name]) for name in weights}


@contextmanager
def working_for(flow: str) -> Iterator[None]:
    """Inside the block, requests of this thread count for `flow`."""
    mark = _flow.set(flow)
    try:
        yield
    finally:
        _flow.reset(mark)


class Pace:
    """At most `per_second` requests, shared by weight; 0 means no limit. Thread-safe.

    A 429 halves the rate, at most to a tenth, and holds everybody for its ``Retry-After``; afterwards the rate grows
    back by 2 % of what was set each second. `SnowClient` asks before each request and tells each answer.
    """

    def __init__(self, per_second: float, weights: Mapping[str, int], *, clock: Clock | None = None) -> None:
        self._set = per_second
        self._clock = clock or SystemClock()
        self._shares = Shares(weights)
        self._changed = threading.Condition()
        self._waiting: Counter[str] = Counter()
        self._granted: Counter[str] = Counter()
        self._rate = per_second
        self._rated_at = self._clock.monotonic()
        self._next_at = self._rated_at

    @property
    def per_second(self) -> float:
        """The rate of this moment."""
        with self._changed:
            self._grow(self._clock.monotonic())
            return self._rate

    def admit(self) -> None:
        """Wait for this thread's turn."""
        flow = _flow.get()
        with self._changed:
            if self._set <= 0 and self._clock.monotonic() >= self._next_at:
                return
            self._waiting[flow] += 1
            while not self._granted[flow]:
                wait = self.grant()
                if not self._granted[flow]:
                    self._changed.wait(wait)
            self._granted[flow] -= 1

    def grant(self) -> float:
        """Let go who may, by now; seconds until the next may."""
        with self._changed:
            while True:
                now = self._clock.monotonic()
                self._grow(now)
                if now < self._next_at:
                    return self._next_at - now
                chosen = self._shares.next(tuple(name for name, number in self._waiting.items() if number > 0))
                if chosen is None:
                    return _LONGEST_HOLD_S
                self._waiting[chosen] -= 1
                self._granted[chosen] += 1
                if self._set > 0:
                    # Up to a tenth of a second's worth may be caught up with; more would be a burst.
                    self._next_at = max(self._next_at, now - 0.1) + 1 / self._rate
                self._changed.notify_all()

    def wait_in_line(self, flow: str) -> None:
        """Count one more request of `flow` as waiting, without a thread: for whoever drives `grant` by hand."""
        self._waiting[flow] += 1

    def granted(self, flow: str) -> int:
        """How many of `flow` were let go and not counted yet; forgets them."""
        return self._granted.pop(flow, 0)

    def answered(self, status: int, retry_after: float | None) -> None:
        """What came back: 429 slows everybody down."""
        if status != 429:
            return
        with self._changed:
            now = self._clock.monotonic()
            self._grow(now)
            self._rate = max(self._set * _LEAST_SHARE, self._rate * _SLOWER)
            self._next_at = max(self._next_at, now + min(retry_after or 0.0, _LONGEST_HOLD_S))

    def _grow(self, now: float) -> None:
        self._rate = min(self._set, self._rate + self._set * _FASTER_A_SECOND * (now - self._rated_at))
        self._rated_at = now
