"""A dataset of one's own is checked before it is loaded, by the same schema any JSON Schema validator understands."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from sfcc_client.emulator.seed import BadDataset, loaded
from sfcc_client.emulator.seed.generation import generated
from sfcc_client.emulator.seed.validation import problem_of, schema

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
HER = {"customerListId": "People", "customerNo": "2", "customerId": "x", "lastName": "Reed"}
GOOD: dict[str, Any] = {
    "sites": [{"id": "North", "customerListId": "People", "locale": "en-GB", "currency": "GBP"}],
    "products": [{"id": "mug", "name": {"default": "Mug"}, "prices": {"GBP": 1}, "c_color": "red"}],
    "customers": [{"customerListId": "People", "customerNo": "1", "lastName": "Moss", "c_tier": {"any": "thing"}}, HER],
    "orders": [
        {"orderNo": "1", "siteId": "North", "creationDate": "now-2d", "customerInfo": {"email": "a@example.com"}}
    ],
    "baskets": [{"basketId": "b", "siteId": "North", "customerInfo": {"customerId": "x"}}],
    "activities": [{"siteId": "North", "customerId": "x", "at": "now", "kind": "view", "text": "Mug"}],
    "customTypes": [{"id": "Faq", "key": "number", "keyKind": "integer"}, {"id": "Shop", "key": "id", "perSite": True}],
    "customObjects": [
        {"objectType": "Faq", "key": "7", "c_asked": 2},
        {"objectType": "Shop", "siteId": "North", "key": "one", "c_open": True},
    ],
}


def _changed(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    *steps, last = path.split(".")
    place: Any = document
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


BAD = [
    ("sites", None, "sites is missing"),
    ("sites", [], "sites is empty"),
    ("extra", 1, "extra is unknown"),
    ("organizationId", "acme", "organizationId is 'acme', which is not like f_ecom_zzrf_001"),
    ("retentionDays", 0, "retentionDays is below 1"),
    ("retentionDays", True, "retentionDays must be of type integer"),
    ("sites.0.currency", "euro", "sites[0].currency is 'euro', which is not an ISO 4217 code"),
    ("customers.0.tier", "Gold", "customers[0].tier is unknown (custom attributes start with c_)"),
    ("customers.0.customerNo", "", "customers[0].customerNo is empty"),
    ("customers.0.addresses", [{"addressId": "a", "lastName": "M", "countryCode": "gb"}], "two capital letters"),
    (
        "orders.0.status",
        "shiped",
        "orders[0].status is 'shiped', not one of created, new, completed, cancelled, failed",
    ),
    ("orders.0.creationDate", "last week", "orders[0].creationDate is 'last week', which is not a moment such as"),
    ("orders.0.customerInfo", None, "orders[0].customerInfo is missing"),
    ("orders.0.orderNo", 5, "orders[0].orderNo must be of type string"),
    ("orders.0.productItems", [{"quantity": 1}], "orders[0].productItems[0].productId is missing"),
    ("products.0.name", {"de": "Becher"}, "products[0].name.default is missing"),
    ("products.0.prices", {"GBP": -1}, "products[0].prices.GBP is below 0"),
    ("customTypes.0.keyKind", "date", "customTypes[0].keyKind is 'date', not one of string, integer"),
    ("customObjects.0.colour", "red", "customObjects[0].colour is unknown (custom attributes start with c_)"),
    ("activities.0.text", "x" * 257, "activities[0].text is longer than 256 characters"),
]


@pytest.mark.parametrize(("path", "value", "message"), BAD, ids=[row[2] for row in BAD])
def test_a_bad_dataset_is_refused_in_one_line(path: str, value: Any, message: str) -> None:
    document = _changed(path, value)
    with pytest.raises(BadDataset) as refused:
        loaded(document, NOW)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("orders.0.siteId", "orders[0].siteId names the site 'East', which no site has"),
        ("customers.0.customerListId", "customers[0].customerListId names the customer list 'East', which no site has"),
        ("activities.0.customerId", "activities[0].customerId names the customer 'East', who is in no list"),
        ("customObjects.0.objectType", "customObjects[0].objectType names the type 'East', which customTypes does not"),
        ("customObjects.0.siteId", "customObjects[0].siteId is not expected: objects of the type 'Faq' belong to the"),
        ("customObjects.0.key", "customObjects[0].key is 'East', but the key of the type 'Faq' is a whole number"),
        ("customObjects.1.siteId", "customObjects[1].siteId has to name a site: objects of the type 'Shop' belong to"),
    ],
)
def test_a_reference_to_nothing_is_refused(path: str, message: str) -> None:
    with pytest.raises(BadDataset, match=re.escape(message)):
        loaded(_changed(path, "East"), NOW)


def test_a_good_one_is_loaded_and_completed() -> None:
    state = loaded(GOOD, NOW)
    order = state.orders.get("1")
    assert order is not None
    assert order["creationDate"] == "2026-11-20T10:15:00.000Z"
    assert (order["status"], order["currency"]) == ("new", "GBP")
    customer = state.customers.get(("People", "1"))
    assert customer is not None
    assert customer["customerId"]
    assert customer["credentials"] == {"login": "1", "enabled": True, "locked": False}


def test_both_validators_accept_the_same() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    whole = generated(7, NOW)
    assert problem_of(whole) is None
    jsonschema.validate(GOOD, schema())
    few = {name: rows[:60] if isinstance(rows, list) else rows for name, rows in whole.items()}
    jsonschema.validate(few, schema())


def test_the_example_of_the_documentation_can_be_loaded() -> None:
    text = files("sfcc_client.emulator").joinpath("COVERAGE.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    state = loaded(json.loads(example), NOW)
    order = state.orders.get("N-1")
    assert order is not None
    assert order["c_promisedDeliveryDate"] == "2026-11-18"
