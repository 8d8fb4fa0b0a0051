"""Order documents of three APIs: Orders (Admin), Shopper Customers / Shopper Orders, and OCAPI Shop.

The first two share their member names; an OCAPI document is renamed to them first. Of a payment card only its type and
last four digits are read; `remoteHost`, addresses and order tokens are not read at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from marshmallow import fields

from sfcc_client.config import AttributeNames
from sfcc_client.documents import values
from sfcc_client.documents.schema import CustomDocument, Document, Flag, Moment, Number, Text, Whole, money
from sfcc_client.documents.values import tolerant
from sfcc_client.models import Order, OrderLine, Payment, Shipment


class _CustomerInfo(Document):
    customer_no = Text()
    customer_name = Text()
    email = Text()
    guest = Flag()


class _ProductItem(CustomDocument):
    item_id = Text()
    product_id = Text()
    product_name = Text()
    item_text = Text()
    quantity = Number()
    price = Number()
    base_price = Number()
    gross_price = Number()
    price_after_item_discount = Number()


class _ShippingMethod(Document):
    id = Text()
    name = Text()


class _Shipment(CustomDocument):
    shipment_id = Text()
    tracking_number = Text()
    shipping_status = Text()
    shipping_method = fields.Nested(_ShippingMethod)


class _PaymentCard(Document):
    card_type = Text()
    number_last_digits = Text()


class _PaymentTransaction(Document):
    amount = Number()


class _PaymentInstrument(Document):
    payment_method_id = Text()
    amount = Number()
    payment_card = fields.Nested(_PaymentCard)
    payment_transaction = fields.Nested(_PaymentTransaction)


class _OmsShipment(Document):
    id = Text()
    status = Text()
    provider = Text()
    tracking_number = Text()
    tracking_url = Text()
    expected_delivery_date = Moment()
    actual_delivery_date = Moment()


class _OmsData(Document):
    shipments = fields.List(fields.Nested(_OmsShipment))


class OrderDocument(CustomDocument):
    order_no = Text(required=True)
    site_id = Text()
    status = Text()
    confirmation_status = Text()
    export_status = Text()
    payment_status = Text()
    shipping_status = Text()
    external_order_status = Text()
    cancel_description = Text()
    customer_info = fields.Nested(_CustomerInfo)
    customer_name = Text()
    guest = Flag()
    creation_date = Moment()
    place_date = Moment()
    last_modified = Moment()
    order_total = Number()
    currency = Text()
    product_items = fields.List(fields.Nested(_ProductItem))
    shipments = fields.List(fields.Nested(_Shipment))
    payment_instruments = fields.List(fields.Nested(_PaymentInstrument))
    oms_data = fields.Nested(_OmsData)


class OrderList(Document):
    """Answer of getCustomerOrders."""

    data = fields.List(fields.Nested(OrderDocument))
    total = Whole()


class _Stamps(Document):
    """What a version of an order is told by."""

    order_no = Text(required=True)
    creation_date = Moment(required=True)
    last_modified = Moment(required=True)


class _Hit(Document):
    data = fields.Nested(OrderDocument, required=True)


class OrderSearchResult(Document):
    """Answer of OCAPI Shop order_search, its members renamed."""

    hits = fields.List(fields.Nested(_Hit))
    total = Whole()


ORDER = OrderDocument()
STAMPS = _Stamps()
ORDER_LIST = OrderList()
ORDER_SEARCH_RESULT = OrderSearchResult()


def order_from(loaded: dict[str, Any], site_id: str, names: AttributeNames) -> Order:
    info = loaded["customer_info"] or _CustomerInfo().load({})
    custom = loaded["custom"] or {}
    currency = loaded["currency"] or None
    oms_shipments = (loaded["oms_data"] or {}).get("shipments") or []
    shipments = _shipments(loaded["shipments"] or [], oms_shipments, custom, names)
    promised = tolerant(values.day, custom.get(names.order_promised))
    delivered = tolerant(values.moment, custom.get(names.order_delivered))
    return Order(
        order_no=loaded["order_no"],
        site_id=loaded["site_id"] or site_id,
        status=loaded["status"],
        confirmation_status=loaded["confirmation_status"],
        export_status=loaded["export_status"],
        payment_status=loaded["payment_status"],
        shipping_status=loaded["shipping_status"],
        customer_no=info["customer_no"] or None,
        customer_name=info["customer_name"] or loaded["customer_name"] or None,
        email=info["email"] or None,
        guest=_is_guest(loaded["guest"], info),
        placed_at=loaded["place_date"] or loaded["creation_date"],
        total=money(loaded["order_total"], currency),
        currency=currency,
        lines=tuple(_line(item, currency, names) for item in loaded["product_items"] or []),
        shipments=shipments,
        payments=tuple(_payment(paid, loaded, currency) for paid in loaded["payment_instruments"] or []),
        promised_at=promised or min((s.promised_at for s in shipments if s.promised_at), default=None),
        delivered_at=delivered or _all_delivered(oms_shipments),
        last_modified=loaded["last_modified"],
        cancel_description=loaded["cancel_description"] or None,
        external_status=loaded["external_order_status"] or None,
        custom=MappingProxyType(custom),
    )


def version_of(document: dict[str, Any], stamps: dict[str, Any]) -> str:
    """The version of an order document: its last change, and a hash of all members, also those no model reads."""
    written = json.dumps(document, sort_keys=True, default=str, ensure_ascii=True)
    digest = hashlib.blake2b(written.encode(), digest_size=16).hexdigest()
    return f"{stamps['last_modified'].isoformat(timespec='milliseconds')}/{digest}"


def _is_guest(flagged: bool | None, info: dict[str, Any]) -> bool:
    """As the document says (each API says it elsewhere); a document that does not say is a guest's without a number."""
    said = info["guest"] if info["guest"] is not None else flagged
    return said if said is not None else not info["customer_no"]


def _line(item: dict[str, Any], currency: str | None, names: AttributeNames) -> OrderLine:
    quantity = item["quantity"] if item["quantity"] is not None else Decimal(1)
    return OrderLine(
        item_id=item["item_id"],
        product_id=item["product_id"],
        name=item["product_name"] or item["item_text"],
        quantity=quantity,
        price=money(line_price(item, quantity), currency),
        returned=tolerant(values.whole_or_digits, (item["custom"] or {}).get(names.line_returned)) or 0,
    )


def line_price(item: dict[str, Any], quantity: Decimal) -> Decimal | None:
    """The price of a whole line after its own discounts, from the most telling member the API sends."""
    for member in ("price_after_item_discount", "price", "gross_price"):
        if (amount := item.get(member)) is not None:
            return amount  # type: ignore[no-any-return]
    return item["base_price"] * quantity if item["base_price"] is not None else None


def _shipments(
    shipments: list[dict[str, Any]], oms: list[dict[str, Any]], custom: Mapping[str, Any], names: AttributeNames
) -> tuple[Shipment, ...]:
    """The order's shipments, each with what order management knows of it: matched by tracking number, or as the only
    one on both sides. Order-level attributes stand in where a shipment has none."""
    by_tracking = {known["tracking_number"]: known for known in oms if known["tracking_number"]}
    only = oms[0] if len(oms) == len(shipments) == 1 else None
    return tuple(_shipment(one, by_tracking.get(one["tracking_number"]) or only, custom, names) for one in shipments)


def _shipment(
    shipment: dict[str, Any], oms: dict[str, Any] | None, order_custom: Mapping[str, Any], names: AttributeNames
) -> Shipment:
    oms = oms or {}
    custom = {**order_custom, **(shipment["custom"] or {})}
    method = shipment["shipping_method"] or {}
    expected = oms.get("expected_delivery_date")
    return Shipment(
        shipment_id=shipment["shipment_id"],
        tracking_number=shipment["tracking_number"] or oms.get("tracking_number") or None,
        carrier=oms.get("provider") or tolerant(values.text, custom.get(names.order_carrier)),
        tracking_url=tolerant(values.web_address, oms.get("tracking_url"))
        or tolerant(values.web_address, custom.get(names.order_tracking_url)),
        status=oms.get("status") or shipment["shipping_status"],
        method=method.get("name") or method.get("id"),
        promised_at=expected.date() if expected else tolerant(values.day, custom.get(names.order_promised)),
    )


def _all_delivered(oms: list[dict[str, Any]]) -> Any:
    """When the last shipment arrived, None while one is under way."""
    arrivals = [shipment["actual_delivery_date"] for shipment in oms]
    return max(arrivals) if arrivals and all(arrivals) else None


def _payment(instrument: dict[str, Any], order: dict[str, Any], currency: str | None) -> Payment:
    amount = instrument["amount"]
    if amount is None and instrument["payment_transaction"]:
        amount = instrument["payment_transaction"]["amount"]
    return Payment(label=_label(instrument), status=order["payment_status"], amount=money(amount, currency))


def _label(instrument: dict[str, Any]) -> str:
    card = instrument["payment_card"] or {}
    digits = "".join(filter(str.isdigit, card.get("number_last_digits") or ""))[-4:]
    kind = card.get("card_type") or instrument["payment_method_id"] or "Payment"
    return f"{kind} •• {digits}" if digits else kind
