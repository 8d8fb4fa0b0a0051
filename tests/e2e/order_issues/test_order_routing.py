"""What the installed app does with a case: who gets it, by when, and who is told; and what the flow's user needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sidecar.flows.order_issues import OrderIssues
from snow_app import SnowClient, SnowSettings, errors
from snow_app.app import AppParameters, Facts, scoped_app
from snow_app.install import verified
from snow_app.services import OrderCases

SCOPE = "x_acme_sfcc"
GROUP = f"{SCOPE}.order_issues.group"


@contextmanager
def _property(world: Any, name: str, value: str) -> Iterator[None]:
    rows = world.desk.admin.table("sys_properties")
    (row,) = world.desk.rows("sys_properties", name=name)
    rows.update(row.sys_id, {"value": value})
    try:
        yield
    finally:
        rows.update(row.sys_id, {"value": row["value"]})


def test_the_group_of_the_property_gets_the_case(each):
    (group,) = each.desk.rows("sys_user_group", name="Customer Service")
    first, second = each.order(), each.order()
    each.report(first)
    assert each.case(first)["assignment_group"] == ""
    with _property(each, GROUP, "Customer Service"):
        each.report(second)
    assert each.case(second)["assignment_group"] == group.sys_id


def test_a_case_to_be_reviewed_is_said_to_its_group_once(each):
    (group,) = each.desk.rows("sys_user_group", name="Customer Service")
    each.desk.admin.table("sys_user_group").update(group.sys_id, {"email": "service@acme.example"})
    doubtful, plain = each.order(shippingStatus="not_shipped"), each.order(status="new", shippingStatus="shipped")
    with _property(each, GROUP, "Customer Service"):
        each.report(doubtful)
        each.report(doubtful, comment="Again.")
        each.report(plain)
    each.desk.snow.instance.run_pending()
    mails = each.desk.snow.instance.notifications.outbox()
    numbers = {mail["instance"]: mail["subject"] for mail in mails}
    assert numbers[each.case(doubtful).sys_id] == f"Review order issue {each.case(doubtful)['number']}"
    assert [mail["instance"] for mail in mails].count(each.case(doubtful).sys_id) == 1
    assert each.case(plain).sys_id not in numbers


def test_the_clock_runs_for_order_issues_and_for_nothing_else(each):
    order = each.order()
    each.report(order)
    each.desk.snow.instance.run_pending()
    case = each.case(order)
    definitions = {row.sys_id: row["name"] for row in each.desk.rows("contract_sla")}
    running = {definitions[row["sla"]]: row["stage"] for row in each.desk.rows("task_sla", task=case.sys_id)}
    assert running.items() >= {"Order issue: taken up": "in_progress", "Order issue: solved": "in_progress"}.items()
    (agent,) = each.desk.rows("sys_user", user_name="agent")
    each.desk.admin.table(each.desk.rung).update(case.sys_id, {"assigned_to": agent.sys_id})
    stages = {definitions[row["sla"]]: row["stage"] for row in each.desk.rows("task_sla", task=case.sys_id)}
    assert stages["Order issue: taken up"] == "completed"
    assert stages["Order issue: solved"] == "in_progress"
    other = each.desk.admin.table(each.desk.rung).insert({"short_description": "A printer"})
    names = {definitions[row["sla"]] for row in each.desk.rows("task_sla", task=other.sys_id)}
    assert not [name for name in names if name.startswith("Order issue")]


def test_what_was_installed_reads_back_as_declared(each):
    found = verified(each.desk.admin, AppParameters(scope=SCOPE))
    problems = [one.text for one in found.findings if one.level == "problem"]
    assert [text for text in problems if "rder issue" in text or "ring the sidecar" in text] == []
    declared = scoped_app(AppParameters(), Facts(csm=each.desk.rung != "incident")).rows()
    wanted = [row for row in declared if row.table == "contract_sla" and row.name.startswith("Order issue")]
    assert len(wanted) == 2
    for row in wanted:
        (stored,) = each.desk.rows("contract_sla", name=row.name)
        assert {name: stored[name] for name in row.values} == dict(row.values)


# Roles ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def user_with(each: Any) -> Iterator[Callable[..., SnowClient]]:
    """Another user of the flow, with these roles only."""
    made: list[SnowClient] = []
    system = each.desk.snow.instance.session("system")

    def client(*roles: str) -> SnowClient:
        name = f"user{len(made)}.{each.order().order_no}"
        person = {"user_name": name, "user_password": "p", "active": "true"}
        sys_id = system.insert("sys_user", person, acl=False)["sys_id"]
        for role in roles:
            found = each.desk.snow.instance.records.first("sys_user_role", name=role)
            system.insert("sys_user_has_role", {"user": sys_id, "role": found["sys_id"]}, acl=False)
        made.append(SnowClient(SnowSettings(url=each.desk.snow.url, username=name, password="p", allow_http=True)))
        return made[-1]

    yield client
    for one in made:
        one.close()


def _flow_of(world: Any, snow: SnowClient) -> None:
    world.flow = OrderIssues(
        snow=snow, commerce=world.commerce, database=world.database, scope=SCOPE, clock=world.clock
    )


def test_the_least_roles_are_enough_and_each_is_needed(each, user_with):
    roles = each.roles
    order = each.order()
    _flow_of(each, user_with(*roles))
    each.report(order, comment="First.", consent=True, photos=[each.photo()])
    each.report(order, comment="Second.")
    each.change(each.case(order), order)
    each.engine().run()
    assert each.engine().inbox.counts()["order_issues"].get("parked", 0) == 0
    assert len(each.desk.notes(each.case(order).sys_id, "work_notes")) == 2
    for missing in roles:
        other = each.order()
        _flow_of(each, user_with(*(role for role in roles if role != missing)))
        event = each.report(other)
        state, note, code = each.settled(event)
        assert state == "parked", (missing, note)
        assert code in {"table_forbidden", "row_forbidden", "forbidden", "write_lost", "not_found"}, (missing, code)


def test_a_table_that_is_there_but_closed_is_no_reason_for_a_lower_rung(world_on):
    world = world_on("sn_order_case")
    world.desk.snow.faults.add(method="GET", path="/api/now/table/sn_order_case", status=403, body="{}")
    with pytest.raises(errors.Forbidden):
        OrderCases(world.desk.user, scope=SCOPE).rung  # noqa: B018


def test_a_case_stays_an_incident_for_as_long_as_it_is_one(world):
    """A plugin that came later does not bring personal data into incidents that are open."""
    order = world.order()
    world.flow.cases._rung = "incident"
    world.report(order, comment="First words.")
    world.flow.cases._rung = world.desk.rung
    world.report(order, comment="Second words.")
    (incident,) = world.desk.rows("incident", **{f"{SCOPE}_order_no": order.order_no})
    assert world.cases(order) == []
    said = "\n".join([*incident.values.values(), *world.desk.notes(incident.sys_id, "work_notes")])
    assert "words." not in said
    assert world.desk.notes(incident.sys_id, "comments") == []
