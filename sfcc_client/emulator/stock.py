"""Inventory: taking goods for an order and giving them back; what has no stock in the store never runs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.state import State


def reserve(state: State, items: Iterable[Document]) -> bool:
    """Take what the items need, all of it or, when something is missing, nothing."""
    needed = _needed(items)
    with state.writing:
        products = {product_id: state.products.get(product_id) for product_id in needed}
        for product_id, product in products.items():
            if product is not None and product.get("stock", needed[product_id]) < needed[product_id]:
                return False
        _move(state, needed, -1)
    return True


def release(state: State, items: Iterable[Document]) -> None:
    """Give back what the items hold."""
    with state.writing:
        _move(state, _needed(items), 1)


def _needed(items: Iterable[Document]) -> Counter[str]:
    needed: Counter[str] = Counter()
    for item in items:
        needed[item["productId"]] += item.get("quantity", 1)
    return needed


def _move(state: State, needed: Counter[str], direction: int) -> None:
    for product_id, quantity in needed.items():
        product = state.products.get(product_id)
        if product is not None and "stock" in product:
            left = product["stock"] + direction * quantity
            orderable = {"orderable": left > 0} if "orderable" in product else {}
            state.products.change(product_id, stock=left, **orderable)
