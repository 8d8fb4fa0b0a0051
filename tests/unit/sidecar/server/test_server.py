"""The server's connections: which stay open, and what is answered on them; and requests that wait without a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
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


class _Waiting:
    """Answers /later when somebody says so, everything else at once."""

    def __init__(self, most: int) -> None:
        self.begun_ones: list[Future[None]] = []
        self.all_begun = threading.Event()
        self._most = most

    def begun(self, environ: WSGIEnvironment) -> Future[None] | None:
        if environ["PATH_INFO"] != "/later":
            return None
        environ["test.begun"] = future = Future[None]()
        self.begun_ones.append(future)
        if len(self.begun_ones) == self._most:
            self.all_begun.set()
        return future

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        future = environ.get("test.begun")
        body = environ["wsgi.input"].read() if future is None else f"done {future.done()}".encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


def test_requests_that_wait_hold_no_thread() -> None:
    waiting = _Waiting(3)
    with Server(waiting, threads=1) as server:
        parts = urlsplit(server.url)
        opened = [HTTPConnection(str(parts.hostname), parts.port, timeout=30) for _ in range(4)]
        for one in opened[:3]:
            one.request("POST", "/later", b"body")
        assert waiting.all_begun.wait(30)
        opened[3].request("POST", "/now", b"at once")
        assert opened[3].getresponse().read() == b"at once"
        for future in waiting.begun_ones:
            future.set_result(None)
        assert [one.getresponse().read() for one in opened[:3]] == [b"done True"] * 3
        for one in opened:
            one.close()


def test_the_end_waits_for_requests_that_wait() -> None:
    waiting = _Waiting(1)
    server = Server(waiting, threads=1).start()
    parts = urlsplit(server.url)
    opened = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    opened.request("POST", "/later", b"body")
    assert waiting.all_begun.wait(30)
    server.drain()
    waiting.begun_ones[0].set_result(None)
    assert opened.getresponse().read() == b"done True"
    server.stop()
    opened.close()
