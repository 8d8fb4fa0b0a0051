"""Catalog requests, and addresses too long to send."""

import pytest


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"request_state": "draft"}, ("draft", "not requested", "true")),
        ({"request_state": "submitted"}, ("in_process", "approved", "true")),
        ({"request_state": "submitted", "price": "999.99"}, ("in_process", "approved", "true")),
        ({"request_state": "submitted", "price": "1000"}, ("submitted", "requested", "true")),
        ({"request_state": "closed_complete"}, ("closed_complete", "not requested", "false")),
    ],
)
def test_what_becomes_of_a_request(api, values, expected) -> None:
    row = api.made("sc_request", **values)
    assert (row["request_state"], row["approval"], row["active"]) == expected
    assert bool(row["closed_at"]) is (expected[2] == "false")


@pytest.mark.parametrize(("answer", "state"), [("approved", "in_process"), ("rejected", "closed_rejected")])
def test_a_dear_request_follows_its_approver(api, snow, answer, state) -> None:
    made = api.made("sc_request", request_state="submitted", price="2000")
    lead = snow.instance.session("lead").user.sys_id
    asked = api.made("sysapproval_approver", sysapproval=made["sys_id"], approver=lead, state="requested")
    api.patch(f"table/sysapproval_approver/{asked['sys_id']}", {"state": answer})
    row = api.get(f"table/sc_request/{made['sys_id']}").json()["result"]
    assert (row["request_state"], row["approval"]) == (state, answer)


def test_a_long_query_is_asked_by_its_tiny_url(api) -> None:
    made = api.made("incident", short_description="needle")
    query = f"sys_id={made['sys_id']}" + "^ORsys_id=00000000000000000000000000000000" * 80
    url = f"{api.url}/api/now/table/incident?sysparm_query={query}&sysparm_fields=sys_id,short_description"
    answer = api.post("tinyurl", {"url": url})
    assert answer.status_code == 200
    page, _, tiny = answer.json()["result"].partition("?sysparm_tiny=")
    assert page == "incident_list.do"
    rows = api.get("table/incident", sysparm_tiny=tiny).json()["result"]
    assert rows == [{"sys_id": made["sys_id"], "short_description": "needle"}]
    shorter = api.get("table/incident", sysparm_tiny=tiny, sysparm_fields="sys_id").json()["result"]
    assert shorter == [{"sys_id": made["sys_id"]}]


def test_tiny_urls_that_are_none(api) -> None:
    assert api.post("tinyurl", {}).status_code == 400
    assert api.get("table/incident", sysparm_tiny="nothing").status_code == 400
