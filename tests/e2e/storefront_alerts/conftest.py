"""Storefront alerts against both platforms, emulated, with the app installed and one clock for all of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sidecar.demo.operator import commit_update_set
from sidecar.engine import Database, InlineEngine, sqlite_url
from sidecar.engine.arrivals import Arrival
from sidecar.engine.ledger import unobserved
from sidecar.flows.storefront_alerts import StorefrontAlerts, StorefrontAlertsPolicy
from snow_app import Query, SnowClient, SnowSettings
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.install import applied, exported

SCOPE = "x_acme_sfcc"
SITE = "RefArchDE"
TEAMS = ("Storefront", "Payments", "Integrations", "Operations", "Network", "Platform", "Unrouted")


class Time:
    """Stands still until told. Monday, 2026-03-02, 09:00 UTC."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Desk:
    """The flow, running: alerts in, incidents out."""

    snow: ServiceNowEmulator
    admin: SnowClient
    flow: StorefrontAlerts
    database: Database
    time: Time
    engine: InlineEngine
    sent: int = 0
    known: dict[str, Any] = field(default_factory=dict)

    def alert(self, *, site: str = SITE, ago: float = 0, **changes: Any) -> None:
        """One alert whose window ended `ago` seconds before now; taken in and handled."""
        self.take(site=site, ago=ago, **changes)
        self.engine.run()

    def take(self, *, site: str = SITE, ago: float = 0, **changes: Any) -> None:
        until = self.time.at - timedelta(seconds=ago)
        window = {"from": (until - timedelta(minutes=5)).isoformat(), "to": until.isoformat()}
        self.sent += 1
        data = {**PAYMENT, "window": window, **changes}
        data = {name: value for name, value in data.items() if value is not None}
        self.engine.take("storefront.alert", data, site_id=site, event_id=f"alert-{self.sent}")

    def take_all(self, alerts: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Many alerts of the last minute that say nothing but this, stored in one go as a busy intake does."""
        kind = self.flow.types[0]
        schema = kind.schema()
        window = {"from": (self.time.at - timedelta(minutes=1)).isoformat(), "to": self.time.at.isoformat()}
        arrivals = []
        for site, data in alerts:
            self.sent += 1
            wire = {"state": "firing", "count": 1, "window": window, **data}
            key = kind.key(site, schema.load(wire))
            arrivals.append(
                Arrival(
                    id=f"alert-{self.sent}",
                    type=kind,
                    flow=self.flow.name,
                    key=key,
                    site_id=site,
                    time=self.time.at,
                    payload=wire,
                )
            )
        self.engine.inbox.store(arrivals, self.time.at)

    def pass_time(self, **amount: float) -> None:
        """Time goes on, and whatever becomes due meanwhile is handled in its moment."""
        until = self.time.at + timedelta(**amount)
        while self.time.at < until:
            self.time.at = min(until, self.time.at + timedelta(seconds=30))
            self.engine.run()

    def incidents(self) -> list[Mapping[str, str]]:
        query = Query().where("correlation_id", "STARTSWITH", "storefront_alerts:").ordered_by("number")
        return [
            row.values | {"group": row.display("assignment_group")} for row in self.admin.table("incident").rows(query)
        ]

    def notes(self, incident: Mapping[str, str]) -> list[str]:
        query = Query().where("element_id", "=", incident["sys_id"]).where("element", "=", "work_notes")
        rows = self.admin.table("sys_journal_field").rows(query.ordered_by("sys_created_on"), fields=("value",))
        return [row["value"] for row in rows]


PAYMENT: dict[str, Any] = {
    "signal": "payment_failures",
    "state": "firing",
    "severity": "critical",
    "message": "Authorization at adyen.payment failed: connect timed out after 3000 ms",
    "count": 42,
    "service": "adyen.payment",
    "sampleSize": 180,
    "failedCheckouts": 42,
    "revenueAtRisk": {"amount": "5140.00", "currency": "EUR"},
    "locales": ["de_DE"],
    "paymentMethods": ["CREDIT_CARD"],
    "correlationId": "0f8b4d0e-5a52-4f0e-8a55-6a4be12b6f0c",
}


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    """The records of an instance with the app and a group for each team, to be copied."""
    path = tmp_path_factory.mktemp("storefront_alerts") / "servicenow.sqlite"
    with ServiceNowEmulator(port=0, csm=False, clock=Time(), path=path) as running, connected(running) as client:
        parameters = AppParameters(scope=SCOPE)
        applied(client, parameters)
        commit_update_set(running, exported(parameters).document)
        for team in TEAMS:
            client.table("sys_user_group").insert({"name": f"Commerce {team}"})
    return path


def connected(snow: ServiceNowEmulator) -> SnowClient:
    """An administrator."""
    return SnowClient(SnowSettings(url=snow.url, username=snow.username, password=snow.password, allow_http=True))


@pytest.fixture
def snow(installed: Path, time: Time, tmp_path: Path) -> Iterator[ServiceNowEmulator]:
    path = shutil.copy(installed, tmp_path / "servicenow.sqlite")
    with ServiceNowEmulator(port=0, csm=False, clock=time, path=Path(path)) as running:
        yield running


@pytest.fixture
def admin(snow: ServiceNowEmulator) -> Iterator[SnowClient]:
    with connected(snow) as client:
        yield client


@pytest.fixture(scope="session")
def shop() -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0) as running:
        yield running


@pytest.fixture
def desk(snow, admin, shop, time, tmp_path) -> Iterator[Desk]:
    yield from _running(snow, admin, admin, shop, time, tmp_path, StorefrontAlertsPolicy())


@pytest.fixture
def desk_with(snow, admin, shop, time, tmp_path) -> Iterator[Callable[..., Desk]]:
    """The flow with a policy, a client or an observer of its own."""
    made: list[Iterator[Desk]] = []

    def running(*, client: SnowClient | None = None, policy: StorefrontAlertsPolicy | None = None, **more: Any) -> Desk:
        folder = tmp_path / str(len(made))
        made.append(
            _running(snow, admin, client or admin, shop, time, folder, policy or StorefrontAlertsPolicy(), **more)
        )
        return next(made[-1])

    yield running
    for one in made:
        next(one, None)


def _running(snow, admin, client, shop, time, folder, policy, observe=unobserved) -> Iterator[Desk]:
    database = Database(sqlite_url(folder / "events.sqlite"))
    with CommerceClient(shop.settings()) as commerce:
        flow = StorefrontAlerts(
            snow=client, commerce=commerce, database=database, scope=SCOPE, clock=time, policy=policy
        )
        engine = InlineEngine(database, [flow], clock=time, observe=observe)
        yield Desk(snow=snow, admin=admin, flow=flow, database=database, time=time, engine=engine)
    database.close()
