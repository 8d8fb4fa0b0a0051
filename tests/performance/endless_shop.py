"""A shop without end: every customer number has a realistic shopper, made on the spot and shared with nobody.

It speaks the seam the context room calls, so that what is measured is the cache and not the network. Every text is a
new object: memory that shoppers shared would flatter the cache.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType, SimpleNamespace
from typing import Any

from sfcc_client import Site
from sfcc_client.models import (
    Activity,
    ActivityItem,
    Basket,
    BasketLine,
    Coupon,
    Customer,
    Loyalty,
    Money,
    Order,
    OrderLine,
    OrderPage,
    Payment,
    Shipment,
)

SITE = Site(site_id="RefArchDE", customer_list_id="RefArch", label="RefArch DE", locale="de-DE", currency="EUR")
_LONGEST_HISTORY = 4


class EndlessShop:
    """The seam `sidecar.context.Commerce`, answered from the customer number alone."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.sites = {SITE.site_id: SITE}
        self.customers = SimpleNamespace(by_number=_customer, by_email=_nobody)
        self.orders = SimpleNamespace(of_customer=self._orders)
        self.baskets = SimpleNamespace(of_customer=self._basket)
        self.loyalty = SimpleNamespace(of_customer=_loyalty, configured=True)
        self.activity = SimpleNamespace(of_customer=self._activity, configured=True)

    def _orders(self, customer: Customer, **_: Any) -> OrderPage:
        seed = int(customer.customer_no)
        orders = tuple(self._order(customer, place) for place in range(1 + seed % _LONGEST_HISTORY))
        return OrderPage(orders=orders, total=len(orders), source="shopper_token")

    def _order(self, customer: Customer, place: int) -> Order:
        seed = int(customer.customer_no) + place
        placed = self._now - timedelta(days=9 + 31 * place)
        lines = tuple(
            OrderLine(
                item_id=f"{customer.customer_no}-{place}-{line}",
                product_id=f"P{seed + line:08}",
                name=f"Trail shell jacket no. {seed + line}",
                quantity=Decimal(1 + line % 2),
                price=_euros(seed % 190 + line),
                variant=f"Colour {seed % 23} · Size {line}",
            )
            for line in range(1 + seed % 4)
        )
        return Order(
            order_no=f"{seed:08}{place:02}",
            site_id=SITE.site_id,
            status="completed" if place else "new",
            confirmation_status="confirmed",
            export_status="exported",
            payment_status="paid",
            shipping_status="shipped",
            customer_no=customer.customer_no,
            customer_name=customer.name,
            email=customer.email,
            placed_at=placed,
            total=_euros(sum(int(line.price.amount) for line in lines if line.price)),
            currency="EUR",
            lines=lines,
            shipments=(
                Shipment(
                    shipment_id="me",
                    tracking_number=f"0034{seed:016}",
                    carrier="DHL",
                    tracking_url=f"https://www.dhl.com/track?id=0034{seed:016}",
                    status="shipped",
                    promised_at=(placed + timedelta(days=4)).date(),
                ),
            ),
            payments=(Payment(label=f"Visa •• {seed % 10_000:04}", status="paid", amount=lines[0].price),),
            promised_at=(placed + timedelta(days=4)).date(),
            delivered_at=placed + timedelta(days=3) if place else None,
            last_modified=placed + timedelta(days=3),
        )

    def _basket(self, customer: Customer, **_: Any) -> Basket | None:
        seed = int(customer.customer_no)
        if seed % 3 == 0:
            return None
        lines = tuple(
            BasketLine(
                item_id=f"{customer.customer_no}-{line}",
                product_id=f"T{seed + line:08}",
                name=f"Alpine tent no. {seed + line}",
                price=_euros(seed % 300 + line),
                variant=f"Sand {seed % 17}",
                stock="ok",
            )
            for line in range(1 + seed % 5)
        )
        return Basket(
            basket_id=f"b{seed:030}",
            total=_euros(seed % 900 + 1),
            currency="EUR",
            lines=lines,
            coupons=(Coupon(code=f"WELCOME{seed % 100}", valid=True, effect="−10 %"),),
            changed_at=self._now - timedelta(minutes=seed % 90),
            payment_failures=seed % 3,
        )

    def _activity(self, customer: Customer, **_: Any) -> Activity:
        seed = int(customer.customer_no)
        items = tuple(
            ActivityItem(
                at=self._now - timedelta(minutes=3 * place + 1),
                kind="view" if place % 2 else "search",
                text=f"Alpine tent no. {seed + place}" if place % 2 else f"footprint {seed} waterproof",
                results=seed % 40,
                product_id=f"T{seed + place:08}",
            )
            for place in range(seed % 9)
        )
        return Activity(items=items, window=timedelta(hours=24))


def _customer(customer_no: str, **_: Any) -> Customer:
    return Customer(
        customer_no=customer_no,
        customer_id=f"ab{customer_no:0>24}",
        customer_list_id=SITE.customer_list_id,
        login=f"shopper.{customer_no}@example.com",
        email=f"shopper.{customer_no}@example.com",
        first_name=f"First{customer_no}",
        last_name=f"Last{customer_no}",
        phone=f"+49 170 {customer_no}",
        locale="de_DE",
        created_at=datetime(2019, 3, 4, 9, tzinfo=UTC) + timedelta(minutes=int(customer_no)),
        enabled=True,
        custom=MappingProxyType({"c_vip": int(customer_no) % 20 == 0, "c_segment": f"segment {customer_no}"}),
    )


def _nobody(_email: str, **_: Any) -> tuple[Customer, ...]:
    return ()


def _loyalty(customer: Customer, **_: Any) -> Loyalty:
    seed = int(customer.customer_no)
    return Loyalty(
        member_since=date(2019, 3, 4) + timedelta(days=seed % 2000),
        tier=f"Gold {seed % 4}",
        points=8240 + seed,
        next_tier=f"Platinum {seed % 4}",
        points_to_next=1760,
        progress_pct=82,
        expiring_points=1200,
        expiring_on=date(2026, 12, 31),
        vouchers=2,
        voucher_total=_euros(15),
    )


def _euros(amount: int) -> Money:
    return Money(amount=Decimal(f"{amount}.40"), currency="EUR")
