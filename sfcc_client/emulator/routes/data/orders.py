"""OCAPI Data: statuses, custom attributes and shipping addresses of orders. Orders are not read here, only changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import NoSuchPart, moved, patched, revised, with_payment, with_shipment
from sfcc_client.emulator.order_forms import named
from sfcc_client.emulator.order_states import STATUSES, NotFollowing, OutOfStock
from sfcc_client.emulator.routes.data.door import asked_by, blueprint, body, fault, nothing
from sfcc_client.emulator.routes.data.members import Fits, accepted, text
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world

_ORDER = "/sites/<site_id>/orders/<order_no>"
_PAYMENT = f"{_ORDER}/payment_instruments/<payment_id>"
# What is called open here is called new everywhere else.
_OPEN = {"open": "new"}
# last part of the path: (member of the order, values allowed)
_STATUSES: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "confirmation_status": ("confirmationStatus", ("confirmed", "not_confirmed")),
    "export_status": ("exportStatus", ("exported", "not_exported", "ready", "failed")),
    "external_status": ("externalOrderStatus", None),
    "payment_status": ("paymentStatus", ("not_paid", "part_paid", "paid")),
    "shipping_status": ("shippingStatus", ("not_shipped", "part_shipped", "shipped")),
}
_ADDRESS: dict[str, Fits] = dict.fromkeys(
    (
        *("address1", "address2", "city", "company_name", "country_code", "first_name", "full_name", "id", "job_title"),
        *("last_name", "phone", "post_box", "postal_code", "salutation", "second_name", "state_code", "suffix"),
        *("suite", "title"),
    ),
    text(256),
)
# (status before, status wanted) of a change that needs stock which is gone: the fault
_WITHOUT_STOCK = {"failed": "UndoFailOrderException", "cancelled": "UndoCancelOrderException"}


@blueprint.patch(_ORDER)
def patch_order(site_id: str, order_no: str) -> Response:
    """Custom attributes alone."""
    _existing(site_id, order_no)
    changes = accepted("order_update_request", body(), {}, frozenset(), attributes="Order")
    return _changed(order_no, lambda _: changes)


@blueprint.put(f"{_ORDER}/status")
def put_status(site_id: str, order_no: str) -> Response:
    before = _existing(site_id, order_no)["status"]
    wanted = _status((*STATUSES, *_OPEN))
    try:
        moved(world().state, order_no, _OPEN.get(wanted, wanted), basket_id=_basket_id(), **_stamp())
    except NotFollowing as error:
        message = f"The status of the order '{order_no}' can't be changed from '{error.before}' to '{error.wanted}'."
        raise fault(409, "OrderStatusTransitionException", message, orderNo=order_no) from error
    except OutOfStock as error:
        message = f"The order '{order_no}' cannot be reopened: what it needs is out of stock."
        raise fault(409, _WITHOUT_STOCK.get(before, "PlaceOrderException"), message, orderNo=order_no) from error
    return nothing()


@blueprint.put(f"{_ORDER}/<any(" + ", ".join(_STATUSES) + "):axis>")
def put_other_status(site_id: str, order_no: str, axis: str) -> Response:
    _existing(site_id, order_no)
    member, allowed = _STATUSES[axis]
    value = _status(allowed)
    return _changed(order_no, lambda _: {member: value})


@blueprint.patch(_PAYMENT)
def patch_payment(site_id: str, order_no: str, payment_id: str) -> Response:
    _existing(site_id, order_no)
    kind = "payment_instrument_update_request"
    changes = accepted(kind, body(), {}, frozenset(), attributes="OrderPaymentInstrument")
    return _changed(order_no, lambda order: with_payment(order, payment_id, lambda part: patched(part, changes)))


@blueprint.patch(f"{_PAYMENT}/transaction")
def patch_transaction(site_id: str, order_no: str, payment_id: str) -> Response:
    _existing(site_id, order_no)
    kind = "payment_transaction_update_request"
    changes = accepted(kind, body(), {}, frozenset(), attributes="PaymentTransaction")

    def change(part: Document) -> Document:
        return {**part, "paymentTransaction": patched(part.get("paymentTransaction", {}), changes)}

    return _changed(order_no, lambda order: with_payment(order, payment_id, change))


@blueprint.put(f"{_ORDER}/shipments/<shipment_id>/shipping_address")
def put_shipping_address(site_id: str, order_no: str, shipment_id: str) -> Response:
    _existing(site_id, order_no)
    sent = accepted("shipping_address_update_request", body(), _ADDRESS, frozenset(), attributes="OrderAddress")
    address = named(patched(sent, {}))
    return _changed(
        order_no, lambda order: with_shipment(order, shipment_id, lambda part: {**part, "shippingAddress": address})
    )


def _changed(order_no: str, change: Callable[[Document], Mapping[str, Any]]) -> Response:
    try:
        revised(world().state, order_no, change, **_stamp())
    except NoSuchPart as error:
        message = f"The order '{order_no}' has no part '{error}'."
        raise fault(404, "NotFoundException", message, orderNo=order_no) from error
    return nothing()


def _status(allowed: tuple[str, ...] | None) -> str:
    value = body().get("status")
    if not isinstance(value, str) or not 1 <= len(value) <= 256 or (allowed is not None and value not in allowed):
        expected = "a text of 1 to 256 characters" if allowed is None else "one of " + ", ".join(allowed)
        message = f"The value of the property 'status' has to be {expected}."
        raise fault(400, "EnumConstraintViolationException", message, property="status")
    return value


def _stamp() -> dict[str, str]:
    return {"at": iso(world().clock.now()), "by": asked_by().client_id}


def _basket_id() -> str:
    return opaque_id("bc", world().new_id())


def _existing(site_id: str, order_no: str) -> Document:
    if world().site(site_id) is None:
        raise fault(404, "SiteNotFoundException", f"No site with ID '{site_id}' was found.", siteId=site_id)
    order = world().state.orders.get(order_no)
    if order is None or order["siteId"] != site_id:
        message = f"No order with number '{order_no}' was found."
        raise fault(404, "OrderNotFoundException", message, orderNo=order_no)
    return order
