"""One call of the SDK, the HTTP request it makes, and the answer it gets."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import quote

from sfcc_client.clock import Clock
from sfcc_client.errors import Rejected, TimedOut
from sfcc_client.permissions import Permission

Family = Literal["scapi", "slas", "account_manager", "instance", "einstein"]

# What upstream accepts in a correlation-id header (sfcc-api reference, "Correlation").
_NOT_CORRELATION = re.compile(r"[^A-Za-z0-9_,-]+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One use of a public method: its name, the id it carries, and the monotonic moment it must be over."""

    operation: str
    correlation_id: str
    ends_at: float
    clock: Clock

    def remaining(self) -> float:
        """Seconds left; raises TimedOut when there are none."""
        left = self.ends_at - self.clock.monotonic()
        if left <= 0:
            raise TimedOut(
                f"{self.operation} did not finish within its deadline; try again, or allow more time.",
                request_id=self.correlation_id,
                operation=self.operation,
            )
        return left

    def within(self, share: float) -> Call:
        """The same call with only a share (0 to 1) of the time that is left."""
        return replace(self, ends_at=self.clock.monotonic() + self.remaining() * share)


class Calls:
    """Starts calls: gives each a deadline and a correlation id."""

    def __init__(self, clock: Clock, default_deadline_s: float, new_id: Callable[[], str] | None = None) -> None:
        self._clock = clock
        self._default = default_deadline_s
        self._new_id = new_id or (lambda: str(uuid.uuid4()))

    def start(self, operation: str, deadline: float | None, correlation_id: str | None) -> Call:
        seconds = self._default if deadline is None else deadline
        return Call(
            operation=operation,
            correlation_id=_NOT_CORRELATION.sub("-", correlation_id or "")[:64].strip("-") or self._new_id(),
            ends_at=self._clock.monotonic() + seconds,
            clock=self._clock,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. `subject` names the record for messages and holds no personal data; `operation_id` is the
    operation's name in the official description and decides which permission a 403 is about, unless `permission` says
    so; `signs_in` marks a token request, whose 400 is a refused sign-in (RFC 6749, 5.2); `raw` asks for the bytes of
    the answer instead of its JSON document."""

    family: Family
    method: str
    path: str
    operation_id: str
    subject: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    permission: Permission | None = None
    signs_in: bool = False
    raw: bool = False

    def with_headers(self, **headers: str) -> Request:
        return replace(self, headers={**self.headers, **headers})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A successful answer: the decoded JSON document (None when there is no body) and the id to quote."""

    status: int
    document: Any = field(repr=False)
    request_id: str


def named(kind: str, identifier: str) -> str:
    """A record for messages, such as ``order 00031204``; anything that is no plain identifier may be personal data
    typed into the wrong field, and is left out."""
    return f"{kind} {identifier}" if _IDENTIFIER.fullmatch(identifier) else f"such {kind}"


def path(*segments: str) -> str:
    """An absolute path from raw segments, each percent-encoded; a leading segment may hold slashes.

    Raises Rejected for an empty segment, ``.`` and ``..``: HTTP clients fold those away (RFC 3986, 5.2.4), and the
    request would reach another resource; and for an e-mail address, which must not be written to anybody's access log.
    """
    head, *rest = segments
    if any(segment in ("", ".", "..") or "@" in segment for segment in rest):
        raise Rejected("An identifier is empty, only dots, or an e-mail address; there is no such record to ask for.")
    return "/".join([head.rstrip("/"), *(quote(segment, safe="", errors="replace") for segment in rest)])
