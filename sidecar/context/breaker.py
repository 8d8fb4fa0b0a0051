"""Leaves an upstream capability alone after it failed too often, so that readers get their saved copy at once.

closed ── N failures in a row, or 429 with Retry-After ──▶ open ── time passes ──▶ half-open (one probe)
   ▲──────────────────────── the probe succeeds ──────────────────────────────────────┘ (fails: open again)

No lock is held while a call runs: it is taken for the moment of asking and the moment of telling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock

from sfcc_client import Clock
from sfcc_client.errors import CommerceError, RateLimited
from sidecar.errors import CircuitOpen

_LONGEST_PAUSE_S = 60.0


class Breaker:
    """One capability. `failures` in a row open it for `open_s` seconds; a probe that never ends is replaced after as
    long again."""

    def __init__(
        self,
        capability: str,
        *,
        failures: int,
        open_s: float,
        clock: Clock,
        told: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self.capability = capability
        self._limit = failures
        self._open_s = open_s
        self._clock = clock
        self._told = told
        self._lock = Lock()
        self._failed = 0
        self._closed_again_at: float | None = None
        self._because = ""

    @property
    def is_open(self) -> bool:
        return self._closed_again_at is not None

    def call(self) -> AbstractContextManager[None]:
        """Runs a call inside. Raises CircuitOpen instead of entering while the capability is left alone."""
        return self._call()

    @contextmanager
    def _call(self) -> Iterator[None]:
        self._admit()
        try:
            yield
        except CommerceError as error:
            # A refusal is an answer: the capability is alive, whatever it said.
            self._failure(error) if error.transient else self._success()
            raise
        except BaseException:
            self._failure(None)
            raise
        else:
            self._success()

    def _admit(self) -> None:
        now = self._clock.monotonic()
        with self._lock:
            if self._closed_again_at is None:
                return
            wait = self._closed_again_at - now
            if wait <= 0:
                self._closed_again_at = now + self._open_s  # everybody else keeps out while this one probes
                return
            because = self._because
        raise CircuitOpen(
            f"Commerce failed repeatedly for {self.capability}; it is tried again in {wait:.0f} s.",
            retry_after=wait,
            because=because,
        )

    def _success(self) -> None:
        with self._lock:
            changed, self._closed_again_at, self._failed = self._closed_again_at is not None, None, 0
        if changed:
            self._told(False)

    def _failure(self, error: CommerceError | None) -> None:
        asked = error.retry_after if isinstance(error, RateLimited) else None
        pause = self._open_s if asked is None else max(0.0, min(asked, _LONGEST_PAUSE_S))
        with self._lock:
            self._failed += 1
            if self._closed_again_at is None and self._failed < self._limit and asked is None:
                return
            self._closed_again_at = self._clock.monotonic() + pause
            self._because = error.code if error is not None else ""
        self._told(True)
