"""The platform's own senders: each proves itself, becomes an alert, and leaves nothing personal behind."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
import requests

from sidecar.events.signatures import body_signature
from sidecar.flows.storefront_alerts import StorefrontAlerts

TOKEN = "t" * 32
KEY = "stream-key"
SECRET = "zone-secret"
SESSION = "rJGdTmJkYw6qLx2f"
LINE = (
    "[2026-03-02 08:55:01.123 GMT] ERROR PipelineCallServlet|1512213|Sites-RefArch-Site|CheckoutServices-PlaceOrder"
    f"|PipelineCall|{SESSION} custom.checkout Payment authorization failed for order 00012345 TypeError: x is null"
    " (app_vv_core/cartridge/scripts/checkout.js:31)\n"
    "\tat app_vv_core/cartridge/scripts/checkout.js:31 (pay)\n"
    "RequestID: kD3nZgYAAAB1\n"
    "SessionType: STOREFRONT\n"
    f"SessionID: {SESSION}\n"
    "Request Parameters:\n"
    "dwfrm_billing_addressFields_firstName=Mara&dwfrm_billing_address1=Lindenweg+7&cc=4111111111111111\n"
    "Remote Address: 203.0.113.9\n"
    "Cookie: dwsid=abcSECRETdef\n"
)
HIDDEN = (SESSION, "Mara", "Lindenweg", "4111111111111111", "203.0.113.9", "abcSECRETdef", "mara@shop.example")


@pytest.fixture
def flow() -> Any:
    class Alerts:
        name, upstreams, weight = "storefront_alerts", frozenset({"servicenow"}), 1
        types = StorefrontAlerts.types

    return Alerts()


@pytest.fixture
def source_settings() -> dict[str, Any]:
    from sidecar.variables import Secret  # noqa: PLC0415 - only here

    return {"source_token": Secret(TOKEN), "log_stream_key": Secret(KEY), "ecdn_secret": Secret(SECRET)}


def alerts(doors: Any) -> list[dict[str, Any]]:
    return [json.loads(row["payload"]) for row in doors.rows()]


def said(doors: Any) -> str:
    """Everything the database files hold."""
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in doors.file.parent.glob("events.sqlite*"))


def post(doors: Any, path: str, body: Any, **headers: str) -> requests.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json", **headers}
    return requests.post(f"{doors.url}/v1/sources/{path}", data=raw, headers=given, timeout=30)


def stream(*records: str, name: str = "req-1", at: int = 1772441700000) -> dict[str, Any]:
    data = [{"data": base64.b64encode(record.encode()).decode()} for record in records]
    return {"requestId": name, "timestamp": at, "records": data}


def send(doors: Any, body: Any, key: str = KEY, **headers: str) -> requests.Response:
    named = {"X-Amz-Firehose-Access-Key": key, "X-Amz-Firehose-Request-Id": "req-1", **headers}
    return post(doors, "log-stream", body, **named)


MESSAGE = {
    "text": "*[Ongoing]* Critical: <https://logcenter.example/a|Checkout errors> in Sites-RefArch-Site",
    "attachments": [
        {
            "color": "danger",
            "title": "Checkout errors",
            "text": "1,204 hits: PlaceOrder fails, dwsid=abcSECRETdef, card 4111 1111 1111 1111",
            "fields": [{"title": "Monitor", "value": "Checkout errors"}],
        }
    ],
}


NOTICE = {
    "name": "Origin health",
    "text": "Origin errors for zone shop.example from 203.0.113.9",
    "ts": 1772441700,
    "data": {
        "zone_name": "shop.example",
        "alert_type": "http_alert_origin_error",
        "severity": "high",
        "rule_id": "r1",
    },
}


PAYLOAD = {
    "processId": "12345",
    "uuid": "550e8400-e29b-41d4-a716-446655440000",
    "type": "ReplicationPublication",
    "targetSystem": "Production",
    "state": "FAILED",
    "isDataReplication": True,
    "success": False,
    "description": "nightly, by mara@shop.example",
    "replicationGroups": [],
    "startDate": "2026-03-02T08:00:00.000Z",
    "endDate": "2026-03-02T08:31:13.755934395Z",
    "errorState": "ErrorTableLocked",
}


class TestLogStream:
    def test_lines_become_one_alert_with_a_count_and_nothing_personal(self, doors) -> None:
        answer = send(doors, stream(LINE, LINE.replace("08:55:01", "08:56:01"), LINE.replace("ERROR", "INFO")))
        assert (answer.status_code, answer.json()["requestId"]) == (200, "req-1")
        assert isinstance(answer.json()["timestamp"], int)
        (alert,) = alerts(doors)
        (row,) = doors.rows()
        assert row["site_id"] == "RefArch"
        assert (alert["signal"], alert["severity"], alert["count"]) == ("payment_failures", "error", 2)
        assert (alert["node"], alert["logger"]) == ("CheckoutServices-PlaceOrder", "custom.checkout")
        assert (alert["exception"], alert["requestId"]) == ("TypeError", "kD3nZgYAAAB1")
        assert alert["cartridgePath"] == "app_vv_core/cartridge/scripts/checkout.js:31"
        assert alert["window"] == {"from": "2026-03-02T08:55:01.123000+00:00", "to": "2026-03-02T08:56:01.123000+00:00"}
        assert "00012345" in alert["message"]
        assert not [word for word in HIDDEN if word in said(doors)]

    def test_a_repeat_is_answered_the_same_and_stored_once(self, doors) -> None:
        first = send(doors, stream(LINE, "a line of another kind"))
        again = send(doors, stream(LINE, "a line of another kind", at=1772441999000))
        assert (again.status_code, again.content) == (200, first.content)
        assert len(doors.rows()) == 2

    def test_all_is_stored_before_200(self, doors, monkeypatch) -> None:
        def away(*_: Any) -> Any:
            raise RuntimeError

        monkeypatch.setattr(doors.writer, "_store", away)
        answer = send(doors, stream(LINE))
        assert (answer.status_code, answer.json()["errorMessage"].partition(":")[0]) == (503, "store_unavailable")
        assert doors.rows() == []

    def test_packed_bodies_are_read_and_bombs_are_not(self, doors) -> None:
        packed = gzip.compress(json.dumps(stream(LINE)).encode())
        assert send(doors, packed, **{"Content-Encoding": "gzip"}).status_code == 200
        bomb = gzip.compress(b" " * 30_000_000)
        assert send(doors, bomb, **{"Content-Encoding": "gzip"}).status_code == 413
        assert send(doors, b"no gzip", **{"Content-Encoding": "gzip"}).status_code == 400

    def test_many_records_fit(self, doors) -> None:
        assert send(doors, stream(*[LINE] * 800)).status_code == 200
        assert [alert["count"] for alert in alerts(doors)] == [800]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"[]", 422),
            (b"{", 400),
            (b'{"requestId": "req-1"}', 422),
            (b'{"requestId": "req-1", "records": [{}]}', 422),
            (b'{"requestId": "req-1", "records": [7]}', 422),
            (b'{"requestId": "req-1", "records": [{"data": "%%%"}]}', 422),
            (b'{"requestId": "req-1", "records": [{"data": 5}]}', 422),
        ],
    )
    def test_what_does_not_speak_the_protocol_is_refused_in_it(self, doors, body: bytes, status: int) -> None:
        answer = send(doors, body)
        assert answer.status_code == status
        assert answer.json().keys() == {"requestId", "timestamp", "errorMessage"}
        assert doors.rows() == []

    @pytest.mark.parametrize("key", ["", "wrong", "stream-key-and-more"])
    def test_another_key_is_refused(self, doors, key: str) -> None:
        assert send(doors, stream(LINE), key).status_code == 401
        assert doors.rows() == []

    def test_json_records_and_raw_lines_are_not_lost(self, doors) -> None:
        row = {"timestamp": "2026-03-02T08:00:00.000Z", "level": "WARN", "category": "api.quota", "siteId": "RefArchDE"}
        row["message"] = "Quota object.OrderPO@SF (warn): limit 1000, exceeded 5 times, max actual was 1200"
        send(doors, stream(json.dumps(row), "what is this? call mara@shop.example", '{"unclosed'))
        quota, raw, broken = alerts(doors)
        assert (quota["signal"], quota["severity"]) == ("quota", "warning")
        assert quota["quota"] == {"id": "object.OrderPO@SF", "limit": 1000, "maxActual": 1200, "exceededTimes": 5}
        assert (raw["signal"], raw["message"]) == ("error_rate", "what is this? call [email]")
        assert broken["message"] == '{"unclosed'

    def test_jobs_are_named(self, doors) -> None:
        line = (
            "[2026-03-02 03:00:00.000 GMT] ERROR SystemJobThread|29485|nightly-export|export system.core Job failed\n"
        )
        send(doors, stream(line))
        (alert,) = alerts(doors)
        assert (alert["signal"], alert["job"]) == ("job_failed", "nightly-export")


class TestLogCenter:
    @pytest.mark.parametrize("form", ["json", "form"])
    def test_a_slack_message_becomes_an_alert(self, doors, form: str) -> None:
        if form == "json":
            answer = post(doors, f"log-center/{TOKEN}", MESSAGE)
        else:
            body = {"payload": json.dumps(MESSAGE)}
            answer = requests.post(f"{doors.url}/v1/sources/log-center/{TOKEN}", data=body, timeout=30)
        assert (answer.status_code, answer.json()) == (200, {"refs": ["E000001"]})
        (alert,) = alerts(doors)
        assert (alert["signal"], alert["state"], alert["severity"]) == ("checkout_failures", "firing", "critical")
        assert (alert["monitor"], alert["count"], doors.rows()[0]["site_id"]) == ("Checkout errors", 1204, "RefArch")
        assert not [word for word in ("abcSECRETdef", "4111 1111") if word in said(doors)]

    def test_it_resolves(self, doors) -> None:
        post(doors, f"log-center/{TOKEN}", {"text": "[Resolved] Checkout errors"})
        assert alerts(doors)[0]["state"] == "resolved"

    def test_the_same_within_minutes_is_the_same_alert(self, doors) -> None:
        for _ in range(3):
            assert post(doors, f"log-center/{TOKEN}", MESSAGE).json() == {"refs": ["E000001"]}
            doors.clock.sleep(60)
        doors.clock.sleep(300)
        assert post(doors, f"log-center/{TOKEN}", MESSAGE).json() == {"refs": ["E000002"]}

    @pytest.mark.parametrize(
        "body", [{}, [], "text", {"text": 5}, {"text": ""}, {"attachments": {"a": 1}}, 7, None], ids=str
    )
    def test_other_shapes_are_refused(self, doors, body: Any) -> None:
        assert post(doors, f"log-center/{TOKEN}", body).status_code == 422
        assert doors.rows() == []

    def test_the_address_is_not_in_the_log(self, doors, capfd) -> None:
        post(doors, f"log-center/{TOKEN}", MESSAGE)
        logged = "".join(capfd.readouterr())
        assert "/v1/sources/log-center/<token>" in logged
        assert TOKEN not in logged

    @pytest.mark.parametrize("token", ["wrong", "t" * 31, "t" * 33, "é"])
    def test_another_address_is_refused(self, doors, token: str) -> None:
        assert post(doors, f"log-center/{token}", MESSAGE).status_code == 401
        assert doors.rows() == []


class TestEcdn:
    @pytest.mark.parametrize(
        "prove", [lambda raw: body_signature(SECRET, raw), lambda raw: SECRET], ids=["hmac", "secret"]
    )
    def test_a_notice_becomes_an_alert(self, doors, prove: Any) -> None:
        raw = json.dumps(NOTICE).encode()
        assert post(doors, "ecdn", raw, **{"cf-webhook-auth": prove(raw)}).status_code == 200
        (alert,) = alerts(doors)
        assert (alert["signal"], alert["state"], alert["severity"]) == ("cdn", "firing", "critical")
        assert alert["cdn"] == {"zone": "shop.example", "rule": "r1", "kind": "http_alert_origin_error"}
        assert "203.0.113.9" not in said(doors)

    def test_a_changed_body_is_refused(self, doors) -> None:
        raw = json.dumps(NOTICE).encode()
        assert post(doors, "ecdn", raw + b" ", **{"cf-webhook-auth": body_signature(SECRET, raw)}).status_code == 401
        assert post(doors, "ecdn", raw).status_code == 401
        assert doors.rows() == []

    @pytest.mark.parametrize("body", [{}, [], 7, {"data": "x"}, {"text": {"a": 1}}], ids=str)
    def test_other_shapes_are_refused(self, doors, body: Any) -> None:
        assert post(doors, "ecdn", body, **{"cf-webhook-auth": SECRET}).status_code == 422


class TestEventing:
    def send(self, doors: Any, kind: str, payload: Any, token: str = TOKEN, **more: Any) -> requests.Response:
        headers = {
            "x-sf-cc-event-id": kind,
            "x-sf-cc-timestamp": "2026-03-02T08:31:13.755934395Z",
            "x-sf-cc-instance-id": "zzrf_prd",
            "x-sf-cc-site-id": "",
            "x-sf-cc-correlation-id": "550e8400-e29b-41d4-a716-446655440000",
        }
        return post(doors, f"eventing/{token}", {"eventType": kind, "payload": payload, **more}, **headers)

    def test_a_failed_replication_fires_and_a_completed_one_resolves(self, doors) -> None:
        assert self.send(doors, "sf.cc.replication.failed", PAYLOAD).status_code == 200
        assert self.send(doors, "sf.cc.replication.completed", PAYLOAD).status_code == 200
        failed, completed = alerts(doors)
        assert (failed["state"], failed["severity"], failed["exception"]) == ("firing", "error", "ErrorTableLocked")
        assert failed["replication"] == completed["replication"] == "ReplicationPublication to Production"
        assert failed["window"]["to"] == "2026-03-02T08:31:13.755934+00:00"
        assert completed["state"] == "resolved"
        assert doors.rows()[0]["site_id"] == "Sites-Site"
        assert "mara@shop.example" not in said(doors)

    def test_a_repeat_is_the_same(self, doors) -> None:
        first, again = (self.send(doors, "sf.cc.replication.failed", PAYLOAD).json() for _ in range(2))
        assert first == again

    @pytest.mark.parametrize(
        ("kind", "payload", "more"),
        [
            ("sf.cc.shopper.registered", {"email": "mara@shop.example"}, {}),
            ("sf.cc.replication.failed", None, {}),
            ("sf.cc.replication.failed", [], {}),
            ("sf.cc.replication.failed", {}, {"eventType": "sf.cc.replication.completed"}),
            ("", {}, {}),
        ],
        ids=str,
    )
    def test_others_are_refused(self, doors, kind: str, payload: Any, more: dict[str, Any]) -> None:
        assert self.send(doors, kind, payload, **more).status_code == 422
        assert doors.rows() == []

    def test_another_address_is_refused(self, doors) -> None:
        assert self.send(doors, "sf.cc.replication.failed", PAYLOAD, token="x").status_code == 401
