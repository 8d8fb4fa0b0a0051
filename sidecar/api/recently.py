"""Which context bodies are in the access log already, so that a repeated read within a minute need not be parsed."""

from __future__ import annotations

import threading

from cachetools import TTLCache

from sfcc_client import Clock

_LONGEST_BODY = 2048
_BODIES = 4096


class Recently:
    """The bodies a client sent within the last `seconds`. Thread-safe, bounded; long bodies are never remembered."""

    def __init__(self, clock: Clock, *, seconds: float = 60.0) -> None:
        self._lock = threading.Lock()
        self._seen: TTLCache[tuple[str, bytes], bool] = TTLCache(_BODIES, seconds, clock.monotonic)

    def due(self, raw: bytes, client: str) -> bool:
        """Whether this read has to be recorded."""
        with self._lock:
            return (client, raw) not in self._seen

    def remember(self, raw: bytes, client: str) -> None:
        if len(raw) <= _LONGEST_BODY:
            with self._lock:
                self._seen[client, raw] = True

    def clear(self) -> None:
        """Forget every body: one of them may name a customer who was erased."""
        with self._lock:
            self._seen.clear()
