"""The server's connections: which stay open, and what is answered on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from sidecar.server import Server

BODIES = {"/304": ("304 NOT MODIFIED", b""), "/204": ("204 NO CONTENT", b""), "/200": ("200 OK", b"twelve bytes")}


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    status, body = BODIES[environ["PATH_INFO"]]
    start_response(status, [("ETag", '"v1"'), *([("Content-Length", str(len(body)))] if body else [])])
    return [body] if body else []


@pytest.fixture
def connection() -> Iterator[HTTPConnection]:
    with Server(app) as server:
        parts = urlsplit(server.url)
        opened = HTTPConnection(str(parts.hostname), parts.port, timeout=10)
        yield opened
        opened.close()


@pytest.mark.parametrize("path", BODIES)
def test_connection_stays_open(connection: HTTPConnection, path: str) -> None:
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (int(path[1:]), BODIES[path][1])
        assert answer.getheader("Connection") is None
        assert answer.getheader("ETag") == '"v1"'
    assert connection.sock is socket


@pytest.mark.parametrize("path", BODIES)
def test_connection_closes_when_asked(connection: HTTPConnection, path: str) -> None:
    connection.request("GET", path, headers={"Connection": "close"})
    answer = connection.getresponse()
    answer.read()
    assert answer.getheader("Connection") == "close"
    assert connection.sock is None
