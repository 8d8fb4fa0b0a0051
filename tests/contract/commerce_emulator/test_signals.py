"""How well a shop is: metrics counted from what happened, custom APIs of the running code, preferences."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

METRICS, CUSTOM_APIS, PREFERENCES = "/observability/metrics/v1", "/dx/custom-apis/v1", "/configuration/preferences/v1"
SCOPES = "sfcc.metrics sfcc.custom-apis sfcc.preferences sfcc.sites.rw sfcc.scripts.rw"
NOW = 1795342500  # the clock of these tests


def asked(world: Any, api: str, path: str, **params: Any) -> Any:
    return world.scapi(api, path, token=world.admin(SCOPES), params=params)


def series(answer: Any, metric_id: str) -> dict[str, float]:
    """The sum of each series of one metric."""
    metric = next(row for row in answer.json()["data"] if row["metricId"] == metric_id)
    return {row["name"]: sum(point["value"] for point in row["data"]) for row in metric["dataSeries"]}


def test_sales_are_counted_from_the_orders_of_the_window(small: Any) -> None:
    placed = NOW - 2 * 86400
    counted = asked(small, METRICS, "/metrics/sales", **{"from": placed - 3600, "to": placed + 3600})
    assert series(counted, "orderCount") == {"North": 1, "South": 0}
    assert series(counted, "revenue") == {"North (GBP)": 12.5, "South (EUR)": 0}
    before = asked(small, METRICS, "/metrics/sales", **{"from": placed - 3600, "to": placed})
    assert series(before, "orderCount") == {"North": 0, "South": 0}


def test_requests_and_their_failures_are_counted_for_each_api(small: Any, clock: Any) -> None:
    orders = {"token": small.admin(), "params": {"siteId": "North"}}
    for _ in range(3):
        small.scapi("/checkout/orders/v1", "/orders", **orders)
    small.shop.state.maintenance = "system"
    small.scapi("/checkout/orders/v1", "/orders", **orders)
    small.shop.state.maintenance = None
    clock.advance(1)
    counted = asked(small, METRICS, "/metrics/scapi", apiFamily="checkout")
    assert series(counted, "requestCount") == {"checkout/orders": 4}
    assert series(counted, "errorCount") == {"checkout/orders": 1}
    assert series(asked(small, METRICS, "/metrics/scapi", apiFamily="product"), "requestCount") == {}
    small.call("POST", "/s/North/dw/shop/v24_5/order_search", token=small.user(), json={"query": {}})
    clock.advance(1)
    found = asked(small, METRICS, "/metrics/ocapi", ocapiCategory="shop", ocapiApi="order_search")
    assert series(found, "requestCount") == {"ocapi/shop": 1}


def test_points_are_evenly_spaced_and_few(world: Any) -> None:
    day = asked(world, METRICS, "/metrics/sales", **{"from": NOW - 86400, "to": NOW}).json()
    points = day["data"][0]["dataSeries"][0]["data"]
    assert len(points) == 96
    assert {b["timestamp"] - a["timestamp"] for a, b in pairwise(points)} == {900}


@pytest.mark.parametrize(
    ("window", "slug"),
    [
        ({"from": NOW - 86401, "to": NOW}, "invalid-time-range"),
        ({"from": NOW, "to": NOW}, "invalid-time-range"),
        ({"from": NOW - 31 * 86400, "to": NOW - 31 * 86400 + 60}, "invalid-time-range"),
        ({"from": "now"}, "invalid-time-parameter"),
        ({"to": 0}, "invalid-time-parameter"),
    ],
)
def test_windows_have_bounds(world: Any, window: dict[str, Any], slug: str) -> None:
    answer = asked(world, METRICS, "/metrics/sales", **window)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (400, slug)


def test_metrics_can_be_down(small: Any) -> None:
    small.shop.world.office.metrics_available = False
    assert asked(small, METRICS, "/metrics/overall").status_code == 503


def test_the_running_code_says_which_custom_apis_there_are(small: Any) -> None:
    found = asked(small, CUSTOM_APIS, "/endpoints", status="active").json()
    assert found["activeCodeVersion"] == "release_2"
    rows = {(row["siteId"], row["apiName"], row["httpMethod"], row["endpointPath"]) for row in found["data"]}
    assert ("North", "loyalty-info", "GET", "/customers") in rows
    assert ("South", "shopper-activity", "DELETE", "/activities") in rows
    assert {row["securityScheme"] for row in found["data"]} == {"AmOAuth2"}
    token = small.admin(SCOPES)
    path = {"customCartridges": "app_storefront_base"}
    small.scapi("/site/sites/v1", "/sites/South/custom-cartridges", method="PUT", token=token, json=path)
    assert {row["siteId"] for row in asked(small, CUSTOM_APIS, "/endpoints").json()["data"]} == {"North"}
    small.scapi("/dx/scripts/v1", "/code-versions/release_1", method="PATCH", token=token, json={"active": True})
    assert asked(small, CUSTOM_APIS, "/endpoints").json()["data"] == []


def test_a_broken_custom_api_says_what_is_wrong(small: Any) -> None:
    files = small.shop.world.office.files
    api = ("int_servicenow", "cartridge", "rest-apis", "broken")
    declared = {
        "endpoints": [{"endpoint": "getIt", "schema": "schema.yaml", "implementation": "gone"}, {"endpoint": "no"}]
    }
    schema = b"paths:\n  /it:\n    get:\n      operationId: getIt\n      security:\n        - ShopperToken: [c_it]\n"
    contents = {(*api, "api.json"): json.dumps(declared).encode(), (*api, "schema.yaml"): schema}
    files.unpack(("Cartridges", "release_2"), contents)
    found = asked(small, CUSTOM_APIS, "/endpoints", status="not_registered").json()
    assert [row["errorReason"] for row in found["data"] if row["siteId"] == "North"] == [
        "The script 'gone.js' is missing.",
        "schema.yaml describes no operation 'no'.",
    ]


def test_preferences_have_a_value_per_site_and_type_of_instance(small: Any) -> None:
    book = small.shop.world.office.preferences
    book.set("serviceNowActivityCapture", False, site_id="South", instance="production")
    path = "/site-preference-groups/ServiceNow/{}"
    current = asked(small, PREFERENCES, path.format("current"), siteId="South").json()
    assert (current["c_serviceNowActivityCapture"], current["c_serviceNowActivityRetentionDays"]) == (True, 30)
    live = asked(small, PREFERENCES, path.format("production"), siteId="South").json()
    assert live == {"site": {"id": "South"}, "c_serviceNowActivityCapture": False}
    one = asked(small, PREFERENCES, path.format("production") + "/preferences/serviceNowActivityCapture").json()
    assert (one["valueType"], one["siteValues"]) == ("boolean", {"South": False})
