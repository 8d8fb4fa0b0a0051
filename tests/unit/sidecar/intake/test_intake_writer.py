"""The thread that stores what requests bring, without a database."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sidecar.engine.arrivals import Stored
from sidecar.errors import StoreUnavailable
from sidecar.intake import Writer


class _Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class _Store:
    """Numbers what it is given; `open` lets it go on."""

    def __init__(self) -> None:
        self.open, self.entered = threading.Event(), threading.Event()
        self.given: list[Any] = []

    def __call__(self, arrivals: Sequence[Any], _now: datetime) -> tuple[Stored, ...]:
        self.entered.set()
        assert self.open.wait(30)
        self.given += arrivals
        return tuple(Stored(seq=len(self.given)) for _ in arrivals)


def test_who_waited_too_long_for_their_turn_is_refused_and_not_stored() -> None:
    store, clock, heard = _Store(), _Clock(), list[Any]()
    with Writer(store, clock=clock, patience_s=20) as writer:
        first: Any = writer.storing(("first",), heard.append)  # type: ignore[arg-type]
        assert store.entered.wait(30)
        late: Any = writer.storing(("late",), heard.append)  # type: ignore[arg-type]
        clock.seconds = 21.0
        store.open.set()
        assert first.result(30) == (Stored(seq=1),)
        with pytest.raises(StoreUnavailable, match="in time"):
            late.result(30)
    assert store.given == ["first"]
    assert heard == [(Stored(seq=1),)]


def test_what_became_of_it_is_heard_before_anybody_is_answered() -> None:
    store, order = _Store(), list[str]()
    with Writer(store, clock=_Clock()) as writer:
        storing = writer.storing(("one",), lambda _: order.append("heard"))  # type: ignore[arg-type]
        storing.add_done_callback(lambda _: order.append("answered"))
        store.open.set()
        storing.result(30)
    assert order == ["heard", "answered"]
