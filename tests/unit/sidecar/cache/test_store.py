"""The store: bounded by bytes, older entries leave, erased people stay erased."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sfcc_client.models import Money, Order, OrderLine
from sidecar.cache import Lifetime, Store
from sidecar.cache.size import OVERHEAD, bytes_of

from .conftest import FakeClock

MINUTE = Lifetime(fresh_s=60, keep_s=600)


@pytest.fixture
def store(clock: FakeClock) -> Store:
    return Store(100_000, clock)


class TestLifetimes:
    def test_fresh_then_older_then_gone(self, store: Store, clock: FakeClock) -> None:
        store.put("a", "value", MINUTE)
        entry = store.get("a")
        assert entry is not None
        assert entry.is_fresh(clock.monotonic())
        clock.pass_by(60)
        assert not entry.is_fresh(clock.monotonic())
        assert store.get("a") is entry
        assert entry.age_s(clock.monotonic()) == 60
        clock.pass_by(540)
        assert store.get("a") is None

    def test_as_of_is_wall_time_of_storing(self, store: Store) -> None:
        assert store.put("a", 1, MINUTE).as_of == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def test_keeping_is_never_shorter_than_freshness(self, store: Store, clock: FakeClock) -> None:
        store.put("a", 1, Lifetime(fresh_s=60, keep_s=0))
        clock.pass_by(59)
        assert store.get("a") is not None

    def test_every_put_is_a_generation_of_its_own(self, store: Store) -> None:
        first, second = store.put("a", 1, MINUTE), store.put("a", 1, MINUTE)
        assert not store.holds([("a", first.generation)])
        assert store.holds([("a", second.generation)])

    def test_holds_nothing_that_expired(self, store: Store, clock: FakeClock) -> None:
        entry = store.put("a", 1, MINUTE)
        clock.pass_by(600)
        assert not store.holds([("a", entry.generation)])


class TestBytes:
    def test_never_more_than_the_limit_and_the_oldest_leave_first(self, clock: FakeClock) -> None:
        store = Store(50_000, clock)
        for number in range(1000):
            store.put(f"k{number}", "x" * 1000, MINUTE)
            assert store.bytes_held <= 50_000
        assert store.get("k999") is not None
        assert store.get("k0") is None
        assert 10 < len(store) < 50

    def test_reading_keeps_an_entry_alive(self, clock: FakeClock) -> None:
        store = Store(20_000, clock)
        store.put("kept", "x" * 1000, MINUTE)
        for number in range(100):
            assert store.get("kept") is not None
            store.put(f"k{number}", "x" * 1000, MINUTE)

    def test_something_larger_than_the_store_is_returned_but_not_kept(self, store: Store) -> None:
        store.put("a", "small", MINUTE)
        entry = store.put("a", "x" * 200_000, MINUTE)
        assert len(entry.value) == 200_000
        assert store.get("a") is None

    def test_flat_over_many_distinct_keys(self, clock: FakeClock) -> None:
        store = Store(1_000_000, clock)
        held = []
        for number in range(20_000):
            store.put(f"shopper-{number}", ("x" * 200, number), MINUTE)
            if number % 2_000 == 1_999:
                held.append(store.bytes_held)
        assert max(held) <= 1_000_000
        assert min(held) >= 0.9 * max(held)


class TestSize:
    def test_counts_every_part_once(self) -> None:
        text = "x" * 10_000
        assert 10_000 < bytes_of((text, text, [text])) < 11_000

    def test_sees_into_slotted_records(self) -> None:
        line = OrderLine(name="n" * 5_000, price=Money(amount=Decimal("1.00"), currency="EUR"))
        order = Order(order_no="1", lines=(line,), custom={"c_note": "c" * 7_000})
        assert bytes_of(order) > 12_000

    def test_sees_into_ordinary_objects(self) -> None:
        class Plain:
            def __init__(self) -> None:
                self.text = "t" * 4_000

        assert bytes_of(Plain()) > 4_000

    def test_survives_cycles(self) -> None:
        knot: list[object] = []
        knot.append(knot)
        assert bytes_of(knot) > 0

    def test_an_entry_costs_its_overhead(self, store: Store) -> None:
        assert store.put("a", None, MINUTE).size >= OVERHEAD


class TestErasing:
    def test_drops_what_speaks_of_the_subject(self, store: Store) -> None:
        store.put("a", 1, MINUTE, subjects=frozenset({"mara"}))
        store.put("b", 2, MINUTE, subjects=frozenset({"jon"}))
        assert store.erase({"mara"}) == 1
        assert store.get("a") is None
        assert store.get("b") is not None

    def test_follows_what_entries_tie_together(self, store: Store) -> None:
        store.put("profile", 1, MINUTE, subjects=frozenset({"number", "address"}))
        store.put("guest orders", 2, MINUTE, subjects=frozenset({"address", "old address"}))
        store.put("older", 3, MINUTE, subjects=frozenset({"old address"}))
        assert store.erase({"number"}) == 3
        assert len(store) == 0

    def test_what_was_loading_meanwhile_is_not_kept(self, store: Store) -> None:
        epoch = store.epoch
        store.erase({"anybody"})
        assert store.put("a", "loaded before", MINUTE, epoch=epoch).value == "loaded before"
        assert store.get("a") is None

    def test_clear_empties(self, store: Store) -> None:
        store.put("a", 1, MINUTE)
        epoch = store.epoch
        store.clear()
        assert (len(store), store.bytes_held) == (0, 0)
        assert store.epoch != epoch

    def test_discard_says_whether_it_was_there(self, store: Store) -> None:
        store.put("a", 1, MINUTE)
        assert store.discard("a")
        assert not store.discard("a")
