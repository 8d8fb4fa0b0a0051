"""The tokens of the sidecar's clients: a JSON file of hashes, written by the command line, read by every request.

A token is ``id.secret``. The secret has 256 random bits, so its plain SHA-256 is enough to keep: there is nothing to
guess, and a slow hash would only slow the hot path. A client has at most two active tokens, so that one can be
replaced while the other still works.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog

from sfcc_client import Clock, SystemClock

_log = structlog.get_logger(__name__)

SCOPES = {
    "context:read": "Read the context of a case (POST /v1/context).",
    "customers:read": "Read one section of a customer (GET /v1/customers/…).",
    "customers:erase": "Forget a customer: cache and access log (DELETE /v1/customers/…).",
    "reveal": "Read one masked value in full (POST /v1/reveal).",
    "changes": "Say that a record changed in ServiceNow (POST /v1/changes).",
    "panel:link": "Make links to the panel page (POST /v1/panel-links).",
}
ACTIVE_PER_CLIENT = 2
_NOBODY = "0" * 64


class TokenRefused(ValueError):  # noqa: N818 - reads as what it says
    """The token file cannot be changed as asked; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token as kept: never its secret. Times are ISO 8601, UTC."""

    token_id: str
    client: str
    digest: str = field(repr=False)
    scopes: tuple[str, ...]
    created_at: str
    revoked_at: str | None = None

    @property
    def active(self) -> bool:
        return self.revoked_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A new token with its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str = field(repr=False)

    @property
    def bearer(self) -> str:
        """What goes after ``Authorization: Bearer``."""
        return f"{self.token.token_id}.{self.secret}"


class TokenFile:
    """The tokens in one JSON file (mode 600). Thread-safe; other processes' changes are seen within a second."""

    RELOAD_S = 1.0

    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}
        self._stamp: tuple[int, int, int] | None = None
        self._look_again_at = float("-inf")

    def authenticated(self, token_id: str, secret: str) -> Token | None:
        """The active token this id and secret belong to; as slow for an unknown id as for a wrong secret."""
        self._reload_if_changed()
        token = self._tokens.get(token_id)
        known = token.digest if token is not None and token.active else _NOBODY
        matches = hmac.compare_digest(_digest(secret), known)
        return token if matches else None

    def listed(self) -> tuple[Token, ...]:
        """Every token, revoked ones included, oldest first."""
        return tuple(_read(self._path).values())

    def create(self, client: str, scopes: Collection[str]) -> IssuedToken:
        """A first token for a client. Raises TokenRefused for an unknown scope or a client that has one already."""
        unknown = sorted(set(scopes) - SCOPES.keys())
        if unknown or not scopes:
            raise TokenRefused(f"Unknown scope {', '.join(unknown) or '(none)'}. Known: {', '.join(SCOPES)}.")
        with self._changing() as tokens:
            if _active(tokens, client):
                raise TokenRefused(f"The client {client} has a token. Rotate it, or revoke it first.")
            return self._issued(tokens, client, scopes)

    def rotate(self, client: str) -> IssuedToken:
        """A second token with the same scopes; the first works on until it is revoked.

        Raises TokenRefused when the client has none, or two already.
        """
        with self._changing() as tokens:
            active = _active(tokens, client)
            if not active:
                raise TokenRefused(f"The client {client} has no active token. Create one.")
            if len(active) >= ACTIVE_PER_CLIENT:
                oldest = active[0].token_id
                raise TokenRefused(f"The client {client} has two active tokens. Revoke the old one first: {oldest}.")
            return self._issued(tokens, client, active[-1].scopes)

    def revoke(self, token_id: str) -> Token:
        """The token, from now on refused. Raises TokenRefused for an unknown id."""
        with self._changing() as tokens:
            token = tokens.get(token_id)
            if token is None:
                raise TokenRefused(f"There is no token {token_id}.")
            tokens[token_id] = revoked = replace(token, revoked_at=token.revoked_at or self._now())
            return revoked

    def _issued(self, tokens: dict[str, Token], client: str, scopes: Collection[str]) -> IssuedToken:
        secret = secrets.token_urlsafe(32)
        token = Token(
            token_id=f"snow_{secrets.token_hex(6)}",
            client=client,
            digest=_digest(secret),
            scopes=tuple(sorted(scopes)),
            created_at=self._now(),
        )
        tokens[token.token_id] = token
        return IssuedToken(token=token, secret=secret)

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")

    def _reload_if_changed(self) -> None:
        now = self._clock.monotonic()
        if now < self._look_again_at:
            return
        with self._lock:
            self._look_again_at = now + self.RELOAD_S
            stamp = _stamp(self._path)
            if stamp == self._stamp:
                return
            try:
                self._tokens, self._stamp = _read(self._path), stamp
            except (ValueError, KeyError, TypeError):
                # A file somebody broke by hand must not lock everybody out: what was known stays valid.
                _log.error("token_file_unreadable", path=str(self._path))

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Token]]:
        """The tokens to change, under a lock that other processes respect; written when the block ends well."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock, open(self._path.with_suffix(".lock"), "w", opener=_private) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tokens = _read(self._path)
            yield tokens
            _write(self._path, tokens)
            self._look_again_at = float("-inf")


def _active(tokens: dict[str, Token], client: str) -> list[Token]:
    return [token for token in tokens.values() if token.client == client and token.active]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _read(path: Path) -> dict[str, Token]:
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_bytes())["tokens"]
        return {row["token_id"]: Token(**{**row, "scopes": tuple(row["scopes"])}) for row in rows}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        raise TokenRefused(
            f"{path} is not a token file any more. Restore it, or move it away and start anew."
        ) from error


def _write(path: Path, tokens: dict[str, Token]) -> None:
    draft = path.with_suffix(".new")
    with open(draft, "w", opener=_private) as file:
        json.dump({"tokens": [asdict(token) for token in tokens.values()]}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


_private: Callable[[str, int], int] = lambda path, flags: os.open(path, flags, 0o600)  # noqa: E731
