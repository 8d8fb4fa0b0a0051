"""Basket documents of Shopper Customers (schema Basket)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import fields

from sfcc_client.config import AttributeNames
from sfcc_client.documents import values
from sfcc_client.documents.order import line_price
from sfcc_client.documents.schema import CustomDocument, Document, Flag, Moment, Number, Text, Whole, money
from sfcc_client.documents.values import tolerant
from sfcc_client.models import Basket, BasketLine, Coupon


class _PriceAdjustment(Document):
    coupon_code = Text()
    item_text = Text()
    price = Number()


class _ProductItem(Document):
    item_id = Text()
    product_id = Text()
    product_name = Text()
    item_text = Text()
    quantity = Number()
    price = Number()
    base_price = Number()
    price_after_item_discount = Number()
    price_adjustments = fields.List(fields.Nested(_PriceAdjustment))


class _CouponItem(Document):
    code = Text(required=True)
    valid = Flag()
    status_code = Text()


class _Basket(CustomDocument):
    basket_id = Text(required=True)
    currency = Text()
    order_total = Number()
    product_total = Number()
    product_items = fields.List(fields.Nested(_ProductItem))
    coupon_items = fields.List(fields.Nested(_CouponItem))
    order_price_adjustments = fields.List(fields.Nested(_PriceAdjustment))
    creation_date = Moment()
    last_modified = Moment()
    temporary_basket = Flag()


class BasketsResult(Document):
    """Answer of getCustomerBaskets."""

    baskets = fields.List(fields.Nested(_Basket))
    total = Whole()


BASKETS = BasketsResult()


def basket_from(loaded: dict[str, Any], names: AttributeNames) -> Basket:
    currency = loaded["currency"] or None
    amount = loaded["order_total"] if loaded["order_total"] is not None else loaded["product_total"]
    custom = loaded["custom"] or {}
    items = loaded["product_items"] or []
    adjustments = [
        *(loaded["order_price_adjustments"] or []),
        *(adjustment for item in items for adjustment in item["price_adjustments"] or []),
    ]
    return Basket(
        basket_id=loaded["basket_id"],
        total=money(amount, currency),
        currency=currency,
        lines=tuple(_line(item, currency) for item in items),
        coupons=tuple(_coupon(coupon, adjustments, currency) for coupon in loaded["coupon_items"] or []),
        changed_at=loaded["last_modified"] or loaded["creation_date"],
        payment_failures=tolerant(values.whole_or_digits, custom.get(names.basket_payment_failures)) or 0,
    )


def _line(item: dict[str, Any], currency: str | None) -> BasketLine:
    quantity = item["quantity"] if item["quantity"] is not None else Decimal(1)
    return BasketLine(
        item_id=item["item_id"],
        product_id=item["product_id"],
        name=item["product_name"] or item["item_text"],
        quantity=quantity,
        price=money(line_price(item, quantity), currency),
    )


def _coupon(coupon: dict[str, Any], adjustments: list[dict[str, Any]], currency: str | None) -> Coupon:
    """A coupon with the text of what it does, or else the sum it takes off."""
    own = [adjustment for adjustment in adjustments if adjustment["coupon_code"] == coupon["code"]]
    texts = [adjustment["item_text"] for adjustment in own if adjustment["item_text"]]
    amounts = [adjustment["price"] for adjustment in own if adjustment["price"] is not None]
    effect = ", ".join(dict.fromkeys(texts)) or (f"{sum(amounts):f} {currency or ''}".strip() if amounts else None)
    return Coupon(code=coupon["code"], valid=coupon["valid"], effect=effect)
