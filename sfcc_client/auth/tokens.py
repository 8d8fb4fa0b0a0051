"""Access tokens kept until shortly before they expire, and fetched once however many threads ask."""

from __future__ import annotations

import base64
import copy
import re
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from cachetools import LRUCache
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from sfcc_client.clock import Clock
from sfcc_client.errors import CommerceError, TimedOut, Unreachable
from sfcc_client.request import Answer, Call, Request
from sfcc_client.transport import bad_answer

RENEW_BEFORE_EXPIRY_S = 60.0
_BEARER = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750, 2.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token; `fresh_until` is monotonic. `scopes` is empty when the server does not tell them."""

    value: str = field(repr=False)
    fresh_until: float
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperToken(Token):
    """A token that acts for one shopper: `customer_id` for shopper paths, the other two for Einstein."""

    customer_id: str
    usid: str = field(default="", repr=False)
    enc_user_id: str = field(default="", repr=False)


TokenT_co = TypeVar("TokenT_co", bound=Token, covariant=True)
CachedT = TypeVar("CachedT", bound=Token)


class TokenSource(Protocol[TokenT_co]):
    """Where a request gets its token, and where a refused one is handed back."""

    def token(self, call: Call) -> TokenT_co: ...

    def drop(self, token: Token) -> None: ...


class _Flight(Generic[CachedT]):
    """One fetch under way, which any number of threads wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.token: CachedT | None = None
        self.error: CommerceError | None = None


class TokenCache(Generic[CachedT]):
    """Tokens by key, at most `kept` of them, the least recently used leaving first. Thread-safe."""

    def __init__(self, clock: Clock, *, kept: int) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: LRUCache[Hashable, CachedT] = LRUCache(kept)
        self._flights: dict[Hashable, _Flight[CachedT]] = {}

    def token(self, key: Hashable, fetch: Callable[[Call], CachedT], call: Call) -> CachedT:
        """The fresh token of a key, fetched by one thread while the others wait inside their own deadlines."""
        while True:
            with self._lock:
                cached = self._tokens.get(key)
                if cached is not None and cached.fresh_until > self._clock.monotonic():
                    return cached
                flight = self._flights.get(key)
                if flight is None:
                    mine = self._flights[key] = _Flight[CachedT]()
            if flight is None:
                return self._fetched(key, mine, fetch, call)
            flight.done.wait(call.remaining())
            if flight.token is not None:
                return flight.token
            # A leader that ran out of its own time says nothing about ours: ask again.
            if flight.error is not None and not isinstance(flight.error, TimedOut):
                raise copy.copy(flight.error)

    def drop(self, key: Hashable, token: Token) -> None:
        """Forget a refused token, unless another thread has replaced it already."""
        with self._lock:
            if self._tokens.get(key) is token:
                del self._tokens[key]

    def _fetched(
        self, key: Hashable, flight: _Flight[CachedT], fetch: Callable[[Call], CachedT], call: Call
    ) -> CachedT:
        try:
            token = fetch(call)
        except CommerceError as error:
            flight.error = error
            raise
        except BaseException:
            flight.error = Unreachable("The sign-in was interrupted; try again.", operation=call.operation)
            raise
        else:
            flight.token = token
            return token
        finally:
            with self._lock:
                if flight.token is not None:
                    self._tokens[key] = flight.token
                del self._flights[key]
            flight.done.set()


class _TokenAnswer(Schema):
    """OAuth2 token response (RFC 6749, 5.1) with what SLAS adds (schema TokenResponse)."""

    class Meta:
        unknown = EXCLUDE

    access_token = fields.String(required=True, validate=validate.Regexp(_BEARER.pattern + r"\Z"))
    expires_in = fields.Float(load_default=300.0, validate=validate.Range(min=1, max=86400 * 30))
    scope = fields.String(load_default="", allow_none=True)
    customer_id = fields.String(load_default="", allow_none=True)
    usid = fields.String(load_default="", allow_none=True)
    enc_user_id = fields.String(load_default="", allow_none=True)


_ANSWER = _TokenAnswer()


def token_from(answer: Answer, request: Request, clock: Clock) -> Token:
    """The token of an answer; raises BadAnswer when it cannot be read."""
    loaded = _loaded(answer, request)
    return Token(**_common(loaded, clock))


def shopper_token_from(answer: Answer, request: Request, clock: Clock) -> ShopperToken:
    """The token of a shopper; raises BadAnswer when it cannot be read or does not say whose it is."""
    loaded = _loaded(answer, request)
    if not loaded["customer_id"]:
        raise bad_answer(request, "customer_id is missing", answer.status, answer.request_id)
    return ShopperToken(
        **_common(loaded, clock),
        customer_id=loaded["customer_id"],
        usid=loaded["usid"] or "",
        enc_user_id=loaded["enc_user_id"] or "",
    )


def _loaded(answer: Answer, request: Request) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = _ANSWER.load(answer.document if isinstance(answer.document, dict) else {})
    except ValidationError as error:
        why = "missing or unreadable: " + ", ".join(sorted(map(str, error.messages_dict)))
        raise bad_answer(request, why, answer.status, answer.request_id) from None
    return loaded


def _common(loaded: dict[str, Any], clock: Clock) -> dict[str, Any]:
    lifetime = loaded["expires_in"]
    return {
        "value": loaded["access_token"],
        # Half the lifetime bounds the margin, or a short-lived token would be renewed on every call.
        "fresh_until": clock.monotonic() + max(lifetime - RENEW_BEFORE_EXPIRY_S, lifetime / 2),
        "scopes": frozenset((loaded["scope"] or "").split()),
    }


def basic(*parts: str) -> str:
    """The Basic credentials of the parts joined by colons (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(":".join(parts).encode()).decode("ascii")
