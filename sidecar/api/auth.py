"""Who is calling: ``Authorization: Bearer <id>.<secret>`` (RFC 6750), or Basic with the same id and secret (RFC 7617).

ServiceNow sends Basic, because its auth profiles keep the secret encrypted (docs/decisions/0004).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request

from sidecar.api.problems import Problem, rate_limited
from sidecar.api.rates import Rates
from sidecar.api.tokens import Token, TokenFile

View = TypeVar("View", bound=Callable[..., Any])

# Where the fast lane leaves the token it admitted, and who that is for the log line.
ADMITTED = "sidecar.admitted"
CLIENT = "sidecar.client"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="sidecar", Basic realm="sidecar", charset="UTF-8"'}


class Gate:
    """Lets a request in when its token is active, has the scope, and has not asked too often."""

    def __init__(self, tokens: TokenFile, rates: Rates) -> None:
        self._tokens = tokens
        self._rates = rates

    def admitted(self, header: str | None, scope: str) -> Token:
        """The caller's token. Raises Problem: 401 without a valid token, 403 without the scope, 429 above the rate."""
        credentials = _credentials(header)
        token = self._tokens.authenticated(*credentials) if credentials else None
        if token is None:
            detail = "Send Authorization: Bearer <id>.<secret>." if not header else "The token is unknown or revoked."
            raise Problem("unauthorized", detail, headers=_CHALLENGE)
        if scope not in token.scopes:
            raise Problem("forbidden", f"The token {token.token_id} lacks the scope {scope}.", scope=scope)
        wait = self._rates.wait_s(token.token_id)
        if wait:
            raise rate_limited(wait)
        return token


def _credentials(header: str | None) -> tuple[str, str] | None:
    scheme, _, value = (header or "").partition(" ")
    reader = _READERS.get(scheme.lower())
    return reader(value.strip()) if reader else None


def _bearer(value: str) -> tuple[str, str] | None:
    token_id, dot, secret = value.partition(".")
    return (token_id, secret) if dot else None


def _basic(value: str) -> tuple[str, str] | None:
    try:
        token_id, colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (token_id, secret) if colon else None


_READERS: dict[str, Callable[[str], tuple[str, str] | None]] = {"bearer": _bearer, "basic": _basic}


def requires(gate: Gate, scope: str) -> Callable[[View], View]:
    """A view only for tokens with this scope; the token is ``g.token``."""

    def guarded(view: View) -> View:
        @wraps(view)
        def admitted_view(*args: Any, **kwargs: Any) -> Any:
            environ = request.environ
            token: Token | None = environ.get(ADMITTED)
            if token is None or scope not in token.scopes:
                token = gate.admitted(environ.get("HTTP_AUTHORIZATION"), scope)
            g.token, environ[CLIENT] = token, token.client
            return view(*args, **kwargs)

        return admitted_view  # type: ignore[return-value]

    return guarded
