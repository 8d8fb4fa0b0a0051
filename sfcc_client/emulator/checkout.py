"""From a basket to an order (Shopper Orders 1.17, POST orders): what must be there, and what the order looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.seed.amounts import amount, minor
from sfcc_client.emulator.state import SiteRecord, State
from sfcc_client.emulator.stock import reserve

_CARRIED = (
    *("siteId", "currency", "taxation", "channelType", "billingAddress", "couponItems", "orderPriceAdjustments"),
    *("productSubTotal", "productTotal", "merchandizeTotalTax", "adjustedMerchandizeTotalTax", "shippingTotal"),
    *("shippingTotalTax", "adjustedShippingTotalTax", "taxTotal", "orderTotal", "sourceCode"),
)
_SHIPMENT = ("shipmentId", "gift", "giftMessage", "shippingAddress")


class NotReady(Exception):  # noqa: N818
    """The basket cannot become an order; the message says what is missing."""


def ordered(state: State, site: SiteRecord, basket: Document, *, at: str, by: str) -> Document:
    """Save the order, with its goods reserved, and drop the basket. Raises NotReady."""
    with state.writing:
        missing = next(_missing(basket), None)
        if missing is not None:
            raise NotReady(missing)
        if not reserve(state, basket["productItems"]):
            raise NotReady("The requested quantity of one or more products is not available.")
        order = state.orders.save(_order(state, site, basket, at=at, by=by))
        state.baskets.drop(basket["basketId"])
    return order


def _missing(basket: Document) -> Iterator[str]:
    if not basket.get("productItems"):
        yield "The basket is empty."
    if not basket.get("customerInfo", {}).get("email"):
        yield "The customer's email is missing in the basket."
    if not basket.get("billingAddress"):
        yield "The billing address is missing in the basket."
    for shipment in basket.get("shipments", ()):
        for member in ("shippingAddress", "shippingMethod"):
            if not shipment.get(member):
                yield f"The shipment '{shipment['shipmentId']}' has no {member}."
    if not basket.get("paymentInstruments"):
        yield "The basket has no payment instrument."


def _order(state: State, site: SiteRecord, basket: Document, *, at: str, by: str) -> dict[str, Any]:
    number, currency = state.next_order_no(), basket["currency"]
    info = basket["customerInfo"]
    name = basket["billingAddress"].get("fullName", "")
    return {
        "orderNo": number,
        "status": "created",
        "confirmationStatus": "not_confirmed",
        "exportStatus": "not_exported",
        "paymentStatus": "not_paid",
        "shippingStatus": "not_shipped",
        "creationDate": at,
        "lastModified": at,
        "lastModifiedBy": by,
        "createdBy": "Customer",
        "businessType": "b2c",
        "customerLocale": site.locale,
        "customerInfo": {"customerName": name, **info, "guest": "customerNo" not in info},
        **{name: basket[name] for name in _CARRIED if name in basket},
        "productItems": [_item(item, position, currency) for position, item in enumerate(basket["productItems"], 1)],
        "shippingItems": [_gross(item) for item in basket.get("shippingItems", ())],
        "shipments": [_shipment(row, f"{number}-{place}") for place, row in enumerate(basket["shipments"], 1)],
        "paymentInstruments": [paid(row, basket["orderTotal"]) for row in basket["paymentInstruments"]],
        "omsData": {"status": "Allocated", "shipments": []},
        **{name: value for name, value in basket.items() if name.startswith("c_")},
    }


def _item(item: Document, position: int, currency: str) -> dict[str, Any]:
    quantity = item["quantity"]
    net = minor(item["price"], currency) - minor(item["tax"], currency)
    return {
        **_gross(item),
        "netPrice": amount(net, currency),
        "position": position,
        "externalLineItemStatus": "open",
        "omsData": {
            "status": "ordered",
            "quantityOrdered": quantity,
            "quantityCanceled": 0,
            "quantityReturned": 0,
            "quantityReturnInitiated": 0,
            "quantityAvailableToCancel": quantity,
            "quantityAvailableToReturn": 0,
        },
    }


def _gross(item: Document) -> dict[str, Any]:
    """A line or an adjustment of a line: baskets call the price `price`, orders `grossPrice`."""
    document = {name: value for name, value in item.items() if name not in ("price", "priceAdjustments")}
    adjustments = [_gross(part) for part in item.get("priceAdjustments", ())]
    return {
        **document,
        "grossPrice": item["price"],
        **({"priceAdjustments": adjustments} if adjustments else {}),
    }


def _shipment(shipment: Document, number: str) -> dict[str, Any]:
    kept = {name: shipment[name] for name in _SHIPMENT if name in shipment}
    return {
        **kept,
        "shipmentNo": number,
        "shippingMethod": {"id": shipment["shippingMethod"]["id"]},
        "shippingStatus": "not_shipped",
    }


def paid(payment: Document, total: float) -> dict[str, Any]:
    """A payment instrument as an order has it; without an amount it pays for all of `total`."""
    kept = {name: value for name, value in payment.items() if name not in ("amount", "bankRoutingNumber")}
    transaction = {"amount": payment.get("amount", total), "authorizationStatus": {"status": 1, "code": "OPEN"}}
    return {**kept, "paymentTransaction": transaction}
