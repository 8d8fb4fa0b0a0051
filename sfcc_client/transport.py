"""HTTP to Commerce: one pooled session per upstream family, every exchange inside the deadline of its call.

Repeats follow urllib3's set of idempotent verbs, at most three tries, and happen here rather than in urllib3's own
loop: that one sleeps on the machine's clock, gives each try the full timeout anew, and so cannot keep a deadline.
Redirects are not followed, cookies not kept, and proxies, .netrc and certificates of the environment not read.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, cast, get_args

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from sfcc_client import errors
from sfcc_client.clock import Clock
from sfcc_client.config import CommerceSettings
from sfcc_client.errors import CommerceError, Transient
from sfcc_client.models import Load
from sfcc_client.refusals import error_from, request_id_of
from sfcc_client.request import Answer, Call, Family, Request

TRIES: Final = 3
LONGEST_PAUSE_S: Final = 5.0
LARGEST_ANSWER: Final = 10 * 1024 * 1024  # the platform's own limit (sfcc-api reference, "Timeouts and sizes")
_CHUNK: Final = 64 * 1024
_RETRIED: Final = (errors.Unreachable, errors.TimedOut, errors.RateLimited, errors.Unavailable)


class Transport:
    """Sends requests; thread-safe. `load` is the last load signal Commerce gave on any answer."""

    def __init__(
        self, settings: CommerceSettings, clock: Clock, jitter: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._settings, self._clock, self._jitter = settings, clock, jitter
        self._hosts: dict[Family, str] = {
            "scapi": settings.scapi_url,
            "slas": settings.scapi_url,
            "account_manager": settings.account_manager_url,
            "instance": settings.instance_url,
            "einstein": settings.einstein_url,
        }
        self._sessions: dict[Family, requests.Session] = {family: _session(settings) for family in get_args(Family)}
        self.load = Load()

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()

    def send(self, request: Request, call: Call) -> Answer:
        """The answer to a request, repeated where that is safe. Raises any CommerceError."""
        tries = TRIES if request.method in Retry.DEFAULT_ALLOWED_METHODS else 1
        for attempt in range(1, tries + 1):
            try:
                return self._exchanged(request, call)
            except _RETRIED as error:
                pause = self._pause(error, attempt)
                if attempt == tries or pause is None or pause >= call.ends_at - self._clock.monotonic():
                    raise
            self._clock.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _pause(self, error: Transient, attempt: int) -> float | None:
        """Seconds before the next try; None when upstream asks for more patience than a call has."""
        if isinstance(error, errors.Maintenance):
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= LONGEST_PAUSE_S else None
        return self._jitter(0.05, 0.1 * 2**attempt)

    def _exchanged(self, request: Request, call: Call) -> Answer:
        left = call.remaining()
        timeout = (min(self._settings.connect_timeout_s, left), min(self._settings.read_timeout_s, left))
        try:
            response = self._sent(request, call, timeout)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            raise _broken(error, request, call) from None
        # The exception of the HTTP library is dropped on purpose: it quotes the URL and header values.
        with response:
            self._note_load(response)
            request_id = request_id_of(response.headers, call.correlation_id)
            body = b"".join(self._chunks(response, request, call))
            if not 200 <= response.status_code < 300:
                raise error_from(
                    response.status_code,
                    response.headers,
                    body,
                    request,
                    sent_id=call.correlation_id,
                    now=self._clock.now(),
                )
            document = body if request.raw else _decoded(body, request, response.status_code, request_id)
            return Answer(status=response.status_code, document=document, request_id=request_id)

    def _sent(self, request: Request, call: Call, timeout: tuple[float, float]) -> requests.Response:
        """The answer, its body unread. Prepared without the session, whose merging of settings costs about a tenth of a
        call; what it would merge is the same for every request."""
        session = self._sessions[request.family]
        prepared = requests.Request(
            request.method,
            self._hosts[request.family].rstrip("/") + request.path,
            params=dict(request.query),
            headers={**session.headers, "correlation-id": call.correlation_id, **request.headers},
            json=request.json,
            data=request.form,
            hooks=session.hooks,
        ).prepare()
        return session.send(
            prepared,
            timeout=timeout,
            verify=session.verify,
            cert=session.cert,
            proxies={},
            allow_redirects=False,
            stream=True,
        )

    def _chunks(self, response: requests.Response, request: Request, call: Call) -> Iterator[bytes]:
        """The body piece by piece, so that a server that drips bytes cannot outlast the deadline."""
        size = 0
        raw = cast(urllib3.HTTPResponse, response.raw)
        while True:
            _limit_wait(raw, min(self._settings.read_timeout_s, call.remaining()))
            try:
                chunk = raw.read1(_CHUNK, decode_content=True)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise _broken(error, request, call) from None
            if not chunk:
                return
            size += len(chunk)
            if size > LARGEST_ANSWER:
                request_id = request_id_of(response.headers, call.correlation_id)
                raise bad_answer(request, "it is larger than 10 MB", response.status_code, request_id)
            yield chunk

    def _note_load(self, response: requests.Response) -> None:
        headers = response.headers
        if not any(name in headers for name in ("sfdc_load", "sfdc_load_status", "sfdc_maintenance")):
            return
        percent = headers.get("sfdc_load", "")
        self.load = Load(
            percent=min(int(percent[:4]), 100) if percent.isascii() and percent.isdigit() else None,
            status=headers.get("sfdc_load_status", "")[:40] or None,
            maintenance=headers.get("sfdc_maintenance", "")[:40] or None,
            seen_at=self._clock.now(),
        )


def bad_answer(
    request: Request, why: str, status: int | None = None, request_id: str | None = None
) -> errors.BadAnswer:
    """The error for an answer that cannot be understood."""
    return errors.BadAnswer(
        f"The answer of Commerce for {request.subject} cannot be used: {why}.",
        status=status,
        request_id=request_id,
        operation=request.operation_id,
    )


def _session(settings: CommerceSettings) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = settings.ca_bundle or True
    session.cert = settings.client_certificate or None
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": "sfcc-snow", "Accept": "application/json"})
    adapter = HTTPAdapter(pool_connections=2, pool_maxsize=settings.pool_size, max_retries=Retry(0, read=False))
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _limit_wait(raw: urllib3.HTTPResponse, seconds: float) -> None:
    """Let the next read of the socket wait no longer than `seconds`."""
    sock = getattr(raw.connection, "sock", None)
    if sock is not None:
        sock.settimeout(seconds)


_TOO_SLOW = (
    requests.Timeout,
    urllib3.exceptions.TimeoutError,
    TimeoutError,
)


def _broken(error: Exception, request: Request, call: Call) -> CommerceError:
    """The typed error for an exchange that ended without a complete answer."""
    details: dict[str, Any] = {"request_id": call.correlation_id, "operation": request.operation_id}
    if isinstance(error, _TOO_SLOW) and not isinstance(error, requests.ConnectTimeout):
        return errors.TimedOut(f"Commerce took too long to answer for {request.subject}; try again later.", **details)
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return errors.Untrusted(
            f"The certificate of the host for {request.subject} is not trusted; check its name and ca_bundle.",
            **details,
        )
    if isinstance(error, ValueError):
        return errors.Rejected(f"The request for {request.subject} cannot be written as HTTP.", **details)
    if isinstance(error, urllib3.exceptions.DecodeError):
        return bad_answer(request, "its compression is broken", request_id=call.correlation_id)
    return errors.Unreachable(f"There is no connection to Commerce for {request.subject}; try again later.", **details)


def _decoded(body: bytes, request: Request, status: int, request_id: str) -> Any:
    """The JSON document of a success, numbers with decimals as Decimal; None when there is no body."""
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refused_constant)
    except (ValueError, RecursionError, ArithmeticError):
        raise bad_answer(request, "it is not JSON", status, request_id) from None


def _refused_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON (RFC 8259, 6)")
