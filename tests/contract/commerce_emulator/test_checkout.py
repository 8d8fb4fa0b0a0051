"""A shopper's way from the first item to an order, and what order management does for shoppers afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BASKETS, ORDERS = "/checkout/shopper-baskets/v2", "/checkout/shopper-orders/v1"
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"
HOME = {"firstName": "Ida", "lastName": "Reed", "address1": "1 Low Rd", "postalCode": "YO1 7AA", "countryCode": "GB"}


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    product = {"name": {"default": "Bowl"}, "prices": {"GBP": 20.0}, "stock": 9}
    dataset["products"] += [{**product, "id": "bowl"}, {**product, "id": "family", "master": True}]
    order = dataset["orders"][0]
    order["billingAddress"] = {"fullName": "Ada Moss", "postalCode": "YO1 7AA", "phone": "+44 1904 00"}
    order["productItems"] = [
        {
            **{"itemId": "i1", "productId": "mug", "quantity": 2, "shipmentId": "me", "taxRate": 0.2},
            "omsData": {"quantityAvailableToCancel": 2, "quantityAvailableToReturn": 1, "quantityReturnInitiated": 0},
        }
    ]
    order["omsData"] = {"status": "Shipped", "shipments": []}
    dataset["shippingMethods"] = [
        {"siteId": "North", "id": "standard", "price": 4.0, "freeFrom": 50},
        {"siteId": "North", "id": "express", "price": 9.0},
    ]
    dataset["coupons"] = [
        {"siteId": "North", "code": "TENTH", "percentage": 10},
        {"siteId": "North", "code": "OLD", "percentage": 0},
    ]
    return dataset


Call = Callable[..., Any]


@pytest.fixture
def reed(small: Any) -> Call:
    """Calls as a registered shopper without a basket."""

    def call(method: str, path: str, body: Any = None, *, api: str = BASKETS, login: str = "reed@example.com") -> Any:
        token = small.shopper(login, "North")
        return small.scapi(api, path, method=method, token=token, params={"siteId": "North"}, json=body)

    return call


def _basket(reed: Call, *rows: dict[str, Any]) -> str:
    basket = reed("POST", "/baskets", {"productItems": list(rows)} if rows else {})
    assert basket.status_code == 200, basket.text
    return f"/baskets/{basket.json()['basketId']}"


def _ready(reed: Call, *rows: dict[str, Any]) -> str:
    basket = _basket(reed, *(rows or ({"productId": "bowl", "quantity": 2},)))
    reed("PUT", f"{basket}/billing-address", HOME)
    reed("PUT", f"{basket}/shipments/me/shipping-address", HOME)
    reed("PUT", f"{basket}/shipments/me/shipping-method", {"id": "standard"})
    assert reed("POST", f"{basket}/payment-instruments", {"paymentMethodId": "CREDIT_CARD"}).status_code == 200
    return basket


def test_a_shopper_has_one_basket(reed: Call) -> None:
    place = _basket(reed)
    refused = reed("POST", "/baskets", {})
    assert refused.json()["type"] == PROBLEM + "customer-baskets-quota-exceeded"
    assert refused.json()["basketIds"] == place.rpartition("/")[2]
    assert reed("GET", place).json()["customerInfo"]["email"] == "reed@example.com"
    assert reed("GET", place, login="ada@example.com").json()["detail"] == "The customer is invalid."
    assert reed("DELETE", place).status_code == 204
    assert reed("GET", place).status_code == 404


def test_goods_come_and_go_and_the_totals_follow(reed: Call) -> None:
    place = _basket(reed, {"productId": "bowl", "quantity": 2})
    basket = reed("POST", f"{place}/items", [{"productId": "bowl"}, {"productId": "mug", "quantity": 2}]).json()
    assert [(row["itemId"], row["quantity"]) for row in basket["productItems"]] == [("item-1", 3), ("item-2", 2)]
    assert basket["productTotal"] == 85.0
    assert "orderTotal" not in basket, "it is not known before there is a shipping method"
    basket = reed("PATCH", f"{place}/items/item-1", {"quantity": 1}).json()
    assert basket["productTotal"] == 45.0
    basket = reed("PUT", f"{place}/shipments/me/shipping-method", {"id": "standard"}).json()
    assert (basket["shippingTotal"], basket["orderTotal"], basket["taxTotal"]) == (4.0, 49.0, 8.17)
    basket = reed("PATCH", f"{place}/items", [{"itemId": "item-1", "quantity": 2}]).json()
    assert (basket["shippingTotal"], basket["orderTotal"]) == (0.0, 65.0)
    basket = reed("DELETE", f"{place}/items/item-2").json()
    assert [row["itemId"] for row in basket["productItems"]] == ["item-1"]
    assert reed("DELETE", f"{place}/items/item-2").status_code == 404


def test_a_coupon_takes_its_share_once(reed: Call) -> None:
    place = _basket(reed, {"productId": "bowl"})
    basket = reed("POST", f"{place}/coupons", {"code": "TENTH"}).json()
    assert (basket["productTotal"], basket["couponItems"][0]["statusCode"]) == (18.0, "applied")
    assert reed("POST", f"{place}/coupons", {"code": "TENTH"}).status_code == 400
    assert reed("POST", f"{place}/coupons", {"code": "NONE"}).status_code == 400
    basket = reed("POST", f"{place}/coupons", {"code": "OLD"}).json()
    assert basket["couponItems"][1] == {
        "code": "OLD",
        "couponItemId": "coupon-OLD",
        "statusCode": "no_applicable_promotion",
        "valid": False,
    }
    assert reed("DELETE", f"{place}/coupons/coupon-TENTH").json()["productTotal"] == 20.0


@pytest.mark.parametrize(
    "row",
    [
        {"productId": "none"},
        {"productId": "gone"},
        {"productId": "family"},
        {"productId": "bowl", "quantity": 10},
        {"productId": "bowl", "quantity": 0},
        {"productId": "bowl", "quantity": "2"},
        {"productId": "bowl", "shipmentId": "other"},
        {"productId": "bowl", "c_unheardOf": 1},
        {"productId": "bowl", "color": "red"},
    ],
    ids=str,
)
def test_what_cannot_be_ordered_is_not_put_in(reed: Call, row: dict[str, Any]) -> None:
    place = _basket(reed)
    assert reed("POST", f"{place}/items", [row]).json()["type"] == PROBLEM + "bad-request"
    assert reed("GET", place).json()["productItems"] == []


def test_the_first_version_shows_what_it_knows(small: Any, reed: Call) -> None:
    place = _basket(reed)
    assert "temporaryBasket" in reed("GET", place).json()
    first = reed("GET", place, api="/checkout/shopper-baskets/v1").json()
    assert first["basketId"]
    assert "temporaryBasket" not in first


def test_a_basket_becomes_an_order_that_holds_its_goods(small: Any, reed: Call) -> None:
    place = _ready(reed)
    basket_id = place.rpartition("/")[2]
    ordered = reed("POST", "/orders", {"basketId": basket_id}, api=ORDERS)
    assert ordered.status_code == 200
    order = ordered.json()
    assert (order["status"], order["orderTotal"], order["customerName"]) == ("created", 44.0, "Reed")
    assert reed("GET", place).status_code == 404
    assert reed("POST", "/orders", {"basketId": basket_id}, api=ORDERS).status_code == 404
    assert small.shop.state.products.get("bowl")["stock"] == 7
    stored = small.shop.state.orders.get(order["orderNo"])
    assert (stored["productItems"][0]["grossPrice"], stored["productItems"][0]["netPrice"]) == (40.0, 33.33)
    failed = reed(
        "POST", f"/orders/{order['orderNo']}/actions/fail", {"reasonCode": "payment_auth_failure"}, api=ORDERS
    )
    assert failed.status_code == 204
    assert small.shop.state.products.get("bowl")["stock"] == 9


def test_an_incomplete_basket_is_not_ordered(small: Any, reed: Call) -> None:
    place = _basket(reed)
    basket_id = place.rpartition("/")[2]
    for step, named in (
        (("POST", "/items", [{"productId": "bowl"}]), "empty"),
        (("PUT", "/billing-address", HOME), "billing address"),
        (("PUT", "/shipments/me/shipping-address", HOME), "shippingAddress"),
        (("PUT", "/shipments/me/shipping-method", {"id": "express"}), "shippingMethod"),
        (("POST", "/payment-instruments", {"paymentMethodId": "CREDIT_CARD"}), "payment instrument"),
    ):
        refused = reed("POST", "/orders", {"basketId": basket_id}, api=ORDERS)
        assert refused.status_code == 400
        assert named in refused.json()["detail"]
        method, path, body = step
        assert reed(method, place + path, body).status_code == 200
    small.shop.state.products.change("bowl", stock=0)
    assert "not available" in reed("POST", "/orders", {"basketId": basket_id}, api=ORDERS).json()["detail"]
    small.shop.state.products.change("bowl", stock=1)
    assert reed("POST", "/orders", {"basketId": basket_id}, api=ORDERS).status_code == 200


def _ada(reed: Call, path: str, body: Any) -> Any:
    return reed("POST", f"/orders/N-1{path}", body, api=ORDERS, login="ada@example.com")


def test_a_return_is_initiated_as_far_as_there_is_something_to_return(small: Any, reed: Call) -> None:
    path = "/actions/oms-return-order"
    for row, slug in (
        ({"itemId": "i1", "quantity": 2}, "return-quantity-exceeded"),
        ({"itemId": "i9", "quantity": 1}, "unknown-product-item-ids"),
        ({"itemId": "i1", "quantity": 1, "reason": "Mood"}, "invalid-reason-code"),
    ):
        refused = _ada(reed, path, {"productItems": [row]})
        assert (refused.status_code, refused.json()["type"]) == (400, PROBLEM + slug)
    done = _ada(reed, path, {"productItems": [{"itemId": "i1", "quantity": 1, "reason": "Defect"}]})
    assert done.status_code == 200
    oms = done.json()["productItems"][0]["omsData"]
    assert (oms["status"], oms["quantityReturnInitiated"], oms["quantityAvailableToReturn"]) == (
        "return_initiated",
        1,
        0,
    )
    assert _ada(reed, path, {"productItems": [{"itemId": "i1", "quantity": 1}]}).status_code == 400
    assert small.shop.state.orders.get("N-1")["lastModified"] == "2026-11-22T10:15:00.000Z"


def test_a_whole_order_is_cancelled_while_nothing_has_left(small: Any, reed: Call) -> None:
    path = "/actions/oms-cancel-order"
    assert _ada(reed, path, {"reason": "Mood"}).status_code == 400
    done = _ada(reed, path, {"reason": "Changed mind"})
    assert (done.status_code, done.json()["status"]) == (200, "cancelled")
    assert small.shop.state.products.get("mug")["stock"] == 6
    refused = _ada(reed, path, {})
    assert (refused.status_code, refused.json()["type"]) == (409, PROBLEM + "order-cancel-failed")
    assert reed("POST", f"/orders/N-1{path}", {}, api=ORDERS).status_code == 404, "another shopper's order"


def test_without_order_management_there_is_nothing_to_ask(small: Any, reed: Call) -> None:
    reasons = reed("GET", "/orders/oms-meta-data", api=ORDERS).json()
    assert [sum(row["default"] for row in rows) for rows in reasons.values()] == [1, 1]
    small.shop.state.oms_active = False
    assert reed("GET", "/orders/oms-meta-data", api=ORDERS).json()["type"] == PROBLEM + "oms-not-active"
    assert _ada(reed, "/actions/oms-cancel-order", {}).status_code == 409


def test_a_stranger_who_knows_enough_sees_the_order_without_its_person(reed: Call) -> None:
    def lookup(body: Any) -> Any:
        return reed("POST", "/orders/N-1/lookup", body, api=ORDERS)

    assert lookup({"email": "ada@example.com"}).json()["type"] == PROBLEM + "insufficient-identifying-information"
    assert lookup({"email": "ada@example.com", "postalCode": "1"}).status_code == 404
    assert lookup({"phone": "0", "postalCode": "YO1 7AA"}).status_code == 404
    for known in ({"email": "ADA@example.com"}, {"phone": "+44 (1904) 00"}):
        found = lookup({**known, "postalCode": "yo1 7aa"})
        assert found.status_code == 200
        assert found.json()["orderTotal"] == 12.5
        assert "Moss" not in found.text
        assert "ada@" not in found.text
    assert _ada(reed, "/lookup", {}).json()["customerInfo"]["email"] == "ada@example.com"
