"""A shop of many orders that change while they are read, and a reader whose clock differs."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sfcc_client.models import Order, OrderVersion
from sfcc_client.resources.order_changes import PAGE, Window

DAWN, DUSK = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Crash(BaseException):
    """The process is gone."""


class Time:
    """Moves only when told; `ahead` is how far the shop's clock is before the reader's, in seconds."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.passed, self._ahead = 0.0, timedelta(seconds=ahead)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def at_the_shop(self) -> datetime:
        """To the second, so that many changes share one."""
        return (self.now() + self._ahead).replace(microsecond=0)


class Shop:
    """Pages of its orders as Commerce gives them. `seen` is every version that was on a page whose reader lived to ask
    for the next one; a reader that dies takes what it alone had seen with it.

    `meanwhile` is called after each page: time passes and orders change.
    """

    def __init__(self, time: Time, count: int, *, created_within: int = 3600, changed_within: int = 600) -> None:
        self.time = time
        self._random = random.Random(count)
        self.orders: dict[str, tuple[datetime, datetime, int]] = {}  # created, changed, revision
        for number in range(count):
            created = START - timedelta(days=1, seconds=self._random.randrange(created_within))
            changed = START - timedelta(seconds=120 + self._random.randrange(changed_within))
            self.orders[f"{number:08}"] = (created, changed, 0)
        self.seen: set[str] = set()
        self._on_the_last_page: set[str] = set()
        self.pages = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def change(self, order_no: str, *, revision: int | None = None) -> None:
        created, _, last = self.orders[order_no]
        self.orders[order_no] = (created, self.time.at_the_shop(), last + 1 if revision is None else revision)

    def place(self) -> None:
        now = self.time.at_the_shop()
        self.orders[f"{len(self.orders):08}"] = (now, now, 0)

    def version(self, order_no: str) -> OrderVersion:
        created, changed, revision = self.orders[order_no]
        version = f"{changed.isoformat()}/{revision}"
        order = Order(order_no=order_no, external_status=str(revision))
        return OrderVersion(order=order, version=version, modified_at=changed, created_at=created)

    def reader_died(self) -> None:
        self._on_the_last_page = set()

    def reader_lives(self) -> None:
        self.seen |= self._on_the_last_page

    def page(self, window: Window, *, site_id: str, offset: int = 0, **_: object) -> tuple[OrderVersion, ...]:
        self.pages += 1
        self.reader_lives()
        place = 0 if window.sorted_by == "creation_date" else 1
        earliest, latest = window.created_since or DAWN, window.created_until or DUSK
        since, until = window.since, window.until
        rows = sorted(
            (stamps[place], order_no)
            for order_no, stamps in self.orders.items()
            if since <= stamps[1] < until and earliest <= stamps[0] < latest
        )
        answer = tuple(self.version(order_no) for _, order_no in rows[offset : offset + PAGE])
        self._on_the_last_page = {one.key for one in answer}
        self.meanwhile()
        return answer
