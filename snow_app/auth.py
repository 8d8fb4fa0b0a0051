"""Signing in: Basic, API key, certificate, or one locked OAuth token for all threads (traps T17, T-OA1 to T-OA3)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from snow_app import errors
from snow_app.clock import Clock
from snow_app.grants import first_form, refresh_form
from snow_app.settings import SnowSettings
from snow_app.transport import Transport, answer_of, rewind

_EARLY_S = 60.0
_RENEWED = "_snow_app_renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    value: str = field(repr=False)
    expires_at: float
    refresh: str = field(repr=False, default="")


class OAuthToken(AuthBase):
    """Puts a bearer token on every request; renews it a minute early, and once more when the platform answers 401.

    A 401 means that nothing was processed, so the same request may be sent again whatever its method.
    The token call is ``POST /oauth_token.do`` (see `snow_app.grants`); where a refresh token was issued, it renews, and
    the first way counts again once it is refused. Threads that need a token meanwhile wait for the one that asks.
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
        answer_of(response)  # reads the body, which frees the connection
        again = request.copy()
        setattr(again, _RENEWED, True)
        refused = request.headers["Authorization"].removeprefix("Bearer ")
        again.headers["Authorization"] = f"Bearer {self._valid(refused=refused)}"
        rewind(again)
        fresh: requests.Response = response.connection.send(again, **sending)
        fresh.history.append(response)
        fresh.request = again
        return fresh

    def _valid(self, *, refused: str | None) -> str:
        """The current token; a new one when it ends soon or is the one that was refused."""
        with self._lock:
            token = self._token
            if token is None or token.value == refused or token.expires_at <= self._clock.monotonic():
                token = self._token = self._renewal(token)
            return token.value

    def _renewal(self, token: _Token | None) -> _Token:
        if token is not None and token.refresh:
            try:
                return self._issued(refresh_form(self._settings, token.refresh), keeping=token.refresh)
            except errors.SignInRefused:
                # It ended too, or somebody revoked it: sign in as at first.
                self._token = None
        return self._issued(first_form(self._settings, self._clock.now()))

    def _issued(self, form: dict[str, str], *, keeping: str = "") -> _Token:
        settings = self._settings
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
            value=issued["access_token"],
            expires_at=self._clock.monotonic() + max(lifetime - _EARLY_S, lifetime / 2),
            refresh=str(issued.get("refresh_token") or keeping),
        )


class _ApiKey(AuthBase):
    """The header of the platform's inbound API keys."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["x-sn-apikey"] = self._key
        return request


class _Nothing(AuthBase):
    """No header: the client certificate says who it is."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def sign_in(settings: SnowSettings, transport: Transport, clock: Clock) -> AuthBase:
    """What signs every request of these settings."""
    if settings.oauth:
        return OAuthToken(settings, transport, clock)
    if settings.api_key:
        return _ApiKey(settings.api_key)
    if not settings.username:
        return _Nothing()
    return HTTPBasicAuth(settings.username, settings.password)
