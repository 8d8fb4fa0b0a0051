"""The lines of a basket: adding a product, changing how many."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.cart import DEFAULT_SHIPMENT
from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.order_changes import NoSuchPart, patched
from sfcc_client.emulator.products import localized, orderable, visible
from sfcc_client.emulator.state import SiteRecord, State

_WRITABLE = ("gift", "giftMessage", "shipmentId")


class NotOrderable(Exception):  # noqa: N818
    """The product cannot be put into the basket, or not so often; the message says why."""


def added(state: State, site: SiteRecord, basket: Document, row: Document, locale: str) -> Document:
    """The basket with a product in it; one that is there already becomes more. Raises NotOrderable."""
    product_id, quantity = row.get("productId"), row.get("quantity", 1)
    product = state.products.get(product_id)
    if product is None or not visible(product, site.site_id) or product.get("master"):
        raise NotOrderable(f"The product with ID '{product_id}' cannot be ordered on this site.")
    if basket["currency"] not in product["prices"]:
        raise NotOrderable(f"The product with ID '{product_id}' has no price in {basket['currency']}.")
    shipment_id = row.get("shipmentId", DEFAULT_SHIPMENT)
    if all(part["shipmentId"] != shipment_id for part in basket.get("shipments", ())):
        raise NotOrderable(f"The basket has no shipment with ID '{shipment_id}'.")
    lines = basket.get("productItems", ())
    same = next((line for line in lines if (line["productId"], line["shipmentId"]) == (product_id, shipment_id)), None)
    if same is not None:
        return with_quantity(state, basket, same["itemId"], {**row, "quantity": same["quantity"] + quantity})
    _available(product, quantity)
    name = localized(product["name"], locale)
    line: dict[str, Any] = {
        "itemId": _free_id(lines),
        "productId": product_id,
        "productName": name,
        "itemText": name,
        "quantity": quantity,
        "basePrice": product["prices"][basket["currency"]],
        "shipmentId": shipment_id,
        "gift": False,
        "bonusProductLineItem": False,
        **_written(row),
    }
    return {**basket, "productItems": [*lines, line]}


def with_quantity(state: State, basket: Document, item_id: str, row: Document) -> Document:
    """The basket with one line changed; a quantity of 0 takes it out. Raises NotOrderable, NoSuchPart."""
    lines = basket.get("productItems", ())
    line = next((line for line in lines if line["itemId"] == item_id), None)
    if line is None:
        raise NoSuchPart(item_id)
    quantity = row.get("quantity", line["quantity"])
    product = state.products.get(line["productId"])
    if product is not None and quantity:
        _available(product, quantity)
    changed = {**patched(line, _written(row)), "quantity": quantity}
    return {
        **basket,
        "productItems": [changed if row is line else row for row in lines if row is not line or quantity],
    }


def _available(product: Document, quantity: float) -> None:
    if quantity <= 0:
        raise NotOrderable(f"The quantity of the product with ID '{product['id']}' is invalid.")
    if not orderable(product) or product.get("stock", quantity) < quantity:
        raise NotOrderable(f"The requested quantity of the product with ID '{product['id']}' is not available.")


def _written(row: Document) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in _WRITABLE or name.startswith("c_")}


def _free_id(lines: Any) -> str:
    taken = {line["itemId"] for line in lines}
    return next(name for name in (f"item-{number}" for number in range(1, len(taken) + 2)) if name not in taken)
