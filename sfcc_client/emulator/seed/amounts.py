"""Amounts in minor units (cents, pence, yen), so that every sum is exact, and the tax in them."""

from __future__ import annotations

from typing import Any

TAX_RATES = {"EUR": 0.19, "GBP": 0.2, "JPY": 0.1}
_MINOR = {"EUR": 100, "GBP": 100, "JPY": 1}


def minor(amount: float, currency: str) -> int:
    return round(amount * _MINOR.get(currency, 100))


def amount(value: float, currency: str) -> float | int:
    """Minor units as the number the APIs show."""
    units = _MINOR.get(currency, 100)
    return round(value) / units if units > 1 else round(value)


def totals(goods: int, shipping: int, currency: str) -> dict[str, Any]:
    goods_tax, shipping_tax = tax(goods, currency), tax(shipping, currency)
    values = {
        "productSubTotal": goods,
        "productTotal": goods,
        "merchandizeTotalTax": goods_tax,
        "adjustedMerchandizeTotalTax": goods_tax,
        "shippingTotal": shipping,
        "shippingTotalTax": shipping_tax,
        "adjustedShippingTotalTax": shipping_tax,
        "taxTotal": goods_tax + shipping_tax,
        "orderTotal": goods + shipping,
    }
    return {name: amount(value, currency) for name, value in values.items()}


def tax(gross: int, currency: str) -> int:
    return round(gross - gross / (1 + TAX_RATES.get(currency, 0.0)))
