"""POST /v1/reveal: nothing is shown that is not recorded first."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from sidecar.audit import Subject

from .conftest import CASE, VIEWER, Edge

BODY = {
    "identity": {"customer_no": "0001"},
    "field": "email",
    "case": CASE,
    "viewer": VIEWER,
    "reason": "Delivery call",
}
CUSTOMER = Subject(kind="customer_no", value="0001")


def test_shows_the_value_after_recording_it(edge: Edge) -> None:
    answer = edge.post("/v1/reveal", BODY, **{"X-Correlation-Id": "ref-1"})
    assert answer.json.items() >= {"field": "email", "value": "mara@shop.example", "expires_in_s": 60}.items()
    assert answer.headers["Cache-Control"] == "no-store"
    (logged,) = edge.log.export(CUSTOMER)
    entry = logged.entry
    assert (entry.action, entry.user, entry.field_name, entry.reason) == (
        "reveal",
        "agent.one",
        "email",
        "Delivery call",
    )
    assert (entry.case_id, entry.ip, entry.client, entry.ref) == (CASE["sys_id"], "127.0.0.1", "servicenow", "ref-1")


def test_without_the_access_log_nothing_is_shown(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("sidecar.audit.store.Store.append", full)
    answer = edge.post("/v1/reveal", BODY)
    assert (answer.status_code, answer.json["code"]) == (503, "audit_unavailable")
    assert b"mara" not in answer.data


def test_a_refusal_is_recorded_too(edge: Edge) -> None:
    answer = edge.post("/v1/reveal", {**BODY, "viewer": {**VIEWER, "roles": ["auditor"]}})
    assert (answer.status_code, answer.json["code"]) == (403, "not_permitted")
    (logged,) = edge.log.export(CUSTOMER)
    assert logged.entry.result == "refused"


def test_a_required_reason(make_edge: Any) -> None:
    edge = make_edge(reveal_reason_required=True)
    answer = edge.post("/v1/reveal", {**BODY, "reason": "  "})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "reason")
    assert edge.post("/v1/reveal", BODY).status_code == 200


def test_an_agent_reveals_only_so_many_a_minute(make_edge: Any) -> None:
    edge = make_edge(reveals_per_minute=2)
    assert [edge.post("/v1/reveal", BODY).status_code for _ in range(3)] == [200, 200, 429]
    other = {**BODY, "viewer": {**VIEWER, "user": "agent.two"}}
    assert edge.post("/v1/reveal", other).status_code == 200


@pytest.mark.parametrize("missing", ["identity", "field", "viewer", "case"])
def test_422_without_a_needed_field(edge: Edge, missing: str) -> None:
    body = {name: value for name, value in BODY.items() if name != missing}
    answer = edge.post("/v1/reveal", body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, missing)


def test_422_when_nobody_is_named(edge: Edge) -> None:
    assert edge.post("/v1/reveal", {**BODY, "identity": {}}).status_code == 422
