"""How one stored order looks in each of the three order APIs.

The store keeps the Admin document and what only other APIs show: `notes` (OCAPI) and `omsData` (Shopper, expand=oms).
`lastModifiedBy`, the client that wrote last, is shown by none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sfcc_client.emulator.state import Document
from sfcc_client.emulator.texts import Texts

_STORED_ONLY = frozenset({"notes", "omsData", "lastModifiedBy"})
_ADMIN_ONLY = frozenset(
    {
        *("affiliatePartnerId", "affiliatePartnerName", "businessType", "cancelCode", "cancelDescription"),
        *("customerLocale", "customerOrderReference", "externalOrderNo", "externalOrderText", "invoiceNo"),
        *("placeDate", "remoteHost", "sourceCodeGroupId"),
    }
)
_ADMIN_ONLY_ITEM = frozenset(
    {
        *("grossPrice", "netPrice", "brand", "externalLineItemStatus", "externalLineItemText", "minOrderQuantity"),
        *("position", "stepQuantity", "taxItems", "omsData"),
    }
)
_PERSONAL = frozenset({"billingAddress", "customerInfo", "customerName", "paymentInstruments", "createdBy"})
_OCAPI_TYPES = {
    "billing_address": "order_address",
    "customer_info": "customer_info",
    "payment_instruments": "order_payment_instrument",
    "product_items": "product_item",
    "shipments": "shipment",
    "shipping_items": "shipping_item",
}
_LISTED_OMS = ("status", "quantityAvailableToCancel")
_UPPER = re.compile(r"(?<!^)([A-Z])")


def admin_order(order: Document) -> dict[str, Any]:
    """Orders 1.5, schema Order."""
    document = {name: value for name, value in order.items() if name not in _STORED_ONLY}
    document["productItems"] = [_without(item, frozenset({"omsData"})) for item in order.get("productItems", ())]
    return document


def listed_order(order: Document) -> dict[str, Any]:
    """Shopper Customers 1.8, schema Order with `omsData`, whose items tell less than in Shopper Orders."""
    document = shopper_order(order, oms=True)
    for item in document["productItems"]:
        if "omsData" in item:
            item["omsData"] = {name: item["omsData"][name] for name in _LISTED_OMS if name in item["omsData"]}
    return document


def shopper_order(order: Document, *, oms: bool) -> dict[str, Any]:
    """Shopper Orders 1.17, schema Order: fewer members, item prices per line, `omsData` when asked for."""
    hidden = _ADMIN_ONLY | _STORED_ONLY
    info = order["customerInfo"]
    document = {name: value for name, value in order.items() if name not in hidden}
    document["customerInfo"] = _without(info, frozenset({"guest"}))
    document["customerName"] = info.get("customerName", "")
    document["guest"] = bool(info.get("guest"))
    document["productItems"] = [_shopper_item(item, oms=oms) for item in order.get("productItems", ())]
    document["shippingItems"] = [_priced(item) for item in order.get("shippingItems", ())]
    document["paymentInstruments"] = [_shopper_payment(payment) for payment in order.get("paymentInstruments", ())]
    document["shipments"] = [_shopper_shipment(shipment) for shipment in order.get("shipments", ())]
    document["orderPriceAdjustments"] = [_priced(part) for part in order.get("orderPriceAdjustments", ())]
    if oms and order.get("omsData"):
        document["omsData"] = order["omsData"]
    return document


def seen_by_stranger(order: Document, *, oms: bool) -> dict[str, Any]:
    """What a lookup without a login shows: state, goods and totals, no names, addresses, mail or means of payment."""
    document = _without(shopper_order(order, oms=oms), _PERSONAL)
    document["shipments"] = [_without(row, frozenset({"shippingAddress"})) for row in document["shipments"]]
    return document


def ocapi_order(order: Document) -> dict[str, Any]:
    """OCAPI Shop, document order: what a shopper sees and what the desk sees, in snake case."""
    document = shopper_order(order, oms=False)
    for name in ("placeDate", "cancelCode", "cancelDescription", "remoteHost", "invoiceNo", "externalOrderNo"):
        if name in order:
            document[name] = order[name]
    document = {name: value for name, value in document.items() if name not in ("siteId", "guest")}
    document["resourceState"] = None
    snake = snake_case({name: value for name, value in document.items() if value is not None})
    for name, kind in _OCAPI_TYPES.items():
        part = snake.get(name)
        if isinstance(part, list):
            snake[name] = [{"_type": kind, **row} for row in part]
        elif part is not None:
            snake[name] = {"_type": kind, **part}
    return {"_type": "order", **snake, "creation_date": order["creationDate"], "site_id": order["siteId"]}


class OrderTexts:
    """The JSON of orders in each view, for one store."""

    def __init__(self) -> None:
        self.admin = _texts(admin_order)
        self.plain = _texts(lambda order: shopper_order(order, oms=False))
        self.managed = _texts(lambda order: shopper_order(order, oms=True))
        self.listed = _texts(listed_order)


def _texts(view: Callable[[Document], dict[str, Any]]) -> Texts:
    return Texts(lambda order: order["orderNo"], view)


def snake_case(value: Any) -> Any:
    """Member names as OCAPI writes them; names of custom attributes stay as they are."""
    if isinstance(value, dict):
        return {_snake(name): snake_case(part) for name, part in value.items()}
    if isinstance(value, list):
        return [snake_case(part) for part in value]
    return value


def _snake(name: str) -> str:
    return name if name.startswith("c_") else _UPPER.sub(r"_\1", name).lower()


def _without(document: Document, names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def _priced(item: Document) -> dict[str, Any]:
    document = _without(item, frozenset({"grossPrice", "netPrice"}))
    price = item.get("grossPrice", item.get("basePrice"))
    return document if price is None else {**document, "price": price}


def _shopper_item(item: Document, *, oms: bool) -> dict[str, Any]:
    document = {name: value for name, value in item.items() if name not in _ADMIN_ONLY_ITEM}
    document["price"] = item.get("grossPrice", item.get("basePrice", 0))
    document["priceAdjustments"] = [_priced(part) for part in item.get("priceAdjustments", ())]
    if oms and item.get("omsData"):
        document["omsData"] = item["omsData"]
    return document


def _shopper_payment(payment: Document) -> dict[str, Any]:
    document = _without(payment, frozenset({"paymentTransaction"}))
    transaction = payment.get("paymentTransaction", {})
    return {
        **document,
        **{name: transaction[name] for name in ("amount", "authorizationStatus") if name in transaction},
    }


def _shopper_shipment(shipment: Document) -> dict[str, Any]:
    method = shipment.get("shippingMethod", {})
    return {**shipment, "shippingMethod": {"id": method["id"]}} if "id" in method else dict(shipment)
