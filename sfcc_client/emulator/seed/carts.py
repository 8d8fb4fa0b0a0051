"""Basket documents (Shopper Baskets 2.11, schema Basket)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.products import localized
from sfcc_client.emulator.seed.amounts import amount, minor, totals
from sfcc_client.emulator.seed.lines import Line
from sfcc_client.emulator.state import SiteRecord

_KNOWN_AT_ONCE = frozenset({"productSubTotal", "productTotal"})


def basket(
    *,
    site: SiteRecord,
    basket_id: str,
    info: Mapping[str, Any],
    lines: Sequence[Line],
    created_at: datetime,
    changed_at: datetime,
    failures: int = 0,
    coupon: tuple[str, int] | None = None,
    calculated: bool = True,
) -> dict[str, Any]:
    """A basket. `coupon` takes so many percent off every line; one with 0 percent is invalid. The
    totals of a basket that is not `calculated` yet are null."""
    currency = site.currency
    percent = coupon[1] if coupon else 0
    items = [_basket_item(line, number, currency, site.locale, coupon) for number, line in enumerate(lines)]
    goods = sum(minor(item["priceAfterItemDiscount"], currency) for item in items)
    sums = totals(goods, 0, currency)
    if not calculated:
        sums = {name: value if name in _KNOWN_AT_ONCE else None for name, value in sums.items()}
    coupons = [] if coupon is None else [_coupon(coupon[0], valid=percent > 0)]
    return {
        "basketId": basket_id,
        "siteId": site.site_id,
        "channelType": "storefront",
        "creationDate": iso(created_at),
        "lastModified": iso(changed_at),
        "currency": currency,
        "taxation": "gross",
        "customerInfo": {name: value for name, value in info.items() if name != "guest"},
        "productItems": items,
        "shipments": [{"shipmentId": "me", "gift": False, "shippingStatus": "not_shipped"}],
        "shippingItems": [],
        "couponItems": coupons,
        "orderPriceAdjustments": [],
        "paymentInstruments": [],
        "temporaryBasket": False,
        "agentBasket": False,
        **sums,
        "c_paymentFailures": failures,
    }


def _basket_item(line: Line, number: int, currency: str, locale: str, coupon: tuple[str, int] | None) -> dict[str, Any]:
    gross = line.unit(currency) * line.quantity
    saved = round(gross * coupon[1] / 100) if coupon else 0
    name = localized(line.product["name"], locale)
    item = {
        "itemId": f"item-{number + 1}",
        "productId": line.product["id"],
        "productName": name,
        "itemText": name,
        "quantity": line.quantity,
        "basePrice": amount(line.unit(currency), currency),
        "price": amount(gross, currency),
        "priceAfterItemDiscount": amount(gross - saved, currency),
        "priceAfterOrderDiscount": amount(gross - saved, currency),
        "shipmentId": "me",
        "gift": False,
        "bonusProductLineItem": False,
    }
    if coupon and saved:
        adjustment = {
            "priceAdjustmentId": f"{coupon[0]}-{number + 1}",
            "promotionId": f"{coupon[0]}-promotion",
            "couponCode": coupon[0],
            "itemText": f"−{coupon[1]} %",
            "price": amount(-saved, currency),
            "appliedDiscount": {"type": "percentage", "percentage": coupon[1], "amount": 1},
            "custom": False,
            "manual": False,
        }
        item["priceAdjustments"] = [adjustment]
    return item


def _coupon(code: str, *, valid: bool) -> dict[str, Any]:
    status = "applied" if valid else "no_applicable_promotion"
    return {"code": code, "couponItemId": f"coupon-{code}", "statusCode": status, "valid": valid}
