"""OCAPI Shop: order search, one order and its notes, for the token of a Business Manager user."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, g, request

from sfcc_client.emulator.access import bearer_token
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Fault, Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import revised
from sfcc_client.emulator.orders import ocapi_order, snake_case
from sfcc_client.emulator.query import Fields, Getter, QueryRefused, term_of
from sfcc_client.emulator.search import OCAPI, found
from sfcc_client.emulator.selector import selected
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.tokens import TokenInvalid
from sfcc_client.emulator.world import world

blueprint = Blueprint("ocapi", __name__, url_prefix="/s/<site_id>/dw/shop/<version>")
_VERSION = re.compile(r"v(\d\d)_(\d{1,2})")


def _member(name: str) -> Getter:
    return lambda order: order.get(name)


def _buyer(name: str) -> Getter:
    return lambda order: order["customerInfo"].get(name)


class _OrderFields(dict[str, Getter]):
    """The searchable fields; every custom attribute is one too."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or str(name).startswith("c_")

    def __missing__(self, name: str) -> Getter:
        return _member(name)


_FIELDS: Fields = _OrderFields(
    {
        "order_no": _member("orderNo"),
        "status": _member("status"),
        "creation_date": _member("creationDate"),
        "last_modified": _member("lastModified"),
        "export_status": _member("exportStatus"),
        "payment_status": _member("paymentStatus"),
        "shipping_status": _member("shippingStatus"),
        "confirmation_status": _member("confirmationStatus"),
        "external_order_no": _member("externalOrderNo"),
        "external_order_status": _member("externalOrderStatus"),
        "total_gross_price": _member("orderTotal"),
        "currency_code": _member("currency"),
        "customer_no": _buyer("customerNo"),
        "customer_email": _buyer("email"),
        "customer_name": _buyer("customerName"),
        "product_items.product_id": lambda order: " ".join(item["productId"] for item in order.get("productItems", ())),
    }
)
_NOTE = {"subject": 256, "text": 4000}
_INDEXED = {"customer_email": "email", "customer_no": "number"}


@blueprint.url_value_preprocessor
def _address(_: str | None, values: dict[str, str] | None) -> None:
    values = values if values is not None else {}
    g.site_id, version = values.pop("site_id", ""), values.pop("version", "")
    match = _VERSION.fullmatch(version)
    g.ocapi_version = f"{match[1]}.{match[2]}" if match else None


@blueprint.before_request
def _admitted() -> None:
    if g.ocapi_version is None:
        raise _fault(404, "UnknownApiVersionException", "The API version is unknown.")
    if world().site(g.site_id) is None:
        raise _fault(404, "SiteNotFoundException", f"No site with ID '{g.site_id}' was found.", siteId=g.site_id)
    token = bearer_token()
    if token is None:
        raise _fault(401, "AuthorizationHeaderMissingException", "The authorization header is missing.")
    try:
        grant = world().tokens.grant_of(token)
    except TokenInvalid as error:
        raise _fault(
            401, "InvalidAccessTokenException", "Unauthorized request! The access token is invalid."
        ) from error
    if grant.kind != "user":
        raise _fault(
            403, "ClientAccessForbiddenException", f"Access to resource forbidden for client '{grant.client_id}'."
        )
    g.grant = grant


@blueprint.post("/order_search")
def order_search() -> Response:
    """Needs the index of orders: where Business Manager has it switched off, the search breaks."""
    if not world().office.order_indexing:
        raise _fault(500, "InternalServerErrorException", "Order Incremental Indexing is not enabled.")
    body: Any = request.get_json(silent=True)
    try:
        result = found(body, _candidates(body), _FIELDS, OCAPI, "order_no")
    except QueryRefused as error:
        raise _refusal(error) from error
    document: dict[str, Any] = {
        "count": len(result.hits),
        "hits": [
            {
                "_type": "order_search_hit",
                "relevance": 1.0,
                "data": {**ocapi_order(order), "_resource_state": _state(order)},
            }
            for order in result.hits
        ],
        "query": body["query"],
        "start": result.offset,
        "total": result.total,
    }
    if result.offset + len(result.hits) < result.total:
        document["next"] = {
            "_type": "result_page",
            "count": result.limit,
            "start": result.offset + result.limit,
        }
    if "select" in body:
        document = {**_selected(document, body["select"]), "select": body["select"]}
    return _answer("order_search_result", document)


@blueprint.get("/orders/<order_no>")
def order(order_no: str) -> Response:
    found = _order(order_no)
    return _answer("order", {"_resource_state": _state(found), **ocapi_order(found)})


@blueprint.get("/orders/<order_no>/notes")
def notes(order_no: str) -> Response:
    rows = [{"_type": "note", **snake_case(dict(note))} for note in _order(order_no).get("notes", ())]
    return _answer("notes_result", {"notes": rows})


@blueprint.post("/orders/<order_no>/notes")
def add_note(order_no: str) -> Response:
    """A subject of at most 256 characters and a text of at most 4,000; the order has a new moment of change."""
    _order(order_no)
    sent: Any = request.get_json(silent=True)
    sent = sent if isinstance(sent, dict) else {}
    for name, most in _NOTE.items():
        if not isinstance(sent.get(name), str) or not 0 < len(sent[name]) <= most:
            message = f"The property '{name}' of a note has to be a text of 1 to {most} characters."
            raise _fault(400, "PropertyConstraintViolationException", message, property=name)
    now, author = iso(world().clock.now()), g.grant.user or g.grant.client_id
    note = {"id": world().new_id(), "createdBy": author, "creationDate": now, **{name: sent[name] for name in _NOTE}}
    revised(world().state, order_no, lambda order: {"notes": [*order.get("notes", ()), note]}, at=now, by=author)
    return _answer("note", snake_case(note))


def _order(order_no: str) -> Document:
    order = world().state.orders.get(order_no)
    if order is None or order["siteId"] != g.site_id:
        message = f"No order with number '{order_no}' was found."
        raise _fault(404, "OrderNotFoundException", message, orderNo=order_no)
    return order


def _candidates(body: Any) -> Iterable[Document]:
    """The site's orders, narrowed by an index where the query demands one customer."""
    orders = world().state.orders
    query = body.get("query") if isinstance(body, dict) else None
    narrow: dict[str, Callable[[str], str]] = {"customer_email": str.casefold, "customer_no": str}
    for field, index in _INDEXED.items():
        value = term_of(query, field)
        if value is not None:
            return [order for order in orders.find(index, narrow[field](value)) if order["siteId"] == g.site_id]
    return orders.find("site", g.site_id)


def _selected(document: dict[str, Any], selector: Any) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = selected(document, str(selector))
    except Problem as error:
        message = f"The property selector '{selector}' is malformed."
        raise _fault(400, "MalformedSelectorException", message, selector=str(selector)) from error
    return {**{name: document[name] for name in ("count", "start", "total")}, **kept}


def _state(order: Document) -> str:
    """Changes whenever the order does."""
    return f"{order['orderNo']}-{order['lastModified']}"


def _answer(kind: str, document: dict[str, Any]) -> Response:
    return answer({"_v": g.ocapi_version, "_type": kind, **document})


def _fault(status: int, kind: str, message: str, **arguments: Any) -> Fault:
    return Fault(status, kind, message, version=g.ocapi_version or "24.5", **arguments)


def _refusal(error: QueryRefused) -> Fault:
    if error.field is not None:
        return _fault(
            400, "UnqueryableFieldException", f"The field '{error.field}' can't be queried.", field=error.field
        )
    message = f"The request body is invalid at '{error.path}': expected {error.expected}."
    return _fault(400, "MalformedDocumentException", message, path=error.path)
