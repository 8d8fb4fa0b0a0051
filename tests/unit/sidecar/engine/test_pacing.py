"""How fast requests go, and who goes next."""

from __future__ import annotations

import threading

import pytest

from sidecar.engine.pacing import Pace, room, working_for
from sidecar.engine.worker import Worker, WorkerPolicy
from snow_app import SnowClient, SnowSettings
from snow_app.emulator import ServiceNowEmulator
from snow_app.errors import RateLimited


def _let_go(pace: Pace, time, seconds: float) -> int:
    """How many go within `seconds`, with a long queue."""
    number, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        wait = pace.grant()
        number += pace.granted("a")
        time.sleep(max(0.001, min(wait, until - time.monotonic())))
    return number


def test_no_more_than_the_rate_goes(time):
    pace = Pace(10, {"a": 1}, clock=time)
    for _ in range(200):
        pace.wait_in_line("a")
    assert 99 <= _let_go(pace, time, 10) <= 102


def test_too_many_requests_slow_everybody_down_and_then_it_grows_back(time):
    pace = Pace(10, {"a": 1}, clock=time)
    pace.answered(429, 20)
    for _ in range(500):
        pace.wait_in_line("a")
    assert _let_go(pace, time, 19.9) == 0
    for _ in range(5):
        pace.answered(429, 0)
    assert pace.per_second == pytest.approx(1.0)
    time.sleep(30)
    assert pace.per_second == pytest.approx(7.0)
    time.sleep(60)
    assert pace.per_second == pytest.approx(10.0)


def test_without_a_rate_only_what_was_asked_for_is_waited(time):
    pace = Pace(0, {}, clock=time)
    pace.admit()
    pace.answered(429, 20)
    pace.wait_in_line("a")
    assert pace.grant() == pytest.approx(20)
    time.sleep(20)
    pace.admit()


def test_every_flow_finds_room_beside_a_busy_one():
    assert room({"orders": 6, "alerts": 3, "feedback": 1}, 8) == {"orders": 6, "alerts": 5, "feedback": 5}
    assert room({"only": 1}, 8) == {"only": 8}
    assert min(room({"a": 1, "b": 1, "c": 1}, 1).values()) == 1


def test_a_busy_flow_leaves_threads_to_the_others(database, post, tmp_path):
    held, orders = threading.Event(), type(post)(name="orders", weight=6)

    def held_up(_: object) -> None:
        held.wait(20)

    post.failing = held_up
    with Worker(database, [post, orders], folder=tmp_path, policy=WorkerPolicy(threads=4, poll_s=0.05)) as worker:
        post.send(worker.deliveries.inbox, *(f"box{number}" for number in range(50)))
        worker.ring()
        post.wait(lambda: len(post.tried) == 3)
        orders.send(worker.deliveries.inbox, *(f"o{number}" for number in range(20)))
        worker.ring()
        orders.wait(lambda: len(orders.world) == 20)
        assert post.world == []
        held.set()


class Noted:
    """A pace that notes what it is asked and told."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def admit(self) -> None:
        self.said.append("may I")

    def answered(self, status: int, retry_after: float | None) -> None:
        self.said.append((status, retry_after))


def test_the_client_asks_before_each_request_and_tells_each_answer():
    pace = Noted()
    with ServiceNowEmulator() as emulator:
        settings = SnowSettings(url=emulator.url, username="admin", password="admin", allow_http=True)
        with SnowClient(settings, pace=pace) as snow:
            emulator.faults.add(status=429, headers={"Retry-After": "0"}, times=1)
            snow.table("incident").rows(limit=1).__next__()
            assert pace.said == ["may I", (429, 0.0), "may I", (200, None)]
            emulator.faults.add(status=429, headers={"Retry-After": "3600"}, times=1)
            with pytest.raises(RateLimited):
                snow.table("incident").rows(limit=1).__next__()
            assert pace.said[-1] == (429, 3600.0)


def test_requests_count_for_the_flow_that_makes_them():
    pace = Pace(1000, {"a": 1, "b": 1})
    with working_for("a"):
        pace.admit()
    assert pace.granted("a") == 0
