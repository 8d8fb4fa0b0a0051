"""The seeded shop: about 200 customers, 1,500 orders on three sites, the same for the same seed and moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.seed import hero
from sfcc_client.emulator.seed.amounts import amount
from sfcc_client.emulator.seed.catalog import products
from sfcc_client.emulator.seed.courses import COURSES, Setting, drawn
from sfcc_client.emulator.seed.documents import order
from sfcc_client.emulator.seed.help_content import content_assets, content_folders
from sfcc_client.emulator.seed.lines import Course, Line, Parcel
from sfcc_client.emulator.seed.markets import MARKETS, Assortment, Buyer, Market
from sfcc_client.emulator.seed.pages import pages
from sfcc_client.emulator.seed.people import People, full_name
from sfcc_client.emulator.seed.visits import Visits
from sfcc_client.emulator.state import SiteRecord, guest_id_of, opaque_id

ORGANIZATION = "f_ecom_zzrf_001"
ORDERS = 1500
_SHARING = 5
_HELP_AGE = timedelta(days=120)
_CATALOG_AGE = timedelta(days=400)


# What the storefront tells a shopper of an order besides its state, and of a product besides what it is.
VISIBLE_ATTRIBUTES: list[dict[str, Any]] = [
    {"objectType": "Order", "id": name, "valueType": kind, "visible": True, "displayName": texts}
    for name, kind, texts in (
        ("promisedDeliveryDate", "date", {"default": "Delivery by", "de": "Lieferung bis", "ja": "お届け予定日"}),
        ("deliveredDate", "date", {"default": "Delivered on", "de": "Zugestellt am", "ja": "お届け日"}),
        ("carrier", "string", {"default": "Carrier", "de": "Paketdienst", "ja": "配送会社"}),
        ("trackingUrl", "string", {"default": "Follow your parcel", "de": "Paket verfolgen", "ja": "追跡"}),
    )
]
VISIBLE_ATTRIBUTES += [
    {
        "objectType": "Product",
        "id": "serviceFlag",
        "valueType": "boolean",
        "visible": True,
        "displayName": {
            "default": "We are looking into what customers told us about this product.",
            "de": "Wir gehen Hinweisen unserer Kunden zu diesem Produkt nach.",
            "ja": "この商品に関するお客様の声を確認しております。",
        },
    },
    {
        "objectType": "Product",
        "id": "serviceNotice",
        "valueType": "text",
        "visible": True,
        "localizable": True,
        "displayName": {"default": "Good to know", "de": "Gut zu wissen", "ja": "ご確認ください"},
    },
]
# tier, least points, voucher value per site currency
_TIERS = (("Bronze", 0), ("Silver", 2500), ("Gold", 5000), ("Platinum", 10000))
_VOUCHER = {"EUR": 7.5, "GBP": 5.0, "JPY": 1000}
_REASONS = ("size", "size", "colour", "damaged", "changed mind", "quality")


def generated(seed: int, now: datetime) -> dict[str, Any]:
    """A whole dataset (dataset.schema.json), every moment of it relative to `now`."""
    return _Generation(seed, now).dataset()


# when, who, and which course (None: chance decides)
_Plan = tuple[datetime, Buyer, str | None]


class _Generation:
    def __init__(self, seed: int, now: datetime) -> None:
        self.now = now
        self.random = Random(seed)  # noqa: S311 - invented people, no secrets
        self.people = People(self.random)
        launched = iso(now - _CATALOG_AGE)
        self.products = [{**product, "creationDate": launched, "lastModified": launched} for product in products()]
        self.by_id = {product["id"]: product for product in self.products}
        self.assortment = Assortment(self.random, self.products)
        self.customers: list[dict[str, Any]] = []
        self.buyers: list[Buyer] = []

    def dataset(self) -> dict[str, Any]:
        german = MARKETS[0].site
        self.customers.append(hero.customer(self.now))
        for market in MARKETS:
            self._add_customers(market)
            self._add_guests(market)
        mara = hero.Purchases(now=self.now, site=german, products=self.by_id)
        orders = mara.orders()
        orders += self._orders(ORDERS - len(orders), {row["orderNo"] for row in orders})
        refused = {row["customerId"] for row in self.customers if row.get("c_trackingOptOut")}
        registered = [buyer for buyer in self.buyers if not buyer.info["guest"]]
        tracked = [buyer for buyer in registered if buyer.info["customerId"] not in refused]
        visits = Visits(self.random, self.now, self.assortment, registered=registered, tracked=tracked)
        return {
            "organizationId": ORGANIZATION,
            "sites": [_site_document(market.site) for market in MARKETS],
            "products": self.products,
            "customers": self.customers,
            "orders": orders,
            "baskets": [mara.basket(), *visits.baskets()],
            "attributeDefinitions": VISIBLE_ATTRIBUTES,
            "coupons": [
                {"siteId": market.site.site_id, "code": code, "percentage": percent}
                for market in MARKETS
                for code, percent in (("WELCOME10", 10), ("EXPIRED5", 0))
            ],
            "shippingMethods": [method for market in MARKETS for method in _shipping_methods(market)],
            "contentFolders": [row for market in MARKETS for row in content_folders(market.site.site_id)],
            "contentAssets": [
                row for market in MARKETS for row in content_assets(market.site.site_id, iso(self.now - _HELP_AGE))
            ],
            "pages": [row for market in MARKETS for row in pages(market.site.site_id)],
            "customerGroups": [group for market in MARKETS for group in self._groups(market)],
            "activities": [*hero.activities(self.now), *visits.activities()],
        }

    def _groups(self, market: Market) -> list[dict[str, Any]]:
        own = [row for row in self.customers if row["customerListId"] == market.site.customer_list_id]
        created = iso(self.now - timedelta(days=400))
        common = {"siteId": market.site.site_id, "creationDate": created, "lastModified": created}
        vips = [row["customerNo"] for row in own if row.get("c_vip")]
        return [
            {**common, "id": "VIP", "type": "static", "description": "VIP customers", "customerNos": vips},
            {
                **common,
                "id": "Employees",
                "type": "dynamic",
                "description": "Our own people",
                "rule": {"description": "c_employee is true"},
                "customerNos": [row["customerNo"] for row in own if row.get("c_employee")],
            },
        ]

    def _add_customers(self, market: Market) -> None:
        for number in range(market.customers):
            person = self.people.person(market.country)
            login = person["email"]
            if market is MARKETS[0] and number == _SHARING:
                # One household, one address of mail; the login stays their own.
                other = self.customers[-1]
                person = {**person, "lastName": other["lastName"], "email": other["email"]}
            customer_no = f"{10_000 + len(self.customers) * 37:08d}"
            customer = self._customer(market, customer_no, person, number=number, login=login)
            self.customers.append(customer)
            info = {
                "customerId": customer["customerId"],
                "customerNo": customer_no,
                "customerName": full_name(person, market.country),
                "email": person["email"],
                "guest": False,
            }
            since = datetime.fromisoformat(customer["creationDate"])
            weight = self.random.paretovariate(1.1) if number % 9 else 0.0
            self.buyers.append(
                Buyer(market=market, info=info, address=customer["addresses"][0], since=since, weight=min(weight, 12))
            )

    def _customer(
        self, market: Market, customer_no: str, person: dict[str, str], *, number: int, login: str
    ) -> dict[str, Any]:
        random, now = self.random, self.now
        created = now - timedelta(days=random.uniform(3, 2200))
        visited = now - timedelta(hours=random.expovariate(1 / 400))
        visited = max(visited, created)
        addresses = [{**self.people.address(market.country, person), "preferred": True}]
        if number % 4 == 0:
            addresses.append(self.people.address(market.country, person, "work"))
        customer = {
            "customerListId": market.site.customer_list_id,
            "customerNo": customer_no,
            "customerId": opaque_id("ab", "customer", customer_no),
            "firstName": person["firstName"],
            "lastName": person["lastName"],
            "email": person["email"],
            "phoneHome" if number % 3 else "phoneMobile": person["phone"],
            "preferredLocale": market.site.locale,
            "gender": random.randrange(3),
            "credentials": {"login": login, "enabled": number % 41 != 17, "locked": False},
            "creationDate": iso(created),
            "lastModified": iso(visited),
            "lastLoginTime": iso(visited),
            "lastVisitTime": iso(visited),
            "addresses": addresses,
            "c_vip": number % 23 == 7,
            "c_employee": number % 53 == 11,
            **self._loyalty(market, created, number),
        }
        if number % 19 == 0:
            customer["companyName"] = f"{person['lastName']} & Co."
        if number % 13 == 6:
            customer["c_trackingOptOut"] = (created + (now - created) * random.random()).date().isoformat()
        if number % 29 == 3:
            customer["c_addressChangedAt"] = iso(now - timedelta(hours=random.uniform(2, 70)))
        return customer

    def _loyalty(self, market: Market, created: datetime, number: int) -> dict[str, Any]:
        if number % 3 == 2:
            return {}
        points = min(int(self.random.paretovariate(0.7) * 400), 24_000) // 10 * 10
        tier = max(index for index, (_, least) in enumerate(_TIERS) if points >= least)
        following = _TIERS[tier + 1] if tier + 1 < len(_TIERS) else None
        vouchers = self.random.choice((0, 0, 0, 1, 1, 2, 3))
        attributes: dict[str, Any] = {
            "c_loyaltyTier": _TIERS[tier][0],
            "c_loyaltyPoints": points,
            "c_loyaltySince": (created + timedelta(days=self.random.uniform(0, 2))).date().isoformat(),
            "c_loyaltyVoucherCount": vouchers,
            "c_loyaltyVoucherTotal": vouchers * _VOUCHER[market.site.currency],
        }
        if following is not None:
            attributes |= {"c_loyaltyNextTier": following[0], "c_loyaltyPointsToNext": following[1] - points}
        if number % 4 == 0 and points >= 200:
            attributes["c_loyaltyExpiringPoints"] = points // 50 * 10
            attributes["c_loyaltyExpiringOn"] = (
                (self.now + timedelta(days=self.random.randrange(5, 90))).date().isoformat()
            )
        return attributes

    def _add_guests(self, market: Market) -> None:
        for number in range(market.guests):
            person = self.people.person(market.country)
            customer_id = guest_id_of(f"guest-{market.site.site_id}-{number}")
            name = full_name(person, market.country)
            info = {"customerId": customer_id, "customerName": name, "email": person["email"], "guest": True}
            address = self.people.address(market.country, person)
            since = self.now - timedelta(days=self.random.uniform(1, 700))
            self.buyers.append(Buyer(market=market, info=info, address=address, since=since, weight=0.8))

    def _orders(self, count: int, taken: set[str]) -> list[dict[str, Any]]:
        """On every site at least one order of every course; the others go to whoever buys most."""
        plans = [self._plan(market, name) for market in MARKETS for name in COURSES]
        weights = [buyer.weight for buyer in self.buyers]
        others = self.random.choices(self.buyers, weights, k=count - len(plans))
        plans += [(self._placed(buyer), buyer, None) for buyer in others]
        orders, number = [], 5_600
        for placed_at, buyer, name in sorted(plans, key=lambda plan: plan[0]):
            number += self.random.randrange(12, 22)
            while f"{number:08d}" in taken:
                number += 1
            orders.append(self._order(buyer, f"{number:08d}", placed_at, name))
        return orders

    def _plan(self, market: Market, name: str) -> _Plan:
        _, least, most, _ = COURSES[name]
        age = timedelta(days=self.random.uniform(least + 0.02, min(most, 40)))
        fitting = [row for row in self.buyers if row.market is market and row.weight and row.since < self.now - age]
        return (self.now - age).replace(microsecond=0), self.random.choice(fitting), name

    def _placed(self, buyer: Buyer) -> datetime:
        """More orders lately: a third within three weeks, the rest back to the day the account was opened."""
        span = (self.now - buyer.since) / timedelta(days=1)
        recent = self.random.random() < 0.3
        ago = self.random.uniform(0.01, min(span, 21)) if recent else self.random.uniform(0.05, min(span, 1150))
        return (self.now - timedelta(days=ago)).replace(microsecond=0)

    def _order(self, buyer: Buyer, number: str, placed_at: datetime, name: str | None) -> dict[str, Any]:
        random, market = self.random, buyer.market
        setting = Setting(placed_at=placed_at, now=self.now, country=market.country.code, random=random)
        name = name or drawn(setting)
        course = COURSES[name][0](setting)
        lines = self._lines(course, pieces=random.choice((1, 1, 2, 2, 3, 4)), split=name == "part_shipped")
        goods = sum(line.unit(market.site.currency) * line.quantity for line in lines)
        carrier = random.choice(market.carriers)
        shipments = 2 if name == "part_shipped" else 1
        parcel = Parcel(
            method=random.choice(("standard", "standard", "express")),
            carrier=carrier,
            tracking=(f"{carrier[:2].upper()}{random.randrange(10**11):011d}",) if course.shipped_at else (),
            shipments=shipments,
        )
        return order(
            site=market.site,
            order_no=number,
            info=buyer.info,
            address=buyer.address,
            lines=lines,
            placed_at=placed_at,
            course=course,
            payment=self._payment(market, name, buyer),
            parcel=parcel,
            shipping=0 if goods >= market.free_from else market.shipping,
            note=self._note(course) if random.random() < 0.06 else None,
        )

    def _lines(self, course: Course, *, pieces: int, split: bool) -> list[Line]:
        random = self.random
        chosen = self.assortment.drawn(pieces + split)
        if split and len(chosen) < 2:
            other = next(product for product in self.assortment.buyable if product["id"] not in chosen)
            chosen[other["id"]] = other
        lines = []
        for product in chosen.values():
            quantity = random.choice((1, 1, 1, 1, 2))
            back = random.randrange(1, quantity + 1) if course.delivered_at and random.random() < 0.18 else 0
            lines.append(
                Line(
                    product=product,
                    quantity=quantity,
                    returned=back,
                    reason=random.choice(_REASONS) if back else None,
                )
            )
        return lines

    def _payment(self, market: Market, course: str, buyer: Buyer) -> dict[str, Any]:
        random = self.random
        if course == "open_invoice":
            return {"paymentMethodId": "INVOICE"}
        if course in ("awaiting_transfer", "part_paid"):
            return {"paymentMethodId": "BANK_TRANSFER"}
        if random.random() < 0.4:
            return {"paymentMethodId": random.choice(market.other_payments)}
        digits = f"{random.randrange(10_000):04d}"
        card = {
            "cardType": random.choice(market.cards),
            "holder": buyer.info["customerName"],
            "maskedNumber": f"************{digits}",
            "numberLastDigits": digits,
            "expirationMonth": random.randrange(1, 13),
            "expirationYear": self.now.year + random.randrange(1, 5),
            "creditCardExpired": False,
        }
        return {"paymentMethodId": "CREDIT_CARD", "paymentCard": card}

    def _note(self, course: Course) -> dict[str, Any]:
        subject, body = self.random.choice(
            (
                ("Address", "Asked to leave the parcel with the neighbour."),
                ("Gift", "Please leave the invoice out of the parcel."),
                ("Call", "Customer called about the delivery date."),
            )
        )
        return {
            "id": f"{self.random.getrandbits(48):012x}",
            "createdBy": "service.desk@example.com",
            "creationDate": iso(course.last_event or self.now),
            "subject": subject,
            "text": body,
        }


def _shipping_methods(market: Market) -> list[dict[str, Any]]:
    site = market.site
    price, free_from = (amount(value, site.currency) for value in (market.shipping, market.free_from))
    standard = {"default": "Standard", "ja": "通常配送"}
    return [
        {"siteId": site.site_id, "id": "standard", "name": standard, "price": price, "freeFrom": free_from},
        {"siteId": site.site_id, "id": "express", "name": {"default": "Express", "ja": "お急ぎ便"}, "price": price * 2},
    ]


def _site_document(site: SiteRecord) -> dict[str, Any]:
    return {
        "id": site.site_id,
        "customerListId": site.customer_list_id,
        "label": site.label,
        "locale": site.locale,
        "currency": site.currency,
    }
