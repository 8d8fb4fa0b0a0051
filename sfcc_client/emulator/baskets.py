"""How a stored basket looks to its shopper (Shopper Baskets, schema Basket), and how an order becomes one again."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.orders import shopper_order
from sfcc_client.emulator.state import State

_KEPT = (
    *("siteId", "currency", "channelType", "taxation", "customerInfo", "billingAddress", "productItems"),
    *("shippingItems", "couponItems", "orderPriceAdjustments", "productSubTotal", "productTotal", "orderTotal"),
    *("merchandizeTotalTax", "adjustedMerchandizeTotalTax", "shippingTotal", "shippingTotalTax"),
    *("adjustedShippingTotalTax", "taxTotal"),
)
_SHIPMENT = ("shipmentId", "gift", "giftMessage", "shippingAddress", "shippingMethod")


_ONLY_IN_V2 = frozenset({"temporaryBasket", "approachingDiscounts", "groupedTaxItems", "taxRoundedAtGroup"})


def shown(basket: Document, *, version: int = 2) -> dict[str, Any]:
    hidden = {"siteId", *_ONLY_IN_V2} if version == 1 else {"siteId"}
    return {name: value for name, value in basket.items() if name not in hidden}


def buyer(state: State, customer_id: str) -> dict[str, Any]:
    """What a basket says of its shopper; of a guest only that there is one."""
    customer = state.customer_of_id(customer_id)
    if customer is None:
        return {"customerId": customer_id, "email": ""}
    name = " ".join(customer[part] for part in ("firstName", "lastName") if customer.get(part))
    info = {"customerId": customer_id, "customerNo": customer["customerNo"], "customerName": name}
    return {**info, "email": customer.get("email", "")}


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
