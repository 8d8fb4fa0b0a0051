"""Assignment rules: order, conditions, scripts, and that what is filled stays."""

import pytest


@pytest.fixture
def group(desk):
    def found(name: str) -> str:
        sys_id: str = desk.get("table/sys_user_group", name=name).json()["result"][0]["sys_id"]
        return sys_id

    return found


@pytest.fixture
def user(desk):
    def found(name: str) -> str:
        sys_id: str = desk.get("table/sys_user", user_name=name).json()["result"][0]["sys_id"]
        return sys_id

    return found


def assigned(row) -> tuple[str, str]:
    def value(name: str) -> str:
        return row[name]["value"] if row[name] else ""

    return value("assignment_group"), value("assigned_to")


def test_a_stored_task_comes_back_assigned(desk, group, user) -> None:
    desk.made("sysrule_assignment", name="Hardware", condition="category=hardware^EQ", group=group("Service Desk"))
    assert assigned(desk.made("incident", category="hardware")) == (group("Service Desk"), "")
    assert assigned(desk.made("incident", category="software")) == ("", "")


def test_only_what_is_empty_is_filled(desk, group, user) -> None:
    desk.made("sysrule_assignment", name="All", group=group("Service Desk"), user=user("agent"))
    own = desk.made("incident", assignment_group=group("Fraud Review"))
    assert assigned(own) == (group("Fraud Review"), user("agent"))
    assert own["reassignment_count"] == "0"


def test_the_first_rule_that_holds_decides(desk, group) -> None:
    desk.made("sysrule_assignment", name="Late", order="200", group=group("Service Desk"))
    desk.made("sysrule_assignment", name="Early", order="50", group=group("Fraud Review"))
    desk.made("sysrule_assignment", name="Off", order="1", group=group("Customer Service"), active="false")
    assert assigned(desk.made("incident"))[0] == group("Fraud Review")


@pytest.mark.parametrize(("match", "holds"), [("ALL", False), ("ANY", True)])
def test_all_conditions_or_any(desk, group, match: str, holds: bool) -> None:
    condition = "category=hardware^urgency=1^EQ"
    desk.made("sysrule_assignment", name="R", condition=condition, match_conditions=match, group=group("Service Desk"))
    made = desk.made("incident", category="hardware", urgency="3")
    assert bool(assigned(made)[0]) is holds
    assert assigned(desk.made("incident", category="software", urgency="3"))[0] == ""


def test_a_script_may_choose(desk, group, user) -> None:
    script = f"current.assigned_to = current.urgency == 1 ? '{user('lead')}' : '{user('agent')}'; current.priority = 1;"
    desk.made("sysrule_assignment", name="R", script=script, group=group("Service Desk"))
    made = desk.made("incident", urgency="1")
    assert assigned(made) == (group("Service Desk"), user("lead"))
    assert made["priority"] != "1"


def test_an_update_is_a_chance_too(desk, group) -> None:
    task = desk.made("incident")
    desk.made("sysrule_assignment", name="R", condition="category=hardware", group=group("Service Desk"))
    changed = desk.patch(f"table/incident/{task['sys_id']}", {"category": "hardware"}).json()["result"]
    assert assigned(changed)[0] == group("Service Desk")


def test_a_rule_on_task_holds_for_its_children_and_nothing_else(desk, group) -> None:
    desk.made("sysrule_assignment", name="R", table="task", group=group("Service Desk"))
    assert assigned(desk.made("problem"))[0] == group("Service Desk")
    assert desk.made("cmdb_ci", name="box")["assignment_group"] == ""


def test_after_rules_and_service_levels_see_who_got_it(desk, group) -> None:
    desk.made("sysrule_assignment", name="R", group=group("Service Desk"))
    desk.made(
        "contract_sla", name="Desk", collection="incident", duration="01:00:00",
        start_condition=f"assignment_group={group('Service Desk')}",
    )  # fmt: skip
    desk.made(
        "sys_script", name="After", collection="incident", when="after", action_insert="true", active="true",
        advanced="true", script="gs.error('got ' + current.assignment_group.getDisplayValue());",
    )  # fmt: skip
    task = desk.made("incident")
    assert len(desk.get("table/task_sla", task=task["sys_id"]).json()["result"]) == 1
    said = desk.get("table/syslog", sysparm_query="messageSTARTSWITHgot").json()["result"]
    assert [row["message"] for row in said] == ["got Service Desk"]
