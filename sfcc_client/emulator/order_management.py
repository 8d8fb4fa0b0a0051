"""What an order management system (Salesforce OMS) does for shoppers: cancelling a whole order, returning items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sfcc_client.emulator.collection import Document

# (reason, is it the default one)
CANCEL_REASONS = (("Not specified", True), ("Changed mind", False), ("Ordered by mistake", False))
RETURN_REASONS = (("Not specified", True), ("Defect", False), ("Does not fit", False), ("Wrong item", False))


class NotManaged(Exception):  # noqa: N818
    """`problem` is the slug of what is wrong, `members` what its problem document says besides."""

    def __init__(self, problem: str, **members: Any) -> None:
        super().__init__(problem)
        self.problem, self.members = problem, members


def reason_codes(reasons: Sequence[tuple[str, bool]]) -> list[dict[str, Any]]:
    return [{"reason": reason, "default": default} for reason, default in reasons]


def cancelled(order: Document, reason: str | None) -> dict[str, Any]:
    """The members of the order that change. Raises NotManaged: unknown reason, or something has left already."""
    reason = _reason(reason, CANCEL_REASONS)
    items = [_with_oms(item) for item in order.get("productItems", ())]
    open_order = order["status"] in ("created", "new")
    if not open_order or any(item["omsData"]["quantityAvailableToCancel"] < item["quantity"] for item in items):
        raise NotManaged("order-cancel-failed", orderNo=order["orderNo"])
    for item in items:
        quantity = item["quantity"]
        item["omsData"] |= {
            "status": "canceled",
            "quantityCanceled": quantity,
            "quantityAvailableToCancel": 0,
            "quantityAvailableToReturn": 0,
        }
    return {"productItems": items, "cancelDescription": reason, "omsData": {**order["omsData"], "status": "Canceled"}}


def returned(order: Document, wanted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The members of the order that change: returns are initiated, not received. Raises NotManaged."""
    items = {item["itemId"]: _with_oms(item) for item in order.get("productItems", ())}
    reasons = {row["itemId"]: _reason(row.get("reason"), RETURN_REASONS) for row in wanted}
    if any(row["itemId"] not in items for row in wanted):
        raise NotManaged("unknown-product-item-ids", orderNo=order["orderNo"])
    if order["status"] not in ("new", "completed"):
        raise NotManaged("order-return-failed", orderNo=order["orderNo"])
    for row in wanted:
        oms = items[row["itemId"]]["omsData"]
        if row["quantity"] > oms["quantityAvailableToReturn"] or not row["quantity"]:
            raise NotManaged("return-quantity-exceeded", orderNo=order["orderNo"])
        oms |= {
            "status": "return_initiated",
            "quantityReturnInitiated": oms["quantityReturnInitiated"] + row["quantity"],
            "quantityAvailableToReturn": oms["quantityAvailableToReturn"] - row["quantity"],
        }
        items[row["itemId"]]["c_returnReason"] = reasons[row["itemId"]]
    return {"productItems": list(items.values())}


def _with_oms(item: Document) -> dict[str, Any]:
    """A copy of the item whose `omsData` may be changed; an item the system was never told of has nothing to give."""
    quantities = ("quantityAvailableToCancel", "quantityAvailableToReturn", "quantityReturnInitiated")
    return {**item, "omsData": {**dict.fromkeys(quantities, 0), **item.get("omsData", {})}}


def _reason(reason: str | None, known: Sequence[tuple[str, bool]]) -> str:
    if reason is None:
        return next(name for name, default in known if default)
    if all(reason != name for name, _ in known):
        raise NotManaged("invalid-reason-code", reason=reason)
    return reason
