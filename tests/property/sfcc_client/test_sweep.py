"""The sweep delivers every version that was on a page, and the last one of every order, once each, whatever happens."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcc_client.errors import TooMany
from sfcc_client.models import OrderVersion
from sfcc_client.resources.order_changes import PAGE, Window
from sfcc_client.resources.sweep import OrderSweep
from sfcc_client.sweep_store import MemorySweepStore, SqliteSweepStore

from .shop import START, Crash, Shop, Time

SINCE = START - timedelta(days=30)


class Ledger:
    """What came of the deliveries, written in the sweep's own transaction."""

    def __init__(self, store: SqliteSweepStore) -> None:
        self._store = store
        store.script("CREATE TABLE IF NOT EXISTS effects (key TEXT, order_no TEXT, revision TEXT)")
        self.crash = False

    def __call__(self, versions: Sequence[OrderVersion]) -> None:
        with self._store.transaction() as db:
            for one in versions:
                db.execute(
                    "INSERT INTO effects VALUES (?, ?, ?)", (one.key, one.order.order_no, one.order.external_status)
                )
        if self.crash:
            self.crash = False
            raise Crash

    def keys(self) -> Counter[str]:
        with self._store.transaction() as db:
            return Counter(key for (key,) in db.execute("SELECT key FROM effects"))

    def state(self) -> dict[str, str]:
        with self._store.transaction() as db:
            return dict(db.execute("SELECT order_no, revision FROM effects ORDER BY rowid"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteSweepStore]:
    with SqliteSweepStore(tmp_path / "sweep.sqlite") as opened:
        yield opened


def settled(shop: Shop, sweep: OrderSweep, ledger: Ledger) -> None:
    """Let the shop come to rest, sweep twice as a timer would, and compare."""
    shop.meanwhile = lambda: None
    for _ in range(2):
        shop.time.sleep(30)
        sweep.run(ledger, site_id="RefArchDE", since=SINCE)
    shop.reader_lives()
    keys = ledger.keys()
    assert shop.seen <= set(keys), "a version that was on a page was not delivered"
    assert [key for key, times in keys.items() if times > 1] == [], "delivered twice"
    assert ledger.state() == {number: str(revision) for number, (_, _, revision) in shop.orders.items()}


@pytest.mark.parametrize("ahead", [-5.0, 0.0, 5.0])
def test_ten_thousand_orders_changed_during_the_sweep_and_a_crash_at_every_seventh_page(
    store: SqliteSweepStore, ahead: float
) -> None:
    time = Time(ahead)
    shop, ledger = Shop(time, 10_000), Ledger(store)
    chance = random.Random(11)
    untouched = list(shop.orders)
    chance.shuffle(untouched)

    def meanwhile() -> None:
        time.sleep(0.2)
        for _ in range(min(150, len(untouched))):
            shop.change(untouched.pop())
        for _ in range(20):
            shop.change(chance.choice(list(shop.orders)))
        shop.place()
        if shop.pages % 7 == 0:
            ledger.crash = shop.pages % 14 == 0
            if not ledger.crash:
                raise Crash

    shop.meanwhile = meanwhile
    crashes = 0
    while untouched:
        # A new process each time: nothing but the file is left of the one before.
        sweep = OrderSweep(shop, store, time, overlap=timedelta(seconds=20))
        try:
            sweep.run(ledger, site_id="RefArchDE", since=SINCE)
        except Crash:
            crashes += 1
            shop.reader_died()
    assert crashes > 5
    settled(shop, OrderSweep(shop, store, time, overlap=timedelta(seconds=20)), ledger)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    ahead=st.floats(-5, 5),
    created_within=st.sampled_from([1, 2, 300]),
    changed_within=st.sampled_from([1, 2, 300]),
    pace=st.floats(0, 3),
)
def test_any_course(seed: int, ahead: float, created_within: int, changed_within: int, pace: float) -> None:
    chance, time = random.Random(seed), Time(ahead)
    shop = Shop(time, 900, created_within=created_within, changed_within=changed_within)
    with SqliteSweepStore(":memory:") as store:
        ledger = Ledger(store)

        def meanwhile() -> None:
            time.sleep(chance.random() * pace)
            for number in chance.sample(list(shop.orders), chance.choice([0, 1, 40, 300])):
                shop.change(number)
            if chance.random() < 0.1:
                ledger.crash = True
            elif chance.random() < 0.1:
                raise Crash

        shop.meanwhile = meanwhile
        for _ in range(4):
            sweep = OrderSweep(shop, store, time, overlap=timedelta(seconds=15))
            try:
                sweep.run(ledger, site_id="RefArchDE", since=SINCE)
            except Crash:
                shop.reader_died()
        ledger.crash = False
        settled(shop, OrderSweep(shop, store, time, overlap=timedelta(seconds=15)), ledger)


def test_a_whole_import_in_one_second(store: SqliteSweepStore) -> None:
    """Created and changed in the same two seconds, and leaving them one by one while they are read."""
    time = Time()
    shop, ledger = Shop(time, 3000, created_within=1, changed_within=1), Ledger(store)
    leaving = iter(list(shop.orders))

    def meanwhile() -> None:
        time.sleep(0.5)
        for _ in range(5):
            shop.change(next(leaving))

    shop.meanwhile = meanwhile
    sweep = OrderSweep(shop, store, time)
    sweep.run(ledger, site_id="RefArchDE", since=SINCE)
    delivered = set(ledger.state())
    assert delivered == set(shop.orders), "the first run alone has to find them all"
    settled(shop, sweep, ledger)


def test_no_window_goes_beyond_what_commerce_lists(store: SqliteSweepStore) -> None:
    shop = Shop(Time(), 10_500, created_within=1, changed_within=1)
    with pytest.raises(TooMany, match="RefArchDE"):
        OrderSweep(shop, store, shop.time).run(Ledger(store), site_id="RefArchDE", since=SINCE)
    spread = Shop(Time(), 10_500, created_within=3, changed_within=1)
    asked: list[int] = []

    class Watched:
        def page(self, window: Window, *, offset: int = 0, **options: object) -> tuple[OrderVersion, ...]:
            asked.append(offset + PAGE)
            return spread.page(window, site_id="RefArchDE", offset=offset)

    store = MemorySweepStore()
    swept = OrderSweep(Watched(), store, spread.time).run(lambda _: None, site_id="RefArchDE", since=SINCE)
    assert swept.delivered == 10_500
    assert max(asked) <= 10_000


def test_a_state_that_comes_back_is_delivered_again(store: SqliteSweepStore) -> None:
    """Changed and changed back within one second: dropping the second return would leave the wrong state."""
    time = Time()
    shop, ledger = Shop(time, 1), Ledger(store)
    sweep = OrderSweep(shop, store, time)
    for revision in (1, 2, 1):
        shop.change("00000000", revision=revision)
        sweep.run(ledger, site_id="RefArchDE", since=SINCE)
    assert ledger.state() == {"00000000": "1"}
    assert sum(ledger.keys().values()) == 3


def test_nothing_new_costs_one_page(store: SqliteSweepStore) -> None:
    shop = Shop(Time(), 150)
    sweep = OrderSweep(shop, store, shop.time)
    assert sweep.run(Ledger(store), site_id="RefArchDE", since=SINCE).delivered == 150
    shop.time.sleep(600)
    shop.pages = 0
    again = sweep.run(Ledger(store), site_id="RefArchDE", since=SINCE)
    assert (shop.pages, again.delivered, again.cursor) == (1, 0, shop.time.now())


def test_what_the_window_has_left_behind_is_forgotten(store: SqliteSweepStore) -> None:
    shop = Shop(Time(), 500)
    OrderSweep(shop, store, shop.time).run(Ledger(store), site_id="RefArchDE", since=SINCE)
    with store.transaction() as db:
        (kept,) = db.execute("SELECT count(*) FROM sweep_versions").fetchone()
    assert kept == 0
