"""<order> elements as documents of the Admin API (Orders 1.5, schema Order) with the notes that OCAPI shows.

The files have no ids of lines and payments and no time of the last change: ids are made from the position, and the
order counts as last changed when it was placed, or when its newest note was written. Statuses the API has no word for
become the nearest: OPEN is ``new``, REPLACED is ``cancelled``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sfcc_client.emulator.archive.addresses import order_address
from sfcc_client.emulator.archive.custom import custom
from sfcc_client.emulator.archive.customer import customer_id
from sfcc_client.emulator.archive.fields import (
    SPREAD,
    Place,
    Table,
    flag,
    listed,
    locale,
    lowered,
    members,
    moment,
    nested,
    text,
    word,
)
from sfcc_client.emulator.archive.items import GIFT_CERTIFICATES, PRODUCTS, SHIPPING, STATES, numbered
from sfcc_client.emulator.archive.markup import Element
from sfcc_client.emulator.archive.payments import PAYMENTS, identified
from sfcc_client.emulator.archive.shipments import SHIPMENTS, TOTAL, numbered_shipments, order_totals
from sfcc_client.emulator.state import guest_id_of

_STATUSES = word(
    {
        "CREATED": "created",
        "NEW": "new",
        "OPEN": "new",
        "CANCELLED": "cancelled",
        "COMPLETED": "completed",
        "REPLACED": "cancelled",
        "FAILED": "failed",
    }
)
_STATUS: Table = {
    "order-status": ("status", _STATUSES),
    "shipping-status": ("shippingStatus", STATES),
    "confirmation-status": (
        "confirmationStatus",
        word({"NOT_CONFIRMED": "not_confirmed", "CONFIRMED": "confirmed"}),
    ),
    "payment-status": ("paymentStatus", word({"NOT_PAID": "not_paid", "PART_PAID": "part_paid", "PAID": "paid"})),
    "export-status": (
        "exportStatus",
        word({"NOT_EXPORTED": "not_exported", "EXPORTED": "exported", "READY": "ready", "FAILED": "failed"}),
    ),
}
_CUSTOMER: Table = {
    "guest": ("guest", flag),
    "customer-no": ("customerNo", text),
    "customer-name": ("customerName", text),
    "customer-email": ("email", text),
    "billing-address": ("billingAddress", order_address),
}
_SOURCE: Table = {"code": ("sourceCode", text), "group-id": ("sourceCodeGroupId", text)}
_NOTE: Table = {
    "created-by": ("createdBy", text),
    "creation-date": ("creationDate", moment),
    "subject": ("subject", text),
    "text": ("text", text),
}
_ORDER: Table = {
    "order-date": ("creationDate", moment),
    "created-by": ("createdBy", text),
    "original-order-no": None,
    "currency": ("currency", text),
    "customer-locale": ("customerLocale", locale),
    "taxation": ("taxation", word({"net": "net", "gross": "gross"})),
    "source-code": (SPREAD, nested(_SOURCE)),
    "affiliate-partner-name": ("affiliatePartnerName", text),
    "affiliate-partner-id": ("affiliatePartnerId", text),
    "invoice-no": ("invoiceNo", text),
    "customer": ("customerInfo", nested(_CUSTOMER)),
    "customer-order-reference": ("customerOrderReference", text),
    "status": (SPREAD, nested(_STATUS)),
    "business-type": ("businessType", lowered),
    "channel-type": ("channelType", lowered),
    "replace-code": None,
    "replace-description": None,
    "replacement-order-no": None,
    "replaced-order-no": None,
    "current-order-no": None,
    "cancel-code": ("cancelCode", text),
    "cancel-description": ("cancelDescription", text),
    "product-lineitems": ("productItems", PRODUCTS),
    "giftcertificate-lineitems": ("giftCertificateItems", GIFT_CERTIFICATES),
    "shipping-lineitems": ("shippingItems", SHIPPING),
    "shipments": ("shipments", SHIPMENTS),
    "tax-rounded-at-group": None,
    "totals": (
        "totals",
        nested(
            {
                "merchandize-total": ("goods", TOTAL),
                "adjusted-merchandize-total": ("adjusted_goods", TOTAL),
                "shipping-total": ("shipping", TOTAL),
                "adjusted-shipping-total": ("adjusted_shipping", TOTAL),
                "order-total": ("order", TOTAL),
            }
        ),
    ),
    "payments": ("paymentInstruments", PAYMENTS),
    "remoteHost": ("remoteHost", text),
    "notes": ("notes", listed("note", nested(_NOTE))),
    "external-order-no": ("externalOrderNo", text),
    "external-order-status": ("externalOrderStatus", text),
    "external-order-text": ("externalOrderText", text),
    "place-date": ("placeDate", moment),
    "global-party-id": ("globalPartyId", text),
    "custom-attributes": (SPREAD, custom("Order")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyers:
    """Where the orders of a document were placed, and the numbers of the customers registered there."""

    site_id: str
    list_id: str
    registered: frozenset[str]


def order_document(element: Element, place: Place, buyers: Buyers) -> dict[str, Any]:
    order_no = place.attribute(element, "order-no")
    read = members(element, _ORDER, place)
    if "creationDate" not in read:
        place.bad(element, f"{order_no} has no <order-date>")
    gross = read.get("taxation") != "net"
    totals, info = read.pop("totals", {}), read.pop("customerInfo", {})
    document = {"orderNo": order_no, "siteId": buyers.site_id, **read, "lastModified": _last_change(read)}
    if "billingAddress" in info:
        document["billingAddress"] = info.pop("billingAddress")
    document["customerInfo"] = _buyer(info, buyers)
    document |= order_totals(totals, gross=gross)
    document["orderPriceAdjustments"] = totals.get("goods", {}).get("priceAdjustments", [])
    document["productItems"] = numbered(read.get("productItems", []), "item", gross=gross)
    document["shippingItems"] = numbered(read.get("shippingItems", []), "shipping", gross=gross)
    document["shipments"] = numbered_shipments(read.get("shipments", []), gross=gross)
    document["paymentInstruments"] = identified(read.get("paymentInstruments", []), order_no)
    if "notes" in read:
        document["notes"] = [
            {"text": "", **note, "id": f"{order_no}-{number}"} for number, note in enumerate(read["notes"], 1)
        ]
    return document


def _last_change(order: dict[str, Any]) -> str:
    written = (note["creationDate"] for note in order.get("notes", ()) if "creationDate" in note)
    return str(max((order["creationDate"], *written)))


def _buyer(info: dict[str, Any], buyers: Buyers) -> dict[str, Any]:
    """Exports before 19.2 do not say who is a guest; then a number that the list does not know is a guest's.

    That number leads to no customer, so it is left out, as in the generated shop: who has one counts as registered.
    """
    number = info.pop("customerNo", None)
    guest = info.get("guest", number not in buyers.registered)
    if number and not guest:
        return {**info, "guest": False, "customerNo": number, "customerId": customer_id(buyers.list_id, number)}
    usid = "\x1f".join((buyers.site_id, info.get("email", "").casefold(), number or ""))
    return {**info, "guest": True, "customerId": guest_id_of(usid)}
