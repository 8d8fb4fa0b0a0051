"""Customers (Admin) 1.1.3: search, one customer, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import page
from sfcc_client.emulator.query import Fields, QueryRefused, term_of
from sfcc_client.emulator.search import SCAPI, NotSortable, OutOfBounds, found
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "customers",
    __name__,
    url_prefix="/customer/customers/v1/organizations/<organization_id>/customer-lists/<list_id>",
)
_READ = ("sfcc.customerlists", "sfcc.customerlists.rw")
# What the store knows about a customer and the Admin API does not show.
_HIDDEN = frozenset({"customerListId", "addresses", "password", "lastModifiedBy"})
_PLAIN = (
    "customerNo firstName secondName lastName suffix salutation title fax phoneHome phoneBusiness phoneMobile email "
    "gender companyName"
)
_FIELDS: Fields = {
    **{name: (lambda customer, name=name: customer.get(name)) for name in _PLAIN.split()},  # type: ignore[misc]
    "credentials.login": lambda customer: customer.get("credentials", {}).get("login"),
    "credentials.enabled": lambda customer: customer.get("credentials", {}).get("enabled"),
}
_INDEXED = {"email": "email", "customerNo": "number", "credentials.login": "login"}


def shown(customer: Document) -> dict[str, Any]:
    """A customer as the Admin API shows it; the first address counts as the primary one."""
    document = {name: value for name, value in customer.items() if name not in _HIDDEN}
    if customer.get("addresses"):
        document["primaryAddress"] = shown_address(customer["addresses"][0])
    return document


@blueprint.post("/customer-search")
@admin(*_READ)
def search(list_id: str) -> Response:
    known_list(list_id)
    body: Any = request.get_json(silent=True)
    try:
        result = found(body, _candidates(list_id, body), _FIELDS, SCAPI, "customerNo")
    except QueryRefused as error:
        raise problem_of(error) from error
    document = {
        "limit": result.limit,
        "offset": result.offset,
        "total": result.total,
        "query": body["query"],
        **({"sorts": body["sorts"]} if body.get("sorts") else {}),
        "hits": [{"relevance": 1.0, "data": shown(customer)} for customer in result.hits],
    }
    return answer(document)


@blueprint.get("/customers/<customer_no>")
@admin(*_READ)
def customer(list_id: str, customer_no: str) -> Response:
    return answer(shown(customer_of(list_id, customer_no)))


@blueprint.get("/customers/<customer_no>/addresses")
@admin(*_READ, query=("limit", "offset"))
def addresses(list_id: str, customer_no: str) -> Response:
    rows = list(customer_of(list_id, customer_no).get("addresses", ()))
    wanted = page(default=25, maximum=50)
    document = {
        "limit": wanted.limit,
        "offset": wanted.offset,
        "total": len(rows),
        "data": [shown_address(row) for row in wanted.of(rows)],
    }
    return answer(document)


def _candidates(list_id: str, body: Any) -> Iterable[Document]:
    """The customers an index leaves over, so that a search by e-mail does not read the whole list."""
    query = body.get("query") if isinstance(body, dict) else None
    for field, index in _INDEXED.items():
        value = term_of(query, field)
        if value is not None:
            return world().state.customers.find(index, (list_id, value.casefold()))
    return world().state.customers.find("list", list_id)


def problem_of(error: QueryRefused) -> Problem:
    if isinstance(error, NotSortable):
        return Problem("field-not-sortable", field=error.field)
    if isinstance(error, OutOfBounds):
        return Problem("out-of-bounds", parameter=error.name, expected=error.expected)
    if error.field is not None:
        return Problem("unqueryable-field", field=error.field)
    return Problem("wrong-type", path=error.path, expected=error.expected)


def known_list(list_id: str) -> None:
    if list_id not in world().state.customer_lists:
        raise Problem("customer-list-not-found", listId=list_id)


def customer_of(list_id: str, customer_no: str) -> Document:
    known_list(list_id)
    customer = world().state.customers.get((list_id, customer_no))
    if customer is None:
        raise Problem("customer-not-found", customer_no=customer_no)
    return customer


def shown_address(address: Document) -> dict[str, Any]:
    return {name: value for name, value in address.items() if name != "preferred"}
