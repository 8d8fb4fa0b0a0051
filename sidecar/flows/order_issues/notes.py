"""What is written for people: titles, the one structured work note of an event, and the shopper's words.

A work note has the same headings in the same order, always. Nothing in it is personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sfcc_client.models import Money, Order
from sidecar.flows.order_issues.events import Failed, Item
from sidecar.flows.order_issues.topics import LABELS

# The platform renders what stands between these in a journal as HTML.
_MARKUP = re.compile(r"\[(/?)code\]", re.IGNORECASE)
HEADINGS = (
    "Issue",
    "Received",
    "Reporter",
    "Order",
    "Items",
    "Failure",
    "Evidence",
    "Photos",
    "Contact",
    "Review",
    "Earlier case",
    "Words",
)
PROOFS = {
    "email": "verified: the e-mail address is the order's",
    "sign_in": "verified: signed in as the order's customer",
    "shop": "verified: the shop itself",
    "": "NOT verified: the e-mail address is not the order's, or there is no such order",
}


def title(topic: str, order_no: str) -> str:
    return f"{LABELS[topic]}: order {order_no}"


def failure_title(failed: Failed, *, charged: bool) -> str:
    if charged:
        return f"Paid, but not placed: order {failed.order_no}"
    what = "Payment failed" if failed.stage in ("payment_auth", "") else f"Order not placed ({failed.stage})"
    return f"{what}: order {failed.order_no}"


def work_note(lines: Mapping[str, str]) -> str:
    """The note; a heading nothing is known of has a dash."""
    return "\n".join(f"{heading}: {lines.get(heading) or '-'}" for heading in HEADINGS)


def received(at: datetime, ref: str) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, event {ref}"


def order_line(order: Order | None, order_no: str) -> str:
    if order is None:
        return f"{order_no} (as the reporter says; not shown, not linked)"
    states = (order.status, order.payment_status, order.shipping_status, order.export_status)
    said = ", ".join(state for state in states if state)
    return f"{order.order_no} on {order.site_id}: {said}" + (f"; {amount(order.total)}" if order.total else "")


def items_line(items: Iterable[Item], order: Order | None) -> str:
    names = {line.item_id: line.name for line in order.lines if line.item_id} if order else {}
    return "; ".join(f"{item.quantity} × {names.get(item.item_id) or item.item_id}" for item in items)


def failure_line(failed: Failed) -> str:
    parts = (
        ("stage", failed.stage),
        ("processor", failed.processor),
        ("code", failed.decline_code),
        ("attempt", str(failed.attempt or "")),
        ("basket", "reopened" if failed.basket_reopened else ""),
        ("channel", failed.channel),
        ("request", failed.request_id),
    )
    return ", ".join(f"{name} {value}" for name, value in parts if value) or "found by the sweep"


def amount(money: Money) -> str:
    return f"{money.amount:f} {money.currency}"


def plain(text: str) -> str:
    """The shopper's words so that they stay words in a journal."""
    return _MARKUP.sub(r"(\1code)", text).replace("\r\n", "\n").strip()
