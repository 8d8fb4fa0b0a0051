"""Shopper Baskets 1.11 and 2.11, both by the same routes: from the first item to the payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.basket_forms import BASKET, COUPON, CUSTOMER, ITEM, ITEMS, PATCHED, PAYMENT, SHIPPING_METHOD
from sfcc_client.emulator.basket_lines import NotOrderable, added, with_quantity
from sfcc_client.emulator.baskets import buyer, shown
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.cart import DEFAULT_SHIPMENT, calculated, payment_methods, shipping_methods
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.library import localized
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import NoSuchPart, patched, with_shipment
from sfcc_client.emulator.order_forms import ADDRESS, named
from sfcc_client.emulator.parameters import expands, locale
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world

blueprint = Blueprint("baskets", __name__, url_prefix="/checkout/shopper-baskets/v2/organizations/<organization_id>")
V1 = "/checkout/shopper-baskets/v1/organizations/<organization_id>"
_READ = ("sfcc.shopper-baskets-orders", "sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")
_WRITE = ("sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")
_QUERY = ("siteId", "locale")
_BASKET = "/baskets/<basket_id>"
_SHIPMENT = f"{_BASKET}/shipments/<shipment_id>"
_YES = "true"
Change = Callable[[Document], Document]


@blueprint.get(_BASKET)
@shopper(*_READ, query=(*_QUERY, "expand"))
def basket(basket_id: str) -> Response:
    expands("payment_references", "approaching_discounts")
    return answer(_shown(_mine(basket_id)))


@blueprint.post("/baskets")
@shopper(*_WRITE, query=(*_QUERY, "taxMode", "temporary", "populateCustomerDetails"))
def create() -> Response:
    """One basket of a shopper on a site; what the body holds is put into it."""
    own, state, given = own_site(), world().state, body(BASKET)
    customer_id = str(grant().customer_id)
    with state.writing:
        known = state.basket_of(customer_id, own.site_id)
        if known is not None:
            raise Problem("customer-baskets-quota-exceeded", basketIds=known["basketId"])
        at = iso(world().clock.now())
        fresh: Document = {
            "basketId": opaque_id("bc", world().new_id()),
            "siteId": own.site_id,
            "channelType": given.get("channelType", "storefront"),
            "creationDate": at,
            "currency": given.get("currency", own.currency),
            "taxation": "gross",
            "customerInfo": {**buyer(state, customer_id), **given.get("customerInfo", {}), "customerId": customer_id},
            "productItems": [],
            "shipments": [{"shipmentId": DEFAULT_SHIPMENT, "gift": False, "shippingStatus": "not_shipped"}],
            "shippingItems": [],
            "couponItems": [],
            "orderPriceAdjustments": [],
            "paymentInstruments": [],
            "temporaryBasket": request.args.get("temporary") == _YES,
            "agentBasket": False,
            **{name: value for name, value in given.items() if name.startswith("c_")},
            **({"billingAddress": named(given["billingAddress"])} if "billingAddress" in given else {}),
        }
        fresh = _with_items(fresh, given.get("productItems", ()))
        return answer(_shown(state.baskets.save(calculated(state, fresh, at))))


@blueprint.delete(_BASKET)
@shopper(*_WRITE, query=("siteId",))
def delete(basket_id: str) -> Response:
    _mine(basket_id)
    world().state.baskets.drop(basket_id)
    return nothing()


@blueprint.patch(_BASKET)
@shopper(*_WRITE, query=(*_QUERY, "removeExternalTax"))
def change(basket_id: str) -> Response:
    """Custom attributes, currency and source code; the rest of the document is not considered."""
    given = body(PATCHED)
    wanted = {
        name: value for name, value in given.items() if name.startswith("c_") or name in ("currency", "sourceCode")
    }
    if wanted.get("currency") not in (None, own_site().currency):
        raise Problem("bad-request", detail=f"The currency '{wanted['currency']}' is not supported by the site.")
    return _changed(basket_id, lambda basket: patched(basket, wanted))


@blueprint.post(f"{_BASKET}/items")
@shopper(*_WRITE, query=_QUERY)
def add_items(basket_id: str) -> Response:
    rows = body(ITEMS)
    return _changed(basket_id, lambda basket: _with_items(basket, rows))


@blueprint.patch(f"{_BASKET}/items")
@shopper(*_WRITE, query=(*_QUERY, "removeExternalTax"))
def change_items(basket_id: str) -> Response:
    rows = body(ITEMS)

    def revision(basket: Document) -> Document:
        for row in rows:
            basket = _with_quantity(basket, str(row.get("itemId")), row)
        return basket

    return _changed(basket_id, revision)


@blueprint.patch(f"{_BASKET}/items/<item_id>")
@shopper(*_WRITE, query=(*_QUERY, "removeExternalTax"))
def change_item(basket_id: str, item_id: str) -> Response:
    row = body(ITEM)
    return _changed(basket_id, lambda basket: _with_quantity(basket, item_id, row))


@blueprint.delete(f"{_BASKET}/items/<item_id>")
@shopper(*_WRITE, query=_QUERY)
def remove_item(basket_id: str, item_id: str) -> Response:
    return _changed(basket_id, lambda basket: _without(basket, "productItems", "itemId", item_id))


@blueprint.post(f"{_BASKET}/coupons")
@shopper(*_WRITE, query=_QUERY)
def add_coupon(basket_id: str) -> Response:
    code = body(COUPON)["code"]

    def revision(basket: Document) -> Document:
        if world().state.coupons.get((basket["siteId"], code)) is None:
            raise Problem("bad-request", detail=f"The coupon code '{code}' is invalid.")
        known = basket.get("couponItems", ())
        if any(item["code"] == code for item in known):
            raise Problem("bad-request", detail=f"The coupon code '{code}' is already in the basket.")
        return {**basket, "couponItems": [*known, {"code": code}]}

    return _changed(basket_id, revision)


@blueprint.delete(f"{_BASKET}/coupons/<coupon_item_id>")
@shopper(*_WRITE, query=_QUERY)
def remove_coupon(basket_id: str, coupon_item_id: str) -> Response:
    return _changed(basket_id, lambda basket: _without(basket, "couponItems", "couponItemId", coupon_item_id))


@blueprint.put(f"{_BASKET}/customer")
@shopper(*_WRITE, query=_QUERY)
def customer(basket_id: str) -> Response:
    """Name and address of mail; whose basket it is stays as it is."""
    given = body(CUSTOMER)
    kept = {name: value for name, value in given.items() if name == "email" or name.startswith("c_")}
    return _changed(basket_id, lambda basket: {**basket, "customerInfo": {**basket["customerInfo"], **kept}})


@blueprint.put(f"{_BASKET}/billing-address")
@shopper(*_WRITE, query=(*_QUERY, "useAsShipping", "removeExternalTax"))
def billing_address(basket_id: str) -> Response:
    address = named(body(ADDRESS))
    both = request.args.get("useAsShipping") == _YES

    def revision(basket: Document) -> Document:
        moved = (
            with_shipment(basket, DEFAULT_SHIPMENT, lambda part: {**part, "shippingAddress": address}) if both else {}
        )
        return {**basket, "billingAddress": address, **moved}

    return _changed(basket_id, revision)


@blueprint.put(f"{_SHIPMENT}/shipping-address")
@shopper(*_WRITE, query=(*_QUERY, "useAsBilling", "removeExternalTax"))
def shipping_address(basket_id: str, shipment_id: str) -> Response:
    address = named(body(ADDRESS))
    billing = {"billingAddress": address} if request.args.get("useAsBilling") == _YES else {}
    return _changed_shipment(basket_id, shipment_id, lambda part: {**part, "shippingAddress": address}, billing)


@blueprint.put(f"{_SHIPMENT}/shipping-method")
@shopper(*_WRITE, query=_QUERY)
def shipping_method(basket_id: str, shipment_id: str) -> Response:
    method_id = body(SHIPPING_METHOD)["id"]
    method = next((row for row in _methods() if row["id"] == method_id), None)
    if method is None:
        raise Problem("bad-request", detail=f"The shipping method with ID '{method_id}' is unknown.")
    return _changed_shipment(basket_id, shipment_id, lambda part: {**part, "shippingMethod": method}, {})


@blueprint.get(f"{_SHIPMENT}/shipping-methods")
@shopper(*_READ, query=_QUERY)
def offered_methods(basket_id: str, shipment_id: str) -> Response:
    if all(part["shipmentId"] != shipment_id for part in _mine(basket_id).get("shipments", ())):
        raise Problem("basket-part-not-found", kind="shipment", part_id=shipment_id)
    methods = _methods()
    return answer({"applicableShippingMethods": methods, "defaultShippingMethodId": methods[0]["id"]})


@blueprint.post(f"{_BASKET}/payment-instruments")
@shopper(*_WRITE, query=_QUERY)
def add_payment(basket_id: str) -> Response:
    given = body(PAYMENT)
    method_id = given["paymentMethodId"]
    if method_id not in payment_methods(world().state, own_site().site_id):
        raise Problem("bad-request", detail=f"The payment method '{method_id}' is invalid or not applicable.")
    card = given.get("paymentCard")
    if card and "maskedNumber" in card:
        card = {**card, "numberLastDigits": card["maskedNumber"][-4:]}
    payment = {
        **given,
        "paymentInstrumentId": opaque_id("pi", world().new_id()),
        **({"paymentCard": card} if card else {}),
    }
    return _changed(
        basket_id, lambda basket: {**basket, "paymentInstruments": [*basket.get("paymentInstruments", ()), payment]}
    )


@blueprint.delete(f"{_BASKET}/payment-instruments/<payment_id>")
@shopper(*_WRITE, query=_QUERY)
def remove_payment(basket_id: str, payment_id: str) -> Response:
    return _changed(basket_id, lambda basket: _without(basket, "paymentInstruments", "paymentInstrumentId", payment_id))


@blueprint.get(f"{_BASKET}/payment-methods")
@shopper(*_READ, query=_QUERY)
def offered_payments(basket_id: str) -> Response:
    site_id = _mine(basket_id)["siteId"]
    rows = [{"id": method_id, "name": method_id} for method_id in payment_methods(world().state, site_id)]
    return answer({"applicablePaymentMethods": rows})


def _mine(basket_id: str) -> Document:
    site_id = own_site().site_id
    found = world().state.baskets.get(basket_id)
    if found is None or found["siteId"] != site_id:
        raise Problem("basket-not-found", basket_id=basket_id)
    if found["customerInfo"].get("customerId") != grant().customer_id:
        raise Problem("basket-of-another")
    return found


def _shown(document: Document) -> dict[str, Any]:
    return shown(document, version=1 if "/shopper-baskets/v1/" in request.path else 2)


def _changed(basket_id: str, change: Change) -> Response:
    _mine(basket_id)
    state, at = world().state, iso(world().clock.now())
    with state.writing:
        after = state.baskets.revise(basket_id, lambda basket: calculated(state, change(basket), at))
    return answer(_shown(after))


def _changed_shipment(basket_id: str, shipment_id: str, change: Change, members: dict[str, Any]) -> Response:
    try:
        return _changed(basket_id, lambda basket: {**basket, **members, **with_shipment(basket, shipment_id, change)})
    except NoSuchPart as error:
        raise Problem("basket-part-not-found", kind="shipment", part_id=shipment_id) from error


def _with_items(basket: Document, rows: Any) -> Document:
    own = own_site()
    try:
        for row in rows:
            basket = added(world().state, own, basket, row, locale(own))
    except NotOrderable as error:
        raise Problem("bad-request", detail=str(error)) from error
    return basket


def _with_quantity(basket: Document, item_id: str, row: Document) -> Document:
    try:
        return with_quantity(world().state, basket, item_id, row)
    except NotOrderable as error:
        raise Problem("bad-request", detail=str(error)) from error
    except NoSuchPart as error:
        raise Problem("basket-part-not-found", kind="item", part_id=item_id) from error


def _without(basket: Document, member: str, key: str, wanted: str) -> Document:
    rows = basket.get(member, ())
    if all(row.get(key) != wanted for row in rows):
        raise Problem("basket-part-not-found", kind=member, part_id=wanted)
    return {**basket, member: [row for row in rows if row.get(key) != wanted]}


def _methods() -> list[dict[str, Any]]:
    own = own_site()
    spoken = locale(own)
    return [
        {"id": row["id"], "name": localized(row.get("name", row["id"]), spoken), "price": row["price"]}
        for row in shipping_methods(world().state, own.site_id)
    ]
