"""What one order is, in one badge: five status axes of Commerce put together by a table, first rule that fits.

Enumerations are those of the Orders API (order, confirmation, export, payment and shipping status) and of the shopper
order (`replaced`). A value nobody here knows becomes a neutral badge with its own words, never a blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sfcc_client.models import Order
from sidecar.context.moment import Moment
from sidecar.context.wording import counted, label, pieces, word

STEPS = 5
"""Placed, paid, exported, shipped, delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """`tone`: critical, warning, moderate, info, positive or neutral."""

    label: str
    tone: str

    def wire(self) -> dict[str, str]:
        return {"label": self.label, "tone": self.tone}


_ENDED: Mapping[str, Badge] = {
    "cancelled": Badge(label="Cancelled", tone="neutral"),
    "failed": Badge(label="Failed", tone="critical"),
    "failed_with_reopen": Badge(label="Failed", tone="critical"),
    "replaced": Badge(label="Replaced", tone="neutral"),
}
_SHIPPED: Mapping[str, Badge] = {
    "shipped": Badge(label="Shipped", tone="info"),
    "part_shipped": Badge(label="Part shipped", tone="info"),
}
_BEGUN: Mapping[str, Badge] = {
    "new": Badge(label="New", tone="neutral"),
    "created": Badge(label="Created", tone="neutral"),
    "open": Badge(label="Open", tone="info"),
    "completed": Badge(label="Completed", tone="neutral"),
}
_PAYMENT: Mapping[str, Badge] = {
    "paid": Badge(label="Paid", tone="positive"),
    "part_paid": Badge(label="Part paid", tone="warning"),
    "not_paid": Badge(label="Not paid", tone="neutral"),
}
_REFUNDS: Mapping[str, Badge] = {
    "refunded": Badge(label="Refunded", tone="neutral"),
    "part_refunded": Badge(label="Part refunded", tone="neutral"),
    "partially_refunded": Badge(label="Part refunded", tone="neutral"),
}
_DELIVERED = Badge(label="Delivered", tone="positive")
_NOT_CHARGED = Badge(label="Not charged", tone="neutral")
_SILENT = {"not_shipped", "not_confirmed", "confirmed", "not_exported", "exported", "ready", ""}
_DECLINED = {"failed", "declined", "refused", "error"}
_READY = {"ready_to_ship", "ready_for_shipment", "ready_for_shipping"}
_IN_WAREHOUSE = {"in_warehouse", "picking", "picked", "packed", "packing", "processing", "allocated"}


def promised_on(order: Order) -> date | None:
    """The day the order, or the earliest of its shipments, was promised for."""
    return order.promised_at or min((one.promised_at for one in order.shipments if one.promised_at), default=None)


def is_delivered(order: Order) -> bool:
    """As the carrier or the order management system says; Commerce alone knows only "shipped"."""
    if order.delivered_at is not None or word(order.external_status) == "delivered":
        return True
    return bool(order.shipments) and all(word(one.status) == "delivered" for one in order.shipments)


def has_ended(order: Order) -> bool:
    """Cancelled, failed or replaced: nothing more will come."""
    return word(order.status) in _ENDED


def returned_pieces(order: Order) -> int:
    return sum(max(0, line.returned) for line in order.lines)


def is_returned(order: Order) -> bool:
    """Every piece came back."""
    return bool(order.lines) and all(line.returned >= pieces(line.quantity) for line in order.lines)


def is_refunded(order: Order) -> bool:
    return any(word(payment.status) in _REFUNDS for payment in order.payments)


def is_paid_for(order: Order) -> bool:
    return word(order.payment_status) == "paid"


def is_shipped(order: Order) -> bool:
    return word(order.shipping_status) in _SHIPPED


def is_exported(order: Order) -> bool:
    """Handed over to the warehouse, as Commerce or the order management system says."""
    return word(order.export_status) == "exported" or word(order.external_status) in _READY | _IN_WAREHOUSE


def payment_failed(order: Order) -> bool:
    return any(word(payment.status) in _DECLINED for payment in order.payments)


def days_late(order: Order, moment: Moment) -> int:
    """Days past the promised one; 0 when it is on time, delivered, ended or already coming back."""
    promised = promised_on(order)
    if promised is None or is_delivered(order) or has_ended(order) or returned_pieces(order):
        return 0
    return max(0, (moment.today - promised).days)


def _late(order: Order, moment: Moment) -> Badge | None:
    days = days_late(order, moment)
    return Badge(label=f"{counted(days, 'day')} late", tone="critical") if days else None


def _unpaid(order: Order, moment: Moment) -> Badge | None:
    # A cancelled order that was never paid is nobody's problem.
    if word(order.payment_status) != "not_paid" or order.placed_at is None or has_ended(order):
        return None
    if moment.now - order.placed_at < timedelta(hours=moment.thresholds.unpaid_after_h):
        return None
    if payment_failed(order):
        return Badge(label="Payment failed", tone="critical")
    return Badge(label="Not paid", tone="warning")


def _ended(order: Order, _: Moment) -> Badge | None:
    return _ENDED.get(word(order.status))


def _returned(order: Order, _: Moment) -> Badge | None:
    if not returned_pieces(order):
        return None
    return Badge(label="Returned" if is_returned(order) else "Part returned", tone="warning")


def _delivered(order: Order, _: Moment) -> Badge | None:
    return _DELIVERED if is_delivered(order) else None


def _shipped(order: Order, _: Moment) -> Badge | None:
    return _SHIPPED.get(word(order.shipping_status))


def _exported(order: Order, _: Moment) -> Badge | None:
    if not is_exported(order):
        return None
    inside = word(order.external_status) in _IN_WAREHOUSE
    return Badge(label="In warehouse" if inside else "Ready to ship", tone="info")


def _confirmed(order: Order, _: Moment) -> Badge | None:
    if word(order.status) == "open":
        return _BEGUN["open"]
    return Badge(label="Confirmed", tone="info") if word(order.confirmation_status) == "confirmed" else None


def _begun(order: Order, _: Moment) -> Badge:
    known = _BEGUN.get(word(order.status))
    return known or Badge(label=label(order.status) or "No status", tone="neutral")


class _Rule(NamedTuple):
    name: str
    badge: Callable[[Order, Moment], Badge | None]


HEADLINES = (
    _Rule("late", _late),
    _Rule("unpaid", _unpaid),
    _Rule("ended", _ended),
    _Rule("returned", _returned),
    _Rule("delivered", _delivered),
    _Rule("shipped", _shipped),
    _Rule("exported", _exported),
    _Rule("confirmed", _confirmed),
    _Rule("begun", _begun),
)
"""The first that gives a badge wins; the last always does."""


def headline(order: Order, moment: Moment) -> Badge:
    """The one badge that says what the order is."""
    return next(badge for rule in HEADLINES if (badge := rule.badge(order, moment)) is not None)


def badges(order: Order, moment: Moment) -> tuple[Badge, ...]:
    """The axes beside the headline: where the goods are, where the money is, and whatever is not understood."""
    taken = headline(order, moment).label
    found = {badge.label: badge for badge in _axes(order) if badge.label != taken}
    return tuple(found.values())


def _axes(order: Order) -> Iterator[Badge]:
    known_status = word(order.status) in _ENDED or word(order.status) in _BEGUN or not word(order.status)
    if not known_status:
        yield Badge(label=label(order.status), tone="neutral")
    if is_delivered(order):
        yield _DELIVERED
    elif (shipping := _axis(order.shipping_status, _SHIPPED)) is not None:
        yield shipping
    if word(order.payment_status) == "not_paid" and has_ended(order):
        yield _NOT_CHARGED
    elif (payment := _axis(order.payment_status, _PAYMENT)) is not None:
        yield payment
    yield from (badge for one in order.payments if (badge := _REFUNDS.get(word(one.status))) is not None)
    if word(order.export_status) == "failed":
        yield Badge(label="Export failed", tone="warning")
    for raw in (order.export_status, order.confirmation_status):
        if word(raw) != "failed" and (unknown := _axis(raw, {})) is not None:
            yield unknown


def _axis(raw: str | None, known: Mapping[str, Badge]) -> Badge | None:
    if word(raw) in _SILENT:
        return None
    return known.get(word(raw)) or Badge(label=label(raw), tone="neutral")


def step(order: Order) -> int | None:
    """How many of the five steps an order in flight has made; None when it is over or coming back."""
    if has_ended(order) or is_delivered(order) or returned_pieces(order):
        return None
    reached = ((4, is_shipped), (3, is_exported), (2, is_paid_for))
    return next((number for number, made in reached if made(order)), 1)
