"""Product lines of orders and carts on the wire."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

from sfcc_client.models import BasketLine, Money, OrderLine
from sidecar.context import money
from sidecar.context.masking import clean
from sidecar.context.wording import pieces


def line(item: OrderLine | BasketLine) -> dict[str, Any]:
    """``{"sku","name","variant","qty","price","total"}``: `price` is of one piece, `total` of the whole line."""
    return {
        "sku": clean(item.product_id) or None,
        "name": clean(item.name) or clean(item.product_id) or "Unnamed item",
        "variant": clean(item.variant) or None,
        "qty": pieces(item.quantity),
        "price": money.wire(_of_one(item.price, item.quantity)),
        "total": money.wire(item.price),
    }


def total_pieces(items: tuple[OrderLine, ...] | tuple[BasketLine, ...]) -> int | float:
    total = sum(pieces(item.quantity) for item in items)
    return int(total) if total == int(total) else round(total, 3)


def _of_one(price: Money | None, quantity: Decimal) -> Money | None:
    if price is None or not money.is_sane(price.amount) or pieces(quantity) in (0, 1):
        return price
    with localcontext() as context:
        context.prec = 60
        return Money(amount=price.amount / quantity, currency=price.currency)
