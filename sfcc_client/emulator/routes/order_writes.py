"""Orders (Admin) 1.5.2: statuses, custom attributes, shipping addresses, events of an external OMS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from sfcc_client.emulator.access import admin, grant, own_site, trusted
from sfcc_client.emulator.answers import created, nothing
from sfcc_client.emulator.baskets import buyer
from sfcc_client.emulator.bodies import Members, Number, Rows, Text, body
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import NoSuchPart, moved, patched, revised, with_payment, with_shipment
from sfcc_client.emulator.order_creation import CREATED, NoSuchShipment, order_of, sums
from sfcc_client.emulator.order_forms import ADDRESS, NAME, named
from sfcc_client.emulator.order_states import STATUSES, NotFollowing, OutOfStock
from sfcc_client.emulator.parameters import site
from sfcc_client.emulator.routes.orders import found
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world

blueprint = Blueprint("order_writes", __name__, url_prefix="/checkout/orders/v1/organizations/<organization_id>")
_WRITE = "sfcc.orders.rw"
_SITE = ("siteId",)
# last part of the path: (member of the order, values allowed)
_STATUSES: dict[str, tuple[str, Text]] = {
    "confirmation-status": ("confirmationStatus", Text(allowed=("confirmed", "not_confirmed"))),
    "export-status": ("exportStatus", Text(allowed=("exported", "not_exported", "ready", "failed"))),
    "external-status": ("externalOrderStatus", Text(least=1, most=256)),
    "payment-status": ("paymentStatus", Text(allowed=("not_paid", "part_paid", "paid"))),
    "shipping-status": ("shippingStatus", Text(allowed=("not_shipped", "part_shipped", "shipped"))),
}
_FULFILMENT = Members(
    known={
        "id": NAME,
        "occurredAt": Text(moment=True),
        "type": NAME,
        "lineItems": Rows(
            of=Members(known={"id": NAME, "quantity": Number(whole=True, least=0)}, required=("id", "quantity")),
            least=1,
        ),
        "trackingNumber": NAME,
        "trackingUrl": Text(least=1, most=2048, pattern=r"[a-zA-Z][\w+.-]*:\S+"),
        "carrier": NAME,
        "description": NAME,
    },
    required=("id", "occurredAt", "type", "lineItems"),
)
_ADJUSTMENT = Members(
    known={
        "id": NAME,
        "type": NAME,
        "occurredAt": Text(moment=True),
        "status": Text(allowed=("pending", "completed", "failed")),
        "lineItems": Rows(
            of=Members(known={"id": NAME, "quantity": Number(whole=True)}, required=("id", "quantity")),
        ),
        "totals": Rows(
            of=Members(
                known={"type": NAME, "amount": Number(whole=True), "displayText": NAME}, required=("type", "amount")
            ),
        ),
        "description": NAME,
    },
    required=("id", "type", "occurredAt", "status"),
)
_EVENT = Members(known={"omsOrderId": NAME, "fulfillmentEvent": _FULFILMENT, "adjustment": _ADJUSTMENT})


@blueprint.post("/orders")
@trusted(_WRITE, query=_SITE)
def create() -> Response:
    """201 with the place of an order of the token's shopper, placed at once."""
    own, given, state = own_site(), body(CREATED), world().state
    for name, kind in (("orderTotal", "order"), ("taxTotal", "tax")):
        calculated = sums(given)[name]
        if given[name] != calculated:
            raise Problem(f"invalid-{kind}-total", passed=given[name], calculated=calculated)
    if given["currency"] != own.currency:
        raise Problem("bad-request", detail=f"The currency '{given['currency']}' is not supported by the site.")
    stamp, customer_id = _stamp(), str(grant().customer_id)
    info = {**buyer(state, customer_id), "guest": grant().guest}
    with state.writing:
        number = given.get("orderNo") or state.next_order_no()
        if state.orders.get(number) is not None:
            raise Problem("bad-request", detail=f"The order number '{number}' is already in use.")
        try:
            order = order_of(given, number, info, own.site_id, stamp["at"])
        except NoSuchShipment as error:
            raise Problem("part-not-found", part_id=str(error)) from error
        state.orders.save(
            {**order, "lastModified": stamp["at"], "lastModifiedBy": stamp["by"], "createdBy": stamp["by"]}
        )
    return created(f"/checkout/orders/v1/organizations/{state.organization_id}/orders/{number}?siteId={own.site_id}")


@blueprint.put("/orders/<order_no>/status")
@admin(_WRITE, query=_SITE)
def status(order_no: str) -> Response:
    """204, or 201 with the place of the basket that was reopened."""
    order = found(order_no)
    wanted = body(Members(known={"status": Text(allowed=STATUSES)}, required=("status",)))["status"]
    state = world().state
    try:
        basket = moved(state, order_no, wanted, basket_id=opaque_id("bc", world().new_id()), **_stamp())
    except NotFollowing as error:
        raise Problem("order-status-transition", before=error.before, wanted=error.wanted, order_no=order_no) from error
    except OutOfStock as error:
        raise Problem(
            "undo-fail-order" if order["status"] == "failed" else "undo-cancel-order", order_no=order_no
        ) from error
    if basket is None:
        return nothing()
    path = f"/checkout/shopper-baskets/v1/organizations/{state.organization_id}/baskets/{basket['basketId']}"
    return created(f"{path}?siteId={order['siteId']}")


@blueprint.put("/orders/<order_no>/<any(" + ", ".join(f'"{name}"' for name in _STATUSES) + "):axis>")
@admin(_WRITE, query=_SITE)
def other_status(order_no: str, axis: str) -> Response:
    found(order_no)
    member, allowed = _STATUSES[axis]
    value = body(Members(known={"status": allowed}, required=("status",)))["status"]
    return _changed(order_no, lambda _: {member: value})


@blueprint.patch("/orders/<order_no>")
@trusted(_WRITE, admins=True, query=_SITE)
def attributes(order_no: str) -> Response:
    """Custom attributes alone; a trusted system may change only the orders of its shopper."""
    order = found(order_no)
    if grant().kind == "shopper" and order["customerInfo"].get("customerId") != grant().customer_id:
        raise Problem("order-not-found", order_no=order_no)
    changes = body(Members(custom="Order"))
    return _changed(order_no, lambda _: changes)


@blueprint.patch("/orders/<order_no>/payment-instruments/<payment_id>")
@admin(_WRITE, query=_SITE)
def payment(order_no: str, payment_id: str) -> Response:
    found(order_no)
    changes = body(Members(custom="OrderPaymentInstrument"))
    return _changed(order_no, lambda order: with_payment(order, payment_id, lambda part: patched(part, changes)))


@blueprint.patch("/orders/<order_no>/payment-instruments/<payment_id>/transaction")
@admin(_WRITE, query=_SITE)
def transaction(order_no: str, payment_id: str) -> Response:
    found(order_no)
    changes = body(Members(custom="PaymentTransaction"))

    def change(part: Document) -> Document:
        return {**part, "paymentTransaction": patched(part.get("paymentTransaction", {}), changes)}

    return _changed(order_no, lambda order: with_payment(order, payment_id, change))


@blueprint.put("/orders/<order_no>/shipments/<shipment_id>/shipping-address")
@admin(_WRITE, query=_SITE)
def shipping_address(order_no: str, shipment_id: str) -> Response:
    found(order_no)
    address = named(patched(body(ADDRESS), {}))
    return _changed(
        order_no, lambda order: with_shipment(order, shipment_id, lambda part: {**part, "shippingAddress": address})
    )


@blueprint.post("/orders/<order_no>/oms-status-events")
@admin(_WRITE, query=_SITE)
def oms_status_event(order_no: str) -> Response:
    """Queued for whoever subscribed to events of orders; it changes nothing in the order and cannot be read back."""
    site_id = site().site_id
    event = body(_EVENT)
    given = [name for name in ("fulfillmentEvent", "adjustment") if name in event]
    if len(given) != 1:
        raise Problem("bad-request", detail="Exactly one of 'fulfillmentEvent' and 'adjustment' must be given.")
    fulfilment = event.get("fulfillmentEvent", {"type": "processing"})
    missing = [name for name in ("trackingNumber", "trackingUrl") if name not in fulfilment]
    if fulfilment["type"] != "processing" and missing:
        raise Problem("bad-request", detail=f"'{missing[0]}' is required when the type is not 'processing'.")
    state = world().state
    order = state.orders.get(order_no)
    if order is None or order["siteId"] != site_id:
        # The description knows no 404 here.
        raise Problem("bad-request", detail=f"No order with number '{order_no}' was found.")
    with state.writing:
        number = len(state.oms_events.find("order", order_no)) + 1
        state.oms_events.save({"orderNo": order_no, "number": number, **_stamp(), **event})
    return nothing(202)


def _changed(order_no: str, change: Callable[[Document], Mapping[str, Any]]) -> Response:
    try:
        revised(world().state, order_no, change, **_stamp())
    except NoSuchPart as error:
        raise Problem("part-not-found", part_id=str(error)) from error
    return nothing()


def _stamp() -> dict[str, str]:
    return {"at": iso(world().clock.now()), "by": grant().client_id}
