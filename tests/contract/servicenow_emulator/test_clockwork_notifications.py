"""Notifications: who is told what, by records and by events, and the outbox they end in."""

import pytest
import requests

GENERAL = "c97d83137f4432005f58108c3ffa917a"


@pytest.fixture
def notification(desk):
    """Put the ones that came along out of force and make one."""
    for row in desk.get("table/sysevent_email_action").json()["result"]:
        desk.patch(f"table/sysevent_email_action/{row['sys_id']}", {"active": "false"})

    def made(**values: str) -> None:
        row = {"name": "Test", "category": GENERAL, "collection": "incident", "action_insert": "true", "subject": "S"}
        desk.made("sysevent_email_action", **{**row, **values})

    return made


@pytest.fixture
def outbox(timed, advance):
    def messages() -> list[dict]:
        advance()
        found: list[dict] = requests.get(f"{timed.url}/_emulator/outbox", timeout=5).json()["messages"]
        return found

    return messages


@pytest.fixture
def sys_id(desk):
    def found(table: str, **filters: str) -> str:
        value: str = desk.get(f"table/{table}", **filters).json()["result"][0]["sys_id"]
        return value

    return found


def event(desk, **values: str) -> None:
    desk.made("sysevent", state="ready", process_on="2026-11-23 08:00:00", **values)


def test_a_record_tells_whoever_its_fields_point_at(desk, notification, outbox, sys_id) -> None:
    notification(
        recipient_fields="assigned_to,caller_id.manager,watch_list,assignment_group",
        subject="${number}: ${short_description}",
        message_html="<p>${priority} for ${caller_id} by ${assigned_to.email}</p>${mail_script:x}${nothing}",
    )
    agent, lead = sys_id("sys_user", user_name="agent"), sys_id("sys_user", user_name="lead")
    employee = sys_id("sys_user", user_name="employee")
    desk.patch(f"table/sys_user/{employee}", {"manager": lead})
    task = desk.made(
        "incident", short_description="Till <b>down</b>", caller_id=employee, assigned_to=agent,
        watch_list=f"{lead},ops@acme.example",
    )  # fmt: skip
    (message,) = outbox()
    assert message["recipients"] == ["agent@acme.example", "lead@acme.example", "ops@acme.example"]
    assert message["subject"] == f"{task['number']}: Till <b>down</b>"
    assert message["body"] == "<p>5 - Planning for Sol Marchetti by agent@acme.example</p>"
    assert (message["table"], message["record"]) == ("incident", task["sys_id"])
    assert (message["type"], message["state"]) == ("sent", "processed")


def test_values_in_html_are_escaped(desk, notification, outbox) -> None:
    notification(
        recipient_fields="correlation_id", message_html="${short_description}", message_text="${short_description}"
    )
    desk.made("incident", short_description="<script>", correlation_id="a@acme.example")
    (message,) = outbox()
    assert (message["body"], message["body_text"]) == ("&lt;script&gt;", "<script>")


def test_users_and_groups(desk, notification, outbox, sys_id) -> None:
    customer_service, desk_group = (
        sys_id("sys_user_group", name=name) for name in ("Customer Service", "Service Desk")
    )
    desk.patch(f"table/sys_user_group/{desk_group}", {"email": "desk@acme.example"})
    notification(
        recipient_users=sys_id("sys_user", user_name="auditor"), recipient_groups=f"{customer_service},{desk_group}"
    )
    desk.made("incident")
    (message,) = outbox()
    assert message["recipients"] == [
        "auditor@acme.example", "agent@acme.example", "lead@acme.example", "desk@acme.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "forced", "told"),
    [
        ({"active": "false"}, "false", False),
        ({"email": ""}, "false", False),
        ({"notification": "1"}, "false", False),
        ({"notification": "1"}, "true", True),
        ({"active": "false"}, "true", False),
        ({}, "false", True),
    ],
)
def test_who_cannot_or_will_not_be_told(desk, notification, outbox, sys_id, change, forced: str, told: bool) -> None:
    agent = sys_id("sys_user", user_name="agent")
    notification(recipient_users=agent, force_delivery=forced)
    if change:
        desk.patch(f"table/sys_user/{agent}", change)
    desk.made("incident")
    assert len(outbox()) == told


def test_whoever_caused_it_may_be_left_out(desk, notification, outbox, sys_id) -> None:
    both = f"{sys_id('sys_user', user_name='admin')},{sys_id('sys_user', user_name='agent')}"
    notification(recipient_users=both, send_self="false")
    desk.made("incident")
    assert [message["recipients"] for message in outbox()] == [["agent@acme.example"]]


def test_conditions_see_the_change(desk, notification, outbox) -> None:
    notification(
        action_insert="false", action_update="true", condition="stateCHANGESTO2", recipient_fields="correlation_id",
        advanced_condition="answer = current.urgency == 1",
    )  # fmt: skip
    task = desk.made("incident", correlation_id="a@acme.example", urgency="1")
    quiet = desk.made("incident", correlation_id="b@acme.example", urgency="2")
    for change in ({"description": "x"}, {"state": "2"}, {"description": "y"}):
        desk.patch(f"table/incident/{task['sys_id']}", change)
        desk.patch(f"table/incident/{quiet['sys_id']}", change)
    assert [message["recipients"] for message in outbox()] == [["a@acme.example"]]


def test_events_tell_their_parameters(desk, notification, outbox, sys_id) -> None:
    notification(
        generation_type="event", event_name="order.stuck", event_parm_1="true", event_parm_2="true",
        subject="${event.parm1} about ${number}", message="${event.name}", content_type="text/plain",
    )  # fmt: skip
    desk.made("sysevent_register", event_name="order.stuck")
    task = desk.made("incident")
    group = sys_id("sys_user_group", name="Fraud Review")
    event(
        desk, name="order.stuck", table="incident", instance=task["sys_id"], parm1="agent",
        parm2=f"{group},x@acme.example",
    )  # fmt: skip
    event(desk, name="order.other", table="incident", instance=task["sys_id"], parm1="agent")
    (message,) = outbox()
    assert message["recipients"] == ["agent@acme.example", "lead@acme.example", "x@acme.example"]
    assert (message["subject"], message["body"]) == (f"agent about {task['number']}", "order.stuck")


def test_an_event_without_a_record_is_told_too(desk, notification, outbox) -> None:
    notification(generation_type="event", event_name="feed.late", event_parm_1="true", collection="")
    event(desk, name="feed.late", parm1="x@acme.example")
    assert [message["record"] for message in outbox()] == [""]


def test_of_those_with_a_weight_the_heaviest_goes_out(desk, notification, outbox) -> None:
    for weight in ("0", "5", "10"):
        notification(name=weight, weight=weight, subject=weight, recipient_fields="correlation_id")
    desk.made("incident", correlation_id="a@acme.example")
    assert sorted(message["subject"] for message in outbox()) == ["0", "10"]


def test_a_template_fills_what_is_empty(desk, notification, outbox) -> None:
    template = desk.made("sysevent_email_template", name="T", subject="From template", message_html="<i>${number}</i>")
    notification(template=template["sys_id"], subject="", recipient_fields="correlation_id")
    task = desk.made("incident", correlation_id="a@acme.example")
    (message,) = outbox()
    assert (message["subject"], message["body"]) == ("From template", f"<i>{task['number']}</i>")


def test_links_lead_to_the_record(timed, desk, notification, outbox) -> None:
    notification(recipient_fields="correlation_id", message_html="${URI} ${URI_REF}", message_text="${URI}")
    task = desk.made("incident", correlation_id="a@acme.example")
    (message,) = outbox()
    address = f"{timed.url}/nav_to.do?uri=incident.do?sys_id={task['sys_id']}"
    assert message["body_text"] == address
    assert message["body"] == f'<a href="{address}">LINK</a> <a href="{address}">{task["number"]}</a>'


def test_switched_off_they_stay_ready_to_send(desk, notification, outbox, sys_id) -> None:
    switch = sys_id("sys_properties", name="glide.email.smtp.active")
    desk.patch(f"table/sys_properties/{switch}", {"value": "false"})
    notification(recipient_fields="correlation_id")
    desk.made("incident", correlation_id="a@acme.example")
    assert [(message["type"], message["state"]) for message in outbox()] == [("send-ready", "ready")]
    found = desk.get("table/sys_email", type="send-ready").json()["result"]
    assert [row["recipients"] for row in found] == ["a@acme.example"]


def test_what_only_a_flow_triggers_is_quiet(desk, notification, outbox) -> None:
    notification(generation_type="triggered", recipient_fields="correlation_id")
    desk.made("incident", correlation_id="a@acme.example")
    assert outbox() == []


def test_a_breach_can_be_told(desk, notification, outbox, advance) -> None:
    notification(
        collection="task_sla", action_insert="false", action_update="true", condition="has_breachedCHANGESTOtrue",
        recipient_fields="task.correlation_id", subject="${task} breached",
    )  # fmt: skip
    task = desk.made("incident", impact="1", urgency="1", correlation_id="a@acme.example")
    assert outbox() == []
    advance(hours=4)
    (message,) = outbox()
    assert (message["subject"], message["sys_created_on"]) == (f"{task['number']} breached", "2026-11-23 12:00:00")


def test_the_one_that_comes_along(desk, outbox, sys_id) -> None:
    desk.made("incident", assigned_to=sys_id("sys_user", user_name="agent"), short_description="Till down")
    assert [message["recipients"] for message in outbox()] == [["agent@acme.example"]]
