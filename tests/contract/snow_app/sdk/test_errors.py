"""The instance's refusals, each by its own name."""

from __future__ import annotations

import pytest

from snow_app import errors


@pytest.fixture
def incident(client):
    return client.table("incident").insert({"short_description": "Late"})


def test_a_business_rule_is_named(client, incident):
    client.table("sys_script").insert(
        {
            "name": "No weekend",
            "collection": "incident",
            "when": "before",
            "action_update": True,
            "abort_action": True,
            "filter_condition": "short_descriptionLIKEweekend^EQ",
            "active": True,
        }
    )
    with pytest.raises(errors.RuleRefused) as refused:
        client.table("incident").update(incident.sys_id, {"short_description": "at the weekend"})
    assert refused.value.rule == "No weekend"


def test_a_data_policy_names_its_labels(client, incident):
    with pytest.raises(errors.PolicyRefused) as refused:
        client.table("incident").update(incident.sys_id, {"state": "6"})
    assert "Resolution code" in refused.value.labels


def test_access_rules_of_rows_and_tables(connect, incident):
    employee = connect("employee")
    with pytest.raises(errors.NotFound):
        employee.table("incident").get(incident.sys_id)
    with pytest.raises((errors.TableForbidden, errors.RowForbidden)) as refused:
        employee.table("sys_properties").insert({"name": "x"})
    assert refused.value.transient is False
    with pytest.raises(errors.TableForbidden):
        list(employee.table("sys_db_object").rows())


def test_a_taken_key_a_missing_table_and_a_missing_row(client, incident):
    with pytest.raises(errors.Duplicate):
        client.table("incident").insert({}, sys_id=incident.sys_id)
    with pytest.raises(errors.TableMissing):
        client.table("no_such_table").count()
    with pytest.raises(errors.NotFound):
        client.table("incident").delete("0" * 32)


def test_a_wrong_password(connect):
    with pytest.raises(errors.SignInRefused):
        list(connect(password="wrong").table("incident").rows())
