"""How answers are written: compact JSON, and the headers every Commerce answer carries."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from sfcc_client.emulator.errors import Fault, Problem, Refused
from sfcc_client.emulator.texts import written
from sfcc_client.emulator.world import world

_FAMILIES = (
    "checkout", "configuration", "custom", "customer", "dx", "experience", "observability", "operation", "product",
    "search", "shopper", "site",
)  # fmt: skip
SCAPI_PATHS = tuple(f"/{family}/" for family in _FAMILIES)
_WEBDAV = "/on/demandware.servlet/webdav/"
MAXIMUM_BODY = 5 * 1024 * 1024
_CORRELATION = re.compile(r"[\w\-,]{1,128}")
_WARN, _THROTTLE = 80, 90
_FAMILIES_IN_PLAIN_JSON = frozenset({"orders", "order_writes"})

_PROBLEMS = {
    404: "resource-not-found",
    405: "method-not-allowed",
    413: "payload-too-large",
    500: "internal-server-error",
}
_FAULTS = {
    404: ("NotFoundException", "The requested resource was not found."),
    405: ("MethodNotAllowedException", "The method is not allowed."),
    413: ("PayloadTooLargeException", "The request body is larger than 5 MB."),
    500: ("InternalServerErrorException", "An unexpected error occurred."),
}


def answer(document: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """A JSON answer that nobody may keep."""
    return answer_text(written(document), status, media_type)


def nothing(status: int = 204) -> Response:
    """Done, and nothing to say about it."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response


def created(path: str) -> Response:
    """201 and where the new thing is, without a body."""
    response = nothing(201)
    response.headers["Location"] = request.host_url.rstrip("/") + path
    return response


def answer_rows(rows: Iterable[str], **members: Any) -> Response:
    """A list whose rows are JSON texts already: the members, and the rows under `data`."""
    head = "".join(f"{written(name)}:{written(value)}," for name, value in members.items())
    return answer_text(f'{{{head}"data":[{",".join(rows)}]}}')


def answer_text(text: str, status: int = 200, media_type: str = "application/json") -> Response:
    return Response(text.encode(), status, content_type=media_type)


def install(app: Flask) -> None:
    """Give an application the answers all families share: refusals, unknown paths, headers."""
    app.register_error_handler(Refused, _refusal)
    app.register_error_handler(HTTPException, _http_refusal)
    app.before_request(_refused_at_once)
    app.after_request(_headed)


def _refusal(refused: Refused) -> Response:
    plain = request.blueprint in _FAMILIES_IN_PLAIN_JSON
    response = answer(refused.body(), refused.status, "application/json" if plain else refused.media_type)
    response.headers.update(refused.headers)
    return response


def _http_refusal(error: HTTPException) -> Response:
    status = error.code or 500
    if "/dw/" in request.path:
        kind, message = _FAULTS.get(status, ("BadRequestException", "The request could not be read."))
        return _refusal(Fault(status, kind, message))
    name = _PROBLEMS.get(status)
    return _refusal(Problem(name) if name else Problem("bad-request", detail="The request could not be read."))


def _refused_at_once() -> Response | None:
    """What needs no look at the request's contents: maintenance, and bodies beyond the limit."""
    world().office.settle()
    g.started = time.perf_counter()
    mode = world().state.maintenance
    if mode and request.path.startswith(SCAPI_PATHS):
        return _refusal(Problem("maintenance", headers={"sfdc_maintenance": mode}))
    if (request.content_length or 0) > MAXIMUM_BODY and not request.path.startswith(_WEBDAV):
        raise RequestEntityTooLarge
    return None


def _headed(response: Response) -> Response:
    headers = response.headers
    sent = request.headers.get("correlation-id", "")
    own = world().new_id()
    headers["correlation-id"] = headers["x-correlation-id"] = sent if _CORRELATION.fullmatch(sent) else own
    headers["sfdc_correlation_id"] = own
    headers["Cache-Control"] = "no-store"
    if request.path.startswith(SCAPI_PATHS):
        load = world().state.load
        headers["sfdc_load"] = str(load)
        if load >= _WARN:
            headers["sfdc_load_status"] = "THROTTLE" if load >= _THROTTLE else "WARN"
    _noted(response)
    return response


def _noted(response: Response) -> None:
    elapsed = (time.perf_counter() - g.started) * 1000 if "started" in g else 0.0
    client_id = g.grant.client_id if "grant" in g else None
    world().office.traffic.note(request.method, request.path, response.status_code, elapsed, client_id)
