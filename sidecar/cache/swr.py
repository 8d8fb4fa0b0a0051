"""Reading through the cache: serve what is fresh, revalidate what is older, fall back on it when that fails.

RFC 5861 section 3 (stale-while-revalidate): "caches MAY serve the response in which it appears after it becomes
stale, ... the cache SHOULD attempt to revalidate it while still serving stale responses (i.e., without blocking)".
A reader may allow a little `patience` first, because a person who waits anyway prefers the new value.
Section 4 (stale-if-error): "when an error is encountered, a cached stale response MAY be used to satisfy the request".
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sfcc_client import Clock
from sidecar.cache.entry import Entry, Lifetime
from sidecar.cache.single_flight import SingleFlight
from sidecar.cache.store import Store

V = TypeVar("V")


class Outcome(StrEnum):
    """How a key was read."""

    HIT = "hit"  # a fresh copy, or one nobody asked upstream about
    STALE = "stale"  # an older copy, because upstream failed or was slow
    MISS = "miss"  # loaded now
    PENDING = "pending"  # nothing known, and upstream was not asked
    FAILED = "failed"  # nothing known, and upstream failed or was slow


class StillLoading(Exception):  # noqa: N818 - a state, not a mistake
    """The reader's time passed before the load finished; it goes on and serves the next reader."""


def _nobody(_value: object) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Generic[V]):
    """How one key is loaded and how long the value counts; `negative` is the lifetime of an absence (None, empty)."""

    key: str
    load: Callable[[], V]
    lifetime: Lifetime
    negative: Lifetime | None = None
    subjects: Callable[[V], frozenset[str]] = _nobody

    def lifetime_of(self, value: V) -> Lifetime:
        absent = value is None or value == ()
        return self.negative if absent and self.negative is not None else self.lifetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[V]):
    """What came of reading a key: an entry unless PENDING or FAILED, an error when FAILED and mostly when STALE."""

    outcome: Outcome
    entry: Entry[V] | None = None
    error: BaseException | None = None


class Begun(Generic[V]):
    """A read that has been started and can be waited for."""

    __slots__ = ("_clock", "_copy", "_flight")

    def __init__(self, clock: Clock, copy: Entry[V] | None, flight: Future[Entry[V]] | None) -> None:
        self._clock = clock
        self._copy = copy
        self._flight = flight

    def settle(self, until: float, patient_until: float | None = None) -> Reading[V]:
        """Wait until the monotonic moment `until` at most; with an older copy in hand only until `patient_until`."""
        copy, flight = self._copy, self._flight
        if flight is None:
            return Reading(outcome=Outcome.PENDING if copy is None else Outcome.HIT, entry=copy)
        end = until if copy is None or patient_until is None else min(until, patient_until)
        try:
            error: BaseException | None = flight.exception(max(0.0, end - self._clock.monotonic()))
        except TimeoutError:
            error = StillLoading("The load has not finished yet; it goes on.")
        if error is None:
            return Reading(outcome=Outcome.MISS, entry=flight.result())
        return Reading(outcome=Outcome.FAILED if copy is None else Outcome.STALE, entry=copy, error=error)


class ReadThrough:
    """The cache as readers see it: a store, and one load per key behind it."""

    def __init__(self, store: Store, run: Callable[[Callable[[], None]], None], clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._flights: SingleFlight[Entry[Any]] = SingleFlight(run)

    def peek(self, key: str) -> Begun[V]:
        """What is known now; never loads."""
        return Begun(self._clock, self.store.get(key), None)

    def begin(self, source: Source[V]) -> Begun[V]:
        """Start reading: at once when fresh, otherwise with a load that every reader of the key shares."""
        copy = self.store.get(source.key)
        if copy is not None and copy.is_fresh(self._clock.monotonic()):
            return Begun(self._clock, copy, None)
        flight = self._flights.join(source.key, lambda: self._loaded(source))
        return Begun(self._clock, copy, flight)

    def read(self, source: Source[V], *, until: float, patience_s: float = 0.0) -> Reading[V]:
        """Begin and settle in one step: pure stale-while-revalidate when `patience_s` is 0."""
        return self.begin(source).settle(until, self._clock.monotonic() + patience_s)

    def _loaded(self, source: Source[V]) -> Entry[V]:
        # Between a reader's look and its flight another flight may have landed: then there is nothing left to load.
        epoch = self.store.epoch
        known = self.store.get(source.key)
        if known is not None and known.is_fresh(self._clock.monotonic()):
            return known
        value = source.load()
        return self.store.put(
            source.key, value, source.lifetime_of(value), subjects=source.subjects(value), epoch=epoch
        )
