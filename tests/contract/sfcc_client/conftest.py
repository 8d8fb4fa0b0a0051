"""The client against the local tenant, over real HTTP; both live by one clock that only sleeping moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator


class SharedClock:
    """Time for client and tenant: a pause passes at once, for both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._passed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._passed += seconds


@pytest.fixture(scope="module")
def clock() -> SharedClock:
    return SharedClock()


@pytest.fixture(scope="module")
def shop(clock: SharedClock) -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0, seed=7, clock=clock) as emulator:
        yield emulator


@pytest.fixture
def client(shop: CommerceEmulator, clock: SharedClock) -> Iterator[CommerceClient]:
    shop.faults.clear()
    with CommerceClient(shop.settings(), clock=clock) as opened:
        yield opened
    shop.faults.clear()
