"""What an order management system adds to an order (`omsData` of the Shopper APIs)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.seed.lines import Course, Line, Parcel, shipment_id, tracking_url


def oms_data(parcel: Parcel, course: Course, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if not course.shipped_at:
        return {"status": "Allocated", "shipments": []}
    shipments = []
    for number, tracking in enumerate(parcel.tracking):
        inside = [item for item in items if item["shipmentId"] == shipment_id(number)]
        shipment = {
            "id": f"S{number + 1}-{tracking}",
            "status": "Delivered" if course.delivered_at else "Shipped",
            "provider": parcel.carrier,
            "trackingNumber": tracking,
            "trackingUrl": tracking_url(parcel, number),
            "expectedDeliveryDate": f"{course.promised_on.isoformat()}T18:00:00.000Z" if course.promised_on else None,
            "actualDeliveryDate": iso(course.delivered_at) if course.delivered_at else None,
            "shipmentItems": [
                {"id": f"{item['itemId']}-{number + 1}", "productItemId": item["itemId"], "quantity": item["quantity"]}
                for item in inside
            ],
        }
        shipments.append({name: value for name, value in shipment.items() if value is not None})
    return {"status": "Fulfilled" if course.delivered_at else "Shipped", "shipments": shipments}


def oms_item(line: Line, course: Course, *, gone: bool) -> dict[str, Any]:
    cancelled = course.status == "cancelled"
    kept = line.quantity - line.returned
    stages = ((cancelled, "canceled"), (line.returned, "returned"), (gone, "fulfilled"))
    return {
        "status": next((name for reached, name in stages if reached), "ordered"),
        "quantityOrdered": line.quantity,
        "quantityCanceled": line.quantity if cancelled else 0,
        "quantityReturned": line.returned,
        "quantityReturnInitiated": 0,
        "quantityAvailableToCancel": 0 if cancelled or gone else line.quantity,
        "quantityAvailableToReturn": kept if course.delivered_at else 0,
    }
