"""How often somebody may ask: one token bucket per key, in bounded memory."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from cachetools import LRUCache

from sfcc_client import Clock, SystemClock


class Rates:
    """`per_second` requests a second for each key, at most `burst` at once; 0 a second means no limit. Thread-safe."""

    def __init__(self, per_second: float, *, burst: float, keys: int = 10_000, clock: Clock | None = None) -> None:
        self._per_second = per_second
        self._burst = max(1.0, burst)
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._buckets: LRUCache[Hashable, tuple[float, float]] = LRUCache(keys)

    def wait_s(self, key: Hashable) -> float:
        """0.0 when the request may pass, which it then is counted for; otherwise the seconds until it may."""
        if self._per_second <= 0:
            return 0.0
        now = self._clock.monotonic()
        with self._lock:
            left, at = self._buckets.get(key, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._per_second)
            if left < 1:
                return (1 - left) / self._per_second
            self._buckets[key] = (left - 1, now)
            return 0.0
