"""The pool: bounded, refusing, and closing cleanly."""

from __future__ import annotations

from threading import Event

import pytest

from sidecar.context.pool import LoadPool
from sidecar.errors import Overloaded


def test_size_is_five_threads_for_each_cold_reader() -> None:
    pool = LoadPool(16)
    assert pool.size == 80
    pool.close()


def test_refuses_when_too_many_wait_and_recovers() -> None:
    pool, gate = LoadPool(1), Event()
    for _ in range(20):
        pool.run(lambda: gate.wait(20) or None)
    with pytest.raises(Overloaded) as caught:
        pool.run(lambda: None)
    assert caught.value.retry_after == 1
    gate.set()
    while pool.under_way:
        gate.wait(1)
    done = Event()
    pool.run(done.set)
    assert done.wait(20)
    pool.close()


def test_a_task_that_fails_gives_its_place_back() -> None:
    pool = LoadPool(1)

    def fail() -> None:
        raise ValueError

    for _ in range(pool.size):
        pool.run(fail)
    while pool.under_way:
        Event().wait(0)
    pool.close()


def test_after_closing_it_refuses() -> None:
    pool = LoadPool(1)
    pool.close()
    with pytest.raises(Overloaded):
        pool.run(lambda: None)
