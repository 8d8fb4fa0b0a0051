"""The door of Shopper Baskets: its paths and scopes, whose basket it is, and what every change does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import grant, own_site
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.basket_lines import NotOrderable, added
from sfcc_client.emulator.baskets import shown
from sfcc_client.emulator.cart import calculated
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.parameters import locale
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

blueprint = Blueprint("baskets", __name__, url_prefix="/checkout/shopper-baskets/v2/organizations/<organization_id>")
V1 = "/checkout/shopper-baskets/v1/organizations/<organization_id>"
READ = ("sfcc.shopper-baskets-orders", "sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")
WRITE = ("sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")
QUERY = ("siteId", "locale")
BASKET_PATH = "/baskets/<basket_id>"
SHIPMENT_PATH = f"{BASKET_PATH}/shipments/<shipment_id>"
YES = "true"
Change = Callable[[Document], Document]


def mine(basket_id: str) -> Document:
    site_id = own_site().site_id
    found = world().state.baskets.get(basket_id)
    if found is None or found["siteId"] != site_id:
        raise Problem("basket-not-found", basket_id=basket_id)
    if found["customerInfo"].get("customerId") != grant().customer_id:
        raise Problem("basket-of-another")
    return found


def as_asked(document: Document) -> dict[str, Any]:
    return shown(document, version=1 if "/shopper-baskets/v1/" in request.path else 2)


def changed(basket_id: str, change: Change) -> Response:
    mine(basket_id)
    state, at = world().state, iso(world().clock.now())
    with state.writing:
        after = state.baskets.revise(basket_id, lambda basket: calculated(state, change(basket), at))
    return answer(as_asked(after))


def with_items(basket: Document, rows: Any) -> Document:
    own = own_site()
    try:
        for row in rows:
            basket = added(world().state, own, basket, row, locale(own))
    except NotOrderable as error:
        raise Problem("bad-request", detail=str(error)) from error
    return basket


def without(basket: Document, member: str, key: str, wanted: str) -> Document:
    rows = basket.get(member, ())
    if all(row.get(key) != wanted for row in rows):
        raise Problem("basket-part-not-found", kind=member, part_id=wanted)
    return {**basket, member: [row for row in rows if row.get(key) != wanted]}
