"""What every Data API resource shares: versions, tokens, permissions of clients, documents, faults, resource states.

The door stands open at ``/s/-/dw/data/v25_6`` and ``/dw/data/v25_6``. A client may do what Business Manager's settings
allow it (`ApiClient.data_api`); there are no scopes, and no tenant scope is asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g, request

from sfcc_client.emulator.access import bearer_token
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Fault, Problem
from sfcc_client.emulator.query import Fields, QueryRefused
from sfcc_client.emulator.search import OCAPI, NotSortable, found
from sfcc_client.emulator.selector import selected
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.texts import written
from sfcc_client.emulator.tokens import Grant, TokenInvalid
from sfcc_client.emulator.world import world

PREFIXES = {"data": "/s/-/dw/data/<version>", "data_short": "/dw/data/<version>"}
blueprint = Blueprint("data", __name__)
_VERSION = re.compile(r"v(\d\d)_(\d{1,2})")
_DEFAULT_COUNT, _MOST = 25, 200


@blueprint.url_value_preprocessor
def _address(_: str | None, values: dict[str, str] | None) -> None:
    version = (values if values is not None else {}).pop("version", "")
    match = _VERSION.fullmatch(version)
    g.ocapi_version = f"{match[1]}.{match[2]}" if match else None
    g.ocapi_resource = "/" + request.path.split(f"/dw/data/{version}/", 1)[-1]


@blueprint.before_request
def _admitted() -> None:
    if g.ocapi_version is None:
        raise fault(404, "UnknownApiVersionException", "The API version is unknown.")
    token = bearer_token() or request.args.get("access_token")
    if token is None:
        raise fault(401, "AuthorizationHeaderMissingException", "The authorization header is missing.")
    try:
        grant = world().tokens.grant_of(token)
    except TokenInvalid as error:
        message = "Unauthorized request! The access token is invalid."
        raise fault(401, "InvalidAccessTokenException", message) from error
    client = world().clients.admin(grant.client_id) if grant.kind in ("admin", "user") else None
    if client is None or not client.allows_resource(request.method.lower(), g.ocapi_resource):
        message = f"Access to resource '{g.ocapi_resource}' isn't allowed for client '{grant.client_id}'."
        raise fault(403, "ClientAccessForbiddenException", message, clientId=grant.client_id)
    g.grant = grant


def asked_by() -> Grant:
    """What the token of this request allows."""
    grant: Grant = g.grant
    return grant


def fault(status: int, kind: str, message: str, **arguments: Any) -> Fault:
    return Fault(status, kind, message, version=g.ocapi_version or "25.6", **arguments)


def body() -> dict[str, Any]:
    """The JSON object of the request. Raises a fault when it is something else."""
    document: Any = request.get_json(force=True, silent=True)
    if not isinstance(document, dict):
        raise fault(400, "MalformedDocumentException", "The request body has to be a JSON object.")
    return {name: value for name, value in document.items() if name not in ("_v", "_type", "_flash")}


def one(kind: str, document: Document, *, state: bool = False) -> Response:
    """A single document; with `state` it carries its resource state."""
    own = {"_resource_state": state_of(document)} if state else {}
    return answer({"_v": g.ocapi_version, "_type": kind, **own, **_wanted(dict(document))})


def nothing() -> Response:
    return Response(status=204)


def listed(kind: str, row_kind: str, rows: Sequence[Document], *, member: str = "data") -> Response:
    """A page of rows, `start` and `count` from the query, and the addresses of the pages around it."""
    start, count = _whole("start", 0, 0, 10_000), _whole("count", _DEFAULT_COUNT, 1, _MOST)
    shown = [{"_type": row_kind, **row} for row in rows[start : start + count]]
    document: dict[str, Any] = {"count": len(shown), "start": start, "total": len(rows), member: shown}
    if start + count < len(rows):
        document["next"] = _page_address(start + count, count)
    if start:
        document["previous"] = _page_address(max(0, start - count), count)
    return answer({"_v": g.ocapi_version, "_type": kind, **_wanted(document)})


def searched(kind: str, row_kind: str, candidates: Sequence[Document], fields: Fields, default_sort: str) -> Response:
    """The answer of a search resource over documents that are what an answer shows. Raises faults."""
    wanted = body()
    try:
        result = found(wanted, candidates, fields, OCAPI, default_sort)
    except QueryRefused as error:
        raise refusal(error) from error
    document: dict[str, Any] = {
        "count": len(result.hits),
        "hits": [{"_type": row_kind, **hit} for hit in result.hits],
        "query": wanted["query"],
        **({"sorts": wanted["sorts"]} if wanted.get("sorts") else {}),
        "start": result.offset,
        "total": result.total,
    }
    if result.offset + len(result.hits) < result.total:
        following = {"count": result.limit, "start": result.offset + result.limit}
        document["next"] = {"_type": "result_page", **following}
    selector = wanted.get("select")
    return answer({"_v": g.ocapi_version, "_type": kind, **_wanted(document, selector)})


def refusal(error: QueryRefused) -> Fault:
    if isinstance(error, NotSortable):
        message = f"The field '{error.field}' can't be used to sort the results."
        return fault(400, "FieldNotSortableException", message, field=error.field)
    if error.field is not None:
        message = f"The field '{error.field}' can't be queried."
        return fault(400, "UnqueryableFieldException", message, field=error.field)
    message = f"The request body is invalid at '{error.path}': expected {error.expected}."
    return fault(400, "MalformedDocumentException", message, path=error.path)


def state_of(document: Document) -> str:
    """A resource state: the same for the same document, whoever asks."""
    return hashlib.sha256(written(dict(document)).encode()).hexdigest()


def check_state(current: Document | None, sent: dict[str, Any]) -> None:
    """Let a write pass only on the state its sender has seen, if it says so (body or ``x-dw-resource-state``).

    ``not_exists`` means to create. Raises the faults ResourceStateConflictException and ResourceAlreadyExistsException.
    """
    expected = sent.pop("_resource_state", None) or request.headers.get("x-dw-resource-state")
    if not expected:
        return
    if expected == "not_exists":
        if current is not None:
            message = "The resource exists already."
            raise fault(409, "ResourceAlreadyExistsException", message)
    elif current is None or expected != state_of(current):
        message = "The resource was changed since its state was read. Read it again, then repeat the change."
        raise fault(409, "ResourceStateConflictException", message)


def link(resource: str) -> str:
    """The address of another resource of this API."""
    return f"{request.host_url.rstrip('/')}/s/-/dw/data/{request.path.split('/dw/data/', 1)[1].split('/')[0]}{resource}"


def _wanted(document: dict[str, Any], selector: Any = None) -> dict[str, Any]:
    selector = selector or request.args.get("select")
    if not selector:
        return document
    try:
        kept: dict[str, Any] = selected(document, str(selector))
    except Problem as error:
        message = f"The property selector '{selector}' is malformed."
        raise fault(400, "MalformedSelectorException", message, selector=str(selector)) from error
    # A list says where it stands whatever was selected.
    fixed: dict[str, Any] = {
        name: document[name] for name in ("count", "start", "total") if name in document and "total" in document
    }
    return {**fixed, **kept, "select": str(selector)} if fixed else kept


def _page_address(start: int, count: int) -> str:
    return f"{request.base_url}?start={start}&count={count}"


def _whole(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdigit() or not least <= int(text) <= most:
        message = f"The parameter '{name}' has to be a whole number from {least} to {most}."
        raise fault(400, "MalformedParameterException", message, parameter=name)
    return int(text)
