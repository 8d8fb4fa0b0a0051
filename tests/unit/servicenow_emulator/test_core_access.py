"""Roles and access controls."""

from collections.abc import Callable

import pytest

from snow_app.emulator.errors import NoRecord, Refused
from snow_app.emulator.instance import Instance, Row, Session


def grant(admin: Session, name: str, operation: str, role: str = "", **values: str) -> None:
    control = {"name": name, "type": "record", "operation": operation, **values}
    made = admin.insert("sys_security_acl", control, acl=False)
    if role:
        found = admin.query("sys_user_role", f"name={role}")[0]
        admin.insert(
            "sys_security_acl_role", {"sys_security_acl": made["sys_id"], "sys_user_role": found["sys_id"]}, acl=False
        )


@pytest.mark.parametrize(
    ("user", "table", "operation", "expected"),
    [
        ("agent", "incident", "read", True),
        ("agent", "incident", "delete", False),
        ("agent", "sn_customerservice_case", "write", True),
        ("agent", "sys_db_object", "read", False),
        ("employee", "sn_customerservice_case", "read", False),
        ("employee", "incident", "create", True),
        ("employee", "sys_properties", "read", False),
        ("auditor", "incident", "write", False),
        ("integration", "sn_customerservice_case", "create", True),
        ("admin", "sys_db_object", "create", True),
        ("admin", "sys_security_acl", "create", False),
        ("admin", "sys_security_acl", "read", True),
        ("agent", "no_such_table", "read", False),
    ],
)
def test_who_may_do_what(instance: Instance, user: str, table: str, operation: str, expected: bool) -> None:
    assert instance.session(user).can(operation, table) is expected


def test_roles_come_directly_by_group_and_by_containment(instance: Instance, admin: Session) -> None:
    assert "sn_customerservice_agent" in instance.session("lead").user.roles
    role = admin.query("sys_user_role", "name=knowledge")[0]["sys_id"]
    group = admin.query("sys_user_group", "name=Service Desk")[0]["sys_id"]
    assert not instance.session("agent").has_role("knowledge")
    granted = admin.insert("sys_group_has_role", {"group": group, "role": role})
    assert instance.session("agent").has_role("knowledge")
    admin.delete("sys_group_has_role", granted["sys_id"])
    assert not instance.session("agent").has_role("knowledge")
    assert admin.has_role("anything at all")


def test_rows_are_hidden_without_a_word(instance: Instance, incident: Callable[..., Row]) -> None:
    employee = instance.session("employee")
    mine = incident(caller_id=employee.user.sys_id)
    other = incident()
    assert [row["sys_id"] for row in employee.query("incident")] == [mine["sys_id"]]
    assert employee.count("incident") == 2
    assert employee.get("incident", other["sys_id"]) is None
    with pytest.raises(NoRecord):
        employee.update("incident", other["sys_id"], {"state": "2"})
    with pytest.raises(Refused, match="ACL Exception Update Failed due to security constraints"):
        employee.update("incident", mine["sys_id"], {"state": "2"})


def test_the_limit_counts_before_rows_are_hidden(instance: Instance, incident: Callable[..., Row]) -> None:
    employee = instance.session("employee")
    for number in range(10):
        incident(caller_id=employee.user.sys_id if number % 2 else "", order=str(number))
    page = employee.query("incident", "ORDERBYorder", limit=4)
    assert [row["order"] for row in page] == ["1", "3"]


def test_a_new_table_lets_nobody_but_admin_in_until_a_control_says_so(instance: Instance, app: Session) -> None:
    app.insert("sys_db_object", {"name": "x_acme_shop_log", "label": "Log"})
    agent = instance.session("agent")
    assert not agent.can("read", "x_acme_shop_log")
    grant(app, "x_acme_shop_log", "read", "itil")
    assert agent.can("read", "x_acme_shop_log")
    assert not agent.can("create", "x_acme_shop_log")


def test_a_control_without_role_condition_and_script_lets_nobody_in(instance: Instance, app: Session) -> None:
    app.insert("sys_db_object", {"name": "x_acme_shop_log", "label": "Log"})
    grant(app, "x_acme_shop_log", "read")
    assert not instance.session("agent").can("read", "x_acme_shop_log")


def test_a_control_may_look_at_the_record(instance: Instance, app: Session) -> None:
    app.insert("sys_db_object", {"name": "x_acme_shop_log", "label": "Log"})
    app.insert("sys_dictionary", {"name": "x_acme_shop_log", "element": "kind"})
    grant(app, "x_acme_shop_log", "read", "itil", condition="kind=public")
    for kind in ("public", "secret"):
        app.insert("x_acme_shop_log", {"kind": kind})
    assert [row["kind"] for row in instance.session("agent").query("x_acme_shop_log")] == ["public"]
    assert len(app.query("x_acme_shop_log")) == 2


def test_a_field_may_have_a_control_of_its_own(instance: Instance, app: Session, incident: Callable[..., Row]) -> None:
    grant(app, "incident.description", "read", "knowledge")
    grant(app, "incident.description", "write", "knowledge")
    row = incident(description="between us")
    agent, lead = instance.session("agent"), instance.session("lead")
    assert (agent.get("incident", row["sys_id"]) or {})["description"] == ""
    assert (lead.get("incident", row["sys_id"]) or {})["description"] == "between us"
    changed = agent.update("incident", row["sys_id"], {"description": "mine", "short_description": "seen"})
    assert (changed["description"], changed["short_description"]) == ("between us", "seen")


def test_passwords_are_kept_as_hashes(instance: Instance, admin: Session) -> None:
    admin.insert("sys_user", {"user_name": "vera", "first_name": "Vera", "last_name": "Tal", "user_password": "s3cret"})
    kept = instance.records.first("sys_user", user_name="vera") or {}
    assert kept["name"] == "Vera Tal"
    assert "s3cret" not in kept["user_password"]
    assert instance.sign_in("vera", "s3cret")
    assert instance.sign_in("vera", "wrong") is None
    assert instance.sign_in("vera", "") is None
    assert instance.sign_in("nobody", "s3cret") is None
    admin.update("sys_user", kept["sys_id"], {"locked_out": "true"})
    assert instance.sign_in("vera", "s3cret") is None
    admin.update("sys_user", kept["sys_id"], {"locked_out": "false", "active": "false"})
    assert instance.sign_in("vera", "s3cret") is None
    with pytest.raises(LookupError):
        instance.session("vera")
