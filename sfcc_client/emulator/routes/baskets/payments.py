"""How a basket is paid for."""

from __future__ import annotations

from typing import Any

from flask import Response

from sfcc_client.emulator.access import own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.basket_forms import PAYMENT, PAYMENT_CHANGE
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.cart import payment_methods
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.order_changes import NoSuchPart, with_payment
from sfcc_client.emulator.payments import NotApplicable, instrument
from sfcc_client.emulator.routes.baskets.door import BASKET_PATH, QUERY, READ, WRITE, blueprint, changed, mine, without
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world


@blueprint.post(f"{BASKET_PATH}/payment-instruments")
@shopper(*WRITE, query=QUERY)
def add_payment(basket_id: str) -> Response:
    payment = _given(body(PAYMENT), {"paymentInstrumentId": opaque_id("pi", world().new_id())})
    return changed(
        basket_id, lambda basket: {**basket, "paymentInstruments": [*basket.get("paymentInstruments", ()), payment]}
    )


@blueprint.patch(f"{BASKET_PATH}/payment-instruments/<payment_id>")
@shopper(*WRITE, query=(*QUERY, "removeExternalTax"))
def change_payment(basket_id: str, payment_id: str) -> Response:
    given = body(PAYMENT_CHANGE)
    try:
        return changed(
            basket_id,
            lambda basket: {**basket, **with_payment(basket, payment_id, lambda payment: _given(given, payment))},
        )
    except NoSuchPart as error:
        raise Problem("basket-part-not-found", kind="payment instrument", part_id=payment_id) from error


@blueprint.delete(f"{BASKET_PATH}/payment-instruments/<payment_id>")
@shopper(*WRITE, query=QUERY)
def remove_payment(basket_id: str, payment_id: str) -> Response:
    return changed(basket_id, lambda basket: without(basket, "paymentInstruments", "paymentInstrumentId", payment_id))


@blueprint.get(f"{BASKET_PATH}/payment-methods")
@shopper(*READ, query=QUERY)
def offered_payments(basket_id: str) -> Response:
    site_id = mine(basket_id)["siteId"]
    rows = [{"id": method_id, "name": method_id} for method_id in payment_methods(world().state, site_id)]
    return answer({"applicablePaymentMethods": rows})


def _given(given: Document, known: Document) -> dict[str, Any]:
    try:
        return instrument(world().state, own_site().site_id, given, known)
    except NotApplicable as error:
        raise Problem("bad-request", detail=str(error)) from error
