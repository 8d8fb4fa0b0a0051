"""How a stored basket looks to its shopper (Shopper Baskets, schema Basket), and how an order becomes one again."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.orders import shopper_order

_KEPT = (
    *("siteId", "currency", "channelType", "taxation", "customerInfo", "billingAddress", "productItems"),
    *("shippingItems", "couponItems", "orderPriceAdjustments", "productSubTotal", "productTotal", "orderTotal"),
    *("merchandizeTotalTax", "adjustedMerchandizeTotalTax", "shippingTotal", "shippingTotalTax"),
    *("adjustedShippingTotalTax", "taxTotal"),
)
_SHIPMENT = ("shipmentId", "gift", "giftMessage", "shippingAddress", "shippingMethod")


def shown(basket: Document) -> dict[str, Any]:
    return {name: value for name, value in basket.items() if name != "siteId"}


def reopened(order: Document, basket_id: str, at: str) -> dict[str, Any]:
    """The basket a failed order was made of: its goods, addresses and custom attributes; the payment starts anew."""
    seen = {**shopper_order(order, oms=False), "siteId": order["siteId"]}
    info = {name: value for name, value in order["customerInfo"].items() if name != "guest"}
    return {
        "basketId": basket_id,
        "creationDate": at,
        "lastModified": at,
        **{name: seen[name] for name in _KEPT if name in seen},
        "customerInfo": info,
        "shipments": [{name: row[name] for name in _SHIPMENT if name in row} for row in order.get("shipments", ())],
        "paymentInstruments": [],
        **{name: value for name, value in order.items() if name.startswith("c_")},
    }
