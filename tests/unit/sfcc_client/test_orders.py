"""Orders by number, of customers through two strategies, and of guests."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sfcc_client import errors
from sfcc_client.models import Customer, Money, Payment

from .conftest import INSTANCE, problem

MARA = Customer(customer_no="00004711", customer_id="abKq", login="mara@example.com")
CANARIES = ("203.0.113.9", "4111", "Canary Holder", "2031", "canary-token", "Canary Street", "canary-order-token")

ORDER = {
    "orderNo": "00031204",
    "siteId": "RefArchDE",
    "orderToken": "canary-order-token",
    "status": "new",
    "confirmationStatus": "confirmed",
    "exportStatus": "exported",
    "paymentStatus": "paid",
    "shippingStatus": "part_shipped",
    "externalOrderStatus": "in transit",
    "customerInfo": {
        "customerId": "abKq",
        "customerNo": "00004711",
        "customerName": "Mara Kowalski",
        "email": "mara@example.com",
        "guest": False,
    },
    "billingAddress": {"address1": "Canary Street"},
    "remoteHost": "203.0.113.9",
    "creationDate": "2026-11-12T09:00:00.000Z",
    "placeDate": "2026-11-12T09:01:00.000Z",
    "lastModified": "2026-11-20T09:00:00.000Z",
    "currency": "EUR",
    "orderTotal": 318.4,
    "productItems": [
        {
            "itemId": "i1",
            "productId": "701643632930M",
            "productName": "Trail Shell Jacket",
            "quantity": 2.0,
            "basePrice": 100.0,
            "priceAfterItemDiscount": 180.0,
            "c_returnedQuantity": 1,
        },
        {"itemId": "i2", "productId": "p2", "itemText": "Sock", "quantity": 3, "basePrice": 9.99},
    ],
    "shipments": [
        {
            "shipmentId": "me",
            "shipmentNo": "1",
            "shippingStatus": "shipped",
            "trackingNumber": "003404341612",
            "shippingMethod": {"id": "001"},
            "shippingAddress": {"address1": "Canary Street"},
        }
    ],
    "paymentInstruments": [
        {
            "paymentMethodId": "CREDIT_CARD",
            "paymentCard": {
                "cardType": "Visa",
                "numberLastDigits": "4242",
                "maskedNumber": "4111********4242",
                "holder": "Canary Holder",
                "expirationYear": 2031,
                "creditCardToken": "canary-token",
            },
            "paymentTransaction": {"amount": 318.4},
        },
        {"paymentMethodId": "PayPal"},
    ],
    "c_promisedDeliveryDate": "2026-11-18",
    "c_carrier": "DHL",
    "c_trackingUrl": "https://track.example.com/003404341612",
}


def ocapi(order: dict) -> dict:
    """An order as OCAPI writes it: snake_case, custom attributes aside."""
    import re  # noqa: PLC0415

    if isinstance(order, list):
        return [ocapi(one) for one in order]
    if not isinstance(order, dict):
        return order
    return {
        name if name.startswith("c_") else re.sub(r"[A-Z]", lambda m: "_" + m[0].lower(), name): ocapi(value)
        for name, value in order.items()
    }


def search_result(*orders: dict, total: int | None = None) -> dict:
    hits = [{"relevance": 1, "data": {"_type": "order", **ocapi(order)}} for order in orders]
    return {"_v": "24.5", "count": len(hits), "total": len(hits) if total is None else total, "hits": hits}


def guest_order(**changes: object) -> dict:
    info = {"customerName": "Guest", "email": "guest@example.com", "guest": True}
    return {**ORDER, "customerInfo": info, **changes}


def read(client):
    return client.orders.by_number("00031204", site_id="RefArchDE")


def of_mara(client, **options):
    return client.orders.of_customer(MARA, site_id="RefArchDE", **options)


class TestOneOrder:
    def test_every_field(self, client, upstream) -> None:
        upstream.admin_order("00031204", json=ORDER)
        order = read(client)
        assert (order.order_no, order.site_id, order.status) == ("00031204", "RefArchDE", "new")
        assert (order.confirmation_status, order.export_status) == ("confirmed", "exported")
        assert (order.payment_status, order.shipping_status) == ("paid", "part_shipped")
        assert (order.external_status, order.cancel_description) == ("in transit", None)
        assert (order.customer_no, order.customer_name) == ("00004711", "Mara Kowalski")
        assert (order.email, order.guest) == ("mara@example.com", False)
        assert order.placed_at == datetime(2026, 11, 12, 9, 1, tzinfo=UTC)
        assert order.total == Money(amount=Decimal("318.4"), currency="EUR")
        assert order.promised_at == date(2026, 11, 18)
        assert order.delivered_at is None
        jacket, sock = order.lines
        assert (jacket.name, jacket.quantity, jacket.returned) == ("Trail Shell Jacket", 2, 1)
        assert jacket.price == Money(amount=Decimal("180.0"), currency="EUR")
        assert (sock.name, sock.price.amount, sock.returned) == ("Sock", Decimal("29.97"), 0)
        (shipment,) = order.shipments
        assert (shipment.shipment_id, shipment.tracking_number, shipment.status) == ("me", "003404341612", "shipped")
        assert (shipment.carrier, shipment.method) == ("DHL", "001")
        assert shipment.tracking_url == "https://track.example.com/003404341612"
        assert order.payments == (
            Payment(label="Visa •• 4242", status="paid", amount=Money(amount=Decimal("318.4"), currency="EUR")),
            Payment(label="PayPal", status="paid"),
        )

    def test_card_data_and_host_never_leave_the_schema(self, client, upstream) -> None:
        upstream.admin_order("00031204", json=ORDER)
        from dataclasses import astuple  # noqa: PLC0415

        order = read(client)
        everything = repr([getattr(order, name) for name in order.__slots__]) + repr(dict(order.custom))
        everything += repr([astuple(part) for part in (*order.lines, *order.shipments, *order.payments)])
        assert not [canary for canary in CANARIES if canary in everything]

    def test_repr_shows_no_personal_data(self, client, upstream) -> None:
        upstream.admin_order("00031204", json=ORDER)
        assert not any(canary in repr(read(client)) for canary in ("mara", "Mara", "Kowalski"))

    def test_more_digits_than_four_are_cut(self, client, upstream) -> None:
        card = {"cardType": "Visa", "numberLastDigits": "41111111 11111111"}
        upstream.admin_order("00031204", json={**ORDER, "paymentInstruments": [{"paymentCard": card}]})
        assert read(client).payments[0].label == "Visa •• 1111"

    def test_a_bare_order_is_enough(self, client, upstream) -> None:
        upstream.admin_order("00031204", json={"orderNo": "00031204"})
        order = read(client)
        assert (order.total, order.lines, order.shipments, order.guest) == (None, (), (), True)
        assert order.site_id == "RefArchDE"

    def test_nulls_everywhere_are_missing_values(self, client, upstream) -> None:
        nulls = {name: None for name in ORDER if name != "orderNo"}
        upstream.admin_order(
            "00031204", json={**nulls, "orderNo": "1", "shipments": [dict.fromkeys(ORDER["shipments"][0])]}
        )
        assert read(client).shipments[0].tracking_number is None

    def test_unknown_enumerations_pass(self, client, upstream) -> None:
        upstream.admin_order("00031204", json={**ORDER, "status": "teleported", "shippingStatus": "drone"})
        assert (read(client).status, read(client).shipping_status) == ("teleported", "drone")

    @pytest.mark.parametrize(
        ("amount", "currency"), [("3184", "JPY"), ("3184.0", "JPY"), ("0.105", "BHD"), ("1e3", "KRW"), ("0", "EUR")]
    )
    def test_amounts_are_exact(self, client, upstream, amount: str, currency: str) -> None:
        upstream.admin_order("00031204", text=f'{{"orderNo": "1", "orderTotal": {amount}, "currency": "{currency}"}}')
        assert read(client).total == Money(amount=Decimal(amount), currency=currency)

    def test_a_total_without_a_currency_is_no_money(self, client, upstream) -> None:
        upstream.admin_order("00031204", json={"orderNo": "1", "orderTotal": 5})
        assert read(client).total is None

    @pytest.mark.parametrize(
        "link",
        ["javascript:alert(1)", "//evil.example.net", "ftp://x/y", "https://", "https://u:p@x/", 7, "http://[::1"],
    )
    def test_links_are_web_addresses_or_nothing(self, client, upstream, link: object) -> None:
        upstream.admin_order("00031204", json={**ORDER, "c_trackingUrl": link})
        assert read(client).shipments[0].tracking_url is None

    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("2026-11-18T00:00:00.000+0100", date(2026, 11, 18)),
            ("2026-11-18T23:30:00.000Z", date(2026, 11, 18)),
            ("soon", None),
            (20261118, None),
            ("", None),
        ],
    )
    def test_custom_dates_are_read_with_tolerance(self, client, upstream, written: object, day: date | None) -> None:
        upstream.admin_order("00031204", json={**ORDER, "c_promisedDeliveryDate": written})
        assert read(client).promised_at == day

    def test_attribute_names_are_the_tenants(self, client_with, settings_with, upstream) -> None:
        from sfcc_client import AttributeNames  # noqa: PLC0415

        upstream.admin_order("00031204", json={**ORDER, "c_eta": "2026-12-01"})
        client = client_with(attribute_names=AttributeNames(order_promised="c_eta", order_carrier=""))
        assert client.orders.by_number("00031204", site_id="RefArchDE").promised_at == date(2026, 12, 1)
        assert client.orders.by_number("00031204", site_id="RefArchDE").shipments[0].carrier is None

    def test_unknown_number(self, client, upstream) -> None:
        upstream.admin_order("00031204", status_code=404, json=problem("order-not-found"))
        with pytest.raises(errors.NotFound, match="order 00031204"):
            read(client)


class TestOrdersOfACustomer:
    def test_the_shopper_token_answers_first(self, client, upstream) -> None:
        asked = upstream.shopper("orders", json={"data": [ORDER], "total": 27, "limit": 25, "offset": 0})
        page = of_mara(client)
        assert (page.source, page.total, [order.order_no for order in page.orders]) == (
            "shopper_token",
            27,
            ["00031204"],
        )
        assert asked.last_request.qs == {"siteid": ["refarchde"], "limit": ["25"], "offset": ["0"]}
        assert asked.last_request.headers["Authorization"] == "Bearer shopper-token"

    def test_more_than_fifty_come_in_pages(self, client, upstream) -> None:
        def page(request, context):
            start, count = int(request.qs["offset"][0]), int(request.qs["limit"][0])
            numbers = range(start, min(start + count, 100))
            return json.dumps({"data": [{**ORDER, "orderNo": f"{n:04}"} for n in numbers], "total": 100})

        asked = upstream.shopper("orders", text=page)
        got = of_mara(client, limit=80, offset=10)
        assert {order.order_no for order in got.orders} == {f"{n:04}" for n in range(10, 90)}
        assert [(r.qs["offset"], r.qs["limit"]) for r in asked.request_history] == [(["10"], ["50"]), (["60"], ["30"])]

    def test_newest_first(self, client, upstream) -> None:
        days = ["2026-01-01", "2026-03-01", None, "2026-02-01"]
        orders = [{"orderNo": str(n), "creationDate": day and f"{day}T00:00:00Z"} for n, day in enumerate(days)]
        upstream.shopper("orders", json={"data": orders, "total": 4})
        assert [order.order_no for order in of_mara(client).orders] == ["1", "3", "0", "2"]

    def test_order_management_adds_its_tracking(self, client_with, upstream) -> None:
        oms = {
            "shipments": [
                {
                    "trackingNumber": "003404341612",
                    "provider": "UPS",
                    "trackingUrl": "https://ups.example.com/1",
                    "status": "delivered",
                    "expectedDeliveryDate": "2026-11-17T10:00:00Z",
                    "actualDeliveryDate": "2026-11-19T10:00:00Z",
                }
            ]
        }
        order = {**ORDER, "omsData": oms, "c_promisedDeliveryDate": None}
        asked = upstream.shopper("orders", json={"data": [order], "total": 1})
        (read,) = of_mara(client_with(order_management=True)).orders
        assert asked.last_request.qs["expand"] == ["oms"]
        assert (read.shipments[0].carrier, read.shipments[0].status) == ("UPS", "delivered")
        assert read.shipments[0].tracking_url == "https://ups.example.com/1"
        assert read.promised_at == date(2026, 11, 17)
        assert read.delivered_at == datetime(2026, 11, 19, 10, tzinfo=UTC)

    @pytest.mark.parametrize(
        "refused",
        [
            {"status_code": 403, "json": problem("forbidden")},
            {"status_code": 401, "json": problem("invalid-access-token")},
            {"status_code": 400, "json": problem("invalid-customer")},
        ],
    )
    def test_a_refused_shopper_token_falls_to_the_search(self, client, upstream, refused: dict) -> None:
        upstream.shopper("orders", **refused)
        asked = upstream.order_search(json=search_result(ORDER, total=27))
        page = of_mara(client)
        assert (page.source, page.total) == ("ocapi_search", 27)
        assert asked.last_request.json() == {
            "query": {"term_query": {"fields": ["customer_no"], "operator": "is", "values": ["00004711"]}},
            "select": "(**)",
            "sorts": [{"field": "creation_date", "sort_order": "desc"}],
            "count": 25,
            "start": 0,
        }

    def test_a_sign_in_slas_refuses_falls_to_the_search(self, client, upstream) -> None:
        upstream.mocker.post(upstream.trusted_system._url, status_code=400, json={"error": "invalid_request"})
        upstream.order_search(json=search_result(ORDER))
        assert of_mara(client).source == "ocapi_search"

    def test_a_customer_without_login_falls_to_the_search(self, client, upstream) -> None:
        upstream.order_search(json=search_result(ORDER))
        page = client.orders.of_customer(Customer(customer_no="00004711"), site_id="RefArchDE")
        assert page.source == "ocapi_search"
        assert upstream.trusted_system.call_count == 0

    def test_both_strategies_read_the_same_order(self, client, upstream) -> None:
        upstream.shopper("orders", json={"data": [ORDER], "total": 1})
        by_token = of_mara(client).orders
        upstream.shopper("orders", status_code=403)
        upstream.order_search(json=search_result(ORDER))
        assert of_mara(client).orders == by_token

    def test_the_search_never_hands_out_another_customers_order(self, client, upstream) -> None:
        upstream.shopper("orders", status_code=403)
        other = {**ORDER, "orderNo": "2", "customerInfo": {"customerNo": "00009999", "email": "x@example.com"}}
        upstream.order_search(json=search_result(ORDER, other))
        page = of_mara(client)
        assert ([order.order_no for order in page.orders], page.total) == (["00031204"], 1)

    @pytest.mark.parametrize(
        ("status", "kind"), [(503, errors.Unavailable), (429, errors.RateLimited), (404, errors.NotFound)]
    )
    def test_an_outage_does_not_fall_through(self, client, upstream, status: int, kind: type) -> None:
        upstream.shopper("orders", status_code=status)
        search = upstream.order_search(json=search_result())
        with pytest.raises(kind):
            of_mara(client)
        assert not search.called

    def test_the_first_real_refusal_is_told_when_no_strategy_may_answer(self, client_with, upstream) -> None:
        upstream.shopper("orders", status_code=403, json=problem("forbidden"))
        with pytest.raises(errors.Forbidden, match=r"sfcc\.shopper-myaccount\.orders"):
            of_mara(client_with(bm_user=""))

    def test_nothing_configured_at_all(self, client_with, upstream) -> None:
        with pytest.raises(errors.NotConfigured):
            client_with(bm_user="").orders.of_customer(Customer(customer_no="1"), site_id="RefArchDE")

    def test_missing_ocapi_permission_is_named(self, client, upstream) -> None:
        fault = {"_v": "24.5", "fault": {"type": "ClientAccessForbiddenException", "message": "…"}}
        upstream.order_search(status_code=403, json=fault)
        with pytest.raises(errors.Forbidden, match="POST /order_search") as caught:
            client.orders.of_customer(Customer(customer_no="1"), site_id="RefArchDE")
        assert caught.value.upstream_code == "ClientAccessForbiddenException"

    @pytest.mark.parametrize("part", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"limit": 1, "offset": 10_000}])
    def test_slices_commerce_would_refuse(self, client, upstream, part: dict) -> None:
        with pytest.raises(ValueError, match="limit"):
            of_mara(client, **part)
        assert not upstream.mocker.called


class TestOrdersOfAGuest:
    def test_search_by_email(self, client, upstream) -> None:
        asked = upstream.order_search(json=search_result(guest_order()))
        page = client.orders.of_guest(" Guest@Example.com", site_id="RefArchDE", limit=5, offset=10)
        assert [order.order_no for order in page.orders] == ["00031204"]
        body = asked.last_request.json()
        assert body["query"]["term_query"] == {
            "fields": ["customer_email"], "operator": "is", "values": ["Guest@Example.com"],
        }  # fmt: skip
        assert (body["count"], body["start"]) == (5, 10)
        assert "guest@" not in asked.last_request.url.lower()

    def test_only_guests_with_exactly_this_address(self, client, upstream) -> None:
        registered = {**ORDER, "customerInfo": {**ORDER["customerInfo"], "email": "guest@example.com"}}
        near = guest_order(customerInfo={"email": "xguest@example.com", "guest": True})
        upstream.order_search(json=search_result(guest_order(orderNo="1"), registered, near))
        page = client.orders.of_guest("guest@example.com", site_id="RefArchDE")
        assert ([order.order_no for order in page.orders], page.total) == (["1"], 1)

    def test_an_order_that_does_not_say_is_a_guests_without_a_number(self, client, upstream) -> None:
        silent = guest_order(customerInfo={"email": "guest@example.com"})
        upstream.order_search(json=search_result(silent))
        assert client.orders.of_guest("guest@example.com", site_id="RefArchDE").orders[0].guest

    @pytest.mark.parametrize("email", ["", "  ", "x" * 300])
    def test_nothing_to_search_for(self, client, upstream, email: str) -> None:
        assert client.orders.of_guest(email, site_id="RefArchDE").total == 0
        assert not upstream.mocker.called

    def test_an_index_that_is_off_is_an_outage(self, client, upstream) -> None:
        upstream.order_search(status_code=500, json={"fault": {"type": "InternalServerErrorException"}})
        with pytest.raises(errors.Unavailable, match="InternalServerErrorException"):
            client.orders.of_guest("guest@example.com", site_id="RefArchDE")

    def test_the_site_is_part_of_the_path(self, client, upstream) -> None:
        asked = upstream.mocker.post(f"{INSTANCE}/s/RefArchJP/dw/shop/v24_5/order_search", json=search_result())
        client.orders.of_guest("guest@example.com", site_id="RefArchJP")
        assert asked.called
