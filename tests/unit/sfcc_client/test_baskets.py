"""The open basket, its coupons, and stock from the products."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sfcc_client import errors
from sfcc_client.models import Coupon, Customer, Money

from .conftest import problem

MARA = Customer(customer_no="00004711", customer_id="abKq", login="mara@example.com")

BASKET = {
    "basketId": "bc1",
    "currency": "EUR",
    "orderTotal": 219.9,
    "lastModified": "2026-11-23T08:00:00Z",
    "productItems": [
        {"itemId": "1", "productId": "jacket", "productName": "Jacket", "quantity": 1, "price": 199.9},
        {"itemId": "2", "productId": "sock", "quantity": 2, "price": 20,
         "priceAdjustments": [{"couponCode": "SOCKS", "price": -2.5}]},
        {"itemId": "3", "productId": "gone", "productName": "Gone", "quantity": 1, "price": 0},
    ],
    "couponItems": [
        {"code": "WELCOME10", "valid": True, "statusCode": "applied"},
        {"code": "SOCKS", "valid": True},
        {"code": "OLD", "valid": False, "statusCode": "coupon_disabled"},
    ],
    "orderPriceAdjustments": [{"couponCode": "WELCOME10", "itemText": "10 % off", "price": -20}],
    "customerInfo": {"email": "canary@example.com"},
    "paymentInstruments": [{"paymentCard": {"maskedNumber": "4111-canary"}}],
    "c_paymentFailures": 2,
}  # fmt: skip

PRODUCTS = {
    "data": [
        {
            "id": "jacket",
            "name": "Trail Jacket",
            "inventory": {"ats": 3, "orderable": True},
            "variationValues": {"color": "PN", "size": "M"},
            "variationAttributes": [{"id": "color", "values": [{"value": "PN", "name": "Pine"}]}],
        },
        {"id": "sock", "name": "Sock", "inventory": {"ats": 0, "orderable": False}},
    ]
}


def basket_of(client, customer=MARA, **options):
    return client.baskets.of_customer(customer, site_id="RefArchDE", **options)


def test_every_field(client, upstream) -> None:
    asked = upstream.shopper("baskets", json={"total": 1, "baskets": [BASKET]})
    upstream.products(json=PRODUCTS)
    basket = basket_of(client)
    assert asked.last_request.qs == {"siteid": ["refarchde"]}
    assert (basket.basket_id, basket.currency, basket.payment_failures) == ("bc1", "EUR", 2)
    assert basket.total == Money(amount=Decimal("219.9"), currency="EUR")
    assert basket.changed_at.isoformat() == "2026-11-23T08:00:00+00:00"
    assert [(line.name, line.quantity, line.variant, line.stock) for line in basket.lines] == [
        ("Jacket", 1, "Pine · M", "low"),
        ("Sock", 2, None, "out"),
        ("Gone", 1, None, None),
    ]
    assert basket.coupons == (
        Coupon(code="WELCOME10", valid=True, effect="10 % off"),
        Coupon(code="SOCKS", valid=True, effect="-2.5 EUR"),
        Coupon(code="OLD", valid=False, effect=None),
    )
    assert "canary" not in repr(basket)


def test_stock_is_read_with_the_shoppers_token(client, upstream) -> None:
    upstream.shopper("baskets", json={"baskets": [BASKET]})
    asked = upstream.products(json=PRODUCTS)
    basket_of(client)
    assert asked.last_request.headers["Authorization"] == "Bearer shopper-token"
    assert upstream.guest.call_count == 0


@pytest.mark.parametrize("refusal", [{"status_code": 403}, {"status_code": 503}, {"text": "<html>"}])
def test_without_products_the_basket_still_comes(client, upstream, refusal: dict) -> None:
    upstream.shopper("baskets", json={"baskets": [BASKET]})
    upstream.products(**refusal)
    assert [line.stock for line in basket_of(client).lines] == [None, None, None]


def test_slow_products_get_a_share_of_the_time_only(client, upstream, clock) -> None:
    upstream.shopper("baskets", json={"baskets": [BASKET]})
    asked = upstream.products(json=PRODUCTS)
    basket_of(client, deadline=1.0)
    assert asked.last_request.timeout[1] == pytest.approx(0.6)


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"total": 0}},
        {"json": {"total": 0, "baskets": []}},
        {"json": {"baskets": [{**BASKET, "temporaryBasket": True}]}},
        {"status_code": 404, "json": problem("not-found")},
    ],
)
def test_no_basket(client, upstream, answer: dict) -> None:
    upstream.shopper("baskets", **answer)
    assert basket_of(client) is None


def test_a_customer_without_login_has_no_basket(client, upstream) -> None:
    assert basket_of(client, Customer(customer_no="1")) is None
    assert not upstream.mocker.called


def test_uncalculated_basket(client, upstream) -> None:
    upstream.shopper(
        "baskets", json={"baskets": [{"basketId": "b", "currency": "JPY", "orderTotal": None, "productTotal": 1200}]}
    )
    assert basket_of(client).total == Money(amount=Decimal(1200), currency="JPY")
    upstream.shopper("baskets", json={"baskets": [{"basketId": "b", "currency": "JPY"}]})
    assert basket_of(client).total is None


def test_missing_permission_is_named(client, upstream) -> None:
    upstream.shopper("baskets", status_code=403, json=problem("forbidden"))
    with pytest.raises(
        errors.Forbidden, match=r"the client lacks sfcc\.shopper-myaccount\.baskets: add it to the SLAS"
    ):
        basket_of(client)


@pytest.mark.parametrize(
    "body", [{"baskets": {}}, {"baskets": [{"orderTotal": 1}]}, {"baskets": [BASKET | {"couponItems": [{}]}]}, []]
)
def test_answers_of_another_shape(client, upstream, body: object) -> None:
    upstream.shopper("baskets", json=body)
    with pytest.raises(errors.BadAnswer):
        basket_of(client)
