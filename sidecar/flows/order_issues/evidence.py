"""What the order said when the issue came in: frozen, without personal data, and hashed.

Only what is named here gets in. The document is canonical JSON (sorted members, no blanks, UTF-8), so that the same
facts always have the same SHA-256, and whoever reads the case later can tell what was known at intake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sfcc_client.models import Money, Order, OrderLine, Payment, Shipment

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`text` is the canonical JSON, `sha256` the hash of its bytes."""

    text: str = field(repr=False)
    sha256: str

    @property
    def file_name(self) -> str:
        return f"order-evidence-{self.sha256[:12]}.json"


def frozen(order: Order, *, taken_at: datetime) -> Evidence:
    """The evidence of an order as it is now."""
    document = {
        "schema": VERSION,
        "takenAt": taken_at.isoformat(timespec="seconds"),
        "order": _order(order),
        "lines": [_line(line) for line in order.lines],
        "payments": [_payment(payment) for payment in order.payments],
        "shipments": [_shipment(shipment) for shipment in order.shipments],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Evidence(text=text, sha256=digest(text))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _order(order: Order) -> Mapping[str, Any]:
    return {
        "orderNo": order.order_no,
        "siteId": order.site_id,
        "status": order.status,
        "confirmationStatus": order.confirmation_status,
        "exportStatus": order.export_status,
        "externalStatus": order.external_status,
        "paymentStatus": order.payment_status,
        "shippingStatus": order.shipping_status,
        "guest": order.guest,
        "placedAt": _moment(order.placed_at),
        "lastModified": _moment(order.last_modified),
        "promisedAt": _moment(order.promised_at),
        "deliveredAt": _moment(order.delivered_at),
        "total": _money(order.total),
    }


def _line(line: OrderLine) -> Mapping[str, Any]:
    return {
        "itemId": line.item_id,
        "productId": line.product_id,
        "name": line.name,
        "variant": line.variant,
        "quantity": _number(line.quantity),
        "price": _money(line.price),
        "returned": line.returned,
    }


def _payment(payment: Payment) -> Mapping[str, Any]:
    return {"method": payment.label, "status": payment.status, "amount": _money(payment.amount)}


def _shipment(shipment: Shipment) -> Mapping[str, Any]:
    return {
        "shipmentId": shipment.shipment_id,
        "status": shipment.status,
        "method": shipment.method,
        "carrier": shipment.carrier,
        "trackingNumber": shipment.tracking_number,
        "promisedAt": _moment(shipment.promised_at),
    }


def _money(money: Money | None) -> Mapping[str, str] | None:
    return None if money is None else {"amount": format(money.amount, "f"), "currency": money.currency}


def _number(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _moment(moment: datetime | date | None) -> str | None:
    return None if moment is None else moment.isoformat()
