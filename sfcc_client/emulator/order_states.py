"""The life of an order: which status may follow which, and what Commerce does on the way (Orders 1.5, PUT status).

::

    created ── place ──> new, completed, cancelled        new, completed ── cancel ──> cancelled
       │ ^                                                cancelled ── undo cancel ──> new, completed
     fail undo fail                                       new <──> completed
       v │
    failed
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.state import State
from sfcc_client.emulator.stock import release, reserve

REOPEN = "failed_with_reopen"
STATUSES = ("created", "new", "completed", "cancelled", "failed", REOPEN)


class NotFollowing(Exception):  # noqa: N818
    """The wanted status may not follow the one the order has."""

    def __init__(self, before: str, wanted: str) -> None:
        super().__init__(f"{before} is not followed by {wanted}")
        self.before, self.wanted = before, wanted


class OutOfStock(Exception):  # noqa: N818
    """What the order needs is no longer there, so that it cannot be taken up again."""


def with_status(state: State, order: Document, wanted: str, at: str) -> dict[str, Any]:
    """The members of the order that change, once inventory was moved. Hold `state.writing` until they are saved.

    Raises NotFollowing, OutOfStock.
    """
    before, after = order["status"], "failed" if wanted == REOPEN else wanted
    if before == wanted:
        return {}
    action = _ACTIONS.get((before, after))
    if action is None:
        raise NotFollowing(before, wanted)
    return {"status": after, **action(state, order, at)}


def _place(_: State, order: Document, at: str) -> dict[str, Any]:
    """Shipments and invoice get their numbers."""
    number = order["orderNo"]
    shipments = [
        {**shipment, "shipmentNo": shipment.get("shipmentNo", f"{number}-{position}")}
        for position, shipment in enumerate(order.get("shipments", ()), start=1)
    ]
    return {"placeDate": at, "invoiceNo": order.get("invoiceNo", number), "shipments": shipments}


def _place_and_cancel(state: State, order: Document, at: str) -> dict[str, Any]:
    return {**_place(state, order, at), **_give_back(state, order, at)}


def _give_back(state: State, order: Document, _: str) -> dict[str, Any]:
    release(state, order.get("productItems", ()))
    return {}


def _take_again(state: State, order: Document, _: str) -> dict[str, Any]:
    if not reserve(state, order.get("productItems", ())):
        raise OutOfStock
    return {}


def _nothing(_: State, __: Document, ___: str) -> dict[str, Any]:
    return {}


_ACTIONS: dict[tuple[str, str], Callable[[State, Document, str], dict[str, Any]]] = {
    ("created", "new"): _place,
    ("created", "completed"): _place,
    ("created", "cancelled"): _place_and_cancel,
    ("created", "failed"): _give_back,
    ("failed", "created"): _take_again,
    ("new", "completed"): _nothing,
    ("completed", "new"): _nothing,
    ("new", "cancelled"): _give_back,
    ("completed", "cancelled"): _give_back,
    ("cancelled", "new"): _take_again,
    ("cancelled", "completed"): _take_again,
}
