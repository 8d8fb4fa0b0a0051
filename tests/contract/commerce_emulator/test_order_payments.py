"""A shopper changes how an order and a basket are paid for."""

from __future__ import annotations

from typing import Any

import pytest

ADA, QUERY = "ada@example.com", {"siteId": "North"}
ORDERS, BASKETS = "/checkout/shopper-orders/v1", "/checkout/shopper-baskets/v2"
CARD = {"paymentMethodId": "CREDIT_CARD", "paymentCard": {"cardType": "Visa", "maskedNumber": "************1111"}}


@pytest.fixture
def shop(small: Any) -> Any:
    """Ada's order N-1 is worth 12.50 and not paid for at all."""
    small.shop.state.orders.change("N-1", paymentInstruments=None)
    return small


def ask(world: Any, method: str, path: str, body: Any = None, login: str = ADA, api: str = ORDERS) -> Any:
    token = world.shopper(login, "North")
    return world.scapi(api, path, method=method, token=token, params=QUERY, json=body)


def add(world: Any, body: Any) -> Any:
    return ask(world, "POST", "/orders/N-1/payment-instruments", body).json()["paymentInstruments"][-1]


def amounts(world: Any) -> list[float]:
    order = world.shop.state.orders.get("N-1")
    return [row["paymentTransaction"]["amount"] for row in order["paymentInstruments"]]


def test_each_instrument_pays_for_what_is_open(shop: Any, clock: Any) -> None:
    clock.advance(60)
    first = add(shop, {**CARD, "amount": 5})
    assert first["paymentCard"] == {**CARD["paymentCard"], "numberLastDigits": "1111"}
    add(shop, CARD)
    add(shop, CARD)
    assert amounts(shop) == [5, 7.5, 0.0]
    assert shop.shop.state.orders.get("N-1")["lastModified"] == "2026-11-22T10:16:00.000Z"


def test_an_instrument_can_be_changed_and_removed(shop: Any) -> None:
    place = f"/orders/N-1/payment-instruments/{add(shop, CARD)['paymentInstrumentId']}"
    changed = ask(shop, "PATCH", place, {"amount": 4, "paymentCard": {"holder": "Ada Moss"}}).json()
    (card,) = (row["paymentCard"] for row in changed["paymentInstruments"])
    assert (card["holder"], card["cardType"], amounts(shop)) == ("Ada Moss", "Visa", [4])
    assert ask(shop, "PATCH", place, {"paymentCard": {"holder": "A. Moss"}}).status_code == 200
    assert amounts(shop) == [4]
    assert ask(shop, "DELETE", place).json()["paymentInstruments"] == []
    assert [ask(shop, method, place, {}).status_code for method in ("PATCH", "DELETE")] == [404, 404]


@pytest.mark.parametrize("body", [{}, {"paymentMethodId": "BARTER"}, {**CARD, "unknown": 1}, {**CARD, "amount": "5"}])
def test_what_cannot_pay_is_refused(shop: Any, body: Any) -> None:
    assert ask(shop, "POST", "/orders/N-1/payment-instruments", body).status_code == 400


def test_another_shoppers_order_is_unknown(shop: Any) -> None:
    for method, path in (
        ("GET", "payment-methods"),
        ("POST", "payment-instruments"),
        ("DELETE", "payment-instruments/x"),
    ):
        answer = ask(shop, method, f"/orders/N-1/{path}", CARD if method == "POST" else None, "reed@example.com")
        assert answer.status_code == 404


def test_the_payment_of_a_basket_can_be_changed(shop: Any) -> None:
    made = ask(shop, "POST", "/baskets/b1/payment-instruments", CARD, api=BASKETS).json()
    place = f"/baskets/b1/payment-instruments/{made['paymentInstruments'][0]['paymentInstrumentId']}"
    (changed,) = ask(shop, "PATCH", place, {"amount": 4}, api=BASKETS).json()["paymentInstruments"]
    assert (changed["amount"], changed["paymentMethodId"]) == (4, "CREDIT_CARD")
    assert ask(shop, "PATCH", place, {"paymentMethodId": "BARTER"}, api=BASKETS).status_code == 400
    assert ask(shop, "PATCH", f"{place}x", {"amount": 4}, api=BASKETS).status_code == 404
