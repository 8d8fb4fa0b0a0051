"""Load on one address: some connections kept alive, each sending its request again as soon as it is answered.

Plain sockets and one thread, so that the generator costs much less than the servers it drives.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Self
from urllib.parse import urlsplit

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SILENCE_S = 30.0


class Unexpected(RuntimeError):  # noqa: N818 - a measurement of something else than was asked for
    """The server closed a connection, or answered with another status."""


def request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A POST as bytes."""
    fields = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class _Connection:
    """One socket and what it has received of the current answer."""

    __slots__ = ("expected", "received", "socket")

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=_SILENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.forget()

    def forget(self) -> None:
        self.received = bytearray()
        self.expected = 0

    def take(self) -> bytes | None:
        """The answer once it is whole."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise Unexpected("the server closed a connection")
        self.received += piece
        if not self.expected:
            head = self.received.find(_END)
            if head < 0:
                return None
            length = _LENGTH.search(self.received, 0, head)
            self.expected = head + len(_END) + (int(length[1]) if length else 0)
        if len(self.received) < self.expected:
            return None
        answer = bytes(self.received)
        self.forget()
        return answer


class Traffic:
    """Connections to one server; close it."""

    def __init__(self, url: str, connections: int) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._connections = [_Connection((parts.hostname, parts.port)) for _ in range(connections)]
        self._selector = selectors.DefaultSelector()
        for connection in self._connections:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def rate(self, message: bytes, seconds: float, *, status: int) -> float:
        """Answers a second over `seconds`, with every connection busy.

        Raises Unexpected for any other status, when everything under way is answered: the next call may try again.
        """
        strays: list[bytes] = []
        started = time.perf_counter()
        end, count, under_way = started + seconds, 0, len(self._connections)
        for connection in self._connections:
            connection.socket.sendall(message)
        expected = b"HTTP/1.1 %d " % status
        while under_way:
            for connection, answer in self._answers():
                if not answer.startswith(expected):
                    strays.append(answer[:40])
                if time.perf_counter() < end:
                    count += 1
                    connection.socket.sendall(message)
                else:
                    under_way -= 1
        if strays:
            raise Unexpected(f"expected {status}, got {strays[0]!r} {len(strays)} times")
        return count / seconds

    def waits(self, messages: Sequence[bytes], seconds: float, *, status: int) -> list[float]:
        """Seconds that each answer took, over `seconds` or until the messages are used up, each sent once.

        Raises Unexpected for any other status.
        """
        expected, rest, found = b"HTTP/1.1 %d " % status, iter(messages), list[float]()
        end, under_way = time.perf_counter() + seconds, dict[_Connection, float]()
        for connection in self._connections:
            under_way[connection] = time.perf_counter()
            connection.socket.sendall(next(rest))
        while under_way:
            for connection, answer in self._answers():
                now = time.perf_counter()
                found.append(now - under_way.pop(connection))
                if not answer.startswith(expected):
                    raise Unexpected(f"expected {status}, got {answer[:40]!r}")
                message = next(rest, None) if now < end else None
                if message is not None:
                    under_way[connection] = time.perf_counter()
                    connection.socket.sendall(message)
        return found

    def all_at_once(self, message: bytes) -> list[bytes]:
        """The answers to one request on every connection, all sent before any is read."""
        for connection in self._connections:
            connection.socket.sendall(message)
        answers: list[bytes] = []
        while len(answers) < len(self._connections):
            answers += [answer for _, answer in self._answers()]
        return answers

    def _answers(self) -> list[tuple[_Connection, bytes]]:
        ready = self._selector.select(_SILENCE_S)
        if not ready:
            raise Unexpected(f"no answer within {_SILENCE_S:.0f} s")
        taken = [(key.data, key.data.take()) for key, _ in ready]
        return [(connection, answer) for connection, answer in taken if answer is not None]

    def close(self) -> None:
        self._selector.close()
        for connection in self._connections:
            connection.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
