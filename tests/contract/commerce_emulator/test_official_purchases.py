"""Orders as the official descriptions tell of them: from the first item on, and their own examples."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator.orders import admin_order
from tests.commerce_descriptions.calls import ADMIN_ORDERS, SITE, SO
from tests.commerce_descriptions.judge import BASKETS, BASKETS_V1, ORDERS, SHOPPER_ORDERS, check, confirm, description

pytestmark = pytest.mark.shared

ADDRESS = {"firstName": "Mara", "lastName": "Kowalski", "address1": "Am Ring 1", "countryCode": "DE"}


class Purchase:
    """A guest who fills a basket, one request after another; every answer is held against the version asked."""

    def __init__(self, world: Any, version: int) -> None:
        self.world, self.token, self.version = world, _fresh_guest(world), version
        self.name = BASKETS if version == 2 else BASKETS_V1
        self.api = f"/checkout/shopper-baskets/v{version}"
        self.basket: dict[str, Any] = {}

    def step(self, method: str, path: str, status: int, body: Any = None, described: str = "") -> dict[str, Any]:
        place = path.format(id=self.basket.get("basketId"), payment="".join(self._payments()))
        answer = self.world.scapi(self.api, place, method=method, token=self.token, params=SITE, json=body)
        assert answer.status_code == status, answer.text
        described = described or path.replace("{id}", "{basketId}").replace("{payment}", "{paymentInstrumentId}")
        confirm(self.name, described, method.lower(), answer)
        document: dict[str, Any] = answer.json() if answer.content else {}
        if "basketId" in document:
            self.basket = document
        return document

    def _payments(self) -> list[str]:
        return [row["paymentInstrumentId"] for row in self.basket.get("paymentInstruments", ())]


def _fresh_guest(world: Any) -> str:
    settings = world.shop.settings()
    auth = (settings.slas_client_id, settings.slas_client_secret)
    data = {"grant_type": "client_credentials", "channel_id": "RefArchDE"}
    return str(world.slas("/oauth2/token", auth=auth, data=data).json()["access_token"])


@pytest.mark.parametrize("version", [1, 2])
def test_every_step_to_an_order_is_answered_as_described(workshop: Any, version: int) -> None:
    description(BASKETS)
    shop = Purchase(workshop, version)
    shipment = "/baskets/{id}/shipments/me"
    at_shipment = "/baskets/{basketId}/shipments/{shipmentId}"
    item = "/baskets/{basketId}/items/{itemId}"
    shop.step("POST", "/baskets", 200, {})
    shop.step("POST", "/baskets", 400, {})
    shop.step("GET", "/baskets/{id}", 200)
    shop.step("POST", "/baskets/{id}/items", 200, [{"productId": "VV1006", "quantity": 1}, {"productId": "VV1005-2P"}])
    shop.step("PATCH", "/baskets/{id}/items/item-1", 200, {"quantity": 2}, item)
    shop.step("DELETE", "/baskets/{id}/items/item-2", 200, None, item)
    shop.step("PATCH", "/baskets/{id}", 200, {"c_paymentFailures": 1})
    shop.step("POST", "/baskets/{id}/coupons", 200, {"code": "WELCOME10"})
    shop.step("POST", "/baskets/{id}/coupons", 400, {"code": "NONE"})
    shop.step("PUT", "/baskets/{id}/customer", 200, {"email": "guest@example.com"})
    shop.step("PUT", f"{shipment}/shipping-address", 200, ADDRESS, f"{at_shipment}/shipping-address")
    shop.step("PUT", "/baskets/{id}/billing-address", 200, ADDRESS)
    shop.step("GET", f"{shipment}/shipping-methods", 200, None, f"{at_shipment}/shipping-methods")
    shop.step("PUT", f"{shipment}/shipping-method", 200, {"id": "express"}, f"{at_shipment}/shipping-method")
    shop.step("PUT", f"{shipment}/shipping-method", 400, {"id": "none"}, f"{at_shipment}/shipping-method")
    shop.step("GET", "/baskets/{id}/payment-methods", 200)
    shop.step("POST", "/baskets/{id}/payment-instruments", 200, {"paymentMethodId": "PAYPAL"})
    shop.step("PATCH", "/baskets/{id}/payment-instruments/{payment}", 200, {"amount": 5})
    shop.step("PATCH", "/baskets/{id}/payment-instruments/{payment}", 400, {"paymentMethodId": "BARTER"})
    shop.step("DELETE", "/baskets/{id}/payment-instruments/{payment}", 200)
    shop.step("POST", "/baskets/{id}/payment-instruments", 200, {"paymentMethodId": "PAYPAL"})
    ordered = workshop.scapi(SO, "/orders", method="POST", token=shop.token, params=SITE, json=shop.basket)
    assert ordered.status_code == 200, ordered.text
    confirm(SHOPPER_ORDERS, "/orders", "post", ordered)
    shop.step("GET", "/baskets/{id}", 404)
    number, first = ordered.json()["orderNo"], ordered.json()["paymentInstruments"][0]["paymentInstrumentId"]
    check(ORDERS, {"$ref": "#/components/schemas/Order"}, admin_order(workshop.shop.state.orders.get(number)))
    payment = "/orders/{orderNo}/payment-instruments/{paymentInstrumentId}"
    for path, method, body, status in (
        ("/orders/{orderNo}/payment-methods", "get", None, 200),
        (payment, "patch", {"paymentMethodId": "CREDIT_CARD", "paymentCard": {"cardType": "Visa"}}, 200),
        (payment, "patch", {"paymentMethodId": "BARTER"}, 400),
        (payment.rpartition("/")[0], "post", {"paymentMethodId": "PAYPAL"}, 200),
        (payment, "delete", None, 200),
        (payment, "delete", None, 404),
        ("/orders/{orderNo}/lookup", "post", {}, 200),
        ("/orders/{orderNo}/actions/oms-cancel-order", "post", {}, 200),
        ("/orders/{orderNo}/actions/fail", "post", {"reasonCode": "payment_auth_failure"}, 409),
    ):
        place = path.replace("{orderNo}", number).replace("{paymentInstrumentId}", first)
        answer = workshop.scapi(SO, place, method=method.upper(), token=shop.token, params=SITE, json=body)
        assert answer.status_code == status, answer.text
        confirm(SHOPPER_ORDERS, path, method, answer)


@pytest.mark.parametrize("example", ["CreateSimpleOrder", "CreateFullOrder", "CreateOrderMultiShipment"])
def test_the_official_examples_of_an_order_are_taken(workshop: Any, example: str) -> None:
    body = {**description(ORDERS)["components"]["examples"][example]["value"], "currency": "EUR"}
    token, place = workshop.guest(), {"method": "POST", "params": SITE}
    made = workshop.scapi(ADMIN_ORDERS, "/orders", token=token, json=body, **place)
    assert made.status_code == 201, made.text
    confirm(ORDERS, "/orders", "post", made)
    order = workshop.shop.state.orders.get(body["orderNo"])
    check(ORDERS, {"$ref": "#/components/schemas/Order"}, admin_order(order))
    assert order["status"] == "new"
    for wrong, slug in (
        ({"orderTotal": 1}, "invalid-order-total"),
        ({"taxTotal": 1}, "invalid-tax-total"),
        ({}, "bad-request"),
    ):
        refused = workshop.scapi(ADMIN_ORDERS, "/orders", token=token, json={**body, **wrong}, **place)
        assert refused.json()["type"].endswith(f"/{slug}")
        confirm(ORDERS, "/orders", "post", refused)
