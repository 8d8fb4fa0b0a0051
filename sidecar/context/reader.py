"""One request's way through the cache: what it asked, what it got, and how long the answer made of it may be reused."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from sfcc_client import Clock
from sidecar.cache import Begun, Outcome, Reading, ReadThrough
from sidecar.context.answer import CacheState
from sidecar.context.upstream import Fact, Upstream
from sidecar.observe import Metrics

V = TypeVar("V")


class Question(Generic[V]):
    """A fact this request has asked for; `reading` waits for it, once."""

    __slots__ = ("_begun", "_fact", "_reader", "_reading")

    def __init__(self, reader: Reader, fact: Fact[V], begun: Begun[V]) -> None:
        self._reader = reader
        self._fact = fact
        self._begun = begun
        self._reading: Reading[V] | None = None

    def reading(self, within_s: float | None = None) -> Reading[V]:
        """What is known when the load has finished, or `within_s` seconds of the request have passed."""
        if self._reading is None:
            self._reading = self._begun.settle(self._reader.until(within_s), self._reader.patient_until)
            self._reader.noted(self._fact, self._reading)
        return self._reading

    def value(self) -> V | None:
        """The answer, or None when there is none."""
        entry = self.reading().entry
        return None if entry is None else entry.value


class Reader:
    """Asks facts for one request; `live` False never asks upstream."""

    def __init__(
        self, cache: ReadThrough, upstream: Upstream, metrics: Metrics, clock: Clock, *, live: bool, ref: str
    ) -> None:
        self.upstream = upstream
        self.ref = ref
        self.live = live
        self.now = clock.now()
        self.started = clock.monotonic()
        self.patient_until = self.started + upstream.policy.patience_s
        self._cache = cache
        self._metrics = metrics
        self._asked: dict[str, Question[Any]] = {}
        self._readings: dict[str, Reading[Any]] = {}

    def until(self, within_s: float | None = None) -> float:
        """The monotonic moment up to which this request waits."""
        overall = self.upstream.policy.deadline_s
        return self.started + (overall if within_s is None else min(overall, within_s))

    def ask(self, fact: Fact[V]) -> Question[V]:
        """Start reading `fact`; the same fact is asked once a request."""
        known = self._asked.get(fact.key)
        if known is None:
            begun: Begun[V] = (
                self._cache.begin(self.upstream.source(fact, self.ref)) if self.live else self._cache.peek(fact.key)
            )
            known = self._asked[fact.key] = Question(self, fact, begun)
        return known

    def known(self, fact: Fact[V]) -> Reading[V]:
        """What the cache holds now, without asking upstream even in a live read; what was asked already counts."""
        if fact.key in self._asked:
            return self._asked[fact.key].reading()
        reading: Reading[V] = self._cache.peek(fact.key).settle(self.started)
        if reading.entry is not None:
            self.noted(fact, reading)
        return reading

    def forget(self, fact: Fact[Any]) -> None:
        """Drop what the cache holds of a fact that must not be held any more."""
        self._cache.store.discard(fact.key)

    def noted(self, fact: Fact[V], reading: Reading[V]) -> None:
        self._readings[fact.key] = reading
        self._metrics.facts.labels(fact.kind, reading.outcome.value).inc()

    @property
    def cache_state(self) -> CacheState:
        outcomes = {reading.outcome for reading in self._readings.values()}
        if outcomes & {Outcome.MISS, Outcome.FAILED, Outcome.PENDING}:
            return CacheState.MISS
        return CacheState.STALE if self._shows_stale() else CacheState.HIT

    @property
    def marks(self) -> tuple[tuple[str, int], ...]:
        """Key and generation of everything read."""
        return tuple((key, reading.entry.generation) for key, reading in self._readings.items() if reading.entry)

    @property
    def subjects(self) -> frozenset[str]:
        return frozenset().union(*(reading.entry.subjects for reading in self._readings.values() if reading.entry))

    def reusable_s(self) -> float:
        """Seconds for which the same question has the same answer; 0 when something was missing, slow or failed."""
        if any(reading.entry is None or reading.error is not None for reading in self._readings.values()):
            return 0.0
        ends = [reading.entry.fresh_until for reading in self._readings.values() if reading.entry]
        if self.live:
            return max(0.0, min(ends, default=self.started) - self.started)
        return self.upstream.policy.memo_s

    def _shows_stale(self) -> bool:
        return any(
            reading.outcome is Outcome.STALE or (reading.entry is not None and not reading.entry.is_fresh(self.started))
            for reading in self._readings.values()
        )
