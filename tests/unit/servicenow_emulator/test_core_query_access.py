"""Query access controls: what a user may not ask by is left out of the query, silently."""

from collections.abc import Callable

import pytest

from snow_app.emulator.instance import Instance, Row, Session


@pytest.fixture
def agent(instance: Instance) -> Session:
    return instance.session("agent")


@pytest.fixture
def control(instance: Instance) -> Callable[[str, str], None]:
    """A control for admin alone."""

    def stored(name: str, operation: str) -> None:
        admin = instance.session("admin")
        role = admin.query("sys_user_role", "name=admin")[0]["sys_id"]
        values = {"name": name, "operation": operation, "type": "record", "active": "true", "admin_overrides": "true"}
        made = admin.insert("sys_security_acl", values, acl=False)
        admin.insert("sys_security_acl_role", {"sys_security_acl": made["sys_id"], "sys_user_role": role}, acl=False)

    return stored


@pytest.fixture
def found(incident: Callable[..., Row]) -> Callable[[Session, str], str]:
    for letter, urgency in (("a", "1"), ("b", "2"), ("c", "3")):
        incident(short_description=letter, urgency=urgency)

    def asked(session: Session, query: str) -> str:
        rows = session.query("incident", query)
        assert session.count("incident", query) == len(rows)
        return "".join(row["short_description"] for row in rows)

    return asked


def test_a_range_control_leaves_equality_alone(control, agent: Session, admin: Session, found) -> None:
    assert found(agent, "urgency>1^short_description!=c") == "b"
    control("incident.urgency", "query_range")
    assert found(agent, "urgency>1^short_description!=c") == "ab"
    assert found(agent, "urgency=2") == "b"
    assert found(admin, "urgency>1^short_description!=c") == "b"


def test_a_range_control_forbids_sorting(control, agent: Session, admin: Session, found) -> None:
    assert found(agent, "ORDERBYDESCurgency") == "cba"
    control("incident.urgency", "query_range")
    assert found(agent, "ORDERBYDESCurgency^ORDERBYshort_description") == "abc"
    assert found(admin, "ORDERBYDESCurgency") == "cba"


def test_a_match_control_leaves_ranges_alone(control, agent: Session, found) -> None:
    control("incident.urgency", "query_match")
    assert found(agent, "urgency=2") == "abc"
    assert found(agent, "urgency<2") == "a"


@pytest.mark.parametrize("name", ["incident", "incident.*", "task.urgency", "task"])
def test_controls_of_wider_names_hold_where_no_nearer_one_does(control, agent: Session, found, name: str) -> None:
    control(name, "query_range")
    assert found(agent, "urgency>2") == "abc"


def test_who_may_not_read_a_field_may_not_ask_by_it(agent: Session, admin: Session) -> None:
    kept = admin.query("sys_user", "user_name=lead")[0]["user_password"]
    assert [row["user_name"] for row in admin.query("sys_user", f"user_password={kept}")] == ["lead"]
    assert len(agent.query("sys_user", f"user_password={kept}")) > 1


def test_a_walked_path_follows_the_controls_of_its_end(control, agent: Session, incident) -> None:
    for caller in ("agent", "lead"):
        user = agent.instance.records.first("sys_user", user_name=caller)
        incident(caller_id=user["sys_id"])
    assert len(agent.query("incident", "caller_id.user_nameSTARTSWITHage")) == 1
    control("sys_user.user_name", "query_range")
    assert len(agent.query("incident", "caller_id.user_nameSTARTSWITHage")) == 2


def test_scripts_of_the_server_ask_as_they_like(control, agent: Session, found) -> None:
    control("incident.urgency", "query_range")
    found(agent, "")
    assert len(agent.query("incident", "urgency>2", acl=False)) == 1
