"""Shopper Baskets 1.11 and 2.11, both by the same routes: from the first item to the payment."""

from sfcc_client.emulator.routes.baskets import basket, delivery, items, ownership, payments
from sfcc_client.emulator.routes.baskets.door import V1, blueprint

__all__ = ["V1", "basket", "blueprint", "delivery", "items", "ownership", "payments"]
