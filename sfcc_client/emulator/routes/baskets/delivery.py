"""Where a basket goes and how: addresses and shipping methods."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from sfcc_client.emulator.access import own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.basket_forms import SHIPPING_METHOD
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.cart import DEFAULT_SHIPMENT, shipping_methods
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.library import localized
from sfcc_client.emulator.order_changes import NoSuchPart, with_shipment
from sfcc_client.emulator.order_forms import ADDRESS, named
from sfcc_client.emulator.parameters import locale
from sfcc_client.emulator.routes.baskets.door import (
    BASKET_PATH,
    QUERY,
    READ,
    SHIPMENT_PATH,
    WRITE,
    YES,
    Change,
    blueprint,
    changed,
    mine,
)
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world


@blueprint.put(f"{BASKET_PATH}/billing-address")
@shopper(*WRITE, query=(*QUERY, "useAsShipping", "removeExternalTax"))
def billing_address(basket_id: str) -> Response:
    address = named(body(ADDRESS))
    both = request.args.get("useAsShipping") == YES

    def revision(basket: Document) -> Document:
        moved = (
            with_shipment(basket, DEFAULT_SHIPMENT, lambda part: {**part, "shippingAddress": address}) if both else {}
        )
        return {**basket, "billingAddress": address, **moved}

    return changed(basket_id, revision)


@blueprint.put(f"{SHIPMENT_PATH}/shipping-address")
@shopper(*WRITE, query=(*QUERY, "useAsBilling", "removeExternalTax"))
def shipping_address(basket_id: str, shipment_id: str) -> Response:
    address = named(body(ADDRESS))
    billing = {"billingAddress": address} if request.args.get("useAsBilling") == YES else {}
    return _changed_shipment(basket_id, shipment_id, lambda part: {**part, "shippingAddress": address}, billing)


@blueprint.put(f"{SHIPMENT_PATH}/shipping-method")
@shopper(*WRITE, query=QUERY)
def shipping_method(basket_id: str, shipment_id: str) -> Response:
    method_id = body(SHIPPING_METHOD)["id"]
    method = next((row for row in _methods() if row["id"] == method_id), None)
    if method is None:
        raise Problem("bad-request", detail=f"The shipping method with ID '{method_id}' is unknown.")
    return _changed_shipment(basket_id, shipment_id, lambda part: {**part, "shippingMethod": method}, {})


@blueprint.get(f"{SHIPMENT_PATH}/shipping-methods")
@shopper(*READ, query=QUERY)
def offered_methods(basket_id: str, shipment_id: str) -> Response:
    if all(part["shipmentId"] != shipment_id for part in mine(basket_id).get("shipments", ())):
        raise Problem("basket-part-not-found", kind="shipment", part_id=shipment_id)
    methods = _methods()
    return answer({"applicableShippingMethods": methods, "defaultShippingMethodId": methods[0]["id"]})


def _changed_shipment(basket_id: str, shipment_id: str, change: Change, members: dict[str, Any]) -> Response:
    try:
        return changed(basket_id, lambda basket: {**basket, **members, **with_shipment(basket, shipment_id, change)})
    except NoSuchPart as error:
        raise Problem("basket-part-not-found", kind="shipment", part_id=shipment_id) from error


def _methods() -> list[dict[str, Any]]:
    own = own_site()
    spoken = locale(own)
    return [
        {"id": row["id"], "name": localized(row.get("name", row["id"]), spoken), "price": row["price"]}
        for row in shipping_methods(world().state, own.site_id)
    ]
