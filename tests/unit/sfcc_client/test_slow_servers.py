"""Real sockets: a server that drips, stalls or hangs up cannot hold a call beyond its deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sfcc_client import CommerceClient, errors

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
Server = Callable[[Callable[[socket.socket, threading.Event], None]], str]


@pytest.fixture
def server() -> Iterator[Server]:
    """Starts a server that treats each connection as told, until the test is over."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(treat: Callable[[socket.socket, threading.Event], None]) -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                try:
                    treat(connection, over)
                except OSError:
                    continue

    def start(treat: Callable[[socket.socket, threading.Event], None]) -> str:
        threads.append(threading.Thread(target=serve, args=(treat,), daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    over.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join(5)


def drip(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD)
    while not over.wait(0.02):
        connection.sendall(b" ")


def stall(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD + b"{")
    over.wait(5)


def hang_up(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD + b"{")


def say_nothing(connection: socket.socket, over: threading.Event) -> None:
    over.wait(5)


def compressed_noise(connection: socket.socket, over: threading.Event) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"
    connection.sendall(head + b"noise")


@pytest.mark.parametrize(
    ("treat", "kind"),
    [
        (drip, errors.TimedOut),
        (stall, errors.TimedOut),
        (say_nothing, errors.TimedOut),
        (hang_up, errors.Unreachable),
        (compressed_noise, errors.BadAnswer),
    ],
)
def test_the_deadline_holds(settings_with, server: Server, treat, kind: type) -> None:
    settings = settings_with(account_manager_url=server(treat))
    with CommerceClient(settings) as client:
        started = time.monotonic()
        with pytest.raises(errors.CommerceError) as caught:
            client.orders.by_number("1", site_id="RefArchDE", deadline=0.4)
        assert time.monotonic() - started < 0.8
    assert type(caught.value) is kind


def test_nobody_listens(settings_with) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = settings_with(account_manager_url=f"http://127.0.0.1:{port}")
    with CommerceClient(settings) as client, pytest.raises(errors.Unreachable):
        client.orders.by_number("1", site_id="RefArchDE", deadline=1)
