"""Orders of a dataset as <order> elements, children in the order the official schema wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from tests.site_export.markup import address, child, custom, dashed

_ITEM = ("netPrice", "tax", "grossPrice", "basePrice")
_DISCOUNTS = {"percentage": "percentage", "amount": "amount", "fixed_price": "fixed-price"}
_TOTALS = (
    ("merchandize-total", "productSubTotal", "merchandizeTotalTax"),
    ("adjusted-merchandize-total", "productTotal", "adjustedMerchandizeTotalTax"),
    ("shipping-total", "shippingTotal", "shippingTotalTax"),
    ("adjusted-shipping-total", "shippingTotal", "adjustedShippingTotalTax"),
)
_STATUS = ("status", "shippingStatus", "confirmationStatus", "paymentStatus", "exportStatus")


def order_element(order: Mapping[str, Any]) -> etree._Element:
    element = etree.Element("order", {"order-no": order["orderNo"]})
    child(element, "order-date", order["creationDate"])
    child(element, "created-by", order.get("createdBy"))
    child(element, "original-order-no", order["orderNo"])
    child(element, "currency", order.get("currency"))
    child(element, "customer-locale", order["customerLocale"].replace("-", "_") if "customerLocale" in order else None)
    child(element, "taxation", order.get("taxation"))
    child(element, "invoice-no", order.get("invoiceNo"))
    _buyer(element, order)
    status = etree.SubElement(element, "status")
    for name in _STATUS:
        child(status, {"status": "order-status"}.get(name, dashed(name)), order[name].upper())
    child(element, "business-type", order["businessType"].upper() if "businessType" in order else None)
    child(element, "channel-type", "Storefront" if "channelType" in order else None)
    child(element, "current-order-no", order["orderNo"])
    child(element, "cancel-code", order.get("cancelCode"))
    child(element, "cancel-description", order.get("cancelDescription"))
    items = etree.SubElement(element, "product-lineitems")
    for item in order["productItems"]:
        _product_item(items, item)
    shipping = etree.SubElement(element, "shipping-lineitems")
    for item in order["shippingItems"]:
        row = etree.SubElement(shipping, "shipping-lineitem")
        _amounts(row, item)
        child(row, "item-id", item["itemId"])
        child(row, "shipment-id", item["shipmentId"])
        child(row, "tax-rate", item["taxRate"])
    shipments = etree.SubElement(element, "shipments")
    for shipment in order["shipments"]:
        row = etree.SubElement(shipments, "shipment", {"shipment-id": shipment["shipmentId"]})
        child(etree.SubElement(row, "status"), "shipping-status", shipment["shippingStatus"].upper())
        child(row, "shipping-method", shipment["shippingMethod"]["id"])
        child(row, "tracking-number", shipment.get("trackingNumber"))
        address(etree.SubElement(row, "shipping-address"), shipment["shippingAddress"])
        child(row, "gift", shipment["gift"])
        totals = etree.SubElement(row, "totals")
        for name, member in (("merchandize-total", "productSubTotal"), ("adjusted-merchandize-total", "productTotal")):
            child(etree.SubElement(totals, name), "gross-price", shipment[member])
        child(etree.SubElement(totals, "shipment-total"), "gross-price", shipment["shipmentTotal"])
        custom(row, shipment)
    _totals(element, order)
    payments = etree.SubElement(element, "payments")
    for payment in order["paymentInstruments"]:
        _payment(etree.SubElement(payments, "payment"), payment)
    child(element, "remoteHost", order.get("remoteHost"))
    _notes(element, order)
    child(element, "external-order-status", order.get("externalOrderStatus"))
    child(element, "place-date", order.get("placeDate"))
    custom(element, order)
    return element


def _buyer(element: etree._Element, order: Mapping[str, Any]) -> None:
    info = order["customerInfo"]
    buyer = etree.SubElement(element, "customer")
    child(buyer, "guest", info["guest"])
    child(buyer, "customer-no", info.get("customerNo"))
    child(buyer, "customer-name", info.get("customerName"))
    child(buyer, "customer-email", info.get("email"))
    if "billingAddress" in order:
        address(etree.SubElement(buyer, "billing-address"), order["billingAddress"])


def _amounts(element: etree._Element, item: Mapping[str, Any]) -> None:
    for name in _ITEM:
        child(element, dashed(name), item.get(name))
    child(element, "lineitem-text", item.get("itemText"))
    child(element, "tax-basis", item.get("taxBasis"))


def _product_item(parent: etree._Element, item: Mapping[str, Any]) -> None:
    row = etree.SubElement(parent, "product-lineitem")
    _amounts(row, item)
    child(row, "position", item.get("position"))
    child(row, "product-id", item["productId"])
    child(row, "product-name", item.get("productName"))
    child(row, "quantity", item["quantity"], unit="")
    child(row, "tax-rate", item["taxRate"])
    child(row, "shipment-id", item["shipmentId"])
    child(row, "gift", item.get("gift"))
    child(row, "external-line-item-status", item.get("externalLineItemStatus"))
    custom(row, item)
    _adjustments(row, item.get("priceAdjustments"))


def _adjustments(parent: etree._Element, adjustments: Any) -> None:
    if not adjustments:
        return
    rows = etree.SubElement(parent, "price-adjustments")
    for adjustment in adjustments:
        row = etree.SubElement(rows, "price-adjustment")
        _amounts(row, adjustment)
        for name in ("promotionId", "campaignId", "reasonCode", "manual"):
            child(row, dashed(name), adjustment.get(name))
        if "appliedDiscount" in adjustment:
            kind = adjustment["appliedDiscount"]["type"]
            value = adjustment["appliedDiscount"]["percentage" if kind == "percentage" else "amount"]
            child(etree.SubElement(row, "discount"), _DISCOUNTS[kind], value)


def _totals(element: etree._Element, order: Mapping[str, Any]) -> None:
    totals = etree.SubElement(element, "totals")
    for name, amount, tax in _TOTALS:
        row = etree.SubElement(totals, name)
        child(row, "tax", order[tax])
        child(row, "gross-price", order[amount])
        if name == "merchandize-total":
            _adjustments(row, order.get("orderPriceAdjustments"))
    row = etree.SubElement(totals, "order-total")
    child(row, "tax", order["taxTotal"])
    child(row, "gross-price", order["orderTotal"])


def _payment(row: etree._Element, payment: Mapping[str, Any]) -> None:
    if "paymentCard" in payment:
        card, known = etree.SubElement(row, "credit-card"), payment["paymentCard"]
        child(card, "card-type", known.get("cardType"))
        child(card, "card-number", known.get("maskedNumber"))
        child(card, "card-holder", known.get("holder"))
        child(card, "card-token", "tok_secret")
        child(card, "expiration-month", known.get("expirationMonth"))
        child(card, "expiration-year", known.get("expirationYear"))
    elif payment["paymentMethodId"] == "BANK_TRANSFER":
        child(etree.SubElement(row, "bank-transfer"), "account-number", "0001234567")
    else:
        child(etree.SubElement(row, "custom-method"), "method-name", payment["paymentMethodId"])
    transaction = payment["paymentTransaction"]
    child(row, "amount", transaction["amount"])
    child(row, "transaction-id", transaction["transactionId"])


def _notes(element: etree._Element, order: Mapping[str, Any]) -> None:
    if not order.get("notes"):
        return
    notes = etree.SubElement(element, "notes")
    for note in order["notes"]:
        row = etree.SubElement(notes, "note")
        for name in ("createdBy", "creationDate", "subject", "text"):
            child(row, dashed(name), note.get(name))
