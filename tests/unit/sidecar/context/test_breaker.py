"""The breaker: opens, probes once, closes; never holds up a call."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sfcc_client.errors import NotFound, RateLimited, TimedOut, Unavailable
from sidecar.context.breaker import Breaker
from sidecar.errors import CircuitOpen

from .conftest import Desk, FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def breaker(clock: FakeClock, told: list[bool]) -> Breaker:
    return Breaker("orders", failures=3, open_s=15, clock=clock, told=told.append)


def fail(breaker: Breaker, error: Exception | None = None) -> None:
    problem = error or TimedOut("late")
    with pytest.raises(type(problem)), breaker.call():
        raise problem


def succeed(breaker: Breaker) -> None:
    with breaker.call():
        pass


def test_opens_after_so_many_failures_in_a_row(breaker: Breaker, told: list[bool]) -> None:
    fail(breaker)
    fail(breaker)
    succeed(breaker)
    for _ in range(3):
        assert not breaker.is_open
        fail(breaker)
    assert breaker.is_open
    assert told == [True]
    with pytest.raises(CircuitOpen) as caught:
        succeed(breaker)
    assert (caught.value.retry_after, caught.value.because) == (15, "timed_out")


def test_refusals_are_answers(breaker: Breaker) -> None:
    for _ in range(10):
        fail(breaker, NotFound("no such order"))
    assert not breaker.is_open


def test_our_own_mistakes_count(breaker: Breaker) -> None:
    for _ in range(3):
        fail(breaker, KeyError("bug"))
    assert breaker.is_open


def test_a_probe_closes_it(breaker: Breaker, clock: FakeClock, told: list[bool]) -> None:
    for _ in range(3):
        fail(breaker)
    clock.pass_by(15)
    succeed(breaker)
    assert not breaker.is_open
    assert told == [True, False]


def test_only_one_probes_at_a_time(breaker: Breaker, clock: FakeClock) -> None:
    for _ in range(3):
        fail(breaker)
    clock.pass_by(15)
    with breaker.call(), pytest.raises(CircuitOpen):
        succeed(breaker)
    succeed(breaker)


def test_a_failed_probe_opens_it_again(breaker: Breaker, clock: FakeClock) -> None:
    for _ in range(3):
        fail(breaker)
    clock.pass_by(15)
    fail(breaker)
    with pytest.raises(CircuitOpen):
        succeed(breaker)


def test_a_probe_that_never_ends_is_replaced(breaker: Breaker, clock: FakeClock) -> None:
    for _ in range(3):
        fail(breaker)
    clock.pass_by(15)
    lost = breaker.call()
    lost.__enter__()
    clock.pass_by(15)
    succeed(breaker)
    assert not breaker.is_open


@pytest.mark.parametrize(("asked", "waits"), [(20, 20), (3600, 60), (0, None)])
def test_obeys_retry_after_at_once(breaker: Breaker, clock: FakeClock, asked: float, waits: float | None) -> None:
    fail(breaker, RateLimited("slow down", retry_after=asked))
    if waits is None:
        succeed(breaker)
        return
    clock.pass_by(waits - 1)
    with pytest.raises(CircuitOpen):
        succeed(breaker)
    clock.pass_by(1)
    succeed(breaker)


def test_calls_run_side_by_side(breaker: Breaker) -> None:
    together = Barrier(8)

    def call() -> None:
        with breaker.call():
            together.wait(20)  # passes only when all eight are inside

    with ThreadPoolExecutor(max_workers=8) as threads:
        for done in [threads.submit(call) for _ in range(8)]:
            done.result(20)


class TestInTheService:
    def test_an_open_circuit_spares_upstream_and_says_why(self, desk: Desk) -> None:
        desk.shop.broken["basket"] = Unavailable("down")
        for _ in range(5):
            assert desk.section("cart")["error"]["code"] == "UPSTREAM_UNAVAILABLE"
        asked = desk.shop.calls["basket"]
        cart = desk.section("cart")
        assert (cart["status"], cart["error"]["code"]) == ("error", "UPSTREAM_UNAVAILABLE")
        assert cart["error"]["retry_after_s"] == 15
        assert desk.shop.calls["basket"] == asked
        assert desk.service.open_circuits() == ("cart",)
        assert 'sidecar_breaker_open{capability="cart"} 1.0' in desk.metrics.text().decode()

    def test_it_recovers(self, desk: Desk) -> None:
        desk.shop.broken["basket"] = RateLimited("busy", retry_after=20)
        desk.section("cart")
        del desk.shop.broken["basket"]
        busy = desk.section("cart")["error"]
        assert (busy["code"], busy["retry_after_s"]) == ("RATE_LIMITED", 20)
        desk.clock.pass_by(20)
        assert desk.section("cart")["status"] == "ok"

    def test_one_open_circuit_leaves_the_others_alone(self, desk: Desk) -> None:
        desk.shop.broken["basket"] = Unavailable("down")
        for _ in range(6):
            assert desk.section("orders")["status"] == "ok"
