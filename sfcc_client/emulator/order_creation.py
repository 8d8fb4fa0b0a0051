"""Orders of another system (Orders 1.5, POST orders): nothing is looked up, only the sums must be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sfcc_client.emulator.bodies import Anything, Members, Number, Rows, Text
from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.order_forms import ADDRESS, LINE, NAME, named
from sfcc_client.emulator.seed.amounts import amount, minor

CHANNELS = (
    *("storefront", "callcenter", "marketplace", "dss", "store", "pinterest", "twitter", "facebookads"),
    *("subscriptions", "onlinereservation", "customerservicecenter", "instagramcommerce", "tiktok", "snapchat"),
    *("google", "whatsapp", "youtube"),
)
_AMOUNTS = dict.fromkeys(("amount", "basePrice", "grossPrice", "netPrice", "tax", "taxBasis"), Number())
_ADJUSTMENTS = Rows(
    of=Members(
        known={**_AMOUNTS, "itemText": Text(), "reasonCode": Text()},
        required=("grossPrice", "netPrice", "tax"),
        custom="PriceAdjustment",
    ),
    most=20,
)
_ITEM = Members(
    known={
        **_AMOUNTS,
        "brand": LINE,
        "itemText": Text(),
        "productId": Text(least=1, most=100),
        "productName": LINE,
        "quantity": Number(least=0),
        "shipmentId": NAME,
        "taxRate": Number(),
        "priceAdjustments": _ADJUSTMENTS,
        "optionItems": Rows(of=Anything(), most=10),
        "taxItems": Rows(of=Anything(), most=10),
    },
    required=("basePrice", "grossPrice", "netPrice", "productId", "quantity", "shipmentId", "tax"),
    custom="ProductLineItem",
)
_SHIPMENT = Members(
    known={
        "shipmentId": NAME,
        "shippingMethod": Text(),
        "shippingAddress": ADDRESS,
        "shippingTotal": Number(),
        "taxTotal": Number(),
    },
    required=("shipmentId", "shippingMethod", "shippingAddress", "shippingTotal", "taxTotal"),
    custom="Shipment",
)
_PAYMENT = Members(
    known={
        "paymentMethodId": LINE,
        "paymentTransaction": Members(
            known={"amount": Number(), "transactionId": LINE, "authorizationStatus": Anything()},
            required=("amount", "transactionId"),
            custom="PaymentTransaction",
        ),
    },
    required=("paymentMethodId",),
    custom="OrderPaymentInstrument",
)
CREATED = Members(
    known={
        "billingAddress": ADDRESS,
        "businessType": Text(allowed=("b2c", "b2b")),
        "channelType": Text(allowed=CHANNELS),
        "currency": Text(pattern="[A-Z]{3}|N/A"),
        "customerLocale": LINE,
        "orderNo": Text(least=1, most=50),
        "orderPriceAdjustments": _ADJUSTMENTS,
        "orderTotal": Number(),
        "paymentInstruments": Rows(of=_PAYMENT, most=20),
        "paymentStatus": Text(allowed=("paid", "not_paid")),
        "productItems": Rows(of=_ITEM, least=1),
        "shipments": Rows(of=_SHIPMENT, least=1, most=10),
        "taxTotal": Number(),
    },
    required=(
        *("billingAddress", "currency", "orderTotal", "paymentInstruments", "productItems", "shipments", "taxTotal"),
    ),
    custom="Order",
)


class NoSuchShipment(Exception):  # noqa: N818
    """A line names a shipment the order has not."""


def sums(given: Mapping[str, Any]) -> dict[str, float]:
    """`orderTotal` and `taxTotal` as the platform adds them up; adjustments are negative."""
    currency = given["currency"]
    lines = [*given["productItems"], *_adjustments(given)]
    total = sum(minor(row["grossPrice"], currency) for row in lines)
    tax = sum(minor(row["tax"], currency) for row in lines)
    total += sum(minor(row["shippingTotal"], currency) for row in given["shipments"])
    tax += sum(minor(row["taxTotal"], currency) for row in given["shipments"])
    return {"orderTotal": amount(total, currency), "taxTotal": amount(tax, currency)}


def order_of(given: Mapping[str, Any], number: str, info: Mapping[str, Any], site_id: str, at: str) -> dict[str, Any]:
    """The order as the store keeps it; it is placed at once. Raises NoSuchShipment."""
    shipments = {row["shipmentId"] for row in given["shipments"]}
    unknown = next((row["shipmentId"] for row in given["productItems"] if row["shipmentId"] not in shipments), None)
    if unknown is not None:
        raise NoSuchShipment(unknown)
    currency = given["currency"]
    goods = sum(minor(row["grossPrice"], currency) for row in given["productItems"])
    return {
        "channelType": "storefront",
        "businessType": "b2c",
        "paymentStatus": "not_paid",
        **given,
        "orderNo": number,
        "siteId": site_id,
        "status": "new",
        "confirmationStatus": "not_confirmed",
        "exportStatus": "not_exported",
        "shippingStatus": "not_shipped",
        "creationDate": at,
        "placeDate": at,
        "invoiceNo": number,
        "taxation": "gross",
        "billingAddress": named(given["billingAddress"]),
        "customerInfo": {"customerName": named(given["billingAddress"]).get("fullName", ""), **info},
        "productSubTotal": amount(goods, currency),
        "productTotal": amount(goods, currency),
        "shippingTotal": sum(row["shippingTotal"] for row in given["shipments"]),
        "productItems": [_item(row, f"{number}-{place}", place) for place, row in enumerate(given["productItems"], 1)],
        "orderPriceAdjustments": _numbered(given.get("orderPriceAdjustments", ()), number),
        "shipments": [_shipment(row, f"{number}-{place}") for place, row in enumerate(given["shipments"], 1)],
        "paymentInstruments": [
            {"paymentInstrumentId": f"pi-{number}-{place}", **row}
            for place, row in enumerate(given["paymentInstruments"], 1)
        ],
    }


def _item(row: Document, item_id: str, place: int) -> dict[str, Any]:
    rate = round(row["tax"] / row["netPrice"], 4) if row["netPrice"] else 0.0
    adjusted = {"priceAdjustments": _numbered(row["priceAdjustments"], item_id)} if "priceAdjustments" in row else {}
    return {"itemId": item_id, "position": place, "taxRate": rate, **row, **adjusted}


def _numbered(adjustments: Iterable[Document], prefix: str) -> list[dict[str, Any]]:
    """Adjustments of another system belong to no promotion here; they are told apart by their place."""
    return [
        {
            "priceAdjustmentId": f"{prefix}-{place}",
            "promotionId": f"external-{place}",
            **{name: value for name, value in row.items() if name != "amount"},
            **({"appliedDiscount": {"type": "amount", "amount": row["amount"]}} if "amount" in row else {}),
        }
        for place, row in enumerate(adjustments, 1)
    ]


def _adjustments(given: Mapping[str, Any]) -> Iterator[Document]:
    yield from given.get("orderPriceAdjustments", ())
    for item in given["productItems"]:
        yield from item.get("priceAdjustments", ())


def _shipment(row: Document, number: str) -> dict[str, Any]:
    return {
        **row,
        "shipmentNo": number,
        "shippingMethod": {"id": row["shippingMethod"]},
        "shippingAddress": named(row["shippingAddress"]),
        "shippingStatus": "not_shipped",
    }
