"""Order documents in the shape of the Admin API, built from lines and a course of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.products import localized
from sfcc_client.emulator.seed.amounts import TAX_RATES, amount, minor, tax, totals
from sfcc_client.emulator.seed.fulfilment import oms_data, oms_item
from sfcc_client.emulator.seed.lines import Course, Line, Parcel, shipment_id, tracking_url
from sfcc_client.emulator.state import SiteRecord


def order(
    *,
    site: SiteRecord,
    order_no: str,
    info: Mapping[str, Any],
    address: Mapping[str, Any],
    lines: Sequence[Line],
    placed_at: datetime,
    course: Course,
    payment: Mapping[str, Any],
    parcel: Parcel = Parcel(),  # noqa: B008 - frozen
    shipping: int = 0,
    note: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One order as the store keeps it (Admin Orders 1.5, schema Order, plus `notes` and `omsData`)."""
    currency = site.currency
    goods = sum(line.unit(currency) * line.quantity for line in lines)
    total = goods + shipping
    shipments = [shipment_id(number) for number in range(parcel.shipments)]
    items = [
        _item(line, number, site, min(number, parcel.shipments - 1), parcel=parcel, course=course)
        for number, line in enumerate(lines)
    ]
    placed = iso(placed_at)
    refunded = sum(line.unit(currency) * line.returned for line in lines)
    document: dict[str, Any] = {
        "orderNo": order_no,
        "siteId": site.site_id,
        "status": course.status,
        "confirmationStatus": course.confirmation,
        "exportStatus": course.export,
        "paymentStatus": course.payment,
        "shippingStatus": course.shipping,
        "externalOrderStatus": course.external,
        "creationDate": placed,
        "placeDate": placed if course.status not in ("created", "failed") else None,
        "lastModified": iso(course.last_event or placed_at),
        "createdBy": "Customer",
        "channelType": "storefront",
        "businessType": "b2c",
        "customerLocale": site.locale,
        "customerInfo": dict(info),
        "billingAddress": _order_address(address),
        "currency": currency,
        "taxation": "gross",
        **totals(goods, shipping, currency),
        "productItems": items,
        "shippingItems": [
            _shipping_item(shipping, currency, shipment, number) for number, shipment in enumerate(shipments)
        ],
        "shipments": [
            _shipment(parcel, number, address=address, course=course, items=items, currency=currency)
            for number in range(parcel.shipments)
        ],
        "paymentInstruments": [_payment(payment, total, currency, order_no, course)],
        "couponItems": [],
        "orderPriceAdjustments": [],
        "invoiceNo": f"I{order_no}" if course.exported_at else None,
        "cancelCode": course.cancel_code,
        "cancelDescription": course.cancel_text,
        "remoteHost": f"198.51.100.{int(order_no) % 250 + 1}",
        "c_promisedDeliveryDate": course.promised_on.isoformat() if course.promised_on else None,
        "c_paidAt": _moment(course.paid_at),
        "c_exportedAt": _moment(course.exported_at),
        "c_shippedAt": _moment(course.shipped_at),
        "c_lastScanAt": _moment(course.scanned_at),
        "c_lastScanPlace": course.scanned_in,
        "c_deliveredDate": _moment(course.delivered_at),
        "c_carrier": parcel.carrier if course.shipped_at else None,
        "c_trackingUrl": tracking_url(parcel, 0) if course.shipped_at else None,
        "c_refundedAmount": amount(refunded, currency) if refunded else None,
        "notes": [dict(note)] if note else None,
        "omsData": oms_data(parcel, course, items) if course.exported_at else None,
    }
    return {name: value for name, value in document.items() if value is not None}


def _item(
    line: Line, number: int, site: SiteRecord, shipment: int, *, parcel: Parcel, course: Course
) -> dict[str, Any]:
    currency = site.currency
    gross = line.unit(currency) * line.quantity
    taxed = tax(gross, currency)
    name = localized(line.product["name"], site.locale)
    gone = course.shipped_at is not None and shipment < len(parcel.tracking)
    status = "shipped" if gone else "cancelled" if course.status == "cancelled" else "open"
    return {
        "itemId": f"item-{number + 1}",
        "productId": line.product["id"],
        "productName": name,
        "itemText": name,
        "quantity": line.quantity,
        "basePrice": amount(line.unit(currency), currency),
        "grossPrice": amount(gross, currency),
        "netPrice": amount(gross - taxed, currency),
        "priceAfterItemDiscount": amount(gross, currency),
        "priceAfterOrderDiscount": amount(gross, currency),
        "tax": amount(taxed, currency),
        "taxBasis": amount(gross, currency),
        "adjustedTax": amount(taxed, currency),
        "taxRate": TAX_RATES[currency],
        "position": number + 1,
        "shipmentId": shipment_id(shipment),
        "gift": False,
        "bonusProductLineItem": False,
        "externalLineItemStatus": "returned" if line.returned == line.quantity else status,
        "c_returnedQuantity": line.returned,
        **({"c_returnReason": line.reason} if line.reason else {}),
        "omsData": oms_item(line, course, gone=gone),
    }


def _shipment(
    parcel: Parcel,
    number: int,
    *,
    address: Mapping[str, Any],
    course: Course,
    items: Sequence[Mapping[str, Any]],
    currency: str,
) -> dict[str, Any]:
    inside = sum(minor(item["grossPrice"], currency) for item in items if item["shipmentId"] == shipment_id(number))
    gone = course.shipped_at is not None and number < len(parcel.tracking)
    document = {
        "shipmentId": shipment_id(number),
        "shipmentNo": f"{number + 1:08d}",
        "shippingMethod": {"id": parcel.method},
        "shippingStatus": "shipped" if gone else "not_shipped",
        "shippingAddress": _order_address(address),
        "gift": False,
        "productSubTotal": amount(inside, currency),
        "productTotal": amount(inside, currency),
        "shipmentTotal": amount(inside, currency),
        "trackingNumber": parcel.tracking[number] if gone else None,
    }
    return {name: value for name, value in document.items() if value is not None}


def _shipping_item(shipping: int, currency: str, shipment_id: str, number: int) -> dict[str, Any]:
    cost = shipping if number == 0 else 0
    taxed = tax(cost, currency)
    return {
        "itemId": f"shipping-{number + 1}",
        "itemText": "Shipping",
        "shipmentId": shipment_id,
        "basePrice": amount(cost, currency),
        "grossPrice": amount(cost, currency),
        "priceAfterItemDiscount": amount(cost, currency),
        "tax": amount(taxed, currency),
        "adjustedTax": amount(taxed, currency),
        "taxBasis": amount(cost, currency),
        "taxRate": TAX_RATES[currency],
    }


def _payment(payment: Mapping[str, Any], total: int, currency: str, order_no: str, course: Course) -> dict[str, Any]:
    authorised = {"status": 0, "code": "AUTHORIZED"} if course.paid_at else {"status": 1, "code": "OPEN"}
    transaction = {
        "amount": amount(total, currency),
        "transactionId": f"T{order_no}",
        "authorizationStatus": authorised,
    }
    return {**payment, "paymentInstrumentId": f"pi-{order_no}", "paymentTransaction": transaction}


def _order_address(address: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in address.items() if name not in ("addressId", "preferred")}


def _moment(at: datetime | None) -> str | None:
    return iso(at) if at else None
