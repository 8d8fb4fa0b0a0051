"""Every emulated operation answers as its official OpenAPI description says: what is written."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.commerce_descriptions.calls import (
    ADMIN_ORDERS,
    SITE,
    SO,
    Call,
    customer_write,
    order_write,
    shopper,
)
from tests.commerce_descriptions.judge import CUSTOMERS, LIST, ORDERS, SHOPPER_ORDERS, confirm, description

pytestmark = pytest.mark.shared


def _stranger(body: Any) -> Call:
    return lambda world, mara: world.scapi(
        SO, f"/orders/{mara['order_no']}/lookup", method="POST", token=world.guest(), params=SITE, json=body
    )


def _reopening(world: Any, _: Any) -> requests.Response:
    """Of an order whose shopper has no basket; made here, for which ones are there depends on the moment."""
    state = world.shop.state
    order = next(row for row in state.orders.find("site", "RefArchDE") if row["status"] == "new")
    state.orders.save({**order, "orderNo": "R-1", "status": "created", "customerInfo": {"customerId": "abNobody"}})
    place = {"method": "PUT", "token": world.writer(), "params": {"siteId": "RefArchDE"}}
    return world.scapi(ADMIN_ORDERS, "/orders/R-1/status", json={"status": "failed_with_reopen"}, **place)


def _sold_out(world: Any, _: Any) -> requests.Response:
    state = world.shop.state
    order = next(row for row in state.orders.find("site", "RefArchDE") if row["status"] == "failed")
    goods = [{**item, "productId": "VV1006", "quantity": 10**6} for item in order["productItems"]]
    state.orders.save({**order, "orderNo": "R-2", "productItems": goods})
    place = {"method": "PUT", "token": world.writer(), "params": {"siteId": "RefArchDE"}}
    return world.scapi(ADMIN_ORDERS, "/orders/R-2/status", json={"status": "created"}, **place)


PEOPLE, MARA = "/customer-lists/RefArch/customers", "/customer-lists/RefArch/customers/{customer_no}"
PERSON, PLACES = f"{LIST}/customers/{{customerNo}}", f"{LIST}/customers/{{customerNo}}/addresses"
EVERYBODY_IN = {"query": {"termQuery": {"fields": ["type"], "operator": "is", "values": ["static"]}}}
LEUNG = {"customerNo": "00005002", "lastName": "Leung", "credentials": {"login": "wleung"}}
ATTIC = {"addressId": "attic", "lastName": "Kowalski", "countryCode": "DE", "city": "Leipzig"}
GROUPS, MEMBERS = "/customer-groups", "/customer-groups/{customerGroupId}/members"
ONE, STATUS = "/orders/{orderNo}", "/orders/{order_no}/"
ADDRESS = {"firstName": "Mara", "lastName": "Kowalski", "address1": "Am Ring 1", "countryCode": "DE"}
SHIPPED = {
    "id": "s1",
    "occurredAt": "2026-06-03T10:15:00.000Z",
    "type": "shipped",
    "lineItems": [{"id": "a", "quantity": 1}],
}
TRACKED = {**SHIPPED, "trackingNumber": "1Z", "trackingUrl": "https://track.example.com/1Z"}
RETURNED = {"id": "r1", "occurredAt": "2026-06-03T10:15:00.000Z", "type": "return", "status": "completed"}
EVENTS, PAYMENT = f"{ONE}/oms-status-events", f"{ONE}/payment-instruments/{{paymentInstrumentId}}"
WRITES: list[tuple[str, str, str, str, int, Call]] = [
    (
        "place",
        ORDERS,
        f"{ONE}/status",
        "put",
        204,
        order_write("PUT", f"{STATUS}status", {"status": "cancelled"}, status="new"),
    ),
    ("reopen", ORDERS, f"{ONE}/status", "put", 201, _reopening),
    ("undo failing", ORDERS, f"{ONE}/status", "put", 409, _sold_out),
    (
        "fail",
        ORDERS,
        f"{ONE}/status",
        "put",
        409,
        order_write("PUT", f"{STATUS}status", {"status": "failed"}, status="completed"),
    ),
    ("no status", ORDERS, f"{ONE}/status", "put", 400, order_write("PUT", f"{STATUS}status", {})),
    *(
        (axis, ORDERS, f"{ONE}/{axis}", "put", status, order_write("PUT", f"{STATUS}{axis}", {"status": value}))
        for axis, right, wrong in (
            ("confirmation-status", "confirmed", "sure"),
            ("export-status", "ready", ""),
            ("external-status", "in_delivery", ""),
            ("payment-status", "part_paid", "due"),
            ("shipping-status", "shipped", "away"),
        )
        for value, status in ((right, 204), (wrong, 400))
    ),
    ("attributes", ORDERS, ONE, "patch", 204, order_write("PATCH", "/orders/{order_no}", {"c_carrier": "DHL"})),
    ("a text", ORDERS, ONE, "patch", 400, order_write("PATCH", "/orders/{order_no}", {"externalOrderText": "x"})),
    ("payment", ORDERS, PAYMENT, "patch", 204, order_write("PATCH", f"{STATUS}payment-instruments/{{payment}}", {})),
    ("no payment", ORDERS, PAYMENT, "patch", 404, order_write("PATCH", f"{STATUS}payment-instruments/none", {})),
    (
        *("transaction", ORDERS, f"{PAYMENT}/transaction", "patch", 204),
        order_write("PATCH", f"{STATUS}payment-instruments/{{payment}}/transaction", {}),
    ),
    (
        *("shipping address", ORDERS, f"{ONE}/shipments/{{shipmentId}}/shipping-address", "put", 204),
        order_write("PUT", f"{STATUS}shipments/me/shipping-address", ADDRESS),
    ),
    (
        *("no shipment", ORDERS, f"{ONE}/shipments/{{shipmentId}}/shipping-address", "put", 404),
        order_write("PUT", f"{STATUS}shipments/none/shipping-address", ADDRESS),
    ),
    (
        "event",
        ORDERS,
        EVENTS,
        "post",
        202,
        order_write("POST", f"{STATUS}oms-status-events", {"fulfillmentEvent": TRACKED}),
    ),
    (
        "untracked",
        ORDERS,
        EVENTS,
        "post",
        400,
        order_write("POST", f"{STATUS}oms-status-events", {"fulfillmentEvent": SHIPPED}),
    ),
    ("new customer", CUSTOMERS, f"{LIST}/customers", "post", 200, customer_write("POST", PEOPLE, LEUNG)),
    (
        "known login",
        CUSTOMERS,
        f"{LIST}/customers",
        "post",
        400,
        customer_write("POST", PEOPLE, {**LEUNG, "customerNo": "9"}),
    ),
    (
        "numbered",
        CUSTOMERS,
        PERSON,
        "put",
        201,
        customer_write("PUT", f"{PEOPLE}/77", {"customerNo": "77", "lastName": "Li"}),
    ),
    ("changed", CUSTOMERS, PERSON, "patch", 200, customer_write("PATCH", MARA, {"phoneHome": "1", "c_vip": True})),
    ("undefined", CUSTOMERS, PERSON, "patch", 400, customer_write("PATCH", MARA, {"c_unheardOf": True})),
    ("nobody", CUSTOMERS, PERSON, "patch", 404, customer_write("PATCH", f"{PEOPLE}/0", {})),
    ("address", CUSTOMERS, PLACES, "post", 200, customer_write("POST", f"{MARA}/addresses", ATTIC)),
    ("one address", CUSTOMERS, f"{PLACES}/{{addressId}}", "get", 200, customer_write("GET", f"{MARA}/addresses/attic")),
    ("no address", CUSTOMERS, f"{PLACES}/{{addressId}}", "get", 404, customer_write("GET", f"{MARA}/addresses/none")),
    (
        "moved",
        CUSTOMERS,
        f"{PLACES}/{{addressId}}",
        "patch",
        200,
        customer_write("PATCH", f"{MARA}/addresses/attic", {"city": "Ulm"}),
    ),
    ("left", CUSTOMERS, f"{PLACES}/{{addressId}}", "delete", 204, customer_write("DELETE", f"{MARA}/addresses/attic")),
    ("removed", CUSTOMERS, PERSON, "delete", 204, customer_write("DELETE", f"{PEOPLE}/77")),
    ("groups", CUSTOMERS, GROUPS, "get", 200, customer_write("GET", GROUPS, **SITE)),
    (
        "group search",
        CUSTOMERS,
        f"{GROUPS[:-1]}-search",
        "post",
        200,
        customer_write("POST", "/customer-group-search", EVERYBODY_IN, **SITE),
    ),
    (
        "wrong search",
        CUSTOMERS,
        f"{GROUPS[:-1]}-search",
        "post",
        400,
        customer_write("POST", "/customer-group-search", {}, **SITE),
    ),
    (
        "member",
        CUSTOMERS,
        MEMBERS,
        "put",
        200,
        customer_write("PUT", "/customer-groups/VIP/members", None, **SITE, customerNos="00004711"),
    ),
    (
        "no group",
        CUSTOMERS,
        MEMBERS,
        "put",
        404,
        customer_write("PUT", "/customer-groups/None/members", None, **SITE, customerNos="1"),
    ),
    (
        "everyone",
        CUSTOMERS,
        MEMBERS,
        "put",
        403,
        customer_write("PUT", "/customer-groups/Everyone/members", None, **SITE, customerNos="1"),
    ),
    (
        "no member",
        CUSTOMERS,
        MEMBERS,
        "delete",
        204,
        customer_write("DELETE", "/customer-groups/VIP/members", None, **SITE, customerNos="00004711"),
    ),
    ("reasons", SHOPPER_ORDERS, "/orders/oms-meta-data", "get", 200, shopper(SO, "/orders/oms-meta-data")),
    ("looked up", SHOPPER_ORDERS, f"{ONE}/lookup", "post", 400, _stranger({"email": "mara.k@example.com"})),
    ("not his", SHOPPER_ORDERS, f"{ONE}/lookup", "post", 404, _stranger({"email": "x@example.com", "postalCode": "1"})),
    (
        "adjusted",
        ORDERS,
        EVENTS,
        "post",
        202,
        order_write("POST", f"{STATUS}oms-status-events", {"adjustment": RETURNED}),
    ),
]


@pytest.mark.parametrize(
    ("name", "path", "method", "status", "call"), [row[1:] for row in WRITES], ids=[r[0] for r in WRITES]
)
def test_a_write_is_answered_as_described(
    workshop: Any, mara: dict[str, Any], name: str, path: str, method: str, status: int, call: Call
) -> None:
    description(name)
    answer = call(workshop, mara)
    assert answer.status_code == status, answer.text
    confirm(name, path, method, answer)
