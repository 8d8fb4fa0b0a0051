"""Writing to customers, their addresses and their groups as Customers (Admin) 1.1 allows it."""

from __future__ import annotations

from typing import Any

import pytest

CUSTOMERS = "/customer/customers/v1"
PEOPLE = "/customer-lists/People/customers"
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    dataset["customers"][0] |= {
        "c_loyaltyPoints": 10,
        "addresses": [{"addressId": "home", "lastName": "Moss", "countryCode": "GB"}],
    }
    dataset["customerGroups"] = [{"siteId": "North", "id": "Friends", "customerNos": ["0002"]}]
    return dataset


def _call(world: Any, method: str, path: str, body: Any = None, **query: Any) -> Any:
    return world.scapi(CUSTOMERS, path, method=method, token=world.writer(), json=body, params=query)


def test_a_change_leaves_the_rest_as_it_is(small: Any, clock: Any) -> None:
    clock.advance(60)
    changed = _call(small, "PATCH", f"{PEOPLE}/0001", {"firstName": None, "c_loyaltyPoints": 40, "customerId": "other"})
    assert changed.status_code == 200
    after = _call(small, "GET", f"{PEOPLE}/0001").json()
    assert after == changed.json()
    assert (after["c_loyaltyPoints"], after["email"], after["customerId"]) == (40, "ada@example.com", "abOne")
    assert "firstName" not in after
    assert after["lastModified"] == "2026-11-22T10:16:00.000Z"


@pytest.mark.parametrize(
    "body",
    [
        {"lastName": None},
        {"c_unheardOf": 1},
        {"c_loyaltyPoints": "many"},
        {"gender": 3},
        {"birthday": "1.1.2000"},
        {"note": "x"},
        {"phoneHome": "1" * 33},
        {"customerNo": "0002"},
        {"credentials": {"login": "reed@example.com"}},
        {"credentials": {"password": "x"}},
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_refused(small: Any, body: Any) -> None:
    before = _call(small, "GET", f"{PEOPLE}/0001").json()
    answer = _call(small, "PATCH", f"{PEOPLE}/0001", body)
    assert (answer.status_code, answer.json()["type"]) == (400, PROBLEM + "bad-request")
    assert _call(small, "GET", f"{PEOPLE}/0001").json() == before


def test_a_customer_gets_another_number_and_login(small: Any) -> None:
    body = {"customerNo": "0009", "credentials": {"login": "ada", "enabled": False}}
    assert _call(small, "PATCH", f"{PEOPLE}/0001", body).status_code == 200
    assert _call(small, "GET", f"{PEOPLE}/0001").status_code == 404
    after = _call(small, "GET", f"{PEOPLE}/0009").json()
    assert (after["customerId"], after["credentials"]["login"]) == ("abOne", "ada")
    assert small.on_behalf_answer("ada", "North").status_code == 400, "the login is disabled"


def test_a_customer_is_created_once_and_can_log_in(small: Any) -> None:
    new = {"customerNo": "0100", "lastName": "Hale", "credentials": {"login": "hale"}}
    created = _call(small, "POST", PEOPLE, new)
    assert created.status_code == 200
    assert created.json()["customerId"]
    assert _call(small, "POST", PEOPLE, {**new, "credentials": {"login": "other"}}).status_code == 400
    assert _call(small, "PUT", f"{PEOPLE}/0101", {**new, "customerNo": "0101"}).status_code == 400, "the login is taken"
    assert _call(small, "PUT", f"{PEOPLE}/0101", {"customerNo": "0101", "lastName": "Fox"}).status_code == 201
    assert small.on_behalf_answer("hale", "North").status_code == 200
    assert _call(small, "DELETE", f"{PEOPLE}/0100").status_code == 204
    assert _call(small, "GET", f"{PEOPLE}/0100").status_code == 404


def test_addresses_come_change_and_go(small: Any) -> None:
    place = f"{PEOPLE}/0001/addresses"
    new = {"addressId": "work", "firstName": "Ada", "lastName": "Moss", "countryCode": "GB"}
    assert _call(small, "POST", place, new).json()["fullName"] == "Ada Moss"
    assert _call(small, "POST", place, new).status_code == 400, "the id is taken"
    assert _call(small, "POST", place, {"addressId": "x"}).status_code == 400
    assert _call(small, "PATCH", f"{place}/work", {"city": "York", "addressId": "office"}).status_code == 200
    assert _call(small, "PATCH", f"{place}/office", {"addressId": "home"}).status_code == 400
    assert _call(small, "GET", f"{place}/office").json()["city"] == "York"
    assert _call(small, "DELETE", f"{place}/office").status_code == 204
    assert _call(small, "DELETE", f"{place}/office").status_code == 404
    assert [row["addressId"] for row in _call(small, "GET", place).json()["data"]] == ["home"]


def test_reading_is_not_writing(small: Any) -> None:
    answer = small.scapi(CUSTOMERS, f"{PEOPLE}/0001", method="PATCH", token=small.admin(), json={})
    assert answer.status_code == 403


def test_groups_are_listed_and_searched(small: Any) -> None:
    listed = _call(small, "GET", "/customer-groups", siteId="North").json()
    counts = {row["id"]: row["memberCount"] for row in listed["data"]}
    assert counts == {"Everyone": 2, "Friends": 1, "Registered": 2, "Unregistered": 0}
    query = {"query": {"textQuery": {"fields": ["id"], "searchPhrase": "friends"}}}
    found = _call(small, "POST", "/customer-group-search", query, siteId="North").json()
    assert [row["id"] for row in found["hits"]] == ["Friends"]
    query = {"query": {"termQuery": {"fields": ["type"], "operator": "is", "values": ["stat"]}}}
    refused = _call(small, "POST", "/customer-group-search", query, siteId="North")
    assert refused.json()["type"] == PROBLEM + "invalid-query-parameter"


def test_only_static_groups_take_members(small: Any) -> None:
    place = "/customer-groups/Friends/members"
    answer = _call(small, "PUT", place, siteId="North", customerNos="0001,0002").json()
    assert (answer["total"], [row["customerNo"] for row in answer["data"]]) == (2, ["0001", "0002"])
    assert _call(small, "PUT", place, siteId="North", customerNos="0001,0003").status_code == 404
    assert _call(small, "DELETE", place, siteId="North", customerNos="0002").status_code == 204
    assert small.shop.state.customer_groups.get(("North", "Friends"))["customerNos"] == ["0001"]
    assert (
        _call(small, "PUT", place.replace("Friends", "Everyone"), siteId="North", customerNos="0001").status_code == 403
    )
    assert _call(small, "PUT", place, siteId="South", customerNos="0001").status_code == 404
