"""One instance per test and clients of it that never really wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from snow_app import SnowClient, SnowSettings
from snow_app.clock import SystemClock
from snow_app.emulator import ServiceNowEmulator


class Restless(SystemClock):
    """The machine's clock, whose pauses take no time."""

    def sleep(self, seconds: float) -> None:
        return None


@pytest.fixture
def snow() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator() as running:
        yield running


@pytest.fixture
def connect(snow: ServiceNowEmulator) -> Iterator[Callable[..., SnowClient]]:
    """Clients of the instance, as admin unless said otherwise; keywords are settings."""
    with ExitStack() as clients:

        def made(user: str = "admin", **settings: Any) -> SnowClient:
            signed_in = {"username": user, "password": user}
            chosen = SnowSettings(url=snow.url, allow_http=True, **{**signed_in, **settings})
            return clients.enter_context(SnowClient(chosen, Restless()))

        yield made


@pytest.fixture
def client(connect: Callable[..., SnowClient]) -> SnowClient:
    return connect()


@pytest.fixture
def asked(client: SnowClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods of the requests that `client` makes."""
    methods: list[str] = []
    original = client._transport.send

    def noting(request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
        methods.append(str(request.method))
        return original(request, *rest, **options)

    monkeypatch.setattr(client._transport, "send", noting)
    return methods
