"""The sidecar as it runs: its own server, its own files, and the emulated Commerce behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from sfcc_client.emulator import CommerceEmulator
from sidecar.api.tokens import SCOPES
from sidecar.app import create_app
from sidecar.server import Server
from sidecar.services import Services, services_of
from sidecar.settings import SidecarSettings, SnowSettings

CASE = {"table": "sn_customerservice_case", "sys_id": "0123456789abcdef0123456789abcdef"}
VIEWER = {"user": "agent.one", "roles": ["agent"], "locale": "en-IE", "tz": "Europe/Berlin"}


@dataclass
class Sidecar:
    """One running sidecar and a client of it."""

    url: str
    services: Services
    server: Server
    session: requests.Session
    bearer: str

    def post(self, path: str, body: Any = None, *, data: Any = None, **headers: str) -> requests.Response:
        return self.session.post(self.url + path, json=body, data=data, headers=headers, timeout=30)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.url + path, headers=headers, timeout=30)

    def context(self, identity: Any, **more: Any) -> requests.Response:
        return self.post("/v1/context", {"identity": identity, "viewer": VIEWER, "case": CASE, **more})


class ShopClock:
    """The shop's time, put forward between tests: SLAS refuses to sign the same shopper in again within 3 s."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
def shop_clock() -> ShopClock:
    return ShopClock()


@pytest.fixture(scope="session")
def running_shop(shop_clock: ShopClock) -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0, clock=shop_clock) as running:
        yield running


@pytest.fixture
def shop(running_shop: CommerceEmulator, shop_clock: ShopClock) -> Iterator[CommerceEmulator]:
    shop_clock.ahead += timedelta(seconds=4)
    yield running_shop
    running_shop.faults.clear()
    running_shop.requests.clear()


@pytest.fixture
def who(shop: CommerceEmulator) -> dict[str, Any]:
    """The seeded shopper with the most to show."""
    return shop.samples()["registered"]


@pytest.fixture
def start(shop: CommerceEmulator, tmp_path: Path) -> Iterator[Callable[..., Sidecar]]:
    running: list[Sidecar] = []

    def started(**changes: Any) -> Sidecar:
        settings = replace(SidecarSettings.read(None), data_dir=tmp_path, port=0, **changes)
        snow = replace(SnowSettings.read(None), url="https://acme.service-now.example")
        services = services_of(shop.settings(), settings, snow)
        server = Server(create_app(services).wsgi_app, threads=settings.threads).start()
        session = requests.Session()
        bearer = services.tokens.create("servicenow", SCOPES).bearer
        session.headers["Authorization"] = f"Bearer {bearer}"
        running.append(Sidecar(server.url, services, server, session, bearer))
        return running[-1]

    yield started
    for sidecar in running:
        sidecar.session.close()
        sidecar.server.stop()
        sidecar.services.close()


@pytest.fixture
def sidecar(start: Callable[..., Sidecar]) -> Sidecar:
    return start()
