"""Every refusal as problem+json (RFC 9457): ``type``, ``title``, ``status``, ``detail``, plus ``code`` and ``ref``.

`ref` is the correlation id of the request, which is also in its log line. Details are written here: nothing of a
request's body, of an upstream's answer or of an exception's message is repeated.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import structlog
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from sidecar.errors import SidecarError

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger(__name__)


class Kind(NamedTuple):
    """What one `code` always means."""

    status: int
    title: str


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, "The request cannot be read"),
    "unauthorized": Kind(401, "A valid token is needed"),
    "forbidden": Kind(403, "The token does not allow this"),
    "not_permitted": Kind(403, "The viewer's role does not allow this"),
    "link_expired": Kind(403, "The link has expired"),
    "page_expired": Kind(401, "The view has expired"),
    "not_found": Kind(404, "There is nothing here"),
    "method_not_allowed": Kind(405, "The method is not allowed here"),
    "ambiguous": Kind(409, "Several shoppers fit"),
    "not_configured": Kind(409, "This is not set up"),
    "not_signed": Kind(401, "A valid signature is needed"),
    "id_taken": Kind(409, "Another event has this id"),
    "body_too_large": Kind(413, "The body is too large"),
    "unsupported_media_type": Kind(415, "The body is not JSON"),
    "invalid": Kind(422, "The request is not valid"),
    "unknown_site": Kind(422, "The site is not known"),
    "unknown_type": Kind(422, "The type of event is not known"),
    "unknown_version": Kind(422, "The version of the event is not known"),
    "bad_cursor": Kind(422, "The cursor is not valid"),
    "rate_limited": Kind(429, "Too many requests"),
    "internal": Kind(500, "Something went wrong"),
    "upstream_failed": Kind(502, "Commerce did not answer properly"),
    "unavailable": Kind(503, "The service is not available"),
    "store_unavailable": Kind(503, "Events cannot be stored"),
    "audit_unavailable": Kind(503, "The access log cannot be written"),
    "circuit_open": Kind(503, "Commerce is left alone for a moment"),
    "overloaded": Kind(503, "Too much is waiting"),
    "upstream_timeout": Kind(504, "Commerce did not answer in time"),
}
_BY_STATUS = {KINDS[code].status: code for code in reversed(KINDS)}


class Problem(Exception):  # noqa: N818 - the RFC's own word
    """A refusal to answer with; `code` is a key of `KINDS`, `extra` are further members of the document."""

    def __init__(self, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra

    @property
    def status(self) -> int:
        return KINDS[self.code].status


def rate_limited(retry_after_s: float) -> Problem:
    """429 with the seconds to wait, rounded up."""
    seconds = max(1, math.ceil(retry_after_s))
    return Problem(
        "rate_limited",
        f"Wait {seconds} s and try again.",
        headers={"Retry-After": str(seconds)},
        retry_after_s=seconds,
    )


def invalid(errors: Iterable[tuple[str, str]]) -> Problem:
    """422 with every field and what is wrong with it; the values are not repeated."""
    listed = [{"field": name, "message": message} for name, message in errors]
    return Problem("invalid", "Correct the fields listed under errors.", errors=listed)


def document(problem: Problem, ref: str) -> dict[str, Any]:
    """The members of RFC 9457 section 3.1, then our own."""
    kind = KINDS[problem.code]
    return {
        "type": f"/docs#{problem.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        "code": problem.code,
        "ref": ref,
        **problem.extra,
    }


def body(problem: Problem, ref: str) -> bytes:
    """The document as JSON."""
    return json.dumps(document(problem, ref)).encode()


def answer(problem: Problem) -> Response:
    """The problem as the answer to the current request."""
    ref = request.environ.get("sidecar.ref", "")
    return Response(body(problem, ref), problem.status, problem.headers, content_type=MEDIA_TYPE)


_DETAILS: Mapping[int, str] = {
    404: "Check the path; /docs lists every operation.",
    405: "Use one of the methods in the header Allow.",
    413: "Send at most 64 KB.",
    415: "Send JSON, with Content-Type: application/json.",
}


def from_http(error: HTTPException) -> Problem:
    """Flask's own refusals as a problem; an HTTP status without a code of its own becomes malformed or internal."""
    status = error.code or 500
    code = _BY_STATUS.get(status, "malformed" if status < 500 else "internal")
    methods = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(sorted(methods))} if methods else {}
    return Problem(code, _DETAILS.get(status, f"{HTTPStatus(KINDS[code].status).phrase}."), headers=headers)


def from_sidecar(error: SidecarError) -> Problem:
    """The product's own errors: their code and message are written for callers."""
    code = error.code if error.code in KINDS else "internal"
    if error.retry_after is None:
        return Problem(code, error.message)
    seconds = max(1, math.ceil(error.retry_after))
    return Problem(code, error.message, headers={"Retry-After": str(seconds)}, retry_after_s=seconds)


def from_unexpected(error: Exception) -> Problem:
    """500 that tells the caller the reference and nothing else; the log gets where it happened, without the message.

    An exception's message may quote what upstream or the caller sent, so it is personal data until proven otherwise.
    """
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("unexpected", error=type(error).__name__, at=frames[-6:], ref=request.environ.get("sidecar.ref"))
    return Problem("internal", "The failure is recorded. Quote the reference to your administrator.")


def register(app: Flask) -> None:
    """Answer every failure of `app` as a problem."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(SidecarError, lambda error: answer(from_sidecar(error)))
    app.register_error_handler(HTTPException, lambda error: answer(from_http(error)))
    app.register_error_handler(Exception, lambda error: answer(from_unexpected(error)))
