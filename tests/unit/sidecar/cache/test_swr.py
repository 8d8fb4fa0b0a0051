"""Reading through: hit, stale-while-revalidate, stale-if-error, miss, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sidecar.cache import Lifetime, Outcome, ReadThrough, Source, StillLoading, Store

from .conftest import ByHand, FakeClock, at_once

MINUTE = Lifetime(fresh_s=60, keep_s=600)


class Loader:
    """Counts loads; answers or fails as told."""

    def __init__(self) -> None:
        self.count = 0
        self.failure: Exception | None = None
        self.value: Any = None

    def __call__(self) -> Any:
        self.count += 1
        if self.failure:
            raise self.failure
        return self.value if self.value is not None else f"value {self.count}"


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def source(loader: Loader) -> Source[Any]:
    return Source(key="k", load=loader, lifetime=MINUTE)


@pytest.fixture
def cache(clock: FakeClock) -> ReadThrough:
    return ReadThrough(Store(1_000_000, clock), at_once, clock)


@pytest.fixture
def slow(clock: FakeClock, by_hand: ByHand) -> ReadThrough:
    return ReadThrough(Store(1_000_000, clock), by_hand, clock)


def soon(clock: FakeClock) -> float:
    return clock.monotonic()


class TestFresh:
    def test_first_a_miss_then_hits_without_loading(
        self, cache: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock
    ) -> None:
        first = cache.read(source, until=soon(clock))
        second = cache.read(source, until=soon(clock))
        assert (first.outcome, second.outcome) == (Outcome.MISS, Outcome.HIT)
        assert second.entry is first.entry
        assert loader.count == 1

    def test_peek_never_loads(self, cache: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock) -> None:
        assert cache.peek("k").settle(soon(clock)).outcome is Outcome.PENDING
        cache.read(source, until=soon(clock))
        clock.pass_by(300)
        assert cache.peek("k").settle(soon(clock)).outcome is Outcome.HIT
        assert loader.count == 1


class TestStaleWhileRevalidate:
    def test_the_older_copy_is_served_and_refreshed_once_behind_it(
        self, slow: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock, by_hand: ByHand
    ) -> None:
        begun = slow.begin(source)
        by_hand.go()
        begun.settle(soon(clock))
        clock.pass_by(61)
        readings = [slow.read(source, until=clock.monotonic() + 5) for _ in range(10)]
        assert {reading.outcome for reading in readings} == {Outcome.STALE}
        assert {reading.entry.value for reading in readings if reading.entry} == {"value 1"}
        assert by_hand.go() == 1
        assert slow.read(source, until=soon(clock)).entry.value == "value 2"  # type: ignore[union-attr]
        assert loader.count == 2

    def test_with_patience_a_quick_refresh_is_waited_for(
        self, cache: ReadThrough, source: Source[Any], clock: FakeClock
    ) -> None:
        cache.read(source, until=soon(clock))
        clock.pass_by(61)
        reading = cache.read(source, until=clock.monotonic() + 5, patience_s=1)
        assert (reading.outcome, reading.entry.value) == (Outcome.MISS, "value 2")  # type: ignore[union-attr]


class TestErrors:
    def test_the_copy_is_served_with_the_error(
        self, cache: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock
    ) -> None:
        cache.read(source, until=soon(clock))
        clock.pass_by(400)
        loader.failure = ConnectionError("down")
        reading = cache.read(source, until=clock.monotonic() + 5, patience_s=1)
        assert reading.outcome is Outcome.STALE
        assert reading.error is loader.failure
        assert reading.entry is not None
        assert reading.entry.age_s(clock.monotonic()) == 400

    def test_past_keeping_there_is_only_the_error(
        self, cache: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock
    ) -> None:
        cache.read(source, until=soon(clock))
        clock.pass_by(600)
        loader.failure = ConnectionError("down")
        reading = cache.read(source, until=soon(clock))
        assert (reading.outcome, reading.entry) == (Outcome.FAILED, None)

    def test_an_error_is_not_remembered(
        self, cache: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock
    ) -> None:
        loader.failure = ConnectionError("down")
        assert cache.read(source, until=soon(clock)).outcome is Outcome.FAILED
        loader.failure = None
        assert cache.read(source, until=soon(clock)).outcome is Outcome.MISS


class TestDeadlines:
    def test_a_reader_out_of_time_leaves_and_the_load_serves_the_next(
        self, slow: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock, by_hand: ByHand
    ) -> None:
        late = slow.read(source, until=soon(clock))
        assert late.outcome is Outcome.FAILED
        assert isinstance(late.error, StillLoading)
        by_hand.go()
        assert slow.read(source, until=soon(clock)).outcome is Outcome.HIT
        assert loader.count == 1


class TestAbsence:
    @pytest.mark.parametrize("nothing", [None, ()])
    def test_is_remembered_briefly(self, clock: FakeClock, nothing: Any) -> None:
        answers: Iterator[Any] = iter([nothing, "found"])
        load: Callable[[], Any] = lambda: next(answers)  # noqa: E731
        cache = ReadThrough(Store(10_000, clock), at_once, clock)
        source = Source(key="k", load=load, lifetime=MINUTE, negative=Lifetime(fresh_s=5, keep_s=5))
        cache.read(source, until=soon(clock))
        clock.pass_by(4)
        assert cache.read(source, until=soon(clock)).outcome is Outcome.HIT
        clock.pass_by(1)
        assert cache.read(source, until=soon(clock)).entry.value == "found"  # type: ignore[union-attr]

    def test_counts_like_any_value_without_a_lifetime_of_its_own(self, clock: FakeClock) -> None:
        cache = ReadThrough(Store(10_000, clock), at_once, clock)
        source = Source(key="k", load=lambda: None, lifetime=MINUTE)
        cache.read(source, until=soon(clock))
        clock.pass_by(59)
        assert cache.read(source, until=soon(clock)).outcome is Outcome.HIT


class TestRaces:
    def test_a_flight_that_starts_after_another_landed_does_not_load_again(
        self, slow: ReadThrough, source: Source[Any], loader: Loader, clock: FakeClock, by_hand: ByHand
    ) -> None:
        first = slow.begin(source)
        straggler_task = by_hand.waiting.pop()
        second = slow.begin(source)  # still joined to the first flight
        straggler_task()
        assert first.settle(soon(clock)).entry is second.settle(soon(clock)).entry
        # A reader that looked before the first landing and joined after it:
        slow.store.discard("other")
        third = slow.begin(source)
        assert third.settle(soon(clock)).outcome is Outcome.HIT
        assert loader.count == 1

    def test_the_leader_looks_again_before_it_loads(
        self, clock: FakeClock, by_hand: ByHand, source: Source[Any], loader: Loader
    ) -> None:
        cache = ReadThrough(Store(1_000_000, clock), by_hand, clock)
        begun = cache.begin(source)
        cache.store.put("k", "already here", MINUTE)
        by_hand.go()
        assert begun.settle(soon(clock)).entry.value == "already here"  # type: ignore[union-attr]
        assert loader.count == 0

    def test_erasing_during_a_load_keeps_the_value_out(
        self, slow: ReadThrough, clock: FakeClock, by_hand: ByHand
    ) -> None:
        def load() -> str:
            slow.store.erase({"mara"})
            return "personal"

        source = Source(key="k", load=load, lifetime=MINUTE, subjects=lambda _: frozenset({"mara"}))
        begun = slow.begin(source)
        by_hand.go()
        assert begun.settle(soon(clock)).outcome is Outcome.MISS
        assert slow.store.get("k") is None
