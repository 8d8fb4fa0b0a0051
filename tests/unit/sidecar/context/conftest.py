"""A small shop in memory that speaks the SDK's seam, counts every call, and can be held or broken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Event, Lock
from types import SimpleNamespace
from typing import Any

import pytest

from sfcc_client import Site
from sfcc_client.errors import NotFound
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
from sidecar.context import (
    AccessRecord,
    CaseFile,
    CaseRef,
    ContextAnswer,
    ContextPolicy,
    ContextRequest,
    ContextService,
    Identity,
    Viewer,
)
from sidecar.observe import Metrics

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
DE = Site(site_id="RefArchDE", customer_list_id="RefArch", label="RefArch DE", locale="de-DE", currency="EUR")
UK = Site(site_id="RefArchUK", customer_list_id="RefArchUK", label="RefArch UK", locale="en-GB", currency="GBP")
AGENT = Viewer(user="u1", roles=("agent",), locale="en-IE", tz="Europe/Berlin")
CASE = CaseRef(table="sn_customerservice_case", sys_id="0" * 32)


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


class FakeClock:
    """Time that moves only when told to."""

    def __init__(self) -> None:
        self.at = NOW
        self.elapsed = 5000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.elapsed += seconds


MARA = Customer(
    customer_no="00004711",
    customer_id="abMara",
    customer_list_id="RefArch",
    login="mara.k@example.com",
    email="mara.k@example.com",
    first_name="Mara",
    last_name="Kowalski",
    phone="+49 170 1234542",
    locale="de_DE",
    created_at=datetime(2019, 3, 4, 9, tzinfo=UTC),
    enabled=True,
    custom={"c_vip": True},
)

LATE = Order(
    order_no="00031204",
    site_id="RefArchDE",
    status="new",
    confirmation_status="confirmed",
    export_status="exported",
    payment_status="paid",
    shipping_status="shipped",
    customer_no="00004711",
    customer_name="Mara Kowalski",
    email="mara.k@example.com",
    placed_at=datetime(2026, 11, 12, 8, 12, tzinfo=UTC),
    total=euros("318.40"),
    currency="EUR",
    lines=(
        OrderLine(item_id="1", product_id="P1", name="Trail Shell Jacket", price=euros("189.00"), variant="Pine · M"),
        OrderLine(item_id="2", product_id="P2", name="Merino Base Layer", price=euros("79.50"), variant="Black · M"),
        OrderLine(item_id="3", product_id="P3", name="Gaiters", price=euros("49.90"), variant="One size"),
    ),
    shipments=(
        Shipment(
            shipment_id="me",
            tracking_number="0034 0434 1612 88",
            carrier="DHL",
            tracking_url="https://www.dhl.com/track?id=003404341612",
            status="shipped",
        ),
    ),
    payments=(Payment(label="Visa •• 4242", status="paid", amount=euros("318.40")),),
    promised_at=date(2026, 11, 18),
)


def order(number: str, **changes: Any) -> Order:
    """A delivered, paid order of Mara's, a few months old, unless told otherwise."""
    plain = Order(
        order_no=number,
        site_id="RefArchDE",
        status="completed",
        confirmation_status="confirmed",
        export_status="exported",
        payment_status="paid",
        shipping_status="shipped",
        customer_no="00004711",
        customer_name="Mara Kowalski",
        email="mara.k@example.com",
        placed_at=datetime(2026, 8, 21, 11, 5, tzinfo=UTC),
        delivered_at=datetime(2026, 8, 23, 11, 5, tzinfo=UTC),
        total=euros("100.00"),
        currency="EUR",
        lines=(OrderLine(item_id="1", product_id="P9", name="Bottle", price=euros("100.00")),),
    )
    return replace(plain, **changes)


BASKET = Basket(
    basket_id="b1",
    total=euros("412.80"),
    currency="EUR",
    lines=(
        BasketLine(product_id="T1", name="Alpine Tent 2P", price=euros("329.00"), variant="Sand", stock="low"),
        BasketLine(product_id="T2", name="Tent Footprint", price=euros("49.00"), variant="2P", stock="ok"),
        BasketLine(product_id="T3", name="Stakes, set of 8", price=euros("34.80"), stock="ok"),
    ),
    coupons=(Coupon(code="WELCOME10", valid=True, effect="−10 %"),),
    changed_at=NOW - timedelta(minutes=26),
    payment_failures=2,
)
LOYALTY = Loyalty(
    member_since=date(2019, 3, 4),
    tier="Gold",
    points=8240,
    next_tier="Platinum",
    points_to_next=1760,
    progress_pct=82,
    expiring_points=1200,
    expiring_on=date(2026, 12, 31),
    vouchers=2,
    voucher_total=euros("15"),
)
ACTIVITY = Activity(
    items=(
        ActivityItem(at=NOW - timedelta(minutes=34), kind="search", text="footprint 2p waterproof", results=12),
        ActivityItem(at=NOW - timedelta(minutes=37), kind="view", text="Alpine Tent 2P", count=3, product_id="T1"),
        ActivityItem(at=NOW - timedelta(minutes=53), kind="search", text="returns label", results=0),
    ),
    window=timedelta(hours=24),
)


@dataclass
class Shop:
    """The data of the shop and what happened to it. `broken` maps an operation to the error it raises; an operation in
    `held` waits for its event."""

    customers: dict[tuple[str, str], Customer] = field(default_factory=dict)
    orders: dict[str, list[Order]] = field(default_factory=dict)
    baskets: dict[str, Basket] = field(default_factory=dict)
    loyalty: dict[str, Loyalty] = field(default_factory=dict)
    activity: dict[str, Activity] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=lambda: {DE.site_id: DE, UK.site_id: UK})
    calls: Counter[str] = field(default_factory=Counter)
    broken: dict[str, Exception] = field(default_factory=dict)
    held: dict[str, Event] = field(default_factory=dict)
    entered: dict[str, Event] = field(default_factory=dict)
    configured: dict[str, bool] = field(default_factory=lambda: {"loyalty": True, "activity": True})
    deadlines: list[float | None] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def called(self, operation: str, how: Mapping[str, Any]) -> None:
        with self._lock:
            self.calls[operation] += 1
            self.deadlines.append(how.get("deadline"))
        if (entered := self.entered.get(operation)) is not None:
            entered.set()
        if (gate := self.held.get(operation)) is not None:
            assert gate.wait(20), f"{operation} was never let go"
        if (error := self.broken.get(operation)) is not None:
            raise error

    def hold(self, operation: str) -> Event:
        """Make `operation` wait until the returned event is set."""
        self.held[operation] = Event()
        self.entered[operation] = Event()
        return self.held[operation]

    def commerce(self) -> Any:
        """The seam the context room calls."""
        return SimpleNamespace(
            customers=SimpleNamespace(by_number=self._by_number, by_email=self._by_email),
            orders=SimpleNamespace(of_customer=self._of_customer, of_guest=self._of_guest, by_number=self._order),
            baskets=SimpleNamespace(of_customer=self._about("basket", lambda: self.baskets)),
            loyalty=_Provider(self, "loyalty", self._about("loyalty", lambda: self.loyalty)),
            activity=_Provider(self, "activity", self._about("activity", lambda: self.activity, Activity())),
            sites=self.sites,
        )

    def _list(self, site_id: str) -> str:
        return self.sites[site_id].customer_list_id

    def _by_number(self, customer_no: str, *, site_id: str, **how: Any) -> Customer:
        self.called("customer", how)
        found = self.customers.get((self._list(site_id), customer_no))
        if found is None:
            raise NotFound("no such customer")
        return found

    def _by_email(self, email: str, *, site_id: str, **how: Any) -> tuple[Customer, ...]:
        self.called("by_email", how)
        wanted = email.casefold()
        return tuple(
            customer
            for (list_id, _), customer in self.customers.items()
            if list_id == self._list(site_id) and (customer.email or "").casefold() == wanted
        )

    def _page(self, orders: Iterable[Order], limit: int, offset: int) -> OrderPage:
        found = list(orders)
        return OrderPage(orders=tuple(found[offset : offset + limit]), total=len(found), source="shopper_token")

    def _of_customer(self, customer: Customer, *, site_id: str, limit: int, offset: int, **how: Any) -> OrderPage:
        self.called("orders", how)
        theirs = (one for one in self.orders.get(site_id, ()) if one.customer_no == customer.customer_no)
        return self._page(theirs, limit, offset)

    def _of_guest(self, email: str, *, site_id: str, limit: int, offset: int, **how: Any) -> OrderPage:
        self.called("guest_orders", how)
        wanted = email.casefold()
        theirs = (one for one in self.orders.get(site_id, ()) if one.guest and (one.email or "").casefold() == wanted)
        return self._page(theirs, limit, offset)

    def _order(self, order_no: str, *, site_id: str, **how: Any) -> Order:
        self.called("order", how)
        found = next((one for one in self.orders.get(site_id, ()) if one.order_no == order_no), None)
        if found is None:
            raise NotFound("no such order")
        return found

    def _about(self, operation: str, data: Callable[[], dict[str, Any]], missing: Any = None) -> Callable[..., Any]:
        def of_customer(customer: Customer, *, site_id: str, **how: Any) -> Any:
            self.called(operation, how)
            return data().get(customer.customer_no, missing)

        return of_customer


class _Provider:
    def __init__(self, shop: Shop, name: str, of_customer: Callable[..., Any]) -> None:
        self._shop, self._name, self.of_customer = shop, name, of_customer

    @property
    def configured(self) -> bool:
        return self._shop.configured[self._name]


@dataclass
class Log:
    """The access log: keeps records, or refuses them."""

    records: list[AccessRecord] = field(default_factory=list)
    failure: Exception | None = None

    def record(self, record: AccessRecord) -> None:
        if self.failure is not None:
            raise self.failure
        self.records.append(record)


@dataclass
class Cases:
    """What ServiceNow knows of the open case."""

    file: CaseFile = field(default_factory=CaseFile)

    def of_case(self, case: CaseRef, *, order_no: str | None, **how: Any) -> CaseFile:
        return self.file


@dataclass
class Desk:
    """A context service over the shop, with everything a test wants to turn."""

    shop: Shop
    clock: FakeClock
    log: Log
    cases: Cases
    metrics: Metrics
    service: ContextService

    def answer(self, *, viewer: Viewer | None = AGENT, **asked: Any) -> ContextAnswer:
        """One read; keyword arguments that name an identity field go there, the rest to the request."""
        keys = {name: asked.pop(name) for name in ("customer_no", "email", "order_no", "site_id") if name in asked}
        return self.service.read(ContextRequest(identity=Identity(**keys), viewer=viewer, ref="c360-test", **asked))

    def envelope(self, **asked: Any) -> dict[str, Any]:
        return json.loads(self.answer(**asked).body)

    def section(self, name: str, **asked: Any) -> dict[str, Any]:
        """One section wrapper of Mara's, unless another identity is given."""
        keys = {"customer_no", "email", "order_no"} & asked.keys()
        who = {} if keys else {"customer_no": MARA.customer_no, "site_id": "RefArchDE"}
        return self.envelope(**who, **asked)["sections"][name]


def stocked() -> Shop:
    """Mara with the orders, cart, loyalty and activity of the design's pictures."""
    older = [order(f"000299{number:02}") for number in range(9, 0, -1)]
    return Shop(
        customers={("RefArch", MARA.customer_no): MARA},
        orders={"RefArchDE": [LATE, *older]},
        baskets={MARA.customer_no: BASKET},
        loyalty={MARA.customer_no: LOYALTY},
        activity={MARA.customer_no: ACTIVITY},
    )


@pytest.fixture
def shop() -> Shop:
    return stocked()


@pytest.fixture
def policy() -> ContextPolicy:
    return ContextPolicy()


@pytest.fixture
def desk(shop: Shop, policy: ContextPolicy) -> Iterator[Desk]:
    """Closed at the end; whatever is still held is let go first."""
    clock, log, cases, metrics = FakeClock(), Log(), Cases(), Metrics()
    service = ContextService(
        shop.commerce(), audit=log, policy=policy, cases=cases, metrics=metrics, clock=clock, key=b"test key"
    )
    yield Desk(shop=shop, clock=clock, log=log, cases=cases, metrics=metrics, service=service)
    for gate in shop.held.values():
        gate.set()
    service.close()
