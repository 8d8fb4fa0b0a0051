"""What happened to one order, step by step, with the times as far as the tenant keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sfcc_client.models import Money, Order
from sidecar.context import money, status
from sidecar.context.masking import clean
from sidecar.context.view import View
from sidecar.context.wording import counted, instant, label, moment_of, word

_QUIET_DAYS = 2


def timeline(order: Order, view: View) -> Iterator[dict[str, Any]]:
    """Placed, paid, exported, in transit, delivered; for an ended order only how it began and ended.

    `state` is ``done``, ``problem`` or ``todo``; `at` is null where nobody kept the time.
    """
    yield _event("Placed", "done", at=instant(order.placed_at))
    if status.has_ended(order):
        why = clean(order.cancel_description)
        ended = status.headline(order, view.moment).label + (f" · {why}" if why else "")
        yield _event(ended, "done", at=instant(order.last_modified))
        return
    yield _payment(order, view)
    yield _export(order, view)
    yield _transit(order, view)
    promised = status.promised_on(order)
    if status.is_delivered(order):
        yield _event("Delivered", "done", at=instant(order.delivered_at))
    else:
        yield _event("Delivered", "todo", promised_at=promised.isoformat() if promised else None)


def refund(order: Order, view: View) -> Money | None:
    """What was paid back, when the tenant keeps it on the order."""
    value = order.custom.get(view.order_attributes.refunded)
    try:
        amount = Decimal(str(value)) if value is not None else Decimal(0)
    except InvalidOperation:
        return None
    return Money(amount=amount, currency=order.currency or "") if money.is_sane(amount) and amount > 0 else None


def _payment(order: Order, view: View) -> dict[str, Any]:
    means = " · ".join(clean(payment.label, 60) for payment in order.payments[:2] if payment.label)
    paid = status.is_paid_for(order)
    failed = status.payment_failed(order) and not paid
    name = "Payment failed" if failed else "Paid" if paid else "Payment"
    state = "problem" if failed else "done" if paid else "todo"
    return _event(f"{name} · {means}" if means else name, state, at=_kept(order, view.order_attributes.paid_at))


def _export(order: Order, view: View) -> dict[str, Any]:
    gone = status.is_exported(order) or status.is_shipped(order)
    at = _kept(order, view.order_attributes.exported_at)
    return _event("Exported to warehouse", "done" if gone else "todo", at=at)


def _transit(order: Order, view: View) -> dict[str, Any]:
    names, late = view.order_attributes, bool(status.days_late(order, view.moment))
    shipped = status.is_shipped(order) or status.is_delivered(order)
    name = "Part shipped" if word(order.shipping_status) == "part_shipped" else "In transit"
    place = clean(order.custom.get(names.last_scan_place), 60)
    text = " · ".join(part for part in (name, place or _carrier(order)) if part)
    scanned = moment_of(order.custom.get(names.last_scan_at))
    if late and scanned is not None and (quiet := (view.moment.now - scanned).days) >= _QUIET_DAYS:
        text += f", no scan for {counted(quiet, 'day')}"
    state = "problem" if late else "done" if shipped else "todo"
    return _event(text, state, at=instant(scanned) or _kept(order, names.shipped_at))


def _carrier(order: Order) -> str:
    carrier = next((clean(one.carrier, 60) for one in order.shipments if one.carrier), "")
    said = label(order.external_status)
    known = {"", "In transit", "Shipped", "Delivered", "Ready to ship"}
    return " · ".join(part for part in (carrier, "" if said in known else said) if part)


def _kept(order: Order, attribute: str) -> str | None:
    return instant(moment_of(order.custom.get(attribute)))


def _event(text: str, state: str, **more: str | None) -> dict[str, Any]:
    return {"at": None, "label": text, "state": state, **more}
