"""The generated shop is varied, plausible and never out of date; the demo customer is what the pictures show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sfcc_client.emulator.samples import samples
from sfcc_client.emulator.seed import seeded
from sfcc_client.emulator.state import State

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
AXES = {
    "status": {"created", "new", "completed", "cancelled", "failed"},
    "confirmationStatus": {"confirmed", "not_confirmed"},
    "exportStatus": {"exported", "not_exported", "ready", "failed"},
    "paymentStatus": {"paid", "part_paid", "not_paid"},
    "shippingStatus": {"shipped", "part_shipped", "not_shipped"},
}
CURRENCIES = {"RefArchDE": "EUR", "RefArchUK": "GBP", "RefArchJP": "JPY"}


@pytest.fixture(scope="module")
def state() -> State:
    return seeded(7, NOW)


@pytest.fixture(scope="module")
def orders(state: State) -> list[Any]:
    return list(state.orders)


def test_it_has_the_size_it_promises(state: State) -> None:
    assert len(state.orders) == 1500
    assert 195 <= len(state.customers) <= 210
    assert sum(1 for product in state.products if not product.get("master")) >= 140
    assert {site.site_id: site.currency for site in state.sites.values()} == CURRENCIES


@pytest.mark.parametrize("site_id", CURRENCIES)
def test_every_status_occurs_on_every_site(orders: list[Any], site_id: str) -> None:
    for axis, values in AXES.items():
        assert {order[axis] for order in orders if order["siteId"] == site_id} == values


def test_statuses_make_sense_together(orders: list[Any]) -> None:
    for order in orders:
        if order["status"] in ("created", "failed", "cancelled"):
            assert order["shippingStatus"] == "not_shipped"
            assert order["paymentStatus"] == "not_paid"
        if order.get("c_deliveredDate"):
            assert (order["status"], order["shippingStatus"]) == ("completed", "shipped")
        if order["shippingStatus"] != "not_shipped":
            assert order["exportStatus"] == "exported"
            assert any(shipment.get("trackingNumber") for shipment in order["shipments"])
        if order["shippingStatus"] == "part_shipped":
            gone = {shipment["shipmentId"]: shipment["shippingStatus"] == "shipped" for shipment in order["shipments"]}
            assert set(gone.values()) == {True, False}
            for item in order["productItems"]:
                assert (item["externalLineItemStatus"] == "shipped") == gone[item["shipmentId"]]


def test_sums_are_exact_in_every_currency(orders: list[Any]) -> None:
    for order in orders:
        places = 0 if order["currency"] == "JPY" else 2
        assert order["currency"] == CURRENCIES[order["siteId"]]
        lines = sum(item["basePrice"] * item["quantity"] for item in order["productItems"])
        assert round(lines + order["shippingTotal"], 2) == order["orderTotal"] == round(order["orderTotal"], places)
        paid = sum(part["paymentTransaction"]["amount"] for part in order["paymentInstruments"])
        assert paid == order["orderTotal"]


@pytest.mark.parametrize("seed", [7, 1, 99])
@pytest.mark.parametrize(
    "now", [NOW, datetime(2028, 2, 29, 0, 3, tzinfo=UTC), datetime(2027, 1, 1, 23, 59, tzinfo=UTC)]
)
def test_nothing_happens_in_the_future_or_before_its_cause(seed: int, now: datetime) -> None:
    state = seeded(seed, now)
    for order in state.orders:
        events = [
            order.get(name) for name in ("creationDate", "c_paidAt", "c_exportedAt", "c_shippedAt", "c_deliveredDate")
        ]
        times = [datetime.fromisoformat(event) for event in events if event]
        assert times == sorted(times), order["orderNo"]
        assert times[-1] <= now + timedelta(days=0), order["orderNo"]
        assert order["creationDate"] <= order["lastModified"]
    for row in state.activities:
        assert datetime.fromisoformat(row["at"]) <= now
    assert samples(state)["registered"]["customer_no"] == "00004711"


def test_chance_does_not_depend_on_the_process() -> None:
    """Python orders sets anew in every process; nothing of that may reach the data."""
    code = (
        "import hashlib, json; from datetime import UTC, datetime;"
        "from sfcc_client.emulator.seed.generation import generated;"
        "data = generated(7, datetime(2026, 11, 22, 10, 15, tzinfo=UTC));"
        "print(hashlib.sha256(json.dumps(data).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True, check=True
        ).stdout
        for salt in ("1", "2")
    }
    assert len(digests) == 1


def test_every_address_of_mail_is_reserved_for_examples(state: State, orders: list[Any]) -> None:
    mails = {row["email"] for row in state.customers} | {order["customerInfo"]["email"] for order in orders}
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", mail) for mail in mails)


def test_people_are_told_apart(state: State) -> None:
    logins = Counter((row["customerListId"], row["credentials"]["login"].casefold()) for row in state.customers)
    assert max(logins.values()) == 1
    mails = Counter((row["customerListId"], row["email"].casefold()) for row in state.customers)
    assert sorted(mails.values())[-2:] == [1, 2], "exactly one address is shared"
    assert len({row["customerId"] for row in state.customers}) == len(state.customers)


def test_there_is_somebody_for_every_case(state: State, orders: list[Any]) -> None:
    customers = list(state.customers)
    assert {row.get("c_loyaltyTier") for row in customers} == {None, "Bronze", "Silver", "Gold", "Platinum"}
    assert 5 <= sum(bool(row.get("c_trackingOptOut")) for row in customers) <= 40
    assert any(row.get("c_employee") for row in customers)
    assert any(row.get("c_addressChangedAt") for row in customers)
    assert any(row["credentials"]["enabled"] is False for row in customers)
    bought = {order["customerInfo"].get("customerId") for order in orders}
    assert any(row["customerId"] not in bought for row in customers), "somebody has never ordered"
    assert 100 <= sum(order["customerInfo"]["guest"] for order in orders) <= 500
    assert {basket["c_paymentFailures"] for basket in state.baskets} >= {0, 1, 2}
    assert any(coupon["valid"] is False for basket in state.baskets for coupon in basket["couponItems"])
    assert any(order.get("notes") for order in orders)
    refused = {row["customerId"] for row in customers if row.get("c_trackingOptOut")}
    assert not refused & {row["customerId"] for row in state.activities}


def test_returns_are_about_as_common_as_in_a_real_shop(orders: list[Any]) -> None:
    items = [item for order in orders if order.get("c_deliveredDate") for item in order["productItems"]]
    rate = sum(item["c_returnedQuantity"] for item in items) / sum(item["quantity"] for item in items)
    assert 0.12 <= rate <= 0.22


def test_names_come_in_three_languages(state: State) -> None:
    names = {locale for product in state.products for locale in product["name"]}
    assert names == {"default", "de-DE", "ja-JP"}
    assert {order["customerLocale"] for order in state.orders} == {"de-DE", "en-GB", "ja-JP"}


@pytest.fixture(scope="module")
def hers(state: State) -> list[Any]:
    customer = state.customers.get(("RefArch", "00004711"))
    assert customer is not None
    rows = state.orders.find("customer", customer["customerId"])
    return sorted(rows, key=lambda order: str(order["creationDate"]), reverse=True)


class TestMara:
    """Mara Kowalski as in the design pictures."""

    def test_she_has_27_orders_with_the_latest_first(self, hers: list[Any]) -> None:
        assert len(hers) == 27
        rows = [(order["orderNo"], order["orderTotal"], len(order["productItems"])) for order in hers[:5]]
        assert rows == [
            ("00031190", 74.95, 1),
            ("00031204", 318.4, 3),
            ("00030877", 96.0, 2),
            ("00029911", 241.75, 4),
            ("00029340", 58.9, 1),
        ]

    def test_one_order_is_four_days_late(self, hers: list[Any]) -> None:
        late = hers[1]
        assert late["creationDate"] == "2026-11-12T08:12:00.000Z"
        assert late["c_promisedDeliveryDate"] == "2026-11-18"
        assert late["c_lastScanAt"] == late["lastModified"] == "2026-11-19T17:40:00.000Z"
        assert (late["c_carrier"], late["c_lastScanPlace"]) == ("DHL", "Hub Leipzig")
        assert late["shipments"][0]["trackingNumber"] == "00340434161288"
        assert late["paymentInstruments"][0]["paymentCard"]["numberLastDigits"] == "4242"
        assert "c_deliveredDate" not in late

    def test_her_key_figures_are_those_of_the_picture(self, hers: list[Any]) -> None:
        worth = [order for order in hers if order["status"] != "cancelled"]
        assert round(sum(order["orderTotal"] for order in worth), 2) == 4318.0
        assert round(sum(order["orderTotal"] for order in worth[:10]), 2) == 1599.0
        year = [order for order in hers if order["creationDate"] >= "2025-11-22"]
        assert len(year) == 9
        assert round(sum(order["orderTotal"] for order in year if order in worth), 2) == 1204.0
        items = [item for order in year if order.get("c_deliveredDate") for item in order["productItems"]]
        assert (sum(item["c_returnedQuantity"] for item in items), sum(item["quantity"] for item in items)) == (5, 13)
        assert {item["c_returnReason"] for item in items if item["c_returnedQuantity"]} == {"size"}

    def test_her_cart_is_at_risk(self, state: State, hers: list[Any]) -> None:
        basket = state.basket_of(hers[0]["customerInfo"]["customerId"], "RefArchDE")
        assert basket is not None
        assert basket["orderTotal"] == 412.8
        assert [item["priceAfterItemDiscount"] for item in basket["productItems"]] == [329.0, 49.0, 34.8]
        assert [row["code"] for row in basket["couponItems"]] == ["WELCOME10"]
        assert basket["c_paymentFailures"] == 2
        assert basket["lastModified"] == "2026-11-22T09:49:00.000Z"
        tent = state.products.get(basket["productItems"][0]["productId"])
        assert tent is not None
        assert tent["stock"] == 2

    def test_her_loyalty_and_her_last_hour(self, state: State) -> None:
        her = state.customers.get(("RefArch", "00004711"))
        assert her is not None
        assert (her["c_loyaltyTier"], her["c_loyaltyPoints"], her["c_loyaltyPointsToNext"]) == ("Gold", 8240, 1760)
        assert (her["c_loyaltyExpiringPoints"], her["c_loyaltyExpiringOn"]) == (1200, "2026-12-31")
        assert her["c_loyaltySince"].startswith("2019-03")
        rows = state.activities.of("RefArchDE", her)
        assert [(row["kind"], row["text"], row["count"]) for row in rows] == [
            ("search", "footprint 2p waterproof", 1),
            ("view", "Alpine Tent 2P", 3),
            ("search", "returns label", 1),
            ("page", "Delivery times and tracking", 2),
        ]


def _parts(value: Any) -> Iterator[int]:
    """The identity of every object and list inside a document."""
    if isinstance(value, dict | list):
        yield id(value)
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _parts(inner)


def test_no_two_documents_share_a_part() -> None:
    first, second = seeded(7, NOW), seeded(7, NOW)
    documents = [
        document for state in (first, second) for document in (*state.customers, *state.orders, *state.baskets)
    ]
    parts = [part for document in documents for part in _parts(document)]
    assert len(parts) == len(set(parts))
