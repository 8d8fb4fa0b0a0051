"""What SLAS remembers between requests: refresh tokens, authorization codes, recent logins, and how many calls came."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections import deque
from dataclasses import dataclass

from sfcc_client.emulator.tokens import Clock, Shopper

REPEAT_WINDOW_S = 3
CODE_LIFETIME_S = 300
GUEST_REFRESH_S = 2_592_000
REGISTERED_REFRESH_S = 7_776_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """One refresh token's session; it can be redeemed by the same client only. Moments are in epoch seconds."""

    client_id: str
    shopper: Shopper
    issued_at: float
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One authorization code, good once; `challenge` is the PKCE S256 challenge (RFC 7636), if one was sent."""

    client_id: str
    shopper: Shopper
    redirect_uri: str
    challenge: str | None
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Where a window of the rate limit stands; `reset` is in epoch seconds."""

    limit: int
    remaining: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.remaining < 0


class Window:
    """A sliding count of calls over some seconds."""

    def __init__(self, clock: Clock, *, seconds: int, limit: int) -> None:
        self._clock, self._seconds, self._limit = clock, seconds, limit
        self._calls: deque[float] = deque()
        self._lock = threading.Lock()

    def counted(self) -> Quota:
        """Count one call; a call over the limit is not added to the window."""
        now = self._clock.now().timestamp()
        with self._lock:
            while self._calls and self._calls[0] <= now - self._seconds:
                self._calls.popleft()
            remaining = self._limit - len(self._calls) - 1
            if remaining >= 0:
                self._calls.append(now)
            oldest = self._calls[0] if self._calls else now
            return Quota(limit=self._limit, remaining=remaining, reset=int(oldest + self._seconds) + 1)


class Sessions:
    """The running sessions of one tenant. Thread-safe."""

    def __init__(self, clock: Clock, *, calls_per_minute: int, keys_per_minute: int = 25) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._refresh: dict[str, Refresh] = {}
        self._codes: dict[str, Code] = {}
        self._logins: dict[str, float] = {}
        self.minute = Window(clock, seconds=60, limit=calls_per_minute)
        self.five_minutes = Window(clock, seconds=300, limit=calls_per_minute * 5)
        self.public = {
            path: Window(clock, seconds=60, limit=keys_per_minute)
            for path in ("jwks", ".well-known/openid-configuration")
        }
        """What everybody may ask has limits of its own, by path."""

    def admits_login(self, login: str) -> bool:
        """False when the same login came less than 3 s ago; otherwise the window starts anew."""
        now = self._clock.now().timestamp()
        with self._lock:
            if now - self._logins.get(login, float("-inf")) < REPEAT_WINDOW_S:
                return False
            if len(self._logins) > 10_000:
                self._logins = {known: at for known, at in self._logins.items() if now - at < REPEAT_WINDOW_S}
            self._logins[login] = now
            return True

    def refresh_token(self, client_id: str, shopper: Shopper) -> tuple[str, int]:
        """A new refresh token and its lifetime in seconds."""
        lifetime = REGISTERED_REFRESH_S if shopper.customer_id else GUEST_REFRESH_S
        token = secrets.token_urlsafe(32)
        now = self._clock.now().timestamp()
        session = Refresh(client_id=client_id, shopper=shopper, issued_at=now, expires_at=now + lifetime)
        with self._lock:
            self._refresh[token] = session
            if len(self._refresh) > 50_000:
                self._refresh.pop(next(iter(self._refresh)))
        return token, lifetime

    def refreshed(self, token: str, client_id: str, *, keep: bool) -> Refresh | None:
        """The session behind a refresh token, None when it is void or another client's. A public client's is voided."""
        with self._lock:
            found = self._valid(token, client_id)
            if found is not None and not keep:
                del self._refresh[token]
            return found

    def session_of(self, token: str, client_id: str) -> Refresh | None:
        """The session behind a refresh token, which stays as it is; None when it is void or another client's."""
        with self._lock:
            return self._valid(token, client_id)

    def end(self, customer_id: str) -> None:
        """Void every refresh token of a registered customer."""
        with self._lock:
            ended = [token for token, found in self._refresh.items() if found.shopper.customer_id == customer_id]
            for token in ended:
                del self._refresh[token]

    def _valid(self, token: str, client_id: str) -> Refresh | None:
        found = self._refresh.get(token)
        expired = found is not None and found.expires_at <= self._clock.now().timestamp()
        return found if found is not None and not expired and found.client_id == client_id else None

    def remaining(self, token: str) -> int:
        """Seconds a refresh token has left."""
        with self._lock:
            found = self._refresh.get(token)
        return int(found.expires_at - self._clock.now().timestamp()) if found else 0

    def code(self, client_id: str, shopper: Shopper, redirect_uri: str, challenge: str | None) -> str:
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._codes[code] = Code(
                client_id=client_id,
                shopper=shopper,
                redirect_uri=redirect_uri,
                challenge=challenge,
                expires_at=self._clock.now().timestamp() + CODE_LIFETIME_S,
            )
        return code

    def redeemed(self, code: str, client_id: str, redirect_uri: str, verifier: str | None) -> Shopper | None:
        """The shopper behind an authorization code; a code is spent by the first try."""
        with self._lock:
            found = self._codes.pop(code, None)
        if found is None or found.client_id != client_id or found.redirect_uri != redirect_uri:
            return None
        if found.expires_at <= self._clock.now().timestamp():
            return None
        if found.challenge is not None and found.challenge != challenge_of(verifier or ""):
            return None
        return found.shopper


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636 paragraph 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
