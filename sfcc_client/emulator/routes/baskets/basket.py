"""The basket as a whole: making it, changing what it says of itself, and whose it is."""

from __future__ import annotations

from flask import Response, request

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.basket_forms import BASKET, CUSTOMER, PATCHED
from sfcc_client.emulator.baskets import buyer
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.cart import DEFAULT_SHIPMENT, calculated
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import patched
from sfcc_client.emulator.order_forms import named
from sfcc_client.emulator.parameters import expands
from sfcc_client.emulator.routes.baskets.door import (
    BASKET_PATH,
    QUERY,
    READ,
    WRITE,
    YES,
    as_asked,
    blueprint,
    changed,
    mine,
    with_items,
)
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world


@blueprint.get(BASKET_PATH)
@shopper(*READ, query=(*QUERY, "expand"))
def basket(basket_id: str) -> Response:
    expands("payment_references", "approaching_discounts")
    return answer(as_asked(mine(basket_id)))


@blueprint.post("/baskets")
@shopper(*WRITE, query=(*QUERY, "taxMode", "temporary", "populateCustomerDetails"))
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
            "temporaryBasket": request.args.get("temporary") == YES,
            "agentBasket": False,
            **{name: value for name, value in given.items() if name.startswith("c_")},
            **({"billingAddress": named(given["billingAddress"])} if "billingAddress" in given else {}),
        }
        fresh = with_items(fresh, given.get("productItems", ()))
        return answer(as_asked(state.baskets.save(calculated(state, fresh, at))))


@blueprint.delete(BASKET_PATH)
@shopper(*WRITE, query=("siteId",))
def delete(basket_id: str) -> Response:
    mine(basket_id)
    world().state.baskets.drop(basket_id)
    return nothing()


@blueprint.patch(BASKET_PATH)
@shopper(*WRITE, query=(*QUERY, "removeExternalTax"))
def change(basket_id: str) -> Response:
    """Custom attributes, currency and source code; the rest of the document is not considered."""
    given = body(PATCHED)
    wanted = {
        name: value for name, value in given.items() if name.startswith("c_") or name in ("currency", "sourceCode")
    }
    if wanted.get("currency") not in (None, own_site().currency):
        raise Problem("bad-request", detail=f"The currency '{wanted['currency']}' is not supported by the site.")
    return changed(basket_id, lambda basket: patched(basket, wanted))


@blueprint.put(f"{BASKET_PATH}/customer")
@shopper(*WRITE, query=QUERY)
def customer(basket_id: str) -> Response:
    """Name and address of mail; whose basket it is stays as it is."""
    given = body(CUSTOMER)
    kept = {name: value for name, value in given.items() if name == "email" or name.startswith("c_")}
    return changed(basket_id, lambda basket: {**basket, "customerInfo": {**basket["customerInfo"], **kept}})
