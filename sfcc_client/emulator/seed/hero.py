"""Mara Kowalski, the shopper every picture of the product shows, written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.seed.carts import basket
from sfcc_client.emulator.seed.catalog import product_id
from sfcc_client.emulator.seed.documents import order
from sfcc_client.emulator.seed.lines import Course, Line, Parcel
from sfcc_client.emulator.state import SiteRecord, opaque_id

CUSTOMER_NO = "00004711"
EMAIL = "mara.k@example.com"
CUSTOMER_ID = opaque_id("ab", "customer", CUSTOMER_NO)
_ADDRESS = {
    "addressId": "home",
    "firstName": "Mara",
    "lastName": "Kowalski",
    "fullName": "Mara Kowalski",
    "address1": "Lindenstraße 14",
    "postalCode": "04109",
    "city": "Leipzig",
    "countryCode": "DE",
    "phone": "+49 176 040690 42",
    "preferred": True,
}
_INFO = {
    "customerId": CUSTOMER_ID,
    "customerNo": CUSTOMER_NO,
    "customerName": "Mara Kowalski",
    "email": EMAIL,
    "guest": False,
}
_CARD = {
    "paymentMethodId": "CREDIT_CARD",
    "paymentCard": {
        "cardType": "Visa",
        "holder": "Mara Kowalski",
        "maskedNumber": "************4242",
        "numberLastDigits": "4242",
        "expirationMonth": 9,
        "expirationYear": 2029,
        "creditCardExpired": False,
    },
}
_JACKET = product_id("VV1001", "pine", "M")
_BASE = product_id("VV1002", "black", "M")
_GAITERS = product_id("VV1003", None, "One size")
_POLES = product_id("VV1007", "black", "105–135 cm")
_TEE_S, _TEE_M = product_id("VV1008", "black", "S"), product_id("VV1008", "black", "M")
_HOODIE = product_id("VV1009", "fog", "M")
_SHORTS = product_id("VV1010", "sand", "M")
_BEANIE = product_id("VV1011", "midnight", "One size")
_SOCKS = product_id("VV1012", "fog", "36–39")
_SHOES = product_id("VV1014", "fog", "40")
_PANTS_M, _PANTS_S = product_id("VV1015", "pine", "M"), product_id("VV1015", "pine", "S")
_SHIRT = product_id("VV1016", "glacier", "M")
_MUG = product_id("VV1017", "pine")
_PACK = product_id("VV1018", "midnight")
_RAIN = product_id("VV1019", "black", "M")
_TENT, _FOOTPRINT, _STAKES = product_id("VV1004", "sand"), product_id("VV1005", None, "2P"), "VV1006"

_Pieces = tuple[tuple[str, int, int], ...]

# order number, days ago, time (UTC), pieces: (product, unit price in cents, returned)
_DELIVERED: tuple[tuple[str, int, str, _Pieces], ...] = (
    ("00030877", 51, "16:44", ((_TEE_S, 4800, 1), (_TEE_M, 4800, 0))),
    ("00029911", 93, "11:05", ((_HOODIE, 12995, 0), (_SHORTS, 5990, 0), (_BEANIE, 2995, 0), (_SOCKS, 2195, 0))),
    ("00028512", 160, "18:20", ((_SHOES, 13990, 1), (_SOCKS, 2195, 0))),
    ("00027430", 205, "07:51", ((_PANTS_M, 9995, 1), (_PANTS_S, 9995, 0))),
    ("00026118", 262, "20:13", ((_SHIRT, 6120, 1),)),
    ("00025007", 330, "12:37", ((_BEANIE, 2995, 1), (_MUG, 2000, 0))),
    ("00023641", 402, "17:02", ((_PACK, 24500, 0),)),
    ("00022950", 455, "09:48", ((_RAIN, 15000, 0),)),
    ("00021877", 533, "19:30", ((_POLES, 7495, 0), ("VV1006", 3500, 0), (_BASE, 6000, 0))),
    ("00021204", 588, "10:11", (("VV1039", 8990, 0),)),
    ("00020455", 661, "21:05", ((product_id("VV1020", "midnight", "M"), 24900, 0),)),
    ("00019820", 734, "08:29", ((_HOODIE, 12995, 0),)),
    ("00018733", 842, "15:40", (("VV1045-lichen", 31000, 0),)),
    ("00017996", 911, "13:16", ((_POLES, 7495, 0),)),
    ("00017102", 1010, "18:58", ((product_id("VV1025", "midnight", "Regular"), 19990, 0),)),
    ("00016344", 1098, "11:23", ((_SHOES, 13990, 0),)),
    ("00015518", 1203, "20:44", ((_SHIRT, 6120, 0),)),
    ("00014206", 1377, "07:35", ((product_id("VV1004", "sand"), 42900, 0),)),
    ("00013360", 1490, "16:09", ((_TEE_S, 4800, 0), (_TEE_M, 4800, 0))),
    ("00012471", 1622, "19:12", ((product_id("VV1026", "lichen", "Regular"), 15900, 0),)),
    ("00011033", 1844, "09:55", ((_SOCKS, 2375, 0), (_RAIN, 9500, 0))),
    ("00009210", 2098, "14:31", ((_JACKET, 18900, 0), ("VV1043", 1650, 0))),
    ("00007645", 2331, "18:26", (("VV1035-rust", 8700, 0),)),
    ("00005522", 2786, "17:47", ((product_id("VV1023", "rust", "40"), 19900, 0),)),
)


def customer(now: datetime) -> dict[str, Any]:
    """The customer document with its loyalty attributes."""
    today = now.astimezone(UTC).date()
    since = today - timedelta(days=2820)
    return {
        "customerListId": "RefArch",
        "customerNo": CUSTOMER_NO,
        "customerId": CUSTOMER_ID,
        "firstName": "Mara",
        "lastName": "Kowalski",
        "email": EMAIL,
        "phoneMobile": _ADDRESS["phone"],
        "preferredLocale": "de-DE",
        "credentials": {"login": EMAIL, "enabled": True, "locked": False},
        "password": "Emulated-4711!",
        "creationDate": _at(now, 2820, "19:02"),
        "lastModified": _at(now, 2, "18:02"),
        "lastLoginTime": iso(now - timedelta(minutes=58)),
        "lastVisitTime": iso(now - timedelta(minutes=58)),
        "previousLoginTime": _at(now, 2, "17:51"),
        "previousVisitTime": _at(now, 2, "17:51"),
        "addresses": [_ADDRESS],
        "c_loyaltyTier": "Gold",
        "c_loyaltyPoints": 8240,
        "c_loyaltyNextTier": "Platinum",
        "c_loyaltyPointsToNext": 1760,
        "c_loyaltyExpiringPoints": 1200,
        "c_loyaltyExpiringOn": today.replace(month=12, day=31).isoformat(),
        "c_loyaltyVoucherCount": 2,
        "c_loyaltyVoucherTotal": 15.0,
        "c_loyaltySince": since.isoformat(),
        "c_vip": True,
        "c_employee": False,
    }


def activities(now: datetime) -> list[dict[str, Any]]:
    """What she did on the site within the hour."""
    rows: tuple[tuple[int, dict[str, Any]], ...] = (
        (34, {"kind": "search", "text": "footprint 2p waterproof", "results": 12, "count": 1}),
        (37, {"kind": "view", "text": "Alpine Tent 2P", "productId": _TENT, "count": 3}),
        (53, {"kind": "search", "text": "returns label", "results": 0, "count": 1}),
        (55, {"kind": "page", "text": "Delivery times and tracking", "count": 2}),
    )
    who = {"siteId": "RefArchDE", "customerId": CUSTOMER_ID}
    return [{**who, "at": iso(now - timedelta(minutes=ago)), **row} for ago, row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """Her 27 orders and her cart, as seen at `now`, with the products they name."""

    now: datetime
    site: SiteRecord
    products: Mapping[str, Mapping[str, Any]]

    def orders(self) -> list[dict[str, Any]]:
        """One late, one about to ship, one cancelled, the others delivered and some of them partly returned.

        The 26 that were not cancelled are worth 4,318.00 EUR, those of the last 12 months 1,204.00, the last ten
        1,599.00. Of the 13 pieces delivered in the last 12 months 5 came back.
        """
        return [self._late(), self._ready(), self._cancelled(), *(self._delivered(*row) for row in _DELIVERED)]

    def basket(self) -> dict[str, Any]:
        """A cart whose payment failed twice and whose tent is nearly sold out."""
        return basket(
            site=self.site,
            basket_id=opaque_id("bc", "basket", CUSTOMER_NO),
            info=_INFO,
            lines=[Line(product=self.products[name]) for name in (_TENT, _FOOTPRINT, _STAKES)],
            created_at=self.now - timedelta(minutes=49),
            changed_at=self.now - timedelta(minutes=26),
            failures=2,
            coupon=("WELCOME10", 10),
        )

    def _late(self) -> dict[str, Any]:
        placed_at = _then(self.now, 10, "08:12")
        course = Course(
            export="exported",
            shipping="shipped",
            external="In transit",
            paid_at=placed_at + timedelta(minutes=1),
            exported_at=placed_at + timedelta(minutes=50),
            shipped_at=_then(self.now, 9, "13:25"),
            scanned_at=_then(self.now, 3, "17:40"),
            scanned_in="Hub Leipzig",
            promised_on=_then(self.now, 4, "00:00").date(),
        )
        pieces = ((_JACKET, 18900, 0), (_BASE, 7950, 0), (_GAITERS, 4990, 0))
        return self._order("00031204", pieces, placed_at, course, tracking="00340434161288")

    def _ready(self) -> dict[str, Any]:
        placed_at = _then(self.now, 2, "18:02")
        course = Course(
            external="Ready to ship",
            paid_at=placed_at + timedelta(minutes=1),
            promised_on=_then(self.now, -2, "00:00").date(),
        )
        return self._order("00031190", ((_POLES, 7495, 0),), placed_at, course)

    def _cancelled(self) -> dict[str, Any]:
        placed_at = _then(self.now, 115, "19:21")
        course = Course(
            status="cancelled",
            export="not_exported",
            payment="not_paid",
            cancelled_at=placed_at + timedelta(hours=2),
            cancel_code="customer",
            cancel_text="Cancelled by customer",
        )
        return self._order("00029340", (("VV1013", 5890, 0),), placed_at, course)

    def _delivered(self, number: str, ago: int, clock: str, pieces: _Pieces) -> dict[str, Any]:
        placed_at = _then(self.now, ago, clock)
        course = Course(
            status="completed",
            export="exported",
            shipping="shipped",
            external="Delivered",
            paid_at=placed_at + timedelta(minutes=1),
            exported_at=placed_at + timedelta(hours=1),
            shipped_at=placed_at + timedelta(hours=9),
            delivered_at=placed_at + timedelta(days=2),
            promised_on=(placed_at + timedelta(days=3)).date(),
        )
        return self._order(number, pieces, placed_at, course, tracking=f"003404{number}")

    def _order(
        self, number: str, pieces: _Pieces, placed_at: datetime, course: Course, *, tracking: str | None = None
    ) -> dict[str, Any]:
        lines = [
            Line(product=self.products[name], minor=cents, returned=back, reason="size" if back else None)
            for name, cents, back in pieces
        ]
        return order(
            site=self.site,
            order_no=number,
            info=_INFO,
            address=_ADDRESS,
            lines=lines,
            placed_at=placed_at,
            course=course,
            payment=_CARD,
            parcel=Parcel(carrier="DHL", tracking=(tracking,)) if tracking else Parcel(),
        )


def _at(now: datetime, ago: int, clock: str) -> str:
    return iso(_then(now, ago, clock))


def _then(now: datetime, ago: int, clock: str) -> datetime:
    return datetime.combine(now.astimezone(UTC).date() - timedelta(days=ago), time.fromisoformat(clock), UTC)
