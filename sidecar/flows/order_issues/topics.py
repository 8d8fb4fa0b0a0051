"""Which issues make sense for an order in its state: what a storefront offers, and what an agent has to look at twice.

A topic that is not offered is still taken. Commerce knows no *delivered*, *returned* or *refunded*: *damaged* and
*wrong item* need something that was shipped, *cancel* something that was not and that nobody else processes yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sfcc_client.models import Order

LABELS: Final[Mapping[str, str]] = {
    "payment": "Payment",
    "missing": "Missing shipment or item",
    "damaged": "Damaged item",
    "cancel": "Cancellation",
    "wrong_item": "Wrong item",
    "other": "Other",
}
_GONE = frozenset({"cancelled", "failed", "replaced"})
_SENT = frozenset({"shipped", "part_shipped"})
_PAID = frozenset({"paid", "part_paid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a topic is offered; `reason` says of an order for which it is not why that is odd."""

    topic: str
    offered: Callable[[Order], bool]
    reason: Callable[[Order], str]


def _why(text: str) -> Callable[[Order], str]:
    return lambda order: text.format(
        status=order.status, shipping=order.shipping_status, export=order.export_status, payment=order.payment_status
    )


def _always(_: Order) -> bool:
    return True


RULES: Final = (
    Rule(topic="payment", offered=_always, reason=_why("")),
    Rule(
        topic="missing",
        offered=lambda order: order.status not in _GONE and order.confirmation_status == "confirmed",
        reason=_why("The order is {status} or not confirmed: nothing is under way."),
    ),
    Rule(
        topic="damaged",
        offered=lambda order: order.status not in _GONE and order.shipping_status in _SENT,
        reason=_why("Commerce shows the order as {status}, {shipping}: nothing has arrived yet."),
    ),
    Rule(
        topic="wrong_item",
        offered=lambda order: order.status not in _GONE and order.shipping_status in _SENT,
        reason=_why("Commerce shows the order as {status}, {shipping}: nothing has arrived yet."),
    ),
    Rule(
        topic="cancel",
        offered=lambda order: (
            order.status not in {*_GONE, "completed"}
            and order.shipping_status not in _SENT
            and order.export_status != "exported"
        ),
        reason=_why(
            "The order is {status}, {shipping}, {export}: a cancellation has to be stopped in the warehouse or refused."
        ),
    ),
    Rule(topic="other", offered=_always, reason=_why("")),
)


def offered_topics(order: Order) -> tuple[str, ...]:
    """The topics to offer for the order, the likeliest first."""
    found = [rule.topic for rule in RULES if rule.offered(order)]
    if order.payment_status in _PAID and order.status not in _GONE and "payment" in found:
        # A paid order rarely has a payment problem: it is offered last but for "other".
        found.sort(key=lambda topic: (topic == "payment") + 2 * (topic == "other"))
    return tuple(found)


def doubt(order: Order, topic: str) -> str:
    """Why the topic does not fit the state of the order; "" when it does."""
    rule = next(rule for rule in RULES if rule.topic == topic)
    return "" if rule.offered(order) else rule.reason(order)
