"""Preferences can be written, and what reads them sees it."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator.office.preferences import MASK, Preference

API, GROUP = "/configuration/preferences/v1", "/site-preference-groups/ServiceNow/{}"
NORTH = {"siteId": "North"}
DAYS = "c_serviceNowActivityRetentionDays"


def asked(world: Any, path: str, body: Any = None, scope: str = "sfcc.preferences.rw", **query: str) -> Any:
    method = "GET" if body is None else "PATCH"
    return world.scapi(API, path, method=method, token=world.admin(scope), params=query, json=body)


def test_the_values_of_a_group_on_a_site(small: Any) -> None:
    group = GROUP.format("sandbox")
    written = asked(small, group, {DAYS: 7, "site": {"id": "South"}}, **NORTH)
    assert (written.status_code, written.json()) == (200, asked(small, group, **NORTH).json())
    assert (written.json()[DAYS], asked(small, group, siteId="South").json()[DAYS]) == (7, 30)
    query = {**NORTH, "c_customer_id": "abOne", "c_customer_no": "0001"}
    shown = small.scapi("/custom/shopper-activity/v1", "/activities", token=small.admin(), params=query).json()
    assert (shown["retentionDays"], len(shown["data"])) == (7, 1)
    assert DAYS not in asked(small, group, {DAYS: None}, **NORTH).json()


def test_a_value_belongs_to_a_type_of_instance(small: Any) -> None:
    asked(small, GROUP.format("production"), {DAYS: 90}, **NORTH)
    assert asked(small, GROUP.format("sandbox"), **NORTH).json()[DAYS] == 30
    refused = asked(small, GROUP.format("current"), {DAYS: 90}, **NORTH)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (400, "illegal-enumeration-value")


def test_one_preference_on_several_sites(small: Any) -> None:
    path = GROUP.format("sandbox") + "/preferences/serviceNowActivityRetentionDays"
    values = asked(small, path, {"siteValues": {"South": 9}}).json()["siteValues"]
    assert values == {"North": 30, "South": 9}


@pytest.mark.parametrize(
    "body", [{DAYS: "7"}, {DAYS: 7.5}, {DAYS: True}, {"c_other": 1}, {"other": 1}, [], {DAYS: [7]}]
)
def test_what_does_not_fit_changes_nothing(small: Any, body: Any) -> None:
    group = GROUP.format("sandbox")
    body = {"c_serviceNowActivityCapture": False, **body} if isinstance(body, dict) else body
    before = asked(small, group, **NORTH).json()
    assert asked(small, group, body, **NORTH).status_code == 400
    assert asked(small, group, **NORTH).json() == before


def test_the_mask_of_a_password_is_no_password(small: Any) -> None:
    small.shop.world.office.preferences.define(
        Preference(id="key", group="Mail", value_type="password", name="Key", per_site=False)
    )
    group = "/global-preference-groups/Mail/sandbox"
    assert asked(small, group, {"c_key": "open sesame"}).json()["c_key"] == MASK
    assert asked(small, group, {"c_key": MASK}).status_code == 400


def test_reading_is_not_writing(small: Any) -> None:
    assert asked(small, GROUP.format("sandbox"), {DAYS: 7}, "sfcc.preferences", **NORTH).status_code == 403
