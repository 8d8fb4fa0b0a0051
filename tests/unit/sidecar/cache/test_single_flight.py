"""One load per key, whatever the callers do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from sidecar.cache import SingleFlight

from .conftest import ByHand, at_once


def test_two_hundred_callers_share_one_load(threads: ThreadPoolExecutor) -> None:
    flights: SingleFlight[str] = SingleFlight(threads.submit)  # type: ignore[arg-type]
    gate, loads, lock = Event(), [], Lock()

    def load() -> str:
        with lock:
            loads.append(1)
        assert gate.wait(20)
        return "value"

    with ThreadPoolExecutor(max_workers=200) as callers:
        start, joined = Barrier(200), Barrier(201)

        def call() -> str:
            start.wait(20)
            flight = flights.join("key", load)
            joined.wait(20)
            return flight.result(20)

        waiting = [callers.submit(call) for _ in range(200)]
        joined.wait(20)
        gate.set()
        assert {one.result(20) for one in waiting} == {"value"}
    assert len(loads) == 1
    assert len(flights) == 0


def test_keys_fly_apart(by_hand: ByHand) -> None:
    flights: SingleFlight[int] = SingleFlight(by_hand)
    one, other = flights.join("a", lambda: 1), flights.join("b", lambda: 2)
    assert by_hand.go() == 2
    assert (one.result(0), other.result(0)) == (1, 2)


def test_an_error_reaches_those_who_wait_now_and_nobody_later(by_hand: ByHand) -> None:
    flights: SingleFlight[int] = SingleFlight(by_hand)

    def broken() -> int:
        raise LookupError("down")

    first, second = flights.join("a", broken), flights.join("a", broken)
    by_hand.go()
    assert isinstance(first.exception(0), LookupError)
    assert first.exception(0) is second.exception(0)
    later = flights.join("a", lambda: 5)
    by_hand.go()
    assert later.result(0) == 5


def test_a_caller_that_leaves_does_not_cancel(by_hand: ByHand) -> None:
    flights: SingleFlight[int] = SingleFlight(by_hand)
    flight = flights.join("a", lambda: 7)
    with pytest.raises(TimeoutError):
        flight.exception(0)
    assert flights.join("a", lambda: 8) is flight
    by_hand.go()
    assert flight.result(0) == 7


def test_no_room_is_an_error_for_everybody_waiting() -> None:
    def refuse(_task: object) -> None:
        raise OverflowError("full")

    flights: SingleFlight[int] = SingleFlight(refuse)
    assert isinstance(flights.join("a", lambda: 1).exception(0), OverflowError)
    assert len(flights) == 0


def test_the_key_is_free_before_waiters_wake() -> None:
    flights: SingleFlight[int] = SingleFlight(at_once)
    seen: list[int] = []
    flight = flights.join("a", lambda: 1)
    flight.add_done_callback(lambda _: seen.append(len(flights)))
    assert seen == [0]


def test_even_an_exit_wakes_the_waiters(by_hand: ByHand) -> None:
    flights: SingleFlight[int] = SingleFlight(by_hand)

    def leave() -> int:
        raise SystemExit

    flight = flights.join("a", leave)
    by_hand.go()
    assert isinstance(flight.exception(0), SystemExit)
