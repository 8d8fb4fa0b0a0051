"""Shopper Orders 1.17: how an order is paid for. The description refuses no status of the order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from sfcc_client.emulator.access import shopper
from sfcc_client.emulator.answers import answer, answer_text
from sfcc_client.emulator.basket_forms import PAYMENT_CHANGE
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.cart import payment_methods
from sfcc_client.emulator.checkout import paid
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.order_changes import NoSuchPart, revised, with_payment
from sfcc_client.emulator.payments import NotApplicable, instrument
from sfcc_client.emulator.routes.shopper_orders import ORDER_PATH, QUERY, READ, WRITE, blueprint, own_order, stamp
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world

__all__ = ("blueprint",)
_LIST = f"{ORDER_PATH}/payment-instruments"
_ONE = f"{_LIST}/<payment_id>"


@blueprint.post(_LIST)
@shopper(*WRITE, query=QUERY)
def add_payment(order_no: str) -> Response:
    """Without an amount it pays for what the others leave open."""
    given = body(PAYMENT_CHANGE)

    def change(order: Document) -> Mapping[str, Any]:
        payment = _given(order, given, {"paymentInstrumentId": opaque_id("pi", world().new_id())})
        return {"paymentInstruments": [*order.get("paymentInstruments", ()), paid(payment, _open(order))]}

    return _changed(order_no, change)


@blueprint.patch(_ONE)
@shopper(*WRITE, query=QUERY)
def change_payment(order_no: str, payment_id: str) -> Response:
    given = body(PAYMENT_CHANGE)

    def changed(order: Document, payment: Document) -> Document:
        known = payment.get("paymentTransaction", {})
        fresh = paid(_given(order, given, payment), known.get("amount", 0.0))
        return {**fresh, "paymentTransaction": {**known, "amount": fresh["paymentTransaction"]["amount"]}}

    return _changed(order_no, lambda order: with_payment(order, payment_id, lambda payment: changed(order, payment)))


@blueprint.delete(_ONE)
@shopper(*WRITE, query=QUERY)
def remove_payment(order_no: str, payment_id: str) -> Response:
    def change(order: Document) -> Mapping[str, Any]:
        with_payment(order, payment_id, lambda payment: payment)
        rows = order["paymentInstruments"]
        return {"paymentInstruments": [row for row in rows if row["paymentInstrumentId"] != payment_id]}

    return _changed(order_no, change)


@blueprint.get(f"{ORDER_PATH}/payment-methods")
@shopper(*READ, query=QUERY)
def offered_payments(order_no: str) -> Response:
    methods = payment_methods(world().state, own_order(order_no)["siteId"])
    return answer({"applicablePaymentMethods": [{"id": method_id, "name": method_id} for method_id in methods]})


def _changed(order_no: str, change: Callable[[Document], Mapping[str, Any]]) -> Response:
    own_order(order_no)
    try:
        with world().state.writing:
            order = revised(world().state, order_no, change, **stamp())
    except NoSuchPart as error:
        raise Problem("part-not-found", part_id=str(error)) from error
    return answer_text(world().orders.plain.of(order))


def _given(order: Document, given: Document, known: Document) -> dict[str, Any]:
    try:
        return instrument(world().state, order["siteId"], given, known)
    except NotApplicable as error:
        raise Problem("bad-request", detail=str(error)) from error


def _open(order: Document) -> float:
    paid_for = sum(row.get("paymentTransaction", {}).get("amount", 0.0) for row in order.get("paymentInstruments", ()))
    return max(0.0, round(float(order["orderTotal"]) - float(paid_for), 2))
