"""How a stored basket looks to its shopper (Shopper Baskets 2.11, schema Basket)."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.state import Document


def shown(basket: Document) -> dict[str, Any]:
    return {name: value for name, value in basket.items() if name != "siteId"}
