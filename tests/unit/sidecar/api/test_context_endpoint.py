"""POST /v1/context: what is taken, what is refused, what is recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sidecar.audit import Subject
from sidecar.errors import CircuitOpen, Overloaded, UnknownSite, UpstreamTimeout

from .conftest import CASE, VIEWER, Edge

BODY = {"identity": {"customer_no": "0001"}, "case": CASE, "viewer": VIEWER}


def test_answers_with_entity_tag_and_cache_state(edge: Edge) -> None:
    answer = edge.post("/v1/context", BODY)
    assert answer.status_code == 200
    assert answer.json["customer"]["match"] == "one"
    assert (answer.headers["ETag"], answer.headers["X-Cache"]) == ('W/"one"', "MISS")
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_same_bytes_again_are_not_read_again(edge: Edge) -> None:
    edge.post("/v1/context", BODY)
    again = edge.post("/v1/context", BODY)
    assert again.headers["X-Cache"] == "HIT"
    assert len(edge.context.asked) == 1


@pytest.mark.parametrize("condition", ['W/"one"', '"one"', 'W/"other", W/"one"', "*"])
def test_304_when_the_caller_has_it(edge: Edge, condition: str) -> None:
    answer = edge.post("/v1/context", BODY, **{"If-None-Match": condition})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", 'W/"one"')


def test_200_when_the_caller_has_something_else(edge: Edge) -> None:
    assert edge.post("/v1/context", BODY, **{"If-None-Match": 'W/"two"'}).status_code == 200


def test_the_request_reaches_the_context_room_whole(edge: Edge) -> None:
    body = {
        "identity": {"customer_no": " 0001 ", "email": "mara@shop.example", "order_no": "", "site_id": None},
        "mode": "cached",
        "sections": ["orders", "orders", "cart"],
        "case": CASE,
        "viewer": VIEWER,
        "cursor": "abc",
    }
    edge.post("/v1/context", body, **{"X-Correlation-Id": "from-servicenow-1"})
    (asked,) = edge.context.asked
    assert (asked.identity.customer_no, asked.identity.order_no, asked.identity.site_id) == ("0001", None, None)
    assert (asked.mode, asked.sections, asked.cursor, asked.ref) == (
        "cached",
        ("orders", "cart"),
        "abc",
        "from-servicenow-1",
    )
    assert asked.viewer is not None
    assert asked.viewer.roles == ("agent",)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "identity"),
        ({"identity": "x"}, "identity"),
        ({"identity": {"customer_no": 5}}, "identity.customer_no"),
        ({"identity": {"customer_no": "x" * 101}}, "identity.customer_no"),
        ({"identity": {"email": "not an address"}}, "identity.email"),
        ({"identity": {"nickname": "x"}}, "identity.nickname"),
        ({"identity": {}, "mode": "fast"}, "mode"),
        ({"identity": {}, "sections": ["orders", "secrets"]}, "sections.1"),
        ({"identity": {}, "sections": []}, "sections"),
        ({"identity": {}, "case": {"table": "incident", "sys_id": "x"}}, "case.sys_id"),
        ({"identity": {}, "viewer": {"user": "a", "roles": ["root"]}}, "viewer.roles.0"),
        ({"identity": {}, "viewer": {"user": "a", "tz": "Mars/Olympus"}}, "viewer.tz"),
        ({"identity": {}, "viewer": {"user": "a", "locale": "../.."}}, "viewer.locale"),
        ({"identity": {}, "viewer": {}}, "viewer.user"),
        ({"identity": {}, "extra": 1}, "extra"),
        ({"identity": {"customer_no": "a\u0000b"}}, "identity.customer_no"),
        ({"identity": {"customer_no": "a\u009bb"}}, "identity.customer_no"),
        ({"identity": {"customer_no": "a\nb"}}, "identity.customer_no"),
        ({"identity": {"customer_no": "\ud83d"}}, "identity.customer_no"),
        ([], ""),
    ],
)
def test_422_names_the_field_and_repeats_no_value(edge: Edge, body: Any, field: str) -> None:
    answer = edge.post("/v1/context", body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in [error["field"] for error in answer.json["errors"]]
    assert not edge.context.asked


def test_a_field_name_that_may_be_personal_is_not_repeated(edge: Edge) -> None:
    answer = edge.post("/v1/context", {"identity": {"mara@shop.example": "x"}})
    assert answer.status_code == 422
    assert b"mara" not in answer.data


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"nonsense", b'{"identity": NaN}', b"\xff\xfe", b"[" * 30_000, b'{"a":' * 9000 + b"1"]
)
def test_400_for_what_is_not_json(edge: Edge, raw: bytes) -> None:
    answer = edge.post("/v1/context", raw)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_422_for_nesting_beyond_reason(edge: Edge) -> None:
    deep: Any = "x"
    for _ in range(20):
        deep = [deep]
    assert edge.post("/v1/context", {"identity": deep}).status_code == 422


def test_413_is_decided_by_the_declared_length(edge: Edge) -> None:
    answer = edge.post("/v1/context", b" " * (64 * 1024 + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert edge.post("/v1/context", json.dumps(BODY).encode().ljust(64 * 1024)).status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
def test_415_for_anything_but_json(edge: Edge, media_type: str) -> None:
    answer = edge.post("/v1/context", BODY, **{"Content-Type": media_type})
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_json_with_a_charset_is_json(edge: Edge) -> None:
    assert edge.post("/v1/context", BODY, **{"Content-Type": "application/json; charset=utf-8"}).status_code == 200


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (UnknownSite("No such site."), 422, "unknown_site"),
        (Overloaded("Busy.", retry_after=2.2), 503, "overloaded"),
        (CircuitOpen("Resting.", retry_after=0.1), 503, "circuit_open"),
        (UpstreamTimeout("Slow."), 504, "upstream_timeout"),
    ],
)
def test_errors_of_the_context_room(edge: Edge, failure: Exception, status: int, code: str) -> None:
    edge.context.failure = failure
    answer = edge.post("/v1/context", BODY)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    wait = getattr(failure, "retry_after", None)
    assert answer.headers.get("Retry-After") == ({2.2: "3", 0.1: "1"}[wait] if wait else None)


def test_500_tells_the_reference_and_nothing_else(edge: Edge, capsys: pytest.CaptureFixture[str]) -> None:
    edge.context.failure = RuntimeError("mara@shop.example at line 5")
    answer = edge.post("/v1/context", BODY)
    assert answer.status_code == 500
    assert answer.json["ref"] == answer.headers["X-Correlation-Id"]
    assert b"mara" not in answer.data
    assert b"RuntimeError" not in answer.data
    printed = capsys.readouterr()
    assert answer.json["ref"] in printed.out + printed.err
    assert "mara" not in printed.out + printed.err


class TestAccessLog:
    def entries(self, edge: Edge, kind: str, value: str) -> list[Any]:
        edge.log.close()
        return [logged.entry for logged in edge.log.export(Subject(kind=kind, value=value))]

    def test_a_viewers_read_is_recorded_once_a_minute(self, edge: Edge) -> None:
        for _ in range(3):
            edge.post("/v1/context", BODY)
        edge.clock.pass_by(61)
        edge.post("/v1/context", BODY)
        found = self.entries(edge, "customer_no", "0001")
        assert [(entry.user, entry.action, entry.result, entry.case_id) for entry in found] == [
            ("agent.one", "live", "shown", CASE["sys_id"])
        ] * 2

    def test_every_candidate_shown_is_recorded(self, edge: Edge) -> None:
        edge.post("/v1/context", {"identity": {"email": "both@shop.example"}, "viewer": VIEWER})
        assert len(self.entries(edge, "customer_no", "0002")) == 1

    def test_a_search_that_found_nobody_is_recorded_under_what_was_searched(self, edge: Edge) -> None:
        edge.post("/v1/context", {"identity": {"email": "nobody@shop.example"}, "viewer": VIEWER})
        (entry,) = self.entries(edge, "email", "NOBODY@shop.example")
        assert entry.result == "not_found"

    def test_an_integrations_read_is_not(self, edge: Edge) -> None:
        edge.post("/v1/context", {"identity": {"customer_no": "0001"}})
        assert self.entries(edge, "customer_no", "0001") == []
