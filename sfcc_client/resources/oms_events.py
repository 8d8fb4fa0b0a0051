"""What an order management system tells Commerce: adjustments and fulfilment, as the Orders API takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sfcc_client.errors import Rejected

LONGEST: Final = 256
LONGEST_URL: Final = 2048
MOST_LINES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """A line of the order and pieces of it; in an adjustment they are negative for what goes back, in a fulfilment
    never."""

    id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTotal:
    """A part of the money, in minor units (cents); negative for what the shopper gets back. Types are ``total``,
    ``subtotal``, ``discount``, ``fulfillment``, ``tax``, ``fee`` or the system's own."""

    type: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OmsAdjustment:
    """A return, refund, cancellation or the like (schema OmsAdjustment). `id` is the system's own and names the event
    for good; at most 200 lines and totals."""

    id: str
    type: str
    occurred_at: datetime
    status: Literal["pending", "completed", "failed"]
    lines: tuple[EventLine, ...] = ()
    totals: tuple[EventTotal, ...] = ()
    description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OmsFulfillment:
    """A step of a parcel (schema OmsFulfillmentEvent): 1 to 200 lines; every type but ``processing`` needs a tracking
    number and address."""

    id: str
    type: str
    occurred_at: datetime
    lines: tuple[EventLine, ...]
    tracking_number: str | None = None
    tracking_url: str | None = None
    carrier: str | None = None
    description: str | None = field(default=None, repr=False)


def event_document(event: OmsAdjustment | OmsFulfillment, oms_order_id: str | None) -> dict[str, Any]:
    """The request body (schema OmsStatusEventRequest); raises Rejected for what the description does not allow."""
    _check(event, oms_order_id)
    is_adjustment = isinstance(event, OmsAdjustment)
    common = {
        "id": event.id,
        "type": event.type,
        "occurredAt": event.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "lineItems": [{"id": line.id, "quantity": line.quantity} for line in event.lines] or None,
        "description": event.description,
    }
    own = (
        {
            "status": event.status,
            "totals": [{"type": total.type, "amount": total.amount} for total in event.totals] or None,
        }
        if isinstance(event, OmsAdjustment)
        else {
            "trackingNumber": event.tracking_number,
            "trackingUrl": event.tracking_url,
            "carrier": event.carrier,
        }
    )
    name = "adjustment" if is_adjustment else "fulfillmentEvent"
    return _filled({"omsOrderId": oms_order_id, name: _filled(common | own)})


def _check(event: OmsAdjustment | OmsFulfillment, oms_order_id: str | None) -> None:
    texts: Iterable[str | None] = (event.id, event.type, event.description, oms_order_id)
    problems = (
        [] if all(text is None or 1 <= len(text) <= LONGEST for text in texts) else ["a text is empty or too long"]
    )
    if len(event.lines) > MOST_LINES:
        problems.append("there are more than 200 lines")
    if isinstance(event, OmsFulfillment):
        if not event.lines:
            problems.append("a fulfilment needs lines")
        if any(line.quantity < 0 for line in event.lines):
            problems.append("a fulfilment has no negative quantities")
        if event.type != "processing" and not (event.tracking_number and event.tracking_url):
            problems.append("a fulfilment that is not processing needs a tracking number and address")
        if len(event.tracking_url or "") > LONGEST_URL:
            problems.append("the tracking address is too long")
    elif len(event.totals) > MOST_LINES:
        problems.append("there are more than 200 totals")
    if problems:
        raise Rejected("Commerce would not take this event: " + "; ".join(problems) + ".")


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}
