"""The ground both emulators stand on: one loopback HTTP server with fault injection and a request log.

A `LoopbackServer` serves any WSGI application on 127.0.0.1 and answers three control routes itself:

- ``POST /_emulator/faults``: add a fault; ``GET`` lists them, ``DELETE`` removes all.
- ``GET /_emulator/requests``: what was asked so far (method, path, status, milliseconds); ``DELETE`` forgets it.

A fault is a JSON object; a request matches when its method and path prefix match, first fault first::

    {"method": "GET", "path": "/checkout/orders", "status": 503, "body": "…", "headers": {"Retry-After": "2"},
     "delay": 0.05, "drop": false, "late": false, "times": 3}

``method`` and ``path`` default to everything, ``times`` to for ever. Without ``status`` or ``drop`` the request is
only delayed (seconds) and then served. ``late`` serves it first, so that what it wrote stays, and then delays, drops or
replaces the answer. Paths are logged without their query string.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self
from wsgiref.types import StartResponse, WSGIEnvironment

from waitress.channel import ClientDisconnected

from sfcc_client.emulator.door import LOOPBACK, Door, WsgiApp
from sfcc_client.emulator.tls import CLIENT_CERTIFICATE, TlsDoor

__all__ = [
    "CLIENT_CERTIFICATE",
    "LOOPBACK",
    "Certificate",
    "Fault",
    "Faults",
    "LoggedRequest",
    "LoopbackServer",
    "WsgiApp",
]

_REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 404: "Not Found"}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One planned misbehaviour of the server; `times` counts down, None never ends."""

    method: str | None = None
    path: str = "/"
    status: int | None = None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    late: bool = False
    times: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError naming the first field that cannot be what it is."""
        wrong = next((name for name, fits in _FITS.items() if not fits(getattr(self, name))), None)
        if wrong is not None:
            raise ValueError(f"{wrong} is not as described")
        self.method = self.method.upper() if self.method is not None else None

    def matches(self, method: str, path: str) -> bool:
        return self.method in (None, method) and path.startswith(self.path)

    def public(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_FITS: dict[str, Callable[[Any], bool]] = {
    "method": lambda value: value is None or isinstance(value, str),
    "path": lambda value: isinstance(value, str),
    "status": lambda value: value is None or _whole(value, 200, 599),
    "body": lambda value: isinstance(value, str),
    "headers": lambda value: isinstance(value, dict) and all(isinstance(each, str) for each in value.values()),
    "delay": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600,
    "drop": lambda value: isinstance(value, bool),
    "late": lambda value: isinstance(value, bool),
    "times": lambda value: value is None or _whole(value, 1, 10**9),
}


class Faults:
    """The list of planned faults. Thread-safe."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.sleep = sleep

    def add(self, **fault: Any) -> None:
        """Plan a fault; the keywords are the fields of `Fault`. Raises TypeError or ValueError for anything else."""
        planned = Fault(**fault)
        with self._lock:
            self._faults.append(planned)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.public() for fault in self._faults]

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that matches, its remaining times counted down."""
        with self._lock:
            for fault in self._faults:
                if fault.matches(method, path):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times == 0:
                            self._faults.remove(fault)
                    return fault
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request as the server saw it; the path carries no query string."""

    method: str
    path: str
    status: int
    ms: float


class _Control:
    """WSGI middleware: control routes, faults, request log."""

    def __init__(self, app: WsgiApp, faults: Faults, log: deque[LoggedRequest]) -> None:
        self.app, self.faults, self.log = app, faults, log
        self._controls: dict[tuple[str, str], Callable[[WSGIEnvironment], tuple[int, object]]] = {
            ("POST", "/_emulator/faults"): self._add_fault,
            ("GET", "/_emulator/faults"): self._listed_faults,
            ("DELETE", "/_emulator/faults"): self._cleared_faults,
            ("GET", "/_emulator/requests"): self._listed_requests,
            ("DELETE", "/_emulator/requests"): self._cleared_requests,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO") or "/"
        if path.startswith("/_emulator/"):
            control = self._controls.get((method, path))
            if control is None:
                return self.app(environ, start_response)
            return _json(start_response, *control(environ))
        started = time.perf_counter()
        fault = self.faults.take(method, path)
        served = None
        if fault is not None:
            if fault.late:
                served = _served(self.app, environ)
            if fault.delay:
                self.faults.sleep(fault.delay)
            if fault.drop:
                self._note(method, path, 0, started)
                environ["waitress.client_disconnected"].__self__.socket.shutdown(socket.SHUT_RDWR)
                raise ClientDisconnected
            if fault.status is not None:
                self._note(method, path, fault.status, started)
                given = {"Content-Type": "application/json", **fault.headers}
                return _answer(start_response, fault.status, fault.body.encode(), given)
        status, headers, body = served or _served(self.app, environ)
        # Whoever has the answer finds it in the log: nothing is sent before it is noted.
        self._note(method, path, int(status[:3]), started)
        start_response(status, headers)
        return body

    def _note(self, method: str, path: str, status: int, started: float) -> None:
        elapsed = round((time.perf_counter() - started) * 1000, 2)
        self.log.append(LoggedRequest(method=method, path=path, status=status, ms=elapsed))

    def _add_fault(self, environ: WSGIEnvironment) -> tuple[int, object]:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            document = json.loads(environ["wsgi.input"].read(length))
            self.faults.add(**_named(document))
        except ValueError as error:
            return 400, {"error": f"not a fault: {error}"}
        return 201, self._listed_faults(environ)[1]

    def _listed_faults(self, _: WSGIEnvironment) -> tuple[int, object]:
        return 200, {"faults": self.faults.listed()}

    def _cleared_faults(self, _: WSGIEnvironment) -> tuple[int, object]:
        self.faults.clear()
        return 204, None

    def _listed_requests(self, _: WSGIEnvironment) -> tuple[int, object]:
        return 200, {"requests": [asdict(row) for row in list(self.log)]}

    def _cleared_requests(self, _: WSGIEnvironment) -> tuple[int, object]:
        self.log.clear()
        return 204, None


def _served(app: WsgiApp, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], list[bytes]]:
    """The whole answer of the application: status line, headers, body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        started.append((status, headers))

    answered = app(environ, start)
    try:
        body = list(answered)
    finally:
        getattr(answered, "close", lambda: None)()
    return (*started[-1], body)


def _named(document: object) -> dict[str, Any]:
    """A document as the fields of a fault. Raises ValueError."""
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for whatever was sent
    unknown = sorted(document.keys() - _FITS.keys())
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(_FITS)}")
    return document


def _json(start_response: StartResponse, status: int, document: object) -> Iterable[bytes]:
    if document is None:
        return _answer(start_response, status, b"", {})
    return _answer(start_response, status, json.dumps(document).encode(), {"Content-Type": "application/json"})


def _answer(start_response: StartResponse, status: int, body: bytes, headers: dict[str, str]) -> Iterable[bytes]:
    if status != 204:
        headers = {**headers, "Content-Length": str(len(body))}
    start_response(f"{status} {_REASONS.get(status, 'Fault')}", list(headers.items()))
    return [body] if body else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """PEM files of a server: its certificate with what leads to the authority, and its private key."""

    chain: Path
    key: Path


class LoopbackServer:
    """A WSGI application served on 127.0.0.1; port 0 picks a free one.

    The sockets are bound at construction, so `url` is final before `start`. Use it as a context manager, or call
    `start` and `stop`. `requests_kept` bounds the request log. With a `certificate` the same application is also
    served over TLS on a port of its own, at `secure_url`.
    """

    def __init__(
        self,
        app: WsgiApp,
        *,
        port: int = 0,
        threads: int = 16,
        requests_kept: int = 10_000,
        certificate: Certificate | None = None,
        tls_port: int = 0,
    ) -> None:
        self.faults = Faults()
        self.requests: deque[LoggedRequest] = deque(maxlen=requests_kept)
        control = _Control(app, self.faults, self.requests)
        self._door = Door(control, port=port, threads=threads)
        self._secure: TlsDoor | None = None
        if certificate is not None:
            try:
                self._secure = TlsDoor(
                    control, certificate=certificate.chain, key=certificate.key, port=tls_port, threads=threads
                )
            except OSError:
                self._door.stop()
                raise

    @property
    def port(self) -> int:
        return self._door.port

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def secure_url(self) -> str:
        """The address of the TLS port, empty without one."""
        return f"https://{LOOPBACK}:{self._secure.port}" if self._secure else ""

    def trust(self, authority: str) -> None:
        """Let clients of the TLS port show certificates of this authority (PEM). Raises `ssl.SSLError`."""
        if self._secure is not None:
            self._secure.trust(authority)

    def start(self) -> Self:
        self._door.start()
        if self._secure is not None:
            self._secure.start()
        return self

    def stop(self) -> None:
        """Stop serving, drop open connections and release the ports; safe to call twice."""
        if self._secure is not None:
            self._secure.stop()
        self._door.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
