"""The HTTP edge over a context room that answers from memory, so that each refusal can be provoked by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sidecar.api.pages import Pages
from sidecar.api.rates import Rates
from sidecar.api.signing import Signer
from sidecar.api.tokens import SCOPES, TokenFile
from sidecar.app import create_app
from sidecar.audit import AccessLog, RevealAudit
from sidecar.context import (
    AccessRecord,
    CacheState,
    ContextAnswer,
    ContextRequest,
    Revealed,
    RevealRequest,
    SectionRequest,
)
from sidecar.errors import NotFound, NotPermitted
from sidecar.observe import Metrics
from sidecar.readiness import Readiness
from sidecar.rounds import Rounds
from sidecar.services import Services
from sidecar.settings import SidecarSettings

CASE = {"table": "sn_customerservice_case", "sys_id": "0123456789abcdef0123456789abcdef"}
VIEWER = {"user": "agent.one", "roles": ["agent"], "locale": "en-IE", "tz": "Europe/Berlin"}


class Clock:
    """Time that moves only when told to."""

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


@dataclass
class MemoryContext:
    """One shopper, two who share an e-mail address, and a record of what was asked."""

    audit: RevealAudit
    clock: Clock
    asked: list[ContextRequest] = field(default_factory=list)
    sections: list[SectionRequest] = field(default_factory=list)
    erased: list[str | None] = field(default_factory=list)
    failure: Exception | None = None
    finished: dict[tuple[bytes, str], ContextAnswer] = field(default_factory=dict)

    def read_raw(self, raw_body: bytes, principal_key: str) -> ContextAnswer | None:
        return self.finished.get((raw_body, principal_key))

    def read(self, request: ContextRequest, *, raw_body: bytes | None = None, principal_key: str = "") -> ContextAnswer:
        if self.failure:
            raise self.failure
        self.asked.append(request)
        answer = self._answer(request)
        if raw_body is not None:
            self.finished[raw_body, principal_key] = replace(answer, cache=CacheState.HIT)
        return answer

    def _answer(self, request: ContextRequest) -> ContextAnswer:
        identity = request.identity
        if identity.email == "both@shop.example" and not identity.customer_no:
            found = [{"customer_no": "0001", "name": "A"}, {"customer_no": "0002", "name": "B"}]
            return _answer("many", {"match": "many", "candidates": found}, ref=request.ref)
        if identity.email == "nobody@shop.example" or identity.order_no == "none":
            return _answer("none", {"match": "none"}, ref=request.ref)
        return _answer("one", {"match": "one"}, customer_no=identity.customer_no or "0001", ref=request.ref)

    def section(self, request: SectionRequest) -> ContextAnswer:
        if self.failure:
            raise self.failure
        self.sections.append(request)
        if request.customer_no == "9999":
            raise NotFound("There is no such customer.")
        body = json.dumps({"status": "ok", "data": {"customer_no": request.customer_no}}).encode()
        return ContextAnswer(body=body, etag='W/"s"', cache=CacheState.MISS, match="one", customer_no="0001")

    def reveal(self, request: RevealRequest) -> Revealed:
        if "auditor" in request.viewer.roles:
            raise NotPermitted("An auditor reveals nothing.")
        self.audit.record(
            AccessRecord(
                at=self.clock.now(),
                user=request.viewer.user,
                action="reveal",
                field=request.field,
                reason=request.reason,
                customer_no="0001",
                site_id="RefArch",
                case=request.case,
                reference=request.ref or "",
            )
        )
        return Revealed(value="mara@shop.example", field=request.field)

    def erase(self, *, customer_no: str | None = None, email: str | None = None) -> int:
        self.erased.append(customer_no or email)
        return 3

    def close(self) -> None:
        pass


def _answer(match: Any, customer: dict[str, Any], *, ref: str | None, customer_no: str | None = None) -> ContextAnswer:
    insight = {"id": "late_order", "title": "Late"}
    body = {
        "v": 1,
        "req": ref,
        "generated_at": "2026-11-23T12:00:00Z",
        "mode": "cached",
        "customer": customer,
        "sections": {"insights": {"status": "ok", "data": [insight]}},
    }
    return ContextAnswer(
        body=json.dumps(body).encode(),
        etag=f'W/"{match}"',
        cache=CacheState.MISS,
        match=match,
        customer_no=customer_no,
        site_id="RefArch" if customer_no else None,
    )


@dataclass
class Edge:
    """The application with everything a test wants to look into."""

    app: Any
    services: Services
    context: MemoryContext
    log: AccessLog
    clock: Clock
    tokens: TokenFile
    bearer: str

    @property
    def client(self) -> Any:
        return self.app.test_client()

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json", **more}

    def post(self, path: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(path, data=raw, headers=self.headers(**headers))


@pytest.fixture
def make_edge(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    def made(*, desk: Any = None, **changes: Any) -> Edge:
        clock = Clock()
        settings = replace(SidecarSettings.read(None), data_dir=tmp_path, access_log=True, **changes)
        log = AccessLog(tmp_path / "access.sqlite", b"k" * 32, clock=clock)
        context = MemoryContext(RevealAudit(log), clock)
        tokens = TokenFile(tmp_path / "tokens.json", clock=clock)
        metrics = Metrics()
        services = Services(
            settings=settings,
            commerce=SimpleNamespace(  # type: ignore[arg-type]
                close=lambda: None, activity=SimpleNamespace(recorded=False)
            ),
            context=context,  # type: ignore[arg-type]
            access_log=log,
            tokens=tokens,
            signer=Signer({}, clock=clock),
            pages=Pages(idle_s=settings.page_lifetime_s, clock=clock),
            request_rates=Rates(settings.rate_limit, burst=2 * settings.rate_limit, clock=clock),
            reveal_rates=Rates(settings.reveals_per_minute / 60, burst=settings.reveals_per_minute, clock=clock),
            page_rates=Rates(2.0, burst=30, clock=clock),
            metrics=metrics,
            readiness=Readiness({"access_log": log.write}, clock=clock),
            clock=clock,
            frame_ancestors=("https://acme.service-now.example",),
            desk=desk,
            rounds=Rounds((), metrics=metrics, clock=clock),
            guest_orders=None,
        )
        request.addfinalizer(services.close)
        bearer = tokens.create("servicenow", SCOPES).bearer
        return Edge(create_app(services), services, context, log, clock, tokens, bearer)

    return made


@pytest.fixture
def edge(make_edge: Any) -> Edge:
    return make_edge()
