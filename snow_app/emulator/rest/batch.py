"""The Batch API (product documentation batch-api): up to so many requests, served in order as the outer user.

An item may hold 5 MB, the answers together 10 MB (`X-BATCHREQUEST-MAX-OUTPUT-SIZE` lowers that), all of it 30 s: what
does not fit comes back under `unserviced_requests`.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.rest.request import Reply, Request

ITEM_LIMIT = 5 * 1024 * 1024
OUTPUT_LIMIT = 10 * 1024 * 1024

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


def batched(request: Request, serve: Serve, *, monotonic: Callable[[], float] = time.monotonic) -> Reply:
    """POST a batch; 200 even when items fail. Raises BadRequest when it cannot be read."""
    document = request.document()
    raw = document.get("rest_requests")
    if not isinstance(raw, list):
        raise BadRequest("Invalid batch request", "rest_requests is missing")
    items = [_item(entry) for entry in raw]
    seconds = float(request.session.instance.property("emulator.rest.batch.seconds", "30") or 30)
    room = _output_limit(request)
    deadline = monotonic() + seconds
    serviced: list[dict[str, Any]] = []
    unserviced: list[str] = []
    for item in items:
        if monotonic() >= deadline or room <= 0 or len(item.body) > ITEM_LIMIT:
            unserviced.append(item.id)
            continue
        started = monotonic()
        reply = serve(
            Request.of(item.method, item.url, request.session, base=request.base, headers=item.headers, body=item.body)
        )
        room -= len(reply.body)
        if room < 0:
            unserviced.append(item.id)
            continue
        serviced.append(_serviced(item, reply, round((monotonic() - started) * 1000)))
    return Reply.of(
        200,
        {
            "batch_request_id": str(document.get("batch_request_id", "")),
            "serviced_requests": serviced,
            "unserviced_requests": unserviced,
        },
    )


def _output_limit(request: Request) -> int:
    try:
        return min(OUTPUT_LIMIT, int(request.headers.get("X-BATCHREQUEST-MAX-OUTPUT-SIZE") or OUTPUT_LIMIT))
    except ValueError:
        return OUTPUT_LIMIT


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
    return {
        "id": item.id,
        "body": base64.b64encode(reply.body).decode(),
        "status_code": reply.status,
        "status_text": HTTPStatus(reply.status).phrase,
        "headers": [] if item.bare else headers,
        "execution_time": milliseconds,
    }
