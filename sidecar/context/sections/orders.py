"""Recent orders: the one named in the case first, each under one headline, a few at a time."""

from __future__ import annotations

from typing import Any

from sfcc_client.models import Order, OrderPage, Shipment
from sidecar.context import lookups, money, status
from sidecar.context.cursor import cursor
from sidecar.context.identity import Shopper
from sidecar.context.keys import same_address
from sidecar.context.masking import clean
from sidecar.context.moment import Moment
from sidecar.context.sections.lines import line, total_pieces
from sidecar.context.sections.timeline import refund, timeline
from sidecar.context.upstream import Fact, Upstream
from sidecar.context.view import View
from sidecar.context.wording import instant, word

NAME = "orders"


def fact(upstream: Upstream, shopper: Shopper, position: int = 0) -> Fact[Any]:
    """The orders around `position` of the upstream list; for a guest without an address the one they are known by."""
    size, site_id = upstream.policy.orders_loaded, shopper.site.site_id
    offset = position - position % size
    if shopper.customer is not None:
        return lookups.orders_of_customer(upstream, shopper.customer, site_id, offset)
    if shopper.email:
        return lookups.orders_of_guest(upstream, shopper.email, site_id, offset)
    return lookups.order(upstream, shopper.order.order_no if shopper.order else "", site_id)


def page_of(value: OrderPage | Order | None) -> OrderPage | None:
    """The answer to `fact` as a page, whichever question it was."""
    if isinstance(value, Order):
        return OrderPage(orders=(value,), total=1, source="ocapi_search")
    return value


def is_theirs(order: Order, shopper: Shopper) -> bool:
    """Whether the order belongs to this shopper: nobody is shown another customer's order."""
    if shopper.customer is not None and not order.guest and order.customer_no:
        return order.customer_no == shopper.customer.customer_no
    email = shopper.customer.email if shopper.customer is not None else shopper.email
    if email and order.email:
        return same_address(email) == same_address(order.email)
    return shopper.order is not None and shopper.order.order_no == order.order_no


def document(page: OrderPage, pinned: Order | None, shopper: Shopper, view: View) -> dict[str, Any]:
    """One part of the list. `pinned`, the order named in the case, leads the first part and is left out of the rest."""
    items, following = _part(page, pinned, view)
    return {
        "shown": len(items),
        "total": max(page.total, len(items)),
        "window": view.orders_window,
        "source": page.source if shopper.customer is not None or shopper.email else None,
        "items": [item(order, shopper, view) for order in items],
        "next": cursor(following, view.keys) if following is not None else None,
    }


def _part(page: OrderPage, pinned: Order | None, view: View) -> tuple[list[Order], int | None]:
    room = view.limits.orders
    chosen = [pinned] if pinned is not None and view.position == 0 else []
    size = max(1, view.orders_loaded)
    start = view.position % size
    place = start
    for order in page.orders[start:]:
        if len(chosen) == room:
            break
        place += 1
        if pinned is None or order.order_no != pinned.order_no:
            chosen.append(order)
    rest = [order for order in page.orders[place:] if pinned is None or order.order_no != pinned.order_no]
    loaded_to = view.position - start + len(page.orders)
    more = bool(rest) or (len(page.orders) >= size and loaded_to < page.total)
    return chosen, view.position - start + place if more else None


def item(order: Order, shopper: Shopper, view: View) -> dict[str, Any]:
    """One order on the wire."""
    moment, limits = view.moment, view.limits
    promised = status.promised_on(order)
    return {
        "no": clean(order.order_no),
        "placed_at": instant(order.placed_at),
        "total": money.wire(order.total),
        "item_count": total_pieces(order.lines),
        "in_case": order.order_no == view.order_no,
        "headline": status.headline(order, moment).wire(),
        "badges": [*(badge.wire() for badge in status.badges(order, moment)), *_refund_badge(order, view)],
        "step": status.step(order),
        "steps": status.STEPS,
        "promised_at": promised.isoformat() if promised else None,
        "delivered_at": instant(order.delivered_at),
        "note": _note(order, view),
        "shipments": [_shipment(one, order, view) for one in order.shipments[: limits.lines]],
        "payment": [
            {"label": clean(one.label), "status": word(one.status) or word(order.payment_status) or None}
            for one in order.payments[: limits.lines]
        ],
        "lines": [{**line(one), "returned": max(0, one.returned)} for one in order.lines[: limits.lines]],
        "more_lines": max(0, len(order.lines) - limits.lines),
        "timeline": list(timeline(order, view)),
        "links": {"bm": view.links.order(shopper.site.site_id, order.order_no)},
        "summary_text": summary(order, moment),
    }


def summary(order: Order, moment: Moment) -> str:
    """One line to paste into a work note or a reply."""
    told = [f"Order {clean(order.order_no)}"]
    if order.placed_at is not None:
        told.append(f"placed {moment.date_text(moment.day_of(order.placed_at))}")
    total = money.sentence(order.total)
    told += [total] if total else []
    told.append(status.headline(order, moment).label.lower())
    promised = status.promised_on(order)
    if promised is not None and not status.is_delivered(order) and not status.has_ended(order):
        told.append(f"promised {moment.date_text(promised)}")
    parcels = [f"{clean(one.carrier)} {_tracking(one)}".strip() for one in order.shipments if _tracking(one)]
    told += [f"tracking {', '.join(parcels[:3])}"] if parcels else []
    return ", ".join(told) + "."


def _note(order: Order, view: View) -> str | None:
    moment = view.moment
    if status.has_ended(order):
        return clean(order.cancel_description) or None
    back, refunded = status.returned_pieces(order), money.sentence(refund(order, view))
    told = [f"Returned {back} of {total_pieces(order.lines)}" if back else "", f"refund {refunded}" if refunded else ""]
    if any(told):
        return " · ".join(part for part in told if part)
    promised = status.promised_on(order)
    if promised is not None and status.step(order) in (1, 2, 3) and promised >= moment.today:
        return f"Promised for {moment.date_text(promised)}"
    return None


def _refund_badge(order: Order, view: View) -> list[dict[str, str]]:
    paid_back = refund(order, view)
    if paid_back is None or status.is_refunded(order):
        return []
    whole = order.total is not None and money.is_sane(order.total.amount) and paid_back.amount >= order.total.amount
    return [status.Badge(label="Refunded" if whole else "Part refunded", tone="neutral").wire()]


def _shipment(shipment: Shipment, order: Order, view: View) -> dict[str, Any]:
    return {
        "carrier": clean(shipment.carrier, 60) or None,
        "tracking": _tracking(shipment) or None,
        "url": view.links.tracking(shipment.tracking_url),
        "method": clean(shipment.method, 60) or None,
        "status": "delivered" if status.is_delivered(order) else _on_the_way(shipment),
        "promised_at": shipment.promised_at.isoformat() if shipment.promised_at else None,
    }


def _on_the_way(shipment: Shipment) -> str | None:
    state = word(shipment.status)
    return "in_transit" if state == "shipped" else state or None


def _tracking(shipment: Shipment) -> str:
    return clean(shipment.tracking_number, 60).replace(" ", "")
