"""Signing in: Basic, or one locked OAuth token for all threads (traps T17, T-OA1 to T-OA3)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from snow_app import errors
from snow_app.clock import Clock
from snow_app.settings import SnowSettings
from snow_app.transport import Transport, answer_of

_EARLY_S = 60.0
_RENEWED = "_snow_app_renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    value: str = field(repr=False)
    expires_at: float


class OAuthToken(AuthBase):
    """Puts a bearer token on every request; renews it a minute early, and once more when the platform answers 401.

    A 401 means that nothing was processed, so the same request may be sent again whatever its method.
    The token call is ``POST /oauth_token.do`` (form body, RFC 6749 sections 4.3 and 4.4).
    """

    def __init__(self, settings: SnowSettings, transport: Transport, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._session = requests.Session()
        self._session.trust_env = not settings.allow_http
        if settings.proxy:
            self._session.proxies = {"http": settings.proxy, "https": settings.proxy}
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, transport)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._valid(refused=None)}"
        request.hooks["response"].append(self._renewed)
        return request

    def close(self) -> None:
        self._session.close()

    def _renewed(self, response: requests.Response, **sending: Any) -> requests.Response:
        request = response.request
        if response.status_code != 401 or getattr(request, _RENEWED, False):
            return response
        answer_of(response)
        again = request.copy()
        setattr(again, _RENEWED, True)
        refused = request.headers["Authorization"].removeprefix("Bearer ")
        again.headers["Authorization"] = f"Bearer {self._valid(refused=refused)}"
        fresh: requests.Response = response.connection.send(again, **sending)
        fresh.history.append(response)
        fresh.request = again
        return fresh

    def _valid(self, *, refused: str | None) -> str:
        """The current token; a new one when it ends soon or is the one that was refused."""
        with self._lock:
            token = self._token
            if token is None or token.value == refused or token.expires_at <= self._clock.monotonic():
                token = self._token = self._issued()
            return token.value

    def _issued(self) -> _Token:
        settings = self._settings
        form = {"client_id": settings.client_id, "client_secret": settings.client_secret}
        if settings.username:
            form |= {"grant_type": "password", "username": settings.username, "password": settings.password}
        else:
            form["grant_type"] = "client_credentials"
        response = self._session.post(
            f"{settings.address}/oauth_token.do", data=form, headers={"Accept": "application/json"}
        )
        answer = answer_of(response)
        if 400 <= answer.status < 500 and answer.status != 429:
            raise errors.SignInRefused(
                "ServiceNow issued no token; check the OAuth client, its user and whether the grant is switched on.",
                status=answer.status,
                operation=answer.operation,
            )
        issued = answer.json()
        if not isinstance(issued, dict) or not isinstance(issued.get("access_token"), str):
            raise errors.BadAnswer("ServiceNow answered the token call without a token.", operation=answer.operation)
        lifetime = float(issued.get("expires_in") or 0)
        return _Token(
            value=issued["access_token"], expires_at=self._clock.monotonic() + max(lifetime - _EARLY_S, lifetime / 2)
        )


def sign_in(settings: SnowSettings, transport: Transport, clock: Clock) -> AuthBase:
    """What signs every request of these settings."""
    if settings.oauth:
        return OAuthToken(settings, transport, clock)
    return HTTPBasicAuth(settings.username, settings.password)
