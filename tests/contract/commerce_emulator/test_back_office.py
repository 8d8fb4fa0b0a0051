"""Customers and Orders as the back office reads them: search, filters, pages, envelopes, refusals."""

from __future__ import annotations

from typing import Any

import pytest

CUSTOMERS, ORDERS = "/customer/customers/v1", "/checkout/orders/v1"
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


def _search(world: Any, query: Any, list_id: str = "RefArch", **body: Any) -> Any:
    path = f"/customer-lists/{list_id}/customer-search"
    return world.scapi(CUSTOMERS, path, method="POST", token=world.admin(), json={"query": query, **body})


def _orders(world: Any, **query: Any) -> Any:
    return world.scapi(ORDERS, "/orders", token=world.admin(), params={"siteId": "RefArchDE", **query})


def _term(field: str, operator: str, *values: Any) -> dict[str, Any]:
    return {"termQuery": {"fields": [field], "operator": operator, "values": list(values)}}


def test_a_search_by_mail_finds_exactly_that_address(world: Any, mara: dict[str, Any]) -> None:
    found = _search(world, _term("email", "is", mara["email"].upper())).json()
    assert found["total"] == 1
    assert found["hits"][0]["data"]["customerNo"] == mara["customer_no"]
    assert found["query"] == _term("email", "is", mara["email"].upper())
    assert (found["limit"], found["offset"]) == (25, 0)


def test_two_people_may_share_an_address(world: Any) -> None:
    sample = world.shop.samples()["ambiguous"]
    list_id = world.shop.state.sites[sample["site_id"]].customer_list_id
    found = _search(world, _term("email", "is", sample["email"]), list_id).json()
    assert found["total"] == 2
    logins = {hit["data"]["credentials"]["login"] for hit in found["hits"]}
    assert len(logins) == 2, "a login is unique, an address of mail is not"


def test_the_document_keeps_to_itself_what_the_admin_api_does_not_show(world: Any, mara: dict[str, Any]) -> None:
    path = f"/customer-lists/RefArch/customers/{mara['customer_no']}"
    document = world.scapi(CUSTOMERS, path, token=world.admin()).json()
    assert document["c_loyaltyTier"] == "Gold"
    assert document["primaryAddress"]["city"] == "Leipzig"
    assert not {"password", "addresses", "customerListId", "paymentInstruments", "note"} & set(document)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        (_term("c_loyaltyTier", "is", "Gold"), "unqueryable-field"),
        (_term("customerId", "is", "x"), "unqueryable-field"),
        (_term("email", "like", "x"), "bad-request"),
        (_term("email", "is", "a", "b"), "bad-request"),
        ({"termQuery": {"fields": [], "operator": "is", "values": ["x"]}}, "bad-request"),
        ({"wildQuery": {}}, "bad-request"),
        ({}, "bad-request"),
        ("email", "bad-request"),
    ],
    ids=str,
)
def test_a_query_that_cannot_be_is_refused(world: Any, query: Any, slug: str) -> None:
    answer = _search(world, query)
    assert (answer.status_code, answer.json()["type"]) == (400, PROBLEM + slug)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"limit": 200, "offset": 9801}], ids=str
)
def test_a_search_keeps_its_bounds(world: Any, body: dict[str, Any]) -> None:
    assert _search(world, {"matchAllQuery": {}}, **body).status_code == 400


def test_a_search_is_sorted_and_paged(world: Any) -> None:
    sorts = [{"field": "lastName", "sortOrder": "desc"}]
    pages = [_search(world, {"matchAllQuery": {}}, limit=60, offset=at, sorts=sorts).json() for at in (0, 60, 120)]
    names = [hit["data"]["lastName"].casefold() for page in pages for hit in page["hits"]]
    assert names == sorted(names, reverse=True)
    assert len(names) == pages[0]["total"] == len(world.shop.state.customers.find("list", "RefArch"))
    wrong = _search(world, {"matchAllQuery": {}}, sorts=[{"field": "c_vip"}])
    assert wrong.json()["type"] == f"{PROBLEM}field-not-sortable"


def test_an_unknown_customer_and_an_unknown_list_are_told_apart(world: Any) -> None:
    token = world.admin()
    customer = world.scapi(CUSTOMERS, "/customer-lists/RefArch/customers/99999999", token=token)
    assert customer.json()["type"] == f"{PROBLEM}customer-not-found"
    customer_list = world.scapi(CUSTOMERS, "/customer-lists/Nowhere/customers/00004711", token=token)
    assert customer_list.json()["detail"] == "No customer list with ID 'Nowhere' could be found."


def test_addresses_come_in_pages_of_25(world: Any) -> None:
    customer = next(row for row in world.shop.state.customers if len(row["addresses"]) == 2)
    path = f"/customer-lists/{customer['customerListId']}/customers/{customer['customerNo']}/addresses"
    whole = world.scapi(CUSTOMERS, path, token=world.admin()).json()
    assert (whole["limit"], whole["offset"], whole["total"], len(whole["data"])) == (25, 0, 2, 2)
    second = world.scapi(CUSTOMERS, path, token=world.admin(), params={"limit": 1, "offset": 1}).json()
    assert second["data"] == whole["data"][1:]
    assert world.scapi(CUSTOMERS, path, token=world.admin(), params={"limit": 51}).status_code == 400


def test_the_list_of_orders_has_no_total_and_100_rows(world: Any) -> None:
    document = _orders(world).json()
    assert set(document) == {"data"}
    assert len(document["data"]) == 100
    dates = [order["creationDate"] for order in document["data"]]
    assert dates == sorted(dates, reverse=True)


def test_the_list_of_orders_is_paged_until_a_short_page(world: Any) -> None:
    numbers: list[str] = []
    while True:
        page = _orders(world, limit=200, offset=len(numbers)).json()["data"]
        numbers += [order["orderNo"] for order in page]
        if len(page) < 200:
            break
    assert len(set(numbers)) == len(numbers) == len(world.shop.state.orders.find("site", "RefArchDE"))


def test_orders_are_filtered_by_every_status(world: Any) -> None:
    rows = _orders(world, status="new,completed", exportStatus=["exported", "ready"], limit=200).json()["data"]
    assert {row["status"] for row in rows} == {"new", "completed"}
    assert {row["exportStatus"] for row in rows} == {"exported", "ready"}
    encoded = f"{ORDERS}{world.organization}/orders?siteId=RefArchDE&paymentStatus=not_paid%2Cpart_paid&limit=200"
    rows = world.call("GET", encoded, token=world.admin()).json()["data"]
    assert {row["paymentStatus"] for row in rows} == {"not_paid", "part_paid"}
    rows = _orders(world, shippingStatus="part_shipped", confirmationStatus="confirmed").json()["data"]
    assert {row["shippingStatus"] for row in rows} == {"part_shipped"}
    rows = _orders(world, externalStatus="Ready to ship").json()["data"]
    assert {row["externalOrderStatus"] for row in rows} == {"Ready to ship"}


def test_a_window_includes_its_start_and_not_its_end(world: Any) -> None:
    newest, *_, oldest = _orders(world, sortBy="last_modified_date", limit=20).json()["data"]
    window = {"lastModifiedDateFrom": oldest["lastModified"], "lastModifiedDateTo": newest["lastModified"]}
    rows = _orders(world, sortBy="last_modified_date", sortOrder="asc", **window).json()["data"]
    numbers = [row["orderNo"] for row in rows]
    assert oldest["orderNo"] in numbers
    assert newest["orderNo"] not in numbers
    assert rows[0]["lastModified"] == oldest["lastModified"]


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ({"limit": 0}, "bad-request"),
        ({"limit": 201}, "bad-request"),
        ({"limit": "many"}, "bad-request"),
        ({"limit": 200, "offset": 9801}, "bad-request"),
        ({"status": "created"}, "bad-request"),
        ({"status": "new,completed,cancelled"}, "bad-request"),
        ({"exportStatus": "exported,not_exported,ready,failed"}, "bad-request"),
        ({"sortBy": "order_total"}, "bad-request"),
        ({"creationDateFrom": "yesterday"}, "bad-request"),
        ({"customerEmail": "mara.k@example.com"}, "invalid-query-parameter"),
        ({"siteId": ""}, "missing-query-parameter"),
    ],
    ids=str,
)
def test_a_bad_list_request_is_refused_in_plain_json(world: Any, query: dict[str, Any], slug: str) -> None:
    answer = _orders(world, **query)
    assert (answer.status_code, answer.json()["type"]) == (400, PROBLEM + slug)
    assert answer.headers["Content-Type"] == "application/json"


def test_an_order_belongs_to_its_site(world: Any, mara: dict[str, Any]) -> None:
    path = f"/orders/{mara['order_no']}"
    assert world.scapi(ORDERS, path, token=world.admin(), params={"siteId": "RefArchDE"}).status_code == 200
    answer = world.scapi(ORDERS, path, token=world.admin(), params={"siteId": "RefArchUK"})
    assert answer.json()["detail"] == f"No order with number '{mara['order_no']}' was found."
