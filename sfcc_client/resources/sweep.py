"""The delta sweep: every order changed since the last run, each version once, whatever happens meanwhile.

How it neither misses nor repeats:

- A run asks for everything changed since the start of the last one, less `overlap`. The overlap covers clocks that
  differ and changes that become visible late; a version seen before is known from the store and not delivered again.
- It pages by key, not by offset: the next page starts at the second the last row was changed in. An order changed
  meanwhile moves to a later second, which is still ahead; nothing else moves.
- A second that fills more than one page is read by creation date, which never changes. Only orders created and changed
  in the same two seconds are left to offsets, read forwards and once more backwards, because a row that leaves the list
  moves those behind it forward.
- What was delivered and how far the run got are kept after each page. A run that broke goes on there, and its cursor
  stays its own start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from sfcc_client.clock import Clock
from sfcc_client.errors import TooMany
from sfcc_client.models import OrderVersion
from sfcc_client.resources.order_changes import PAGE, Window
from sfcc_client.resources.orders import LAST_RESULT
from sfcc_client.sweep_store import Position, SweepStore

OVERLAP: Final = timedelta(seconds=60)
_SECOND: Final = timedelta(seconds=1)

Deliver = Callable[[Sequence[OrderVersion]], object]


class Pages(Protocol):
    """Where the sweep reads from; `OrderChanges` is the one."""

    def page(
        self,
        window: Window,
        *,
        site_id: str,
        offset: int = 0,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> tuple[OrderVersion, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """One finished run: how many orders were read and delivered in how many pages, and where the next run starts."""

    read: int
    delivered: int
    pages: int
    cursor: datetime


class OrderSweep:
    """Sweeps the orders of a site into `deliver`. One run of a site at a time; sites are independent.

    `overlap` must be longer than the clocks here and there may differ plus the longest write of an order.
    """

    def __init__(self, changes: Pages, store: SweepStore, clock: Clock, *, overlap: timedelta = OVERLAP) -> None:
        if overlap < 2 * _SECOND:
            raise ValueError("the overlap must be at least two seconds")
        self._changes, self._store, self._clock, self._overlap = changes, store, clock, overlap

    def run(
        self,
        deliver: Deliver,
        *,
        site_id: str,
        since: datetime,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> Swept:
        """Deliver every order changed since the last run (Orders API, getOrders; scope sfcc.orders).

        The first run of a site starts at `since` (aware); later ones where the last ended. `deliver` gets the versions
        not delivered before, at most 200 at once, the earliest first, and is called inside the store's transaction:
        what it writes to the same SQLite file is kept together with the fact that it was delivered, or not at all.
        What it does elsewhere happens again when the process dies in between; keep that under `OrderVersion.key`.

        `deadline` holds for each page. Raises any CommerceError, TooMany for more than 10,000 orders created in one
        second and changed in one second, and whatever `deliver` raises; the next run goes on where this one broke.
        """
        started, begin = self._start(site_id, since)
        read = delivered = pages = 0
        ask = _Ask(self._changes, site_id, deadline, correlation_id)
        for reached, rows in _pages(ask, begin, _second(started) + self._overlap + _SECOND):
            position = Position(reached=reached, started=started)
            delivered += self._store.take(site_id, rows, position, deliver)
            pages, read = pages + 1, read + len(rows)
        # What lies before the next run's window can only come back as another version.
        self._store.finish(site_id, Position(reached=started), forget_before=_second(started) - self._overlap)
        return Swept(read=read, delivered=delivered, pages=pages, cursor=started)

    def _start(self, site_id: str, since: datetime) -> tuple[datetime, datetime]:
        """When the run started, and the second to read from."""
        known = self._store.position(site_id)
        if known is None:
            return self._clock.now(), _second(since)
        if known.started is None:
            return self._clock.now(), _second(known.reached) - self._overlap
        return known.started, _second(known.reached)


@dataclass(frozen=True, slots=True)
class _Ask:
    changes: Pages
    site_id: str
    deadline: float | None
    correlation_id: str | None

    def __call__(self, window: Window, offset: int = 0) -> tuple[OrderVersion, ...]:
        return self.changes.page(
            window, site_id=self.site_id, offset=offset, deadline=self.deadline, correlation_id=self.correlation_id
        )


_Page = tuple[datetime, tuple[OrderVersion, ...]]


def _pages(ask: _Ask, since: datetime, until: datetime) -> Iterator[_Page]:
    """Every page, each with the second from which a run that breaks after it has to go on."""
    while since < until:
        rows = ask(Window(since=since, until=until))
        if len(rows) < PAGE:
            yield until, rows
            return
        last = _second(rows[-1].modified_at)
        yield last, rows
        if last == since:
            for one in _of_second(ask, since):
                yield since, one
            last += _SECOND
            yield last, ()
        since = last


def _of_second(ask: _Ask, second: datetime) -> Iterator[tuple[OrderVersion, ...]]:
    """The orders changed in one second, by creation date."""
    created_since: datetime | None = None
    while True:
        whole = Window(since=second, until=second + _SECOND, sorted_by="creation_date")
        rows = ask(replace(whole, created_since=created_since))
        yield rows
        if len(rows) < PAGE:
            return
        last = _second(rows[-1].created_at)
        if created_since is None or last > created_since:
            created_since = last
            continue
        yield from _both_ways(ask, replace(whole, created_since=created_since, created_until=created_since + _SECOND))
        created_since += _SECOND


def _both_ways(ask: _Ask, window: Window) -> Iterator[tuple[OrderVersion, ...]]:
    """The orders of a window by offset, to the end and back."""
    offset = 0
    while rows := ask(window, offset):
        yield rows
        if len(rows) < PAGE:
            break
        offset += PAGE
        if offset + PAGE > LAST_RESULT:
            raise TooMany(
                f"More than 10,000 orders of site {ask.site_id} were created in one second and changed in another "
                f"({window.since.isoformat()}); Commerce lists no more. Read them by number."
            )
    for back in range(offset - PAGE, -1, -PAGE):
        yield ask(window, back)


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
