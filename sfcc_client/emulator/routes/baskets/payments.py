"""How a basket is paid for."""

from __future__ import annotations

from flask import Response

from sfcc_client.emulator.access import own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.basket_forms import PAYMENT
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.cart import payment_methods
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.routes.baskets.door import BASKET_PATH, QUERY, READ, WRITE, blueprint, changed, mine, without
from sfcc_client.emulator.state import opaque_id
from sfcc_client.emulator.world import world


@blueprint.post(f"{BASKET_PATH}/payment-instruments")
@shopper(*WRITE, query=QUERY)
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
    return changed(
        basket_id, lambda basket: {**basket, "paymentInstruments": [*basket.get("paymentInstruments", ()), payment]}
    )


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
