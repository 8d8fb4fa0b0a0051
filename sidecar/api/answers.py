"""How a finished context answer becomes an HTTP response, with its entity tag (RFC 9110 sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

from flask import Response, request

from sidecar.api.bodies import MEDIA_TYPE
from sidecar.context import ContextAnswer

# The answer may be kept by the caller, who has to ask each time whether it still holds.
_CACHE_CONTROL = ("Cache-Control", "private, no-cache")


def answered(answer: ContextAnswer) -> Response:
    """200 with the body, or 304 without it when the caller has the same content."""
    unchanged = not_changed(request.environ.get("HTTP_IF_NONE_MATCH"), answer.etag)
    status, headers = status_and_headers(answer, unchanged=unchanged)
    return Response(None if unchanged else answer.body, status, headers)


def status_and_headers(answer: ContextAnswer, *, unchanged: bool) -> tuple[str, list[tuple[str, str]]]:
    """The status line and the headers of an answer."""
    headers = [("ETag", answer.etag), ("X-Cache", answer.cache.value), _CACHE_CONTROL]
    if unchanged:
        return "304 NOT MODIFIED", headers
    headers += [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(answer.body)))]
    return "200 OK", headers


def not_changed(condition: str | None, etag: str) -> bool:
    """Whether If-None-Match names `etag`: weak comparison, the same opaque tag (RFC 9110 section 8.8.3.2)."""
    if condition is None:
        return False
    if condition in (etag, "*"):
        return True
    opaque = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") == opaque for tag in condition.split(","))
