"""The Batch API (product documentation batch-api): up to so many requests, served in order as the outer user.

An item may hold 5 MB, its answer 10 MB (`X-BATCHREQUEST-MAX-OUTPUT-SIZE` lowers that), and all of it may take 30 s by
the instance's clock. An item that is too large, and everything from the first answer that is too large or the end of
the time on, comes back under `unserviced_requests`.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.rest.request import Reply, Request

ITEM_LIMIT = 5 * 1024 * 1024
OUTPUT_LIMIT = 10 * 1024 * 1024
"""Defaults of `glide.rest.batch.max.inputSize` (which may be twice as much) and `glide.rest.batch.max.outputSize`."""

Serve = Callable[[Request], Reply]


@dataclass(slots=True)
class _Item:
    """One request of a batch."""

    id: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    bare: bool


def batched(request: Request, serve: Serve) -> Reply:
    """POST a batch; 200 even when items fail. Raises BadRequest when it cannot be read."""
    document, instance = request.document(), request.session.instance
    raw = document.get("rest_requests")
    if not isinstance(raw, list):
        raise BadRequest("Invalid batch request", "rest_requests is missing")
    items = [_item(entry) for entry in raw]
    deadline = instance.clock() + timedelta(seconds=_number(instance.property("emulator.rest.batch.seconds"), 30))
    item_limit = min(2 * ITEM_LIMIT, _number(instance.property("glide.rest.batch.max.inputSize"), ITEM_LIMIT))
    output_limit = _output_limit(request)
    serviced: list[dict[str, Any]] = []
    unserviced: list[str] = []
    ended = False
    for item in items:
        ended = ended or instance.clock() >= deadline
        if ended or len(item.body) > item_limit:
            unserviced.append(item.id)
            continue
        started = time.monotonic()
        inner = Request.of(
            item.method, item.url, request.session, base=request.base, headers=item.headers, body=item.body
        )
        reply = serve(inner)
        ended = len(reply.body) > output_limit
        if ended:
            unserviced.append(item.id)
            continue
        serviced.append(_serviced(item, reply, round((time.monotonic() - started) * 1000)))
    return Reply.of(
        200,
        {
            "batch_request_id": str(document.get("batch_request_id", "")),
            "serviced_requests": serviced,
            "unserviced_requests": unserviced,
        },
    )


def _output_limit(request: Request) -> int:
    """The header only lowers what the property says."""
    limit = _number(request.session.instance.property("glide.rest.batch.max.outputSize"), OUTPUT_LIMIT)
    return min(limit, _number(request.headers.get("X-BATCHREQUEST-MAX-OUTPUT-SIZE"), limit))


def _number(value: str | None, default: int) -> int:
    try:
        return int(value or default)
    except ValueError:
        return default


def _item(entry: Any) -> _Item:
    if not isinstance(entry, dict) or not entry.get("url") or not entry.get("method"):
        raise BadRequest("Invalid batch request", "every request needs id, method and url")
    try:
        body = base64.b64decode(entry.get("body") or "", validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest("Invalid batch request", f"body of request {entry.get('id')} is not base64") from None
    headers = entry.get("headers") or []
    return _Item(
        id=str(entry.get("id", "")),
        method=str(entry["method"]).upper(),
        url=str(entry["url"]),
        headers={str(pair.get("name", "")): str(pair.get("value", "")) for pair in headers if isinstance(pair, dict)},
        body=body,
        bare=bool(entry.get("exclude_response_headers")),
    )


def _serviced(item: _Item, reply: Reply, milliseconds: int) -> dict[str, Any]:
    headers = [{"name": name, "value": value} for name, value in reply.headers]
    if reply.body:
        headers.append({"name": "Content-Type", "value": reply.content_type})
    served = {
        "id": item.id,
        "body": base64.b64encode(reply.body).decode(),
        "status_code": reply.status,
        "status_text": HTTPStatus(reply.status).phrase,
        "headers": [] if item.bare else headers,
        "execution_time": milliseconds,
    }
    message, redirect = _message(reply), dict(reply.headers).get("Location", "")
    if message:
        served["error_message"] = message
    if 300 <= reply.status < 400 and redirect:
        served["redirect_url"] = redirect
    return served


def _message(reply: Reply) -> str:
    """The text of an error document, empty for an answer that is none."""
    if reply.status < 400 or "json" not in reply.content_type:
        return ""
    try:
        error = json.loads(reply.body)["error"]
        return str(error["message"])
    except (ValueError, KeyError, TypeError):
        return HTTPStatus(reply.status).phrase
