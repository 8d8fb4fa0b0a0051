"""Data policies over REST: mandatory and read-only fields, whatever table they are made for."""

import pytest


@pytest.fixture
def policy(api):
    def make(table: str, conditions: str, **rule: str) -> None:
        values = {"model_table": table, "conditions": conditions, "inherit": "true", "short_description": "x"}
        made = api.made("sys_data_policy2", **values)
        api.made("sys_data_policy_rule", sys_data_policy=made["sys_id"], table=table, **rule)

    return make


def test_a_read_only_field_stays_while_the_condition_holds(api, policy) -> None:
    policy("incident", "state=3", field="short_description", disabled="true")
    path = f"table/incident/{api.made('incident', short_description='before')['sys_id']}"
    assert api.patch(path, {"short_description": "between"}).status_code == 200
    assert api.patch(path, {"state": "3"}).status_code == 200
    refused = api.patch(path, {"short_description": "after"})
    assert refused.status_code == 403
    detail = refused.json()["error"]["detail"]
    assert detail == "Data Policy Exception: The following fields are read only: Short description"
    assert api.patch(path, {"short_description": "between", "description": "d"}).status_code == 200, "unchanged is fine"


def test_a_read_only_field_may_be_set_when_the_record_is_made(api, policy) -> None:
    policy("incident", "active=true", field="short_description", disabled="true")
    assert api.made("incident", short_description="x")["short_description"] == "x"


def test_a_policy_of_a_class_holds_below_it(api, policy) -> None:
    policy("task", "descriptionISEMPTY", field="short_description", mandatory="true")
    refused = api.post("table/change_task", {})
    assert refused.json()["error"]["detail"].endswith("mandatory: Short description")
    assert api.post("table/change_task", {"description": "d"}).status_code == 201


def test_ignore_leaves_a_field_alone(api, policy) -> None:
    policy("incident", "", field="short_description", mandatory="ignore", disabled="false")
    assert api.post("table/incident", {}).status_code == 201
