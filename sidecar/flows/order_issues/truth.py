"""What Commerce itself says of an order that is said to have failed: whoever believes the message alone asks shoppers
to pay twice."""

from __future__ import annotations

from typing import Final, Literal

from sfcc_client.models import Order

Truth = Literal["failed", "charged", "pending", "placed", "cancelled"]
"""`charged`: failed, but paid. `pending`: still in the making, so that it is too early to say."""
_BY_STATUS: Final[dict[str, Truth]] = {
    "created": "pending",
    "new": "placed",
    "open": "placed",
    "completed": "placed",
    "replaced": "placed",
    "cancelled": "cancelled",
}
_PAID: Final = frozenset({"paid", "part_paid"})


def truth_of(order: Order) -> Truth:
    """An order without a status it knows counts as failed, as it was said."""
    found: Truth = _BY_STATUS.get(order.status or "", "failed")
    return "charged" if found == "failed" and order.payment_status in _PAID else found
