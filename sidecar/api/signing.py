"""Panel links: claims nobody can read or change, valid for minutes.

The token is ``kid.fernet``: Fernet encrypts (AES-128-CBC) and then signs (HMAC-SHA-256), so that neither e-mail
address nor customer number is readable in the address of the page. `kid` names the key, which makes replacing keys
possible: the first signs, all are accepted.

Claims: ``aud`` what the token is for, ``jti`` its id, ``exp`` its end (seconds since 1970), and the caller's own.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from sfcc_client import Clock, SystemClock

_LONGEST = 4096


class BadToken(ValueError):  # noqa: N818 - reads as what it says
    """Not made here, changed since, for something else, or past its end."""


class Signer:
    """Makes and opens tokens with the keys given by id; without any it makes one that lives as long as the process."""

    def __init__(self, keys: Mapping[str, str], *, clock: Clock | None = None) -> None:
        chosen = dict(keys) or {"own": Fernet.generate_key().decode()}
        self._first = next(iter(chosen))
        self._boxes = {kid: Fernet(key) for kid, key in chosen.items()}
        self._clock = clock or SystemClock()

    def token(self, claims: Mapping[str, Any], *, audience: str, lifetime_s: float) -> str:
        """`claims` as a token for `audience`, good for `lifetime_s` seconds."""
        now = self._clock.now().timestamp()
        full = {**claims, "aud": audience, "jti": secrets.token_hex(8), "exp": now + lifetime_s}
        sealed = self._boxes[self._first].encrypt_at_time(json.dumps(full).encode(), int(now))
        return f"{self._first}.{sealed.decode().rstrip('=')}"

    def claims(self, token: str, *, audience: str) -> dict[str, Any]:
        """The claims of a token made for `audience`. Raises BadToken."""
        kid, _, sealed = token.partition(".")
        box = self._boxes.get(kid)
        if box is None or len(token) > _LONGEST:
            raise BadToken
        try:
            claims: dict[str, Any] = json.loads(box.decrypt(_canonical(sealed)))
        except (InvalidToken, ValueError) as error:
            raise BadToken from error
        if claims.get("aud") != audience or claims["exp"] < self._clock.now().timestamp():
            raise BadToken
        return claims


def _canonical(sealed: str) -> bytes:
    """The token as Fernet takes it; only one spelling of the same bytes counts, or a changed link would still work."""
    padded = sealed.encode() + b"=" * (-len(sealed) % 4)
    if base64.urlsafe_b64encode(base64.urlsafe_b64decode(padded)) != padded:
        raise BadToken
    return padded
