"""What a basket costs: goods at the price they were added for, coupons, shipping, and the tax in all of it.

Prices are gross. The totals beside those of the goods are known once every shipment has a shipping method.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.seed.amounts import TAX_RATES, amount, minor, tax, totals
from sfcc_client.emulator.state import State

DEFAULT_SHIPMENT = "me"
_GOODS = ("productSubTotal", "productTotal")
# What is offered where the data says nothing of shipping.
FREE = {"id": "standard", "name": {"default": "Standard"}, "price": 0}


def calculated(state: State, basket: Document, at: str) -> dict[str, Any]:
    """The basket with every amount worked out anew."""
    currency, site_id = basket["currency"], basket["siteId"]
    coupons = [_coupon_item(state, site_id, item["code"]) for item in basket.get("couponItems", ())]
    active = [state.coupons.get((site_id, item["code"])) for item in coupons if item["valid"]]
    percents = {coupon["code"]: coupon["percentage"] for coupon in active if coupon is not None}
    items = [_item(item, currency, percents) for item in basket.get("productItems", ())]
    goods = sum(minor(item["priceAfterItemDiscount"], currency) for item in items)
    shipping_items = list(_shipping_items(state, basket, goods))
    shipping = sum(minor(item["price"], currency) for item in shipping_items)
    sums = totals(goods, shipping, currency)
    whole = {name: value for name, value in basket.items() if name not in sums}
    if len(shipping_items) < len(basket.get("shipments", ())):
        sums = {name: sums[name] for name in _GOODS}
    return {
        **whole,
        "productItems": items,
        "couponItems": coupons,
        "shippingItems": shipping_items,
        **sums,
        "lastModified": at,
    }


def shipping_methods(state: State, site_id: str) -> list[Document]:
    """What the site offers; free standard shipping where the data says nothing."""
    return state.shipping_methods.find("site", site_id) or [FREE]


def payment_methods(state: State, site_id: str) -> list[str]:
    """Credit cards, and what orders of the site were paid with."""
    used = (part.get("paymentMethodId") for order in state.orders.find("site", site_id) for part in _payments(order))
    return list(dict.fromkeys(("CREDIT_CARD", *(method for method in used if method))))


def _payments(order: Document) -> Iterable[Document]:
    payments: Iterable[Document] = order.get("paymentInstruments", ())
    return payments


def _item(item: Document, currency: str, percents: dict[str, float]) -> dict[str, Any]:
    gross = minor(item["basePrice"], currency) * item["quantity"]
    left, adjustments = gross, []
    for code, percent in percents.items():
        saved = round(gross * percent / 100)
        left -= saved
        adjustments.append(
            {
                "priceAdjustmentId": f"{code}-{item['itemId']}",
                "promotionId": f"{code}-promotion",
                "couponCode": code,
                "itemText": f"−{percent:g} %",
                "price": amount(-saved, currency),
                "appliedDiscount": {"type": "percentage", "percentage": percent, "amount": 1},
                "custom": False,
                "manual": False,
            }
        )
    return {
        **{name: value for name, value in item.items() if name != "priceAdjustments"},
        "price": amount(gross, currency),
        "priceAfterItemDiscount": amount(left, currency),
        "priceAfterOrderDiscount": amount(left, currency),
        "tax": amount(tax(gross, currency), currency),
        "adjustedTax": amount(tax(left, currency), currency),
        "taxBasis": amount(gross, currency),
        "taxRate": TAX_RATES.get(currency, 0.0),
        **({"priceAdjustments": adjustments} if adjustments else {}),
    }


def _coupon_item(state: State, site_id: str, code: str) -> dict[str, Any]:
    coupon = state.coupons.get((site_id, code))
    valid = coupon is not None and coupon["percentage"] > 0
    status = "applied" if valid else "no_applicable_promotion"
    return {"code": code, "couponItemId": f"coupon-{code}", "statusCode": status, "valid": valid}


def _shipping_items(state: State, basket: Document, goods: int) -> Iterable[dict[str, Any]]:
    currency = basket["currency"]
    methods = {method["id"]: method for method in shipping_methods(state, basket["siteId"])}
    for number, shipment in enumerate(basket.get("shipments", ()), start=1):
        method = methods.get(shipment.get("shippingMethod", {}).get("id"))
        if method is None:
            continue
        free = "freeFrom" in method and goods >= minor(method["freeFrom"], currency)
        price = 0 if free else minor(method["price"], currency)
        paid = amount(price, currency)
        included = amount(tax(price, currency), currency)
        yield {
            "itemId": f"shipping-{number}",
            "itemText": "Shipping",
            "shipmentId": shipment["shipmentId"],
            "basePrice": amount(minor(method["price"], currency), currency),
            "price": paid,
            "priceAfterItemDiscount": paid,
            "tax": included,
            "adjustedTax": included,
            "taxBasis": paid,
            "taxRate": TAX_RATES.get(currency, 0.0),
        }
