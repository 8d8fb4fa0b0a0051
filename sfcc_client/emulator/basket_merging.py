"""When a guest signs in: the basket of the guest becomes the customer's, or what is in it joins theirs."""

from __future__ import annotations

from typing import Any, Literal, get_args

from sfcc_client.emulator.baskets import buyer
from sfcc_client.emulator.cart import DEFAULT_SHIPMENT
from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.state import State

Mode = Literal["higher_quantity", "sum_quantities", "saved_quantity", "separate_item"]
MODES: tuple[Mode, ...] = get_args(Mode)
_IDENTITY = ("shipmentId", "productId", "gift", "giftMessage")


def transferred(state: State, basket: Document, customer_id: str) -> dict[str, Any]:
    """The basket with another owner, and nothing else of it changed."""
    return {**basket, "customerInfo": buyer(state, customer_id)}


def emptied(state: State, basket: Document, basket_id: str, customer_id: str, at: str) -> dict[str, Any]:
    """A new basket of a customer on the site of another one, for that one's contents to be merged into."""
    kept = ("siteId", "currency", "channelType", "taxation", "temporaryBasket", "agentBasket")
    return {
        **{name: basket[name] for name in kept if name in basket},
        "basketId": basket_id,
        "creationDate": at,
        "customerInfo": buyer(state, customer_id),
        "productItems": [],
        "shipments": [{"shipmentId": DEFAULT_SHIPMENT, "gift": False, "shippingStatus": "not_shipped"}],
        "shippingItems": [],
        "couponItems": [],
        "orderPriceAdjustments": [],
        "paymentInstruments": [],
    }


def merged(current: Document, previous: Document, mode: Mode) -> dict[str, Any]:
    """The current basket with the goods, coupons and custom attributes of the previous one; nobody's address or card.

    Of what both hold, the current basket's attributes stay; `mode` says how many there are of the same goods.
    """
    lines = list(current.get("productItems", ()))
    for item in previous.get("productItems", ()):
        place = next((number for number, line in enumerate(lines) if _same(line, item)), None)
        if place is None or mode == "separate_item":
            taken = {line["itemId"] for line in lines}
            free = next(name for number in range(1, len(taken) + 2) if (name := f"item-{number}") not in taken)
            lines.append({**item, "itemId": free})
            continue
        line = lines[place]
        quantities = {
            "higher_quantity": max(line["quantity"], item["quantity"]),
            "sum_quantities": line["quantity"] + item["quantity"],
        }
        lines[place] = {**_custom(item), **line, "quantity": quantities.get(mode, line["quantity"])}
    coupons = {row["code"]: row for row in (*previous.get("couponItems", ()), *current.get("couponItems", ()))}
    return {**_custom(previous), **current, "productItems": lines, "couponItems": list(coupons.values())}


def _same(line: Document, item: Document) -> bool:
    return all((line.get(name) or None) == (item.get(name) or None) for name in _IDENTITY)


def _custom(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name.startswith("c_")}
