"""The sidecar's doors for events, on a socket, with a database of their own and a clock that stands still."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from standardwebhooks import Webhook

from sfcc_client.emulator import CommerceEmulator
from sidecar.api.tokens import SCOPES
from sidecar.app import create_app
from sidecar.engine import Database, Outcome, sqlite_url
from sidecar.engine.inbox import Inbox
from sidecar.events import EventType
from sidecar.events.signatures import Signatures
from sidecar.events.wire import ORDER_NO, MoneySchema, Strict, count, email, fields, line, text
from sidecar.intake import Intake, Writer
from sidecar.server import Server
from sidecar.services import services_of
from sidecar.settings import SidecarSettings, SnowSettings

SECRETS = {"old": "whsec_" + "b2xk" * 8, "new": "whsec_" + "bmV3" * 8}


class StandingClock:
    """Stands still until it is put forward."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    order_no: str
    email: str = ""
    comment: str = ""
    quantity: int = 0
    total: Any = None
    tags: tuple[str, ...] = ()


class ComplaintSchema(Strict):
    MADE = Complaint

    order_no = line(50, ORDER_NO, required=True, data_key="orderNo")
    email = email()
    comment = text(4000)
    quantity = count(100)
    total = fields.Nested(MoneySchema)
    tags = fields.List(line(40))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    table: str
    sys_id: str
    updated_at: str
    correlation_id: str
    site_id: str = ""
    order_no: str = ""


class ChangedSchema(Strict):
    MADE = Changed

    table = line(80, required=True)
    sys_id = line(32, required=True, data_key="sysId")
    updated_at = line(40, required=True, data_key="updatedAt")
    correlation_id = line(100, required=True, data_key="correlationId")
    site_id = line(32, data_key="siteId")
    order_no = line(50, data_key="orderNo")


def _complaint(version: int) -> EventType:
    return EventType(
        name="complaint.made",
        version=version,
        summary="A shopper complains.",
        schema=ComplaintSchema,
        key=lambda site, data: f"complaints:{site}:{data.order_no}",
        subjects=lambda data: (("email", data.email),) if data.email else (),
        example={"orderNo": "00012345", "comment": "The lamp is broken."},
    )


class Complaints:
    """Only what intake asks of a flow."""

    name = "complaints"
    upstreams = frozenset({"servicenow"})
    weight = 1
    types: tuple[EventType, ...] = (
        _complaint(1),
        _complaint(3),
        EventType(
            name="complaints.record_changed",
            summary="A record changed.",
            schema=ChangedSchema,
            key=lambda _site, data: f"complaints:{data.sys_id}",
            sender="servicenow",
        ),
        EventType(
            name="complaints.due",
            summary="A timer.",
            schema=ComplaintSchema,
            key=lambda _site, data: data.order_no,
            sender="internal",
        ),
    )

    def handle(self, event: Any, steps: Any) -> Outcome:
        return Outcome()


@dataclass
class Doors:
    """The running sidecar, and what it stored."""

    url: str
    clock: StandingClock
    database: Database
    file: Path
    writer: Writer
    bearer: str
    rung: list[int]

    def document(self, event_id: str = "evt-1", **changes: Any) -> dict[str, Any]:
        return {
            "id": event_id,
            "type": "complaint.made",
            "specversion": "1.0",
            "time": "2026-03-02T08:59:00Z",
            "source": {"realm": "zzrf", "instance": "zzrf_001", "site": "RefArch"},
            "schemaVersion": 1,
            "data": {"orderNo": "00012345", "email": "mara@shop.example", "comment": "The lamp is broken."},
            **changes,
        }

    def signed(self, raw: bytes, event_id: str = "evt-1", *, key: str = "new", ago: float = 0) -> dict[str, str]:
        at = self.clock.now() - timedelta(seconds=ago)
        try:
            signature = Webhook(SECRETS[key]).sign(event_id, at, raw.decode())
        except UnicodeDecodeError:
            signature = "v1,AAAA"
        return {
            "Content-Type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        }

    def signed_by_cartridge(self, raw: bytes, event_id: str = "evt-1", *, key: str = "new") -> dict[str, str]:
        stamp = str(int(self.clock.now().timestamp()))
        made = hmac.new(SECRETS[key].encode(), f"{stamp}.{event_id}.".encode() + raw, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-SN-Key-Id": key,
            "X-SN-Event-Id": event_id,
            "X-SN-Timestamp": stamp,
            "X-SN-Signature": f"v1={made}",
        }

    def send(self, raw: bytes, headers: dict[str, str], path: str = "/v1/events") -> requests.Response:
        return requests.post(self.url + path, data=raw, headers=headers, timeout=30)

    def post(self, document: Any, *, event_id: str | None = None, **how: Any) -> requests.Response:
        raw = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
        named = event_id or (document["id"] if isinstance(document, dict) and "id" in document else "evt-1")
        return self.send(raw, self.signed(raw, str(named), **how))

    def change(self, **body: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.bearer}"}
        return requests.post(f"{self.url}/v1/changes", json=body, headers=headers, timeout=30)

    def rows(self) -> list[dict[str, Any]]:
        with sqlite3.connect(self.file) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute("SELECT * FROM events ORDER BY seq")]


@pytest.fixture(scope="session")
def tenant() -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0) as running:
        yield running


@pytest.fixture
def flow() -> Any:
    return Complaints()


@pytest.fixture
def source_settings() -> dict[str, Any]:
    """Settings of the sources of alerts; none is set up."""
    return {}


@pytest.fixture
def doors(tenant: CommerceEmulator, tmp_path: Path, flow: Any, source_settings: dict[str, Any]) -> Iterator[Doors]:
    clock = StandingClock()
    settings = replace(SidecarSettings.read(None), data_dir=tmp_path, port=0, rate_limit=0, **source_settings)
    file = tmp_path / "events.sqlite"
    database = Database(sqlite_url(file))
    writer = Writer(Inbox(database, {}).store, clock=clock)
    rung: list[int] = []
    plain = services_of(tenant.settings(), settings, SnowSettings.read(None))
    intake = Intake(
        (flow,),
        writer=writer,
        lookup=lambda kind, value: hashlib.sha256(f"key:{kind}:{value}".encode()).hexdigest(),
        clock=clock,
        ring=lambda _flow, _key: rung.append(1),
        sites=("RefArch", "RefArchDE"),
        metrics=plain.metrics,
    )
    services = replace(plain, clock=clock, intake=intake, signatures=Signatures(SECRETS, clock=clock))
    bearer = services.tokens.create("servicenow", SCOPES).bearer
    server = Server(create_app(services).wsgi_app).start()
    yield Doors(server.url, clock, database, file, writer, bearer, rung)
    server.stop()
    services.close()
    database.close()
