"""Every public method reads from the local tenant what the tenant's state holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from sfcc_client import CommerceClient, errors
from sfcc_client.emulator import CommerceEmulator
from sfcc_client.models import Customer


@pytest.fixture
def registered(client: CommerceClient, shop: CommerceEmulator) -> tuple[Customer, str]:
    sample = shop.samples()["registered"]
    return client.customers.by_number(sample["customer_no"], site_id=sample["site_id"]), sample["site_id"]


def paths(shop: CommerceEmulator) -> list[str]:
    return [request.path for request in shop.requests]


def test_every_capability_works(shop: CommerceEmulator, clock) -> None:
    with CommerceClient(shop.settings(loyalty="custom_api"), clock=clock) as client:
        assert [check for check in client.ping() if check.state != "ok"] == []


def test_customer_by_number_is_the_stored_one(registered, shop: CommerceEmulator) -> None:
    customer, _ = registered
    sample = shop.samples()["registered"]
    assert (customer.email, customer.customer_id, customer.login) == (
        sample["email"], sample["customer_id"], sample["login"],
    )  # fmt: skip


def test_customer_by_email_whatever_its_case(client: CommerceClient, shop: CommerceEmulator) -> None:
    sample = shop.samples()["registered"]
    found = client.customers.by_email(sample["email"].upper(), site_id=sample["site_id"])
    assert [customer.customer_no for customer in found] == [sample["customer_no"]]


def test_one_address_of_several_customers(client: CommerceClient, shop: CommerceEmulator) -> None:
    sample = shop.samples()["ambiguous"]
    found = client.customers.by_email(sample["email"], site_id=sample["site_id"])
    assert len({customer.customer_no for customer in found}) == len(found) >= 2
    assert {customer.email for customer in found} == {sample["email"]}


def test_unknown_address(client: CommerceClient, shop: CommerceEmulator) -> None:
    for site_id in client.sites:
        assert client.customers.by_email(shop.samples()["unknown"]["email"], site_id=site_id) == ()


def test_unknown_numbers(client: CommerceClient) -> None:
    site_id = next(iter(client.sites))
    with pytest.raises(errors.NotFound) as caught:
        client.customers.by_number("99999999", site_id=site_id)
    assert caught.value.request_id
    with pytest.raises(errors.NotFound, match="order 99999999"):
        client.orders.by_number("99999999", site_id=site_id)


def test_both_strategies_tell_the_same_orders(
    client: CommerceClient, registered, shop: CommerceEmulator, clock
) -> None:
    customer, site_id = registered
    by_token = client.orders.of_customer(customer, site_id=site_id, limit=200)
    shop.faults.add(method="POST", path="/shopper/auth", status=403, body='{"error": "forbidden"}')
    with CommerceClient(shop.settings(), clock=clock) as other:
        by_search = other.orders.of_customer(customer, site_id=site_id, limit=200)
    assert (by_token.source, by_search.source) == ("shopper_token", "ocapi_search")
    assert by_token.total == by_search.total == len(by_token.orders) > 0
    seen = [(order.order_no, order.total, order.placed_at, order.status) for order in by_token.orders]
    assert seen == [(order.order_no, order.total, order.placed_at, order.status) for order in by_search.orders]


def test_pages_put_together_are_the_whole(client: CommerceClient, registered) -> None:
    customer, site_id = registered
    whole = client.orders.of_customer(customer, site_id=site_id, limit=200)
    parts = [
        order
        for offset in range(0, whole.total, 4)
        for order in client.orders.of_customer(customer, site_id=site_id, limit=4, offset=offset).orders
    ]
    assert [order.order_no for order in parts] == [order.order_no for order in whole.orders]


def test_order_by_number_agrees_with_the_list(client: CommerceClient, registered) -> None:
    customer, site_id = registered
    listed = client.orders.of_customer(customer, site_id=site_id).orders[0]
    read = client.orders.by_number(listed.order_no, site_id=site_id)
    assert (read.order_no, read.total, read.customer_no) == (listed.order_no, listed.total, customer.customer_no)
    assert [line.product_id for line in read.lines] == [line.product_id for line in listed.lines]
    assert read.guest is False


def test_orders_of_a_guest(client: CommerceClient, shop: CommerceEmulator) -> None:
    sample = shop.samples()["guest"]
    page = client.orders.of_guest(sample["email"].upper(), site_id=sample["site_id"], limit=50)
    assert sample["order_no"] in [order.order_no for order in page.orders]
    assert all(order.guest and order.email == sample["email"] for order in page.orders)
    assert page.source == "ocapi_search"


def test_every_stored_order_can_be_read(client: CommerceClient, shop: CommerceEmulator) -> None:
    """All statuses and currencies; amounts exactly as stored."""
    stored = {(order["status"], order["currency"]): order for order in shop.state.orders}
    assert len(stored) >= 9
    for order in stored.values():
        read = client.orders.by_number(order["orderNo"], site_id=order["siteId"])
        assert (read.status, read.currency) == (order["status"], order["currency"])
        assert read.total.amount == Decimal(str(order["orderTotal"]))
        assert len(read.lines) == len(order["productItems"])


def test_baskets_are_those_of_the_shopper(client: CommerceClient, registered, shop: CommerceEmulator) -> None:
    customer, site_id = registered
    basket = client.baskets.of_customer(customer, site_id=site_id)
    stored = shop.state.basket_of(customer.customer_id, site_id)
    assert basket.basket_id == stored["basketId"]
    assert [line.product_id for line in basket.lines] == [item["productId"] for item in stored["productItems"]]
    assert all(line.stock for line in basket.lines)


def test_products_by_the_ids_of_orders(client: CommerceClient, registered) -> None:
    customer, site_id = registered
    orders = client.orders.of_customer(customer, site_id=site_id, limit=200).orders
    ids = {line.product_id for order in orders for line in order.lines}
    products = client.products.by_ids(ids, site_id=site_id)
    assert set(products) <= ids
    assert products
    assert all(product.name and product.stock for product in products.values())


def test_loyalty_is_the_same_from_both_sources(
    client: CommerceClient, registered, shop: CommerceEmulator, clock
) -> None:
    customer, site_id = registered
    from_attributes = client.loyalty.of_customer(customer, site_id=site_id)
    with CommerceClient(shop.settings(loyalty="custom_api"), clock=clock) as other:
        assert other.loyalty.of_customer(customer, site_id=site_id) == from_attributes
    assert from_attributes is not None


def test_no_member(shop: CommerceEmulator, clock) -> None:
    outsider = next(row for row in shop.state.customers if not row.get("c_loyaltyTier"))
    site_id = next(s.site_id for s in shop.state.sites.values() if s.customer_list_id == outsider["customerListId"])
    for provider in ("attributes", "custom_api"):
        with CommerceClient(shop.settings(loyalty=provider), clock=clock) as client:
            customer = client.customers.by_number(outsider["customerNo"], site_id=site_id)
            assert client.loyalty.of_customer(customer, site_id=site_id) is None


def test_activity_of_somebody_active(client: CommerceClient, shop: CommerceEmulator) -> None:
    row = next(iter(shop.state.activities))
    customer = client.customers.by_number(
        shop.state.customer_of_id(row["customerId"])["customerNo"], site_id=row["siteId"]
    )
    activity = client.activity.of_customer(customer, site_id=row["siteId"])
    moments = [item.at for item in activity.items]
    assert moments == sorted(moments, reverse=True)
    assert activity.items
    assert activity.window is not None


def test_a_refusal_is_respected_and_not_even_asked_about(client: CommerceClient, shop: CommerceEmulator) -> None:
    sample = shop.samples()["opted_out"]
    customer = client.customers.by_number(sample["customer_no"], site_id=sample["site_id"])
    shop.requests.clear()
    activity = client.activity.of_customer(customer, site_id=sample["site_id"])
    assert activity.opted_out_at is not None
    assert activity.items == ()
    assert paths(shop) == []


def test_a_refusal_only_the_custom_api_knows(client: CommerceClient, shop: CommerceEmulator) -> None:
    sample = shop.samples()["opted_out"]
    stranger = Customer(customer_no=sample["customer_no"], customer_id=sample["customer_id"])
    assert client.activity.of_customer(stranger, site_id=sample["site_id"]).opted_out_at is not None


def test_recorded_shown_and_erased(client: CommerceClient, shop: CommerceEmulator) -> None:
    site = next(iter(shop.state.sites.values()))
    idle = next(
        row
        for row in shop.state.customers
        if row["customerListId"] == site.customer_list_id
        and not row.get("c_trackingOptOut")
        and not shop.state.activities.of(site.site_id, row)
    )
    site_id = site.site_id
    customer = client.customers.by_number(idle["customerNo"], site_id=site_id)
    for _ in range(2):
        entry = client.activity.record(customer, site_id=site_id, kind="search", text="tent of mara@example.com")
    assert (entry.text, entry.count) == ("tent of [e-mail]", 2)
    assert client.activity.of_customer(customer, site_id=site_id).items[0] == entry
    client.activity.erase(Customer(customer_no=customer.customer_no), site_id=site_id)
    client.activity.erase(customer, site_id=site_id)
    activity = client.activity.of_customer(customer, site_id=site_id)
    assert (activity.items, activity.opted_out_at) == ((), None)


def test_nothing_is_recorded_of_who_refused(client: CommerceClient, shop: CommerceEmulator) -> None:
    sample = shop.samples()["opted_out"]
    stranger = Customer(customer_no=sample["customer_no"], customer_id=sample["customer_id"])
    with pytest.raises(errors.TrackingRefused):
        client.activity.record(stranger, site_id=sample["site_id"], kind="page", text="Returns")


def test_einstein(registered, shop: CommerceEmulator, clock) -> None:
    customer, site_id = registered
    with CommerceClient(shop.settings(activity="einstein", einstein_recommender=""), clock=clock) as client:
        activity = client.activity.of_customer(customer, site_id=site_id)
    assert {item.kind for item in activity.items} <= {"view"}
    assert all(item.at is None and item.product_id for item in activity.items)


def test_sixteen_threads_share_one_sign_in(registered, shop: CommerceEmulator, clock) -> None:
    customer, site_id = registered
    with CommerceClient(shop.settings(), clock=clock) as client, ThreadPoolExecutor(16) as pool:
        # A sign-in of an earlier test may be less than three seconds old; the client waits that out by itself.
        shop.requests.clear()
        pages = list(pool.map(lambda _: client.orders.of_customer(customer, site_id=site_id), range(16)))
    assert len({page.total for page in pages}) == 1
    signed_in = [request for request in shop.requests if request.path.endswith("/trusted-system/token")]
    assert [request.status for request in signed_in] in ([200], [409, 200])


def test_an_outage_is_transient_and_quotable(client: CommerceClient, shop: CommerceEmulator) -> None:
    shop.faults.add(
        method="GET", path="/checkout/orders", status=503, headers={"sfdc_load": "95", "sfdc_load_status": "THROTTLE"}
    )
    with pytest.raises(errors.Unavailable) as caught:
        client.orders.by_number("1", site_id=next(iter(client.sites)))
    assert caught.value.transient
    assert (client.load.percent, client.load.status) == (95, "THROTTLE")


def test_a_dropped_connection_is_tried_again(client: CommerceClient, registered, shop: CommerceEmulator) -> None:
    customer, site_id = registered
    shop.faults.add(method="GET", path="/customer/customers", drop=True, times=2)
    assert client.customers.by_number(customer.customer_no, site_id=site_id) == customer


def test_no_personal_data_in_any_path(client: CommerceClient, registered, shop: CommerceEmulator) -> None:
    customer, site_id = registered
    client.customers.by_email(customer.email, site_id=site_id)
    client.baskets.of_customer(customer, site_id=site_id)
    assert not any("@" in path or "%40" in path or customer.last_name.lower() in path.lower() for path in paths(shop))
