"""Changing stored orders: every change says when and by whom, so that a sweep by last modification sees it.

The functions know neither SCAPI nor OCAPI; both families' routes use them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sfcc_client.emulator.baskets import reopened
from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.order_states import REOPEN, with_status
from sfcc_client.emulator.state import State


class NoSuchPart(Exception):  # noqa: N818
    """The order has no shipment or payment instrument with this id."""


def revised(
    state: State, order_no: str, change: Callable[[Document], Mapping[str, Any]], *, at: str, by: str
) -> Document:
    """Save what `change` says of the order; a value of None removes the member. KeyError when there is no order."""

    def revision(order: Document) -> Document:
        members = {**order, **change(order), "lastModified": at, "lastModifiedBy": by}
        return {name: value for name, value in members.items() if value is not None}

    return state.orders.revise(order_no, revision)


def moved(state: State, order_no: str, wanted: str, *, at: str, by: str, basket_id: str) -> Document | None:
    """Give the order another status; the basket that was reopened, None when none was.

    A basket is reopened only if the shopper has no other one on the site. Raises what `with_status` raises.
    """
    with state.writing:
        order = revised(state, order_no, lambda order: with_status(state, order, wanted, at), at=at, by=by)
        customer_id = order["customerInfo"].get("customerId")
        if wanted != REOPEN or not customer_id or state.basket_of(customer_id, order["siteId"]):
            return None
        return state.baskets.save(reopened(order, basket_id, at))


def with_payment(order: Document, payment_id: str, change: Callable[[Document], Document]) -> dict[str, Any]:
    """The payment instruments with one of them changed. Raises NoSuchPart."""
    return _with_part(order, "paymentInstruments", "paymentInstrumentId", payment_id, change)


def with_shipment(order: Document, shipment_id: str, change: Callable[[Document], Document]) -> dict[str, Any]:
    """The shipments with one of them changed. Raises NoSuchPart."""
    return _with_part(order, "shipments", "shipmentId", shipment_id, change)


def patched(document: Document, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The document with members replaced, or removed by None."""
    return {name: value for name, value in {**document, **changes}.items() if value is not None}


def _with_part(
    order: Document, member: str, key: str, wanted: str, change: Callable[[Document], Document]
) -> dict[str, Any]:
    parts = order.get(member, ())
    if all(part.get(key) != wanted for part in parts):
        raise NoSuchPart(wanted)
    return {member: [change(part) if part.get(key) == wanted else part for part in parts]}
