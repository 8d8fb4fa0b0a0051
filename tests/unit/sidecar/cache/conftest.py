"""A clock that moves only when told to, and a way to run loads by hand or in threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest


class FakeClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self.elapsed = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.elapsed += seconds


class ByHand:
    """Tasks wait here until `go` is called."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, task: Callable[[], None]) -> None:
        self.waiting.append(task)

    def go(self) -> int:
        tasks, self.waiting = self.waiting, []
        for task in tasks:
            task()
        return len(tasks)


def at_once(task: Callable[[], None]) -> None:
    task()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def by_hand() -> ByHand:
    return ByHand()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=40) as pool:
        yield pool
