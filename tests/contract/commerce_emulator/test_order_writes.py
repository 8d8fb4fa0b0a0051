"""Writing to orders as Orders (Admin) 1.5 allows it: states, attributes, addresses, events; who wrote, and when."""

from __future__ import annotations

from typing import Any

import pytest

ORDERS = "/checkout/orders/v1"
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    order = dataset["orders"][0]
    order["c_returnDecision"] = "open"
    order["paymentInstruments"] = [{"paymentInstrumentId": "p1", "paymentMethodId": "CARD", "c_giftCard": "x"}]
    order["shipments"] = [{"shipmentId": "me"}]
    dataset["orders"].append({**order, "orderNo": "N-2", "status": "created", "shipments": [{"shipmentId": "me"}]})
    dataset["orders"].append({**order, "orderNo": "S-1", "siteId": "South"})
    dataset["attributeDefinitions"] = [
        {"objectType": "Order", "id": "caseCount", "valueType": "int"},
        {"objectType": "PaymentTransaction", "id": "reference", "valueType": "string"},
    ]
    return dataset


def _call(world: Any, method: str, path: str, body: Any, **query: Any) -> Any:
    token = query.pop("token", None) or world.writer()
    return world.scapi(ORDERS, path, method=method, token=token, params={"siteId": "North", **query}, json=body)


def _move(world: Any, status: str, order_no: str = "N-1") -> Any:
    return _call(world, "PUT", f"/orders/{order_no}/status", {"status": status})


def _order(world: Any, order_no: str = "N-1") -> Any:
    return world.scapi(ORDERS, f"/orders/{order_no}", token=world.admin(), params={"siteId": "North"}).json()


@pytest.mark.parametrize(
    ("way", "last"),
    [
        (("cancelled", "new", "completed", "cancelled", "completed"), 204),
        (("new",), 204),
        (("failed",), 409),
        (("created",), 409),
        (("cancelled", "failed"), 409),
        (("failed_with_reopen",), 409),
    ],
    ids=str,
)
def test_a_placed_order_is_cancelled_and_taken_up_again_but_never_fails(
    small: Any, way: tuple[str, ...], last: int
) -> None:
    answers = [_move(small, status) for status in way]
    assert [answer.status_code for answer in answers] == [204] * (len(way) - 1) + [last]
    if last == 409:
        assert answers[-1].json()["type"] == PROBLEM + "order-status-transition"


def test_placing_gives_the_order_its_numbers(small: Any) -> None:
    assert _move(small, "new", "N-2").status_code == 204
    order = _order(small, "N-2")
    assert order["status"] == "new"
    assert all((order["invoiceNo"], order["placeDate"], order["shipments"][0]["shipmentNo"]))


def test_cancelling_gives_the_goods_back_and_undoing_it_takes_them(small: Any) -> None:
    products = small.shop.state.products
    assert _move(small, "cancelled").status_code == 204
    assert products.get("mug")["stock"] == 5
    products.change("mug", stock=0)
    refused = _move(small, "new")
    assert (refused.status_code, refused.json()["type"]) == (409, PROBLEM + "undo-fail-order")
    assert _order(small)["status"] == "cancelled"
    products.change("mug", stock=1)
    assert _move(small, "new").status_code == 204
    assert products.get("mug")["stock"] == 0


def test_a_failed_order_is_taken_up_again_only_while_there_is_stock(small: Any) -> None:
    assert _move(small, "failed", "N-2").status_code == 204
    small.shop.state.products.change("mug", stock=0)
    refused = _move(small, "created", "N-2")
    assert (refused.status_code, refused.json()["type"]) == (409, PROBLEM + "undo-fail-order")
    small.shop.state.products.change("mug", stock=3)
    assert _move(small, "created", "N-2").status_code == 204


def test_reopening_makes_a_basket_unless_the_shopper_has_one(small: Any) -> None:
    kept = _move(small, "failed_with_reopen", "N-2")
    assert (kept.status_code, "Location" in kept.headers) == (204, False)
    assert _order(small, "N-2")["status"] == "failed"
    small.shop.state.baskets.drop("b1")
    small.shop.state.orders.change("N-2", status="created")
    reopened = _move(small, "failed_with_reopen", "N-2")
    assert reopened.status_code == 201
    basket = small.shop.state.basket_of("abOne", "North")
    assert basket["basketId"] in reopened.headers["Location"]
    assert [item["productId"] for item in basket["productItems"]] == ["mug"]
    read = small.call("GET", reopened.headers["Location"].removeprefix(small.shop.url).replace("/v1/", "/v2/"),
                      token=small.shopper("ada@example.com", "North"))  # fmt: skip
    assert read.status_code == 200


def test_attributes_are_set_and_removed(small: Any) -> None:
    path = "/orders/N-1"
    assert _call(small, "PATCH", path, {"c_returnDecision": "approved", "c_caseCount": 2}).status_code == 204
    assert (_order(small)["c_returnDecision"], _order(small)["c_caseCount"]) == ("approved", 2)
    assert _call(small, "PATCH", path, {"c_caseCount": None}).status_code == 204
    assert "c_caseCount" not in _order(small)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"externalOrderText": "x"}, "externalOrderText"),
        ({"status": "cancelled"}, "status"),
        ({"c_unheardOf": "x"}, "c_unheardOf"),
        ({"c_caseCount": "two"}, "c_caseCount"),
        ({"c_caseCount": True}, "c_caseCount"),
        ({"c_returnDecision": "x" * 4001}, "c_returnDecision"),
        ([], "$"),
    ],
    ids=str,
)
def test_nothing_else_is_written(small: Any, body: Any, named: str) -> None:
    before = _order(small)
    answer = _call(small, "PATCH", "/orders/N-1", body)
    assert (answer.status_code, answer.json()["type"]) == (400, PROBLEM + "bad-request")
    assert named in answer.json()["detail"]
    assert answer.headers["Content-Type"] == "application/json"
    assert _order(small) == before


def test_an_attribute_can_be_written_once_it_is_defined(small: Any) -> None:
    assert _call(small, "PATCH", "/orders/N-1", {"c_note": "x"}).status_code == 400
    small.shop.state.attributes.define("Order", "note", "string")
    assert _call(small, "PATCH", "/orders/N-1", {"c_note": "x"}).status_code == 204


@pytest.mark.parametrize(
    ("axis", "member", "value"),
    [
        ("confirmation-status", "confirmationStatus", "not_confirmed"),
        ("export-status", "exportStatus", "failed"),
        ("external-status", "externalOrderStatus", "with the carrier"),
        ("payment-status", "paymentStatus", "part_paid"),
        ("shipping-status", "shippingStatus", "part_shipped"),
    ],
)
def test_each_status_has_a_write_of_its_own(small: Any, axis: str, member: str, value: str) -> None:
    assert _call(small, "PUT", f"/orders/N-1/{axis}", {"status": value}).status_code == 204
    assert _order(small)[member] == value
    for wrong in ({}, {"status": 1}, {"status": "x" * 257}, {"status": value, "more": 1}):
        assert _call(small, "PUT", f"/orders/N-1/{axis}", wrong).status_code == 400
    assert _order(small)[member] == value


def test_payment_and_address_are_changed_in_their_place(small: Any) -> None:
    place = "/orders/N-1/payment-instruments/p1"
    assert _call(small, "PATCH", place, {"c_giftCard": "12k"}).status_code == 204
    assert _call(small, "PATCH", f"{place}/transaction", {"c_reference": "dfg"}).status_code == 204
    assert _call(small, "PATCH", place, {"paymentMethodId": "GIFT"}).status_code == 400
    assert _call(small, "PATCH", f"{place}9", {}).status_code == 404
    address = {"firstName": "Ada", "lastName": "Moss", "address1": "1 Low Rd", "countryCode": "GB"}
    place = "/orders/N-1/shipments/me/shipping-address"
    assert _call(small, "PUT", place, address).status_code == 204
    assert _call(small, "PUT", place, {"countryCode": "gb"}).status_code == 400
    order = _order(small)
    assert order["paymentInstruments"][0]["c_giftCard"] == "12k"
    assert order["paymentInstruments"][0]["paymentTransaction"]["c_reference"] == "dfg"
    assert order["shipments"][0]["shippingAddress"] == {**address, "fullName": "Ada Moss"}


def test_a_write_moves_last_modified_and_keeps_who_wrote(small: Any, clock: Any) -> None:
    clock.advance(60)
    since = "2026-11-22T10:15:30.000Z"
    assert _call(small, "PUT", "/orders/N-1/payment-status", {"status": "paid"}).status_code == 204
    found = _call(small, "GET", "/orders", None, lastModifiedDateFrom=since).json()["data"]
    assert [order["orderNo"] for order in found] == ["N-1"]
    assert "lastModifiedBy" not in found[0]
    assert small.shop.state.orders.get("N-1")["lastModifiedBy"] == small.shop.settings().client_id


FULFILMENT = {
    "id": "f1",
    "occurredAt": "2026-11-22T10:00:00Z",
    "type": "shipped",
    "lineItems": [{"id": "item-1", "quantity": 1}],
    "trackingNumber": "1Z",
    "trackingUrl": "https://track.example.com/1Z",
}
ADJUSTMENT = {"id": "a1", "type": "refund", "occurredAt": "2026-11-22T10:00:00Z", "status": "pending"}


def test_an_event_is_queued_and_changes_nothing(small: Any) -> None:
    before, path = _order(small), "/orders/N-1/oms-status-events"
    for event in (
        {"omsOrderId": "SN-1", "fulfillmentEvent": FULFILMENT},
        {"adjustment": {**ADJUSTMENT, "totals": [{"type": "total", "amount": -1999}]}},
    ):
        assert _call(small, "POST", path, event).status_code == 202
    events = small.shop.state.oms_events.find("order", "N-1")
    assert [event["number"] for event in events] == [1, 2]
    assert events[1]["adjustment"]["totals"][0]["amount"] == -1999
    assert _order(small) == before


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"fulfillmentEvent": FULFILMENT, "adjustment": ADJUSTMENT},
        {"fulfillmentEvent": {**FULFILMENT, "lineItems": []}},
        {"fulfillmentEvent": {**FULFILMENT, "occurredAt": "yesterday"}},
        {"fulfillmentEvent": {name: value for name, value in FULFILMENT.items() if name != "trackingUrl"}},
        {"adjustment": {**ADJUSTMENT, "status": "done"}},
        {"adjustment": {**ADJUSTMENT, "totals": [{"type": "total", "amount": 19.99}]}},
        {"adjustment": {**ADJUSTMENT, "c_extra": 1}},
    ],
    ids=range(8),
)
def test_an_event_that_cannot_be_is_refused(small: Any, event: Any) -> None:
    assert _call(small, "POST", "/orders/N-1/oms-status-events", event).status_code == 400
    assert not small.shop.state.oms_events.find("order", "N-1")


def test_writing_needs_the_right_and_the_right_site(small: Any) -> None:
    assert _call(small, "PATCH", "/orders/N-1", {}, token=small.admin()).status_code == 403
    assert _call(small, "PATCH", "/orders/S-1", {}).status_code == 404
    assert _call(small, "PUT", "/orders/0/status", {"status": "new"}).status_code == 404
    assert _call(small, "PUT", "/orders/N-1/status", {"status": "new"}, token=small.guest("North")).status_code == 401


def test_a_trusted_system_may_write_the_attributes_of_its_shopper_alone(small: Any) -> None:
    own, other = small.shopper("ada@example.com", "North"), small.shopper("reed@example.com", "North")
    assert _call(small, "PATCH", "/orders/N-1", {"c_returnDecision": "x"}, token=own).status_code == 204
    assert _call(small, "PATCH", "/orders/N-1", {"c_returnDecision": "y"}, token=other).status_code == 404
    assert _order(small)["c_returnDecision"] == "x"
