"""Shopper Orders 1.17: ordering a basket, looking an order up, cancelling and returning with order management."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer, answer_text, created, nothing
from sfcc_client.emulator.basket_forms import BASKET
from sfcc_client.emulator.bodies import Anything, Members, Number, Rows, Text, body
from sfcc_client.emulator.checkout import NotReady, ordered
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import moved, revised
from sfcc_client.emulator.order_management import (
    CANCEL_REASONS,
    RETURN_REASONS,
    NotManaged,
    cancelled,
    reason_codes,
    returned,
)
from sfcc_client.emulator.order_states import REOPEN, NotFollowing
from sfcc_client.emulator.orders import seen_by_stranger, shopper_order
from sfcc_client.emulator.parameters import expands
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.stock import release
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "shopper_orders", __name__, url_prefix="/checkout/shopper-orders/v1/organizations/<organization_id>"
)
READ = ("sfcc.shopper-baskets-orders", "sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")
WRITE = ("sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")
QUERY = ("siteId", "locale")
ORDER_PATH = "/orders/<order_no>"
_CODE = Text(pattern=r"\d{6}")
_LOOKUP = Members(
    known={"email": Text(), "orderViewCode": Text(), "postalCode": Text(most=256), "phone": Text(most=256)}
)
_FAILURE = Members(
    known={"reasonCode": Text(allowed=("payment_confirm_failure", "payment_capture_failure", "payment_auth_failure"))}
)
_CANCEL = Members(known={"reason": Text(most=256), "orderAccessCode": _CODE})
_RETURN = Members(
    known={
        "productItems": Rows(
            of=Members(
                known={"itemId": Text(most=256), "quantity": Number(least=0), "reason": Text(most=256)},
                required=("itemId", "quantity"),
            ),
            least=1,
        ),
        "orderAccessCode": _CODE,
    },
    required=("productItems",),
)
# The one member that counts is the id; a whole basket may be sent.
_SUBMITTED = Members(known={**dict.fromkeys(BASKET.known, Anything()), "basketId": Text(least=1)}, custom="Basket")


@blueprint.post("/orders")
@shopper(*WRITE, query=QUERY)
def create() -> Response:
    own, basket_id = own_site(), body(_SUBMITTED).get("basketId")
    basket = world().state.baskets.get(basket_id)
    mine = basket is not None and basket["customerInfo"].get("customerId") == grant().customer_id
    if basket is None or not mine or basket["siteId"] != own.site_id:
        raise Problem("basket-not-found", basket_id=basket_id)
    try:
        order = ordered(world().state, own, basket, **stamp())
    except NotReady as error:
        raise Problem("bad-request", detail=str(error)) from error
    return answer_text(world().orders.plain.of(order))


@blueprint.get("/orders/oms-meta-data")
@shopper(*READ, query=("siteId",))
def oms_meta_data() -> Response:
    own_site()
    if not world().state.oms_active:
        raise Problem("oms-not-active")
    return answer(
        {"cancelReasonCodes": reason_codes(CANCEL_REASONS), "returnReasonCodes": reason_codes(RETURN_REASONS)}
    )


@blueprint.get(ORDER_PATH)
@shopper(*READ, query=(*QUERY, "expand"))
def order(order_no: str) -> Response:
    """Another shopper's order is as unknown as one that does not exist."""
    texts = world().orders.managed if expands("oms", "oms_shipments") else world().orders.plain
    return answer_text(texts.of(own_order(order_no)))


@blueprint.post(f"{ORDER_PATH}/lookup")
@shopper(*READ, query=(*QUERY, "expand"))
def lookup(order_no: str) -> Response:
    """The shopper's own order in full; another one for who knows the billing postal code and mail or phone, in part."""
    expanded, given, site_id = expands("oms", "oms_shipments"), body(_LOOKUP), own_site().site_id
    found = world().state.orders.get(order_no)
    here = found if found is not None and found["siteId"] == site_id else None
    if here is not None and here["customerInfo"].get("customerId") == grant().customer_id:
        return answer(shopper_order(here, oms=bool(expanded)))
    if not given.get("postalCode") or not (given.get("email") or given.get("phone")):
        raise Problem("insufficient-identifying-information")
    if here is None or not _identified(here, given):
        raise Problem("order-not-found", order_no=order_no)
    return answer(seen_by_stranger(here, oms=bool(expanded)))


@blueprint.post(f"{ORDER_PATH}/actions/fail")
@shopper(*WRITE, query=(*QUERY, "reopenBasket"))
def fail(order_no: str) -> Response:
    found = own_order(order_no)
    body(_FAILURE)
    state, wanted = world().state, REOPEN if request.args.get("reopenBasket") == "true" else "failed"
    try:
        basket = moved(state, order_no, wanted, basket_id=opaque_id("bc", world().new_id()), **stamp())
    except NotFollowing as error:
        raise Problem("order-status-transition", before=error.before, wanted="failed", order_no=order_no) from error
    if basket is None:
        return nothing()
    path = f"/checkout/shopper-baskets/v2/organizations/{state.organization_id}/baskets/{basket['basketId']}"
    return created(f"{path}?siteId={found['siteId']}")


@blueprint.post(f"{ORDER_PATH}/actions/oms-cancel-order")
@shopper(*WRITE, query=QUERY)
def cancel(order_no: str) -> Response:
    own_order(order_no)
    reason = body(_CANCEL).get("reason")

    def change(order: Document) -> Mapping[str, Any]:
        members = cancelled(order, reason)
        release(world().state, order.get("productItems", ()))
        return {**members, "status": "cancelled"}

    return _managed(order_no, change)


@blueprint.post(f"{ORDER_PATH}/actions/oms-return-order")
@shopper(*WRITE, query=QUERY)
def return_items(order_no: str) -> Response:
    own_order(order_no)
    rows = body(_RETURN)["productItems"]
    return _managed(order_no, lambda order: returned(order, rows))


def _managed(order_no: str, change: Callable[[Document], Mapping[str, Any]]) -> Response:
    state = world().state
    if not state.oms_active or "omsData" not in own_order(order_no):
        raise Problem("oms-not-active")
    try:
        with state.writing:
            order = revised(state, order_no, change, **stamp())
    except NotManaged as error:
        raise Problem(error.problem, **error.members) from error
    return answer(shopper_order(order, oms=True))


def own_order(order_no: str) -> Document:
    """The order of the shopper who asks. Raises order-not-found."""
    site_id = own_site().site_id
    found = world().state.orders.get(order_no)
    mine = found is not None and found["customerInfo"].get("customerId") == grant().customer_id
    if found is None or not mine or found["siteId"] != site_id:
        raise Problem("order-not-found", order_no=order_no)
    return found


def _identified(order: Document, given: Mapping[str, Any]) -> bool:
    billing = order.get("billingAddress", {})
    if str(billing.get("postalCode", "")).casefold() != given["postalCode"].strip().casefold():
        return False
    mail, phone = order["customerInfo"].get("email", ""), billing.get("phone", "")
    if given.get("email"):
        return bool(mail) and mail.casefold() == given["email"].strip().casefold()
    return bool(phone) and _digits(phone) == _digits(given["phone"])


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdecimal())


def stamp() -> dict[str, str]:
    """When a change happens and who makes it."""
    return {"at": iso(world().clock.now()), "by": grant().client_id}
