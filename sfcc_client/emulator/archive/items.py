"""What an order's amounts stand on: product, shipping and gift certificate lines, with what was taken off them."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.archive.custom import custom
from sfcc_client.emulator.archive.fields import (
    SPREAD,
    Place,
    Table,
    count,
    flag,
    listed,
    members,
    moment,
    nested,
    number,
    text,
    word,
)
from sfcc_client.emulator.archive.markup import Element

_AMOUNTS: Table = {
    "net-price": ("netPrice", number),
    "tax": ("tax", number),
    "gross-price": ("grossPrice", number),
    "base-price": ("basePrice", number),
    "lineitem-text": ("itemText", text),
    "tax-basis": ("taxBasis", number),
}
_TAX_ITEM: Table = {"tax-id": ("id", text), "tax-rate": ("rate", number), "tax-amount": ("value", number)}
_TAX_ITEMS = listed("tax-item", nested(_TAX_ITEM))
_SEGMENT: Table = {"test-id": ("testId", text), "segment-id": ("segmentId", text)}

# Element: type and the member that holds its value, if any.
_DISCOUNTS: dict[str, tuple[str, str | None]] = {
    "amount": ("amount", "amount"),
    "bonus": ("bonus", None),
    "bonus-choice": ("bonus_choice", None),
    "fixed-price": ("fixed_price", "amount"),
    "fixed-price-shipping": ("fixed_price", "amount"),
    "free": ("free", None),
    "free-shipping": ("free", None),
    "percentage": ("percentage", "percentage"),
    "percent-off-options": ("percentage_off_options", "percentage"),
    "price-book-id": ("price_book_price", "priceBookId"),
    "total-fixed-price": ("total_fixed_price", "amount"),
}


def _discount(element: Element, place: Place) -> dict[str, Any] | None:
    found: dict[str, Any] | None = None
    for child in element:
        name = place.name(child)
        if name not in _DISCOUNTS:
            place.bad(child, "is not expected in <discount>")
        kind, member = _DISCOUNTS[name]
        found = {"type": kind}
        if member is not None:
            found[member] = text(child, place) if member == "priceBookId" else number(child, place)
    return found


# A coupon's id is not its code, the only thing the APIs show.
_ADJUSTMENT: Table = {
    **_AMOUNTS,
    "promotion-id": ("promotionId", text),
    "campaign-id": ("campaignId", text),
    "abtest": ("abTestSegment", nested(_SEGMENT)),
    "coupon-id": None,
    "reason-code": ("reasonCode", text),
    "manual": ("manual", flag),
    "discount": ("appliedDiscount", _discount),
    "created-by": ("createdBy", text),
    "creation-date": ("creationDate", moment),
    "custom-attributes": (SPREAD, custom("PriceAdjustment")),
}
ADJUSTMENTS = listed("price-adjustment", nested(_ADJUSTMENT))

_BUNDLED: dict[str, Any] = {
    "product-id": ("productId", text),
    "product-name": ("productName", text),
    "quantity": ("quantity", count),
    "custom-attributes": (SPREAD, custom("ProductLineItem")),
}
_BUNDLED["bundled-product-lineitems"] = ("bundledProductItems", listed("bundled-product-lineitem", nested(_BUNDLED)))
_OPTION: Table = {
    **_AMOUNTS,
    "option-id": ("optionId", text),
    "value-id": ("optionValueId", text),
    "product-id": ("productId", text),
    "tax-items": None,
    "custom-attributes": (SPREAD, custom("ProductLineItem")),
    "price-adjustments": ("priceAdjustments", ADJUSTMENTS),
}
_PRODUCT: Table = {
    **_AMOUNTS,
    "position": ("position", count),
    "product-id": ("productId", text),
    "product-name": ("productName", text),
    "quantity": ("quantity", count),
    "tax-rate": ("taxRate", number),
    "min-order-quantity": ("minOrderQuantity", number),
    "step-quantity": ("stepQuantity", number),
    "brand": ("brand", text),
    "shipment-id": ("shipmentId", text),
    "inventory-list-id": ("inventoryId", text),
    "option-lineitems": ("optionItems", listed("option-lineitem", nested(_OPTION))),
    "bundled-product-lineitems": _BUNDLED["bundled-product-lineitems"],
    "shipping-lineitem": None,
    "gift": ("gift", flag),
    "gift-message": ("giftMessage", text),
    "external-line-item-status": ("externalLineItemStatus", text),
    "external-line-item-text": ("externalLineItemText", text),
    "tax-items": ("taxItems", _TAX_ITEMS),
    "custom-attributes": (SPREAD, custom("ProductLineItem")),
    "price-adjustments": ("priceAdjustments", ADJUSTMENTS),
}
_SHIPPING: Table = {
    **_AMOUNTS,
    "price-adjustments": ("priceAdjustments", ADJUSTMENTS),
    "item-id": ("itemId", text),
    "shipment-id": ("shipmentId", text),
    "tax-rate": ("taxRate", number),
    "tax-items": None,
    "custom-attributes": (SPREAD, custom("ShippingLineItem")),
}
_GIFT_CERTIFICATE: Table = {
    **_AMOUNTS,
    "gc-merchant-id": ("giftCertificateMerchantId", text),
    # The code is money.
    "giftcertificate-id": None,
    "recipient-email": ("recipientEmail", text),
    "sender-name": ("senderName", text),
    "recipient-name": ("recipientName", text),
    "message": ("message", text),
    "shipment-id": ("shipmentId", text),
    "tax-items": None,
    "custom-attributes": (SPREAD, custom("GiftCertificateLineItem")),
}
PRODUCTS = listed("product-lineitem", lambda element, place: _required(element, place, _PRODUCT))
SHIPPING = listed("shipping-lineitem", nested(_SHIPPING))
GIFT_CERTIFICATES = listed("giftcertificate-lineitem", nested(_GIFT_CERTIFICATE))


def _required(element: Element, place: Place, table: Table) -> dict[str, Any]:
    item = members(element, table, place)
    for child in ("product-id", "quantity"):
        if table[child][0] not in item:  # type: ignore[index] # both are kept
            place.bad(element, f"has no <{child}>")
    return item


def numbered(items: list[dict[str, Any]], kind: str, *, gross: bool) -> list[dict[str, Any]]:
    """The lines with what the files leave out: an id, and the amounts after each line's own discounts."""
    return [_completed(item, f"{kind}-{number}", gross=gross) for number, item in enumerate(items, start=1)]


def _completed(item: dict[str, Any], item_id: str, *, gross: bool) -> dict[str, Any]:
    price = "grossPrice" if gross else "netPrice"
    document = {"itemId": item_id, **item}
    for result, part in (("priceAfterItemDiscount", price), ("adjustedTax", "tax")):
        if part in item:
            off = sum(taken.get(part, 0) for taken in item.get("priceAdjustments", ()))
            document[result] = round(item[part] + off, 4)
    return document


STATES = word({"NOT_SHIPPED": "not_shipped", "PART_SHIPPED": "part_shipped", "SHIPPED": "shipped"})
