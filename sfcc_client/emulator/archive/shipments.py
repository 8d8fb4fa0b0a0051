"""Shipments of an order, and the totals of both. The APIs show gross or net amounts, as the order is taxed."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.archive.addresses import order_address
from sfcc_client.emulator.archive.custom import custom
from sfcc_client.emulator.archive.fields import SPREAD, Place, Table, flag, listed, members, nested, number, text
from sfcc_client.emulator.archive.items import ADJUSTMENTS, STATES
from sfcc_client.emulator.archive.markup import Element

Totals = dict[str, dict[str, Any]]
TOTAL = nested(
    {
        "net-price": ("net", number),
        "tax": ("tax", number),
        "gross-price": ("gross", number),
        "price-adjustments": ("priceAdjustments", ADJUSTMENTS),
    }
)
# Member: which total, and which amount of it; None is the gross or net one.
_COMMON: dict[str, tuple[str, str | None]] = {
    "productSubTotal": ("goods", None),
    "productTotal": ("adjusted_goods", None),
    "merchandizeTotalTax": ("goods", "tax"),
    "adjustedMerchandizeTotalTax": ("adjusted_goods", "tax"),
    "shippingTotal": ("shipping", None),
    "shippingTotalTax": ("shipping", "tax"),
    "adjustedShippingTotalTax": ("adjusted_shipping", "tax"),
}
_ORDER = {**_COMMON, "taxTotal": ("order", "tax"), "orderTotal": ("order", "gross")}
_SHIPMENT = {**_COMMON, "taxTotal": ("shipment", "tax"), "shipmentTotal": ("shipment", None)}
_TABLE: Table = {
    "status": (SPREAD, nested({"shipping-status": ("shippingStatus", STATES)})),
    "shipping-method": ("method", text),
    "tracking-number": ("trackingNumber", text),
    "shipping-address": ("shippingAddress", order_address),
    "gift": ("gift", flag),
    "gift-message": ("giftMessage", text),
    "totals": (
        "totals",
        nested(
            {
                "merchandize-total": ("goods", TOTAL),
                "adjusted-merchandize-total": ("adjusted_goods", TOTAL),
                "shipping-total": ("shipping", TOTAL),
                "adjusted-shipping-total": ("adjusted_shipping", TOTAL),
                "shipment-total": ("shipment", TOTAL),
            }
        ),
    ),
    "custom-attributes": (SPREAD, custom("Shipment")),
}


def order_totals(totals: Totals, *, gross: bool) -> dict[str, Any]:
    return _amounts(totals, _ORDER, gross=gross)


def _shipment(element: Element, place: Place) -> dict[str, Any]:
    return {"shipmentId": place.attribute(element, "shipment-id"), **members(element, _TABLE, place)}


def numbered_shipments(shipments: list[dict[str, Any]], *, gross: bool) -> list[dict[str, Any]]:
    """As the APIs show them; `gross` is known only once the whole order is read."""
    found = []
    for number_of_it, read in enumerate(shipments, start=1):
        totals, method = read.pop("totals", {}), read.pop("method", None)
        document = {**read, "shipmentNo": f"{number_of_it:08d}", **_amounts(totals, _SHIPMENT, gross=gross)}
        found.append(document if method is None else {**document, "shippingMethod": {"id": method}})
    return found


def _amounts(totals: Totals, table: dict[str, tuple[str, str | None]], *, gross: bool) -> dict[str, Any]:
    found = {}
    for member, (name, part) in table.items():
        value = totals.get(name, {}).get(part or ("gross" if gross else "net"))
        if value is not None:
            found[member] = value
    return found


SHIPMENTS = listed("shipment", _shipment)
