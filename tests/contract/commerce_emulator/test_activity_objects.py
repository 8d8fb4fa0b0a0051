"""What shoppers did is one truth: the custom API of the cartridge and OCAPI Data read and write the same objects."""

from __future__ import annotations

import json
from typing import Any

DATA, ACTIVITY = "/s/-/dw/data/v25_6", "/custom/shopper-activity/v1"
ADA = {"siteId": "North", "c_customer_id": "abOne", "c_customer_no": "0001"}
OBJECT = "/sites/North/custom_objects/ServiceNowActivity/0001"


def data(world: Any, method: str, path: str, body: Any = None) -> Any:
    return world.call(method, DATA + path, token=world.admin(tenant=False), json=body)


def shown(world: Any) -> list[dict[str, Any]]:
    return world.scapi(ACTIVITY, "/activities", token=world.admin(), params=ADA).json()["data"]


def test_what_is_recorded_is_a_custom_object(small: Any) -> None:
    deed = {"kind": "search", "text": "teapot"}
    recorded = small.scapi(ACTIVITY, "/activities", method="POST", token=small.admin(), params=ADA, json=deed).json()
    kept = data(small, "GET", OBJECT).json()
    assert (kept["key_value_string"], kept["site_id"], kept["c_customerId"]) == ("0001", "North", "abOne")
    assert json.loads(kept["c_entries"])[0] == recorded
    assert data(small, "DELETE", OBJECT).status_code == 204
    assert shown(small) == []


def test_what_is_written_as_an_object_is_shown(small: Any) -> None:
    entry = {"at": "2026-11-22T10:00:00.000Z", "kind": "page", "text": "Returns", "count": 1}
    data(small, "PATCH", OBJECT, {"c_entries": json.dumps([entry])})
    assert shown(small) == [entry]
    data(small, "PATCH", OBJECT, {"c_customerId": "abFormerOwner"})
    assert shown(small) == []
    data(small, "PATCH", OBJECT, {"c_customerId": "abOne", "c_entries": "no list"})
    assert shown(small) == []


def test_the_site_s_preference_says_what_is_forgotten(small: Any) -> None:
    data(small, "PATCH", OBJECT, {"c_entries": json.dumps([_entry("2026-11-20"), _entry("2026-11-12")])})
    preferences = small.shop.world.office.preferences
    for days, left in ((30, 2), (7, 1), (0, 2), (91, 2)):
        preferences.set("serviceNowActivityRetentionDays", days, site_id="North")
        assert len(shown(small)) == left


def test_the_nightly_job_forgets_who_refused_or_left(small: Any, clock: Any) -> None:
    data(small, "PUT", OBJECT.replace("0001", "0009"), {"c_customerId": "abGone", "c_entries": "[{}]"})
    small.shop.state.customers.change(("People", "0001"), c_trackingOptOut="2026-11-22")
    data(small, "POST", "/jobs/ServiceNow-ForgetActivity/executions")
    clock.advance(30)
    found = data(small, "POST", "/custom_objects_search/ServiceNowActivity", {"query": {"match_all_query": {}}}).json()
    assert found["total"] == 0


def _entry(day: str) -> dict[str, Any]:
    return {"at": f"{day}T10:00:00.000Z", "kind": "search", "text": "teapot", "count": 1}
