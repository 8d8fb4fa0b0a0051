"""The forms of the token call, ``POST /oauth_token.do`` (servicenow-rest D13; RFC 6749 4.3, 4.4 and 6; RFC 7523).

The client's id and secret stand in the form, where every grant of the platform takes them.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import jwt

from snow_app.errors import InvalidSettings
from snow_app.settings import SnowSettings

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTED = timedelta(minutes=5)


def first_form(settings: SnowSettings, now: datetime) -> dict[str, str]:
    """How these settings sign in. Raises InvalidSettings for a private key that cannot be read."""
    if settings.jwt_key:
        return {"grant_type": JWT_BEARER, **_client(settings), "assertion": _assertion(settings, now)}
    if settings.username:
        person = {"username": settings.username, "password": settings.password}
        return {"grant_type": "password", **_client(settings), **person}
    return {"grant_type": "client_credentials", **_client(settings)}


def refresh_form(settings: SnowSettings, refresh_token: str) -> dict[str, str]:
    """How a refresh token is exchanged."""
    return {"grant_type": "refresh_token", **_client(settings), "refresh_token": refresh_token}


def _client(settings: SnowSettings) -> dict[str, str]:
    return {"client_id": settings.client_id, "client_secret": settings.client_secret}


def _assertion(settings: SnowSettings, now: datetime) -> str:
    """A JWT for one token call: issuer and audience are the client, the subject is the user."""
    claims = {
        "iss": settings.client_id,
        "aud": settings.client_id,
        "sub": settings.username,
        "iat": now,
        "exp": now + _ASSERTED,
        "jti": uuid.uuid4().hex,
    }
    try:
        return jwt.encode(claims, settings.jwt_key, algorithm="RS256", headers={"kid": settings.jwt_key_id})
    except (ValueError, TypeError, jwt.PyJWTError):
        raise InvalidSettings("jwt_key is no RSA private key in PEM.") from None
