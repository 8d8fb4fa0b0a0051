"""The outermost layer of every request: correlation id, size limit, security headers, metrics and one log line.

WSGI rather than Flask hooks, because it then also covers what Flask refuses before routing, and costs less on the
hot path. The log line holds the route's template, never the path, a query string or a body.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from prometheus_client import Counter, Histogram

from sidecar.api import problems
from sidecar.api.auth import CLIENT
from sidecar.api.bodies import most_bytes
from sidecar.observe import Metrics
from sidecar.server import TwoSteps

REF = "sidecar.ref"
ROUTE = "sidecar.route"
STARTED = "sidecar.started"
_GIVEN_REF = re.compile(r"[A-Za-z0-9._-]{1,64}")

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
_UNLESS_SET = (
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
)


class Edge:
    """Wraps the application. `access_log` False leaves out the log line, nothing else; `https` says that browsers come
    that way and must keep doing so (RFC 6797)."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        metrics: Metrics,
        access_log: bool = True,
        https: bool = False,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._access_log = access_log
        self._always = (*_ALWAYS, *((_HTTPS_ONLY,) if https else ()))
        self._timer = timer
        self._log = structlog.get_logger(__name__)
        self._found: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def begun(self, environ: WSGIEnvironment) -> Future[Any] | None:
        """What the application inside begins with a request it may see."""
        if not isinstance(self._app, TwoSteps) or _too_large(environ, most_bytes(environ.get("PATH_INFO", ""))):
            return None
        environ[STARTED] = self._timer()
        return self._app.begun(environ)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = environ.get(STARTED) or self._timer()
        ref = environ[REF] = _reference(environ.get("HTTP_X_CORRELATION_ID"))

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            present = {name for name, _ in headers}
            headers += self._always
            headers += [pair for pair in _UNLESS_SET if pair[0] not in present]
            headers.append(("X-Correlation-Id", ref))
            self._note(environ, int(status[:3]), self._timer() - started)
            return start_response(status, headers, exc_info)

        most = most_bytes(environ.get("PATH_INFO", ""))
        if _too_large(environ, most):
            return _refused(problems.Problem("body_too_large", f"Send at most {most // 1024} KB."), ref, start)
        return self._app(environ, start)

    def _note(self, environ: WSGIEnvironment, status: int, seconds: float) -> None:
        route, method = environ.get(ROUTE, "unmatched"), environ["REQUEST_METHOD"]
        shown = method if method in _METHODS else "OTHER"
        counter, timing = self._measures(route, shown, status)
        counter.inc()
        timing.observe(seconds)
        if self._access_log:
            self._log.info(
                "request",
                method=shown,
                route=route,
                status=status,
                ms=round(seconds * 1000, 2),
                ref=environ[REF],
                client=environ.get(CLIENT),
            )

    def _measures(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        """The metrics of this kind of answer; finding them by label costs more than counting."""
        key = (route, method, status)
        found = self._found.get(key)
        if found is None:
            counter = self._metrics.requests.labels(route, method, str(status))
            found = self._found[key] = (counter, self._metrics.request_seconds.labels(route))
        return found


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


def _reference(given: str | None) -> str:
    return given if given and _GIVEN_REF.fullmatch(given) else f"c360-{secrets.token_hex(6)}"


def _too_large(environ: WSGIEnvironment, most: int) -> bool:
    length = environ.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or len(length) > 12 or int(length) > most


def _refused(problem: problems.Problem, ref: str, start: StartResponse) -> Iterable[bytes]:
    body = problems.body(problem, ref)
    start(
        f"{problem.status} {problems.KINDS[problem.code].title}",
        [("Content-Type", problems.MEDIA_TYPE), ("Content-Length", str(len(body)))],
    )
    return [body]
