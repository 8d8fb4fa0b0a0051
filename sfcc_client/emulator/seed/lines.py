"""What an order is made of before it becomes a document: lines, parcels, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sfcc_client.emulator.seed.amounts import minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some pieces of one product at one price; `returned` pieces came back for a `reason`."""

    product: Mapping[str, Any]
    quantity: int = 1
    minor: int | None = None
    returned: int = 0
    reason: str | None = None

    def unit(self, currency: str) -> int:
        return self.minor if self.minor is not None else minor(self.product["prices"][currency], currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What became of an order: its five states, and when which event happened (None: not yet, or never)."""

    status: str = "new"
    confirmation: str = "confirmed"
    export: str = "ready"
    payment: str = "paid"
    shipping: str = "not_shipped"
    external: str | None = None
    paid_at: datetime | None = None
    exported_at: datetime | None = None
    shipped_at: datetime | None = None
    scanned_at: datetime | None = None
    scanned_in: str | None = None
    delivered_at: datetime | None = None
    promised_on: date | None = None
    cancelled_at: datetime | None = None
    cancel_code: str | None = None
    cancel_text: str | None = None

    @property
    def last_event(self) -> datetime | None:
        events = (
            self.paid_at,
            self.exported_at,
            self.shipped_at,
            self.scanned_at,
            self.delivered_at,
            self.cancelled_at,
        )
        return max((event for event in events if event is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """How goods travel: the shipping method, the carrier with its tracking numbers, one per shipment."""

    method: str = "standard"
    carrier: str | None = None
    tracking: tuple[str, ...] = ()
    shipments: int = 1


_PAGES: Mapping[str, str] = {
    "DHL": "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode=",
    "Hermes": "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#",
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/",
}


def shipment_id(number: int) -> str:
    return "me" if number == 0 else f"shipment-{number + 1}"


def tracking_url(parcel: Parcel, number: int) -> str | None:
    """Where the carrier shows the parcel; carriers without a page of their own share one that leads nowhere."""
    if parcel.carrier is None or number >= len(parcel.tracking):
        return None
    page = _PAGES.get(parcel.carrier, f"https://track.example.com/{parcel.carrier.lower().replace(' ', '-')}/")
    return page + parcel.tracking[number]
