"""Loyalty from attributes and from the custom API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from sfcc_client import errors
from sfcc_client.models import Customer, Loyalty, Money

from .conftest import problem

GOLD = Loyalty(
    member_since=date(2019, 3, 1),
    tier="Gold",
    points=8240,
    next_tier="Platinum",
    points_to_next=1760,
    progress_pct=82,
    expiring_points=1200,
    expiring_on=date(2026, 12, 31),
    vouchers=2,
    voucher_total=Money(amount=Decimal("15.5"), currency="EUR"),
)
ATTRIBUTES = {
    "c_loyaltyTier": "Gold",
    "c_loyaltyPoints": 8240,
    "c_loyaltyNextTier": "Platinum",
    "c_loyaltyPointsToNext": "1760",
    "c_loyaltyExpiringPoints": Decimal("1200.0"),
    "c_loyaltyExpiringOn": "2026-12-31",
    "c_loyaltyVoucherCount": 2,
    "c_loyaltyVoucherTotal": "15.5",
    "c_loyaltySince": "2019-03",
}


def member(**custom: object) -> Customer:
    return Customer(customer_no="00004711", customer_id="abKq", custom=MappingProxyType(custom))


def loyalty_of(client, customer):
    return client.loyalty.of_customer(customer, site_id="RefArchDE")


def test_from_attributes_without_a_request(client, upstream) -> None:
    assert loyalty_of(client, member(**ATTRIBUTES)) == GOLD
    assert client.loyalty.configured
    assert not upstream.mocker.called


@pytest.mark.parametrize("custom", [{}, {"c_loyaltyTier": "", "c_loyaltyPoints": None}, {"c_loyaltySince": "2019-03"}])
def test_no_member(client, custom: dict) -> None:
    assert loyalty_of(client, member(**custom)) is None


def test_attributes_of_another_type_are_missing(client) -> None:
    odd = {
        "c_loyaltyTier": "Gold",
        "c_loyaltyPoints": "many",
        "c_loyaltyVoucherTotal": "1e999999999",
        "c_loyaltySince": 2019,
    }
    assert loyalty_of(client, member(**odd)) == Loyalty(tier="Gold")


@pytest.mark.parametrize(
    ("points", "missing", "progress"),
    [(0, 0, None), (0, 10, 0), (999, 1, 99), (10, 0, 100), (-5, 10, None), (1, None, None)],
)
def test_progress(client, points: int, missing: int | None, progress: int | None) -> None:
    assert loyalty_of(client, member(c_loyaltyPoints=points, c_loyaltyPointsToNext=missing)).progress_pct == progress


def test_from_the_custom_api(client_with, upstream) -> None:
    asked = upstream.custom_api("loyalty-info/customers", json={
        "tier": "Gold", "points": 8240, "nextTier": "Platinum", "pointsToNext": 1760, "expiringPoints": 1200,
        "expiringOn": "2026-12-31", "voucherCount": 2, "voucherTotal": 15.5, "memberSince": "2019-03-01", "extra": {},
    })  # fmt: skip
    assert loyalty_of(client_with(loyalty="custom_api"), member()) == GOLD
    assert asked.last_request.qs == {"siteid": ["refarchde"], "c_customer_id": ["abkq"], "c_customer_no": ["00004711"]}
    assert asked.last_request.headers["Authorization"] == "Bearer am-token"


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {}},
        {"json": None},
        {"status_code": 204},
        {"json": {"tier": None}},
        {"status_code": 404, "json": problem("not-a-member")},
        {"status_code": 404, "json": problem("not-found")},
    ],
)
def test_custom_api_knows_no_member(client_with, upstream, answer: dict) -> None:
    upstream.custom_api("loyalty-info/customers", **answer)
    assert loyalty_of(client_with(loyalty="custom_api"), member()) is None


@pytest.mark.parametrize("body", [None, problem("resource-not-found")])
def test_custom_api_that_is_not_there(client_with, upstream, body: object) -> None:
    upstream.custom_api("loyalty-info/customers", status_code=404, json=body)
    with pytest.raises(errors.NotConfigured, match="activate"):
        loyalty_of(client_with(loyalty="custom_api"), member())


def test_custom_api_names_its_own_scope(client_with, upstream) -> None:
    upstream.custom_api("loyalty-info/customers", status_code=403)
    with pytest.raises(errors.Forbidden, match="the client lacks c_points"):
        loyalty_of(client_with(loyalty="custom_api", loyalty_scope="c_points"), member())


def test_custom_api_of_another_shape(client_with, upstream) -> None:
    upstream.custom_api("loyalty-info/customers", json={"points": "8240"})
    with pytest.raises(errors.BadAnswer, match="points"):
        loyalty_of(client_with(loyalty="custom_api"), member())


def test_none(client_with) -> None:
    client = client_with(loyalty="none")
    assert not client.loyalty.configured
    with pytest.raises(errors.NotConfigured):
        loyalty_of(client, member(**ATTRIBUTES))
