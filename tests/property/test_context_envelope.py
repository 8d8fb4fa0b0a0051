"""Whatever upstream says, every order has a headline and the envelope is sound JSON within its limit."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from sidecar.context import CaseFile, CaseRef, ContextRequest, ContextService, Identity, Viewer, status
from sidecar.context.moment import Moment
from sidecar.context.policy import Thresholds

TEXT = st.one_of(
    st.none(),
    st.text(max_size=150),
    st.sampled_from(["<img src=x onerror=alert(1)>", "\u202egnp", "👩‍🚒" * 60, "x" * 5000, "\x00", "\ud800", "مرحبا"]),
)
ENUM = st.one_of(
    TEXT, st.sampled_from(["new", "completed", "cancelled", "paid", "not_paid", "shipped", "exported", "confirmed"])
)
WHEN = st.none() | st.integers(86_400, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NOW = st.integers(631_152_000, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
DAY = st.none() | st.dates(min_value=date(1, 1, 2))
WHOLE = st.none() | st.integers(min_value=-(2**63), max_value=2**63)
MONEY = st.none() | st.builds(
    Money,
    amount=st.decimals(allow_nan=True, allow_infinity=True)
    | st.sampled_from([Decimal(0), Decimal("-5"), Decimal("1E+25")]),
    currency=st.sampled_from(["EUR", "JPY", "BHD", "", "€", "eur"]),
)
QUANTITY = st.decimals(allow_nan=True, allow_infinity=True) | st.just(Decimal(1))
LINE = st.builds(
    OrderLine, product_id=TEXT, name=TEXT, variant=TEXT, quantity=QUANTITY, price=MONEY, returned=st.integers(-5, 10**6)
)
ORDER = st.builds(
    Order,
    order_no=st.text(min_size=1, max_size=40),
    status=ENUM,
    confirmation_status=ENUM,
    export_status=ENUM,
    payment_status=ENUM,
    shipping_status=ENUM,
    external_status=ENUM,
    customer_no=st.just("1"),
    placed_at=WHEN,
    delivered_at=WHEN,
    last_modified=WHEN,
    promised_at=DAY,
    total=MONEY,
    currency=TEXT,
    cancel_description=TEXT,
    lines=st.lists(LINE, max_size=3).map(tuple),
    shipments=st.lists(
        st.builds(
            Shipment, tracking_number=TEXT, carrier=TEXT, tracking_url=TEXT, status=ENUM, method=TEXT, promised_at=DAY
        ),
        max_size=2,
    ).map(tuple),
    payments=st.lists(st.builds(Payment, label=st.text(max_size=80), status=ENUM, amount=MONEY), max_size=2).map(tuple),
    custom=st.dictionaries(
        st.sampled_from(["c_paidAt", "c_lastScanAt", "c_lastScanPlace", "c_refundedAmount"]), TEXT | WHOLE, max_size=4
    ),
)
CUSTOMER = st.builds(
    Customer,
    customer_no=st.just("1"),
    email=TEXT,
    first_name=TEXT,
    last_name=TEXT,
    phone=TEXT,
    locale=TEXT,
    created_at=WHEN,
    enabled=st.none() | st.booleans(),
    company=TEXT,
    custom=st.dictionaries(
        st.sampled_from(["c_vip", "c_employee", "c_addressChangedAt"]), TEXT | WHOLE | st.booleans(), max_size=3
    ),
)
BASKET = st.none() | st.builds(
    Basket,
    basket_id=st.text(max_size=10),
    total=MONEY,
    lines=st.lists(
        st.builds(
            BasketLine,
            product_id=TEXT,
            name=TEXT,
            variant=TEXT,
            quantity=QUANTITY,
            price=MONEY,
            stock=st.sampled_from([None, "ok", "low", "out"]),
        ),
        max_size=3,
    ).map(tuple),
    coupons=st.lists(
        st.builds(Coupon, code=st.text(max_size=200), valid=st.none() | st.booleans(), effect=TEXT), max_size=2
    ).map(tuple),
    changed_at=WHEN,
    payment_failures=st.integers(-1, 10**9),
)
LOYALTY = st.none() | st.builds(
    Loyalty,
    member_since=DAY,
    tier=TEXT,
    points=WHOLE,
    next_tier=TEXT,
    points_to_next=WHOLE,
    progress_pct=WHOLE,
    expiring_points=WHOLE,
    expiring_on=DAY,
    vouchers=WHOLE,
    voucher_total=MONEY,
)
ACTIVITY = st.builds(
    Activity,
    items=st.lists(
        st.builds(
            ActivityItem,
            at=WHEN,
            kind=st.sampled_from(["search", "view", "page"]),
            text=st.text(max_size=300),
            results=WHOLE,
            count=st.integers(-1, 100),
        ),
        max_size=5,
    ).map(tuple),
)
VIEWERS = st.sampled_from(["agent", "lead", "fraud", "auditor"]).map(
    lambda role: Viewer(user="u", roles=(role,), tz="Pacific/Kiritimati")
)


@settings(deadline=None)
@given(ORDER, NOW)
def test_every_order_has_a_headline(order: Order, now: datetime) -> None:
    moment = Moment(now=now, thresholds=Thresholds(), zone=UTC)
    badges = [status.headline(order, moment), *status.badges(order, moment)]
    for badge in badges:
        assert badge.label.strip()
        assert badge.tone in {"critical", "warning", "info", "positive", "neutral"}
    assert len({badge.label for badge in badges}) == len(badges)
    assert status.step(order) in {None, 1, 2, 3, 4}
    assert status.days_late(order, moment) >= 0


def _no_number(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


class _Silent:
    def record(self, record: Any) -> None: ...


class _Cases:
    def of_case(self, case: Any, **how: Any) -> CaseFile:
        return CaseFile(text="returns label <img> مرحبا", earlier_contacts=2)


def _shop(customer: Customer, orders: list[Order], basket: Any, loyalty: Any, activity: Any) -> Any:
    page = OrderPage(orders=tuple(orders), total=len(orders), source="shopper_token")
    return SimpleNamespace(
        customers=SimpleNamespace(by_number=lambda *a, **k: customer, by_email=lambda *a, **k: (customer,)),
        orders=SimpleNamespace(of_customer=lambda *a, **k: page, of_guest=None, by_number=None),
        baskets=SimpleNamespace(of_customer=lambda *a, **k: basket),
        loyalty=SimpleNamespace(configured=True, of_customer=lambda *a, **k: loyalty),
        activity=SimpleNamespace(configured=True, of_customer=lambda *a, **k: activity),
        sites={"S": Site(site_id="S", customer_list_id="L", label="S")},
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CUSTOMER, st.lists(ORDER, max_size=4), BASKET, LOYALTY, ACTIVITY, VIEWERS)
def test_no_upstream_data_breaks_the_envelope(
    customer: Customer, orders: list[Order], basket: Any, loyalty: Any, activity: Any, viewer: Viewer
) -> None:
    service = ContextService(_shop(customer, orders, basket, loyalty, activity), audit=_Silent(), cases=_Cases())
    try:
        answer = service.read(
            ContextRequest(
                identity=Identity(customer_no="1", order_no=orders[0].order_no if orders else None),
                viewer=viewer,
                case=CaseRef(table="t", sys_id="0"),
            )
        )
    finally:
        service.close()
    sections = json.loads(answer.body.decode(), parse_constant=_no_number)["sections"]
    assert len(answer.body) <= 60 * 1024
    assert "INTERNAL" not in {(one.get("error") or {}).get("code") for one in sections.values()}
    assert {one["status"] for one in sections.values()} <= {"ok", "empty", "forbidden"}
