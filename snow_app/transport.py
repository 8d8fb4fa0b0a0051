"""How bytes travel: one adapter with timeouts, few and bounded retries, and our own errors (traps T5, T14 to T16)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from requests.utils import rewind_body
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Retry

from snow_app import errors
from snow_app.answers import Answer
from snow_app.clock import Clock
from snow_app.settings import SnowSettings

# A refused connection or a 429 was never processed, so any method may try again; a lost answer only for reads.
_READS = frozenset({"GET", "HEAD"})
_BUSY = frozenset({502, 503, 504})
_BACKOFF_S = 0.2


class Pace(Protocol):
    """Who decides when a request may go; asked before each one sent, retries included, and told each answer."""

    def admit(self) -> None: ...

    def answered(self, status: int, retry_after: float | None) -> None: ...


class Transport(HTTPAdapter):
    """Sends with timeouts, retries what is safe at most `settings.attempts` times, never raises a requests error."""

    def __init__(self, settings: SnowSettings, clock: Clock, pace: Pace | None = None) -> None:
        self._settings = settings
        self._pace = pace
        self._clock = clock
        self._timeout = (settings.connect_timeout_s, settings.read_timeout_s)
        super().__init__(pool_maxsize=settings.pool_size, max_retries=Retry(0, read=False))

    def send(  # noqa: PLR0917 - the signature is the library's
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """One answer of any status. Raises Unreachable or TimedOut."""
        # requests lets an environment variable win over the caller's certificate bundle; the settings win here.
        verify = self._settings.ca_bundle or verify
        cert = self._settings.certificate or cert
        for attempt in range(1, self._settings.attempts + 1):
            last = attempt == self._settings.attempts
            rewind(request)
            if self._pace is not None:
                self._pace.admit()
            try:
                response = super().send(request, stream, timeout or self._timeout, verify, cert, proxies)
                if not stream:
                    _ = response.content  # a connection that breaks here is no different from one that broke before
            except requests.exceptions.RequestException as failure:
                if last or not (_never_sent(failure) or request.method in _READS):
                    raise _failure(failure, operation(request)) from None
                self._clock.sleep(pause(attempt))
                continue
            except OSError:
                raise errors.InvalidSettings(
                    "The file of ca_bundle, client_certificate or client_key is missing or cannot be read."
                ) from None
            if self._pace is not None:
                asked = response.headers.get("Retry-After", "")
                self._pace.answered(response.status_code, float(asked) if asked.isdigit() else None)
            wait = None if last else self._wait(request, response, attempt)
            if wait is None:
                return response
            response.close()
            self._clock.sleep(wait)
        raise AssertionError("the loop returns or raises")

    def _wait(self, request: requests.PreparedRequest, response: requests.Response, attempt: int) -> float | None:
        """Seconds until the next attempt, or None when this answer stands."""
        if response.status_code != 429 and not (response.status_code in _BUSY and request.method in _READS):
            return None
        asked = response.headers.get("Retry-After", "")
        if not asked.isdigit():
            return pause(attempt)
        return float(asked) if float(asked) <= self._settings.retry_after_cap_s else None


def rewind(request: requests.PreparedRequest) -> None:
    """Bring the file that a request sends back to where it started, when it was sent before."""
    position = getattr(request, "_body_position", None)
    if isinstance(position, int) and request.body is not None:
        rewind_body(request)


def operation(request: requests.PreparedRequest) -> str:
    """The method and path of a request, without its query string."""
    return f"{request.method} {request.path_url.partition('?')[0]}"


def answer_of(response: requests.Response) -> Answer:
    """A response as an `Answer`; reads the body, which frees the connection."""
    return Answer(
        status=response.status_code,
        headers=response.headers,
        body=response.content or b"",
        operation=operation(response.request),
    )


def refuse_failures(response: requests.Response, **_: Any) -> None:
    """A response hook: raises our error for every failure, before the library can blur it into its own."""
    answer_of(response).json()


def refuse_failed_stream(response: requests.Response, **_: Any) -> None:
    """The same for an answer whose body is to be read piece by piece."""
    if response.status_code >= 300:
        raise answer_of(response).error()


def pause(attempt: int) -> float:
    """Seconds to wait after the attempt of this number."""
    return _BACKOFF_S * float(2 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


def _never_sent(failure: requests.exceptions.RequestException) -> bool:
    if isinstance(failure, requests.exceptions.ConnectTimeout):
        return True
    cause = failure.args[0] if failure.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _failure(failure: requests.exceptions.RequestException, name: str) -> errors.SnowError:
    if isinstance(failure, requests.exceptions.Timeout):
        return errors.TimedOut(f"ServiceNow did not answer {name} in time.", operation=name)
    if isinstance(failure, requests.exceptions.SSLError):
        return errors.Unreachable(
            f"The certificate of ServiceNow is not trusted ({name}); set the CA bundle.", operation=name
        )
    return errors.Unreachable(f"ServiceNow cannot be reached ({name}).", operation=name)
