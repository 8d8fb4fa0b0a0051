"""Turns an answer that is not a success into one typed error, whichever of the error shapes it has.

Commerce speaks three (and Einstein a fourth): the SCAPI problem document ``{"type": "…/errors/<slug>", "title", …}``,
the OCAPI fault ``{"fault": {"type": "<Name>Exception", …}}`` and OAuth2 ``{"error": "<slug>", "error_description"}``
(RFC 6749, 5.2). Whatever else comes (a proxy's HTML, nothing at all) is judged by its status alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from sfcc_client import errors
from sfcc_client.errors import CommerceError
from sfcc_client.permissions import PERMISSIONS
from sfcc_client.request import Request

# A correlation id of ours echoed back is quotable too; the one Commerce generated comes first.
_REQUEST_ID_HEADERS = ("sfdc_correlation_id", "x-correlation-id", "correlation-id")
_LONGEST_RETRY_AFTER_S = 3600.0
_NOT_SLUG = re.compile(r"[^A-Za-z0-9_.-]+")
_NOT_ID = re.compile(r"[^A-Za-z0-9_,.:-]+")


def request_id_of(headers: Mapping[str, str], sent: str) -> str:
    """The id to quote to Salesforce: the one of the answer, else the one we sent."""
    for name in _REQUEST_ID_HEADERS:
        if value := _NOT_ID.sub("", headers.get(name, ""))[:120]:
            return value
    return sent


def retry_after_of(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait as the answer asks (RFC 9110, 10.2.3: seconds or a date), None when it does not say."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), _LONGEST_RETRY_AFTER_S)
    try:
        seconds = (parsedate_to_datetime(value) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_S)


def upstream_code_of(body: bytes) -> str | None:
    """The slug an error body carries, in any of the four shapes; None when it has none of them."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    found = next((code for shape in _SHAPES if isinstance(code := shape(document), str) and code), None)
    return _NOT_SLUG.sub("-", found)[:80] if found else None


def _fault_type(document: dict[str, Any]) -> Any:
    fault = document.get("fault")
    return fault.get("type") if isinstance(fault, dict) else None


def _problem_slug(document: dict[str, Any]) -> Any:
    kind = document.get("type")
    return kind.rstrip("/").rsplit("/", 1)[-1] if isinstance(kind, str) else None


_SHAPES: tuple[Callable[[dict[str, Any]], Any], ...] = (
    _fault_type,
    _problem_slug,
    lambda document: document.get("error"),
    lambda document: document.get("code"),
)


def error_from(
    status: int, headers: Mapping[str, str], body: bytes, request: Request, *, sent_id: str, now: datetime
) -> CommerceError:
    """The typed error for an answer whose status is not 2xx."""
    upstream_code = upstream_code_of(body)
    kind = _SLUG_KINDS.get((status, upstream_code)) or _kind_of(status, headers, request)
    details: dict[str, Any] = {
        "status": status,
        "request_id": request_id_of(headers, sent_id),
        "retry_after": retry_after_of(headers, now),
        "upstream_code": upstream_code,
        "operation": request.operation_id,
    }
    if kind is errors.Forbidden:
        permission = PERMISSIONS.get(request.operation_id, request.permission)
        advice = permission.advice if permission else "the client lacks a permission"
        message = f"Commerce refused {request.subject}; {advice}."
        return errors.Forbidden(message, scope=permission.scope if permission else None, **details)
    template = _SPECIAL.get((request.operation_id, status)) or (_REDIRECTED if status < 400 else _MESSAGES[kind])
    wording = template.format(subject=request.subject, status=status)
    reason = f" Reason given: {upstream_code}." if upstream_code and kind in _WITH_REASON else ""
    return kind(wording + reason, **details)


def _kind_of(status: int, headers: Mapping[str, str], request: Request) -> type[CommerceError]:
    if status >= 500:
        return errors.Maintenance if headers.get("sfdc_maintenance") else errors.Unavailable
    signing_in = _SIGN_IN_KINDS.get(status) if request.signs_in else None
    return signing_in or _KINDS.get(status, errors.Rejected)


_KINDS: dict[int, type[CommerceError]] = {
    401: errors.SignInRefused,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.StateConflict,
    412: errors.StateConflict,
    429: errors.RateLimited,
}

# What the custom APIs of the product's cartridge say in words of their own.
_SLUG_KINDS: dict[tuple[int, str | None], type[CommerceError]] = {(409, "tracking-refused"): errors.TrackingRefused}

_SIGN_IN_KINDS: dict[int, type[CommerceError]] = {400: errors.SignInRefused, 409: errors.Conflict}

_MESSAGES: dict[type[CommerceError], str] = {
    errors.SignInRefused: "Commerce did not accept our sign-in for {subject}; check the client id, its secret and "
    "that the client is active.",
    errors.NotFound: "Commerce has no {subject}.",
    errors.Conflict: "Commerce is busy with the same sign-in for {subject}; try again in a few seconds.",
    errors.StateConflict: "Commerce did not change {subject}: it is not in the state the change is for, or "
    "somebody else changed it first; read it again.",
    errors.TrackingRefused: "The shopper does not consent to tracking; the {subject} was not recorded.",
    errors.RateLimited: "Commerce asks for fewer requests and did not answer for {subject}; try again later.",
    errors.Unavailable: "Commerce could not answer for {subject} (HTTP {status}); try again later.",
    errors.Maintenance: "Commerce is down for maintenance and did not answer for {subject}; try again later.",
    errors.Rejected: "Commerce did not accept the request for {subject} (HTTP {status}).",
}

_REDIRECTED = "The address used for {subject} redirects elsewhere (HTTP {status}); check the URLs in the settings."

_BUSINESS_MANAGER = (
    "Business Manager did not sign us in for {subject}; check the user, the access key or password, and "
    "the OCAPI client with its secret."
)

_SPECIAL = {
    ("getTrustedSystemAccessToken", 400): "SLAS does not sign in on behalf of this shopper ({subject}): the login is "
    "unknown there, or too long together with the name.",
    ("Business Manager token", 400): _BUSINESS_MANAGER,
    ("Business Manager token", 401): _BUSINESS_MANAGER,
}

_WITH_REASON = frozenset({errors.SignInRefused, errors.Rejected, errors.StateConflict, errors.Unavailable})
