"""Bodies too large, too slow, too strange: a clear answer, and never a hung server."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

import pytest
import requests

from .conftest import CASE, VIEWER, Sidecar


def address(sidecar: Sidecar) -> tuple[str, int]:
    host, _, port = sidecar.url.removeprefix("http://").rpartition(":")
    return host, int(port)


class TestSize:
    @pytest.mark.parametrize("path", ["/v1/context", "/v1/reveal", "/v1/panel-links", "/panel/live", "/nowhere"])
    def test_5_mb(self, sidecar: Sidecar, path: str) -> None:
        answer = sidecar.post(path, data=b"x" * 5_000_000, **{"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")

    def test_5_mb_in_chunks(self, sidecar: Sidecar) -> None:
        chunks = (b"x" * 50_000 for _ in range(100))
        answer = sidecar.post("/v1/context", data=chunks, **{"Content-Type": "application/json"})
        assert answer.status_code == 413

    def test_a_body_without_a_token_is_not_parsed(self, sidecar: Sidecar) -> None:
        answer = requests.post(f"{sidecar.url}/v1/context", data=b"{", timeout=10)
        assert answer.status_code == 401


class TestSlowClients:
    def test_24_slow_bodies_do_not_keep_others_waiting(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        head = (
            f"POST /v1/context HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sidecar.bearer}\r\n"
            "Content-Type: application/json\r\nContent-Length: 200\r\n\r\n{"
        )
        slow = [socket.create_connection(address(sidecar), timeout=5) for _ in range(24)]
        try:
            for connection in slow:
                connection.sendall(head.encode())
            sidecar.context({"customer_no": who["customer_no"]})
            started = time.monotonic()
            answer = sidecar.context({"customer_no": who["customer_no"]})
            assert answer.status_code == 200
            assert time.monotonic() - started < 0.5
            body = json.dumps({"identity": {"customer_no": who["customer_no"]}}).encode().ljust(200)
            slow[0].sendall(body[1:])
            assert slow[0].recv(15) == b"HTTP/1.1 200 OK"
        finally:
            for connection in slow:
                connection.close()

    def test_stopping_does_not_wait_for_them(self, sidecar: Sidecar) -> None:
        with socket.create_connection(address(sidecar), timeout=5) as slow:
            slow.sendall(b"POST /v1/context HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            started = time.monotonic()
            sidecar.server.stop()
            assert time.monotonic() - started < 5


class TestStrangeRequests:
    @pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
    def test_405_says_what_is_allowed(self, sidecar: Sidecar, method: str) -> None:
        answer = sidecar.session.request(method, f"{sidecar.url}/v1/context", timeout=10)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert answer.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("path", ["/", "/v1", "/admin", "/v1/context/", "/%00", "/..%2f..%2fetc/passwd", "/%ff"])
    def test_404(self, sidecar: Sidecar, path: str) -> None:
        answer = sidecar.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    @pytest.mark.parametrize(
        "raw",
        [
            b"GET / HTTP/9.9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"POST /v1/context HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
            b"POST /v1/context HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        ],
        ids=["version", "tls", "negative-length", "smuggling", "long-header"],
    )
    def test_what_is_not_http_is_refused(self, sidecar: Sidecar, raw: bytes) -> None:
        answer = b""
        with socket.create_connection(address(sidecar), timeout=5) as connection:
            # A connection that ends before everything is sent is a refusal too.
            with contextlib.suppress(OSError):
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                answer = connection.recv(200)
        assert answer == b"" or answer[9:10] == b"4"
        assert sidecar.get("/healthz").status_code == 200

    @pytest.mark.parametrize(
        "given",
        ["a b", "x" * 65, "mara@shop.example", "<script>", "ü"],
        ids=["blank", "long", "mail", "markup", "umlaut"],
    )
    def test_a_strange_correlation_id_is_replaced(self, sidecar: Sidecar, given: str) -> None:
        answer = sidecar.get("/healthz", **{"X-Correlation-Id": given.encode().decode("latin-1")})
        assert answer.headers["X-Correlation-Id"].startswith("c360-")

    def test_a_good_correlation_id_is_kept(self, sidecar: Sidecar) -> None:
        assert sidecar.get("/healthz", **{"X-Correlation-Id": "tx-42"}).headers["X-Correlation-Id"] == "tx-42"


@pytest.mark.parametrize(
    "path", ["/healthz", "/docs", "/openapi.json", "/metrics", "/nowhere", "/panel", "/v1/context"]
)
def test_every_answer_has_the_security_headers(sidecar: Sidecar, path: str) -> None:
    answer = sidecar.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Permissions-Policy" in answer.headers
    for absent in ("Server", "Set-Cookie", "X-Frame-Options", "Access-Control-Allow-Origin"):
        assert absent not in answer.headers
    assert CASE["sys_id"] not in answer.text
    assert VIEWER["user"] not in answer.text
