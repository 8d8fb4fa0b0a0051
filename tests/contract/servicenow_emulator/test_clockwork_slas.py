"""Service levels on tasks: attached, paused, resumed, completed, cancelled, reset, and breached by the clock."""

import pytest

HOUR = "1970-01-01 01:00:00"
ALWAYS = {"schedule_source": "no_schedule"}


@pytest.fixture
def sla(desk):
    """Put the definitions that came along out of force and make one."""
    for row in desk.get("table/contract_sla").json()["result"]:
        desk.patch(f"table/contract_sla/{row['sys_id']}", {"active": "false"})

    def made(**values: str) -> dict[str, str]:
        row = {
            "name": "Test", "collection": "incident", "duration": HOUR, "start_condition": "active=true",
            "stop_condition": "state=6", "pause_condition": "state=3", "when_to_resume": "no_match",
            "timezone_source": "sla.timezone", "timezone": "Europe/Berlin", **ALWAYS, **values,
        }  # fmt: skip
        return desk.made("contract_sla", **row)

    return made


@pytest.fixture
def levels(desk):
    """The task_sla rows of a task, oldest first."""

    def found(task) -> list[dict]:
        answer = desk.get(
            "table/task_sla",
            sysparm_query=f"task={task['sys_id']}^ORDERBYsys_created_on",
            sysparm_exclude_reference_link="true",
        )
        rows: list[dict] = answer.json()["result"]
        return rows

    return found


def schedule(desk, name: str) -> str:
    found: str = desk.get("table/cmn_schedule", name=name).json()["result"][0]["sys_id"]
    return found


def change(desk, task, **values: str) -> None:
    closing = {"close_code": "Solution provided", "close_notes": "done"} if values.get("state") in ("6", "7") else {}
    answer = desk.patch(f"table/incident/{task['sys_id']}", {**values, **closing})
    assert answer.status_code == 200, answer.text


def test_one_is_attached_and_measured(desk, sla, levels, advance) -> None:
    definition = sla()
    task = desk.made("incident")
    (level,) = levels(task)
    assert (level["sla"], level["stage"], level["active"]) == (definition["sys_id"], "in_progress", "true")
    assert (level["start_time"], level["planned_end_time"]) == ("2026-11-23 08:00:00", "2026-11-23 09:00:00")
    advance(minutes=15)
    (level,) = levels(task)
    assert (level["percentage"], level["business_percentage"]) == ("25", "25")
    assert level["duration"] == level["business_duration"] == "1970-01-01 00:15:00"
    assert level["time_left"] == level["business_time_left"] == "1970-01-01 00:45:00"


def test_it_breaches_at_its_moment_and_the_task_has_not_made_it(desk, sla, levels, advance) -> None:
    sla()
    task = desk.made("incident")
    advance(minutes=59, seconds=59)
    assert levels(task)[0]["has_breached"] == "false"
    advance(hours=2)
    (level,) = levels(task)
    assert (level["has_breached"], level["sys_updated_on"]) == ("true", "2026-11-23 09:00:00")
    assert level["business_percentage"] == "299.97"
    assert (level["time_left"], level["active"], level["stage"]) == ("1970-01-01 00:00:00", "true", "in_progress")
    assert desk.get(f"table/incident/{task['sys_id']}").json()["result"]["made_sla"] == "false"


def test_what_is_stopped_in_time_has_made_it(desk, sla, levels, advance) -> None:
    sla()
    task = desk.made("incident")
    advance(minutes=30)
    change(desk, task, state="6")
    advance(days=1)
    (level,) = levels(task)
    assert (level["stage"], level["active"], level["has_breached"]) == ("completed", "false", "false")
    assert (level["end_time"], level["business_percentage"]) == ("2026-11-23 08:30:00", "50")
    assert desk.get(f"table/incident/{task['sys_id']}").json()["result"]["made_sla"] == "true"


def test_a_pause_moves_the_end(desk, sla, levels, advance) -> None:
    sla()
    task = desk.made("incident")
    advance(minutes=20)
    change(desk, task, state="3", hold_reason="1")
    (level,) = levels(task)
    assert (level["stage"], level["pause_time"]) == ("paused", "2026-11-23 08:20:00")
    advance(hours=5)
    assert levels(task)[0]["has_breached"] == "false"
    change(desk, task, state="2")
    (level,) = levels(task)
    assert (level["stage"], level["pause_time"]) == ("in_progress", "")
    assert level["pause_duration"] == level["business_pause_duration"] == "1970-01-01 05:00:00"
    assert (level["planned_end_time"], level["original_breach_time"]) == ("2026-11-23 14:00:00", "2026-11-23 09:00:00")
    advance(minutes=40)
    assert (levels(task)[0]["has_breached"], levels(task)[0]["percentage"]) == ("true", "100")


def test_office_hours_count_only_when_open(desk, sla, levels, advance) -> None:
    """Monday 09:00 in Berlin, ten hours of work: 17:00 ends the day at eight, Tuesday 10:00 is the end."""
    sla(duration="1970-01-01 10:00:00", schedule_source="sla_definition", schedule=schedule(desk, "8-5 weekdays"))
    task = desk.made("incident")
    assert levels(task)[0]["planned_end_time"] == "2026-11-24 09:00:00"
    advance(hours=12)
    (level,) = levels(task)
    assert (level["business_duration"], level["duration"]) == ("1970-01-01 08:00:00", "1970-01-01 12:00:00")
    assert (level["business_percentage"], level["percentage"]) == ("80", "48")
    advance(hours=13)
    assert levels(task)[0]["has_breached"] == "true"


def test_a_friday_evening_is_not_open(desk, sla, levels, advance) -> None:
    sla(duration="1970-01-01 02:00:00", schedule_source="sla_definition", schedule=schedule(desk, "8-5 weekdays"))
    advance(days=4, hours=7)
    assert levels(desk.made("incident"))[0]["planned_end_time"] == "2026-11-30 08:00:00"


def test_a_schedule_without_a_zone_lies_where_the_definition_says(desk, sla, levels) -> None:
    floating = desk.made("cmn_schedule", name="Mornings")
    desk.made(
        "cmn_schedule_span", schedule=floating["sys_id"], name="Morning", repeat_type="daily",
        start_date_time="20260101T080000", end_date_time="20260101T120000",
    )  # fmt: skip
    sla(schedule_source="sla_definition", schedule=floating["sys_id"], timezone_source="task.caller_id.time_zone")
    employee = desk.get("table/sys_user", user_name="employee").json()["result"][0]["sys_id"]
    assert levels(desk.made("incident", caller_id=employee))[0]["planned_end_time"] == "2026-11-23 14:00:00"
    assert levels(desk.made("incident"))[0]["planned_end_time"] == "2026-11-23 09:00:00"


def test_a_holiday_is_closed(desk, sla, levels) -> None:
    holidays = desk.made("cmn_schedule", name="Holidays", type="excluded")
    desk.made(
        "cmn_schedule_span", schedule=holidays["sys_id"], name="Foundation day", all_day="true",
        start_date_time="20261123T000000", end_date_time="20261123T235959",
    )  # fmt: skip
    office = schedule(desk, "8-5 weekdays")
    desk.made("cmn_other_schedule", schedule=office, child_schedule=holidays["sys_id"], type="excluded")
    sla(schedule_source="sla_definition", schedule=office)
    assert levels(desk.made("incident"))[0]["planned_end_time"] == "2026-11-24 08:00:00"


def test_start_and_stop_together_attach_nothing(desk, sla, levels) -> None:
    sla(stop_condition="active=true")
    assert levels(desk.made("incident")) == []


@pytest.mark.parametrize(
    ("values", "stage"),
    [
        ({"when_to_cancel": "no_match", "start_condition": "priority=1"}, "cancelled"),
        ({"when_to_cancel": "on_condition", "cancel_condition": "urgency=3"}, "cancelled"),
        ({"when_to_cancel": "on_condition", "start_condition": "priority=1"}, "in_progress"),
        ({"when_to_cancel": "never", "cancel_condition": "urgency=3", "start_condition": "priority=1"}, "in_progress"),
    ],
)
def test_when_it_is_cancelled(desk, sla, levels, values, stage: str) -> None:
    sla(**values)
    task = desk.made("incident", impact="1", urgency="1")
    change(desk, task, urgency="3")
    assert [level["stage"] for level in levels(task)] == [stage]


@pytest.mark.parametrize(("action", "stage"), [("complete", "completed"), ("cancel", "cancelled")])
def test_a_reset_ends_one_and_starts_another(desk, sla, levels, advance, action: str, stage: str) -> None:
    sla(reset_condition="assignment_groupCHANGES", reset_action=action)
    task = desk.made("incident")
    advance(minutes=30)
    group = desk.get("table/sys_user_group", name="Service Desk").json()["result"][0]["sys_id"]
    change(desk, task, assignment_group=group)
    first, second = levels(task)
    assert (first["stage"], second["stage"], second["start_time"]) == (stage, "in_progress", "2026-11-23 08:30:00")


def test_reopening_attaches_a_new_one(desk, sla, levels, advance) -> None:
    sla()
    task = desk.made("incident")
    change(desk, task, state="6")
    advance(minutes=10)
    change(desk, task, state="2")
    assert [level["stage"] for level in levels(task)] == ["completed", "in_progress"]


def test_a_resume_condition_of_its_own(desk, sla, levels) -> None:
    sla(when_to_resume="on_condition", resume_condition="urgency=1")
    task = desk.made("incident")
    change(desk, task, state="3", hold_reason="1")
    change(desk, task, state="2")
    assert levels(task)[0]["stage"] == "paused"
    change(desk, task, urgency="1")
    assert levels(task)[0]["stage"] == "in_progress"


def test_it_can_start_in_the_past_and_be_late_at_once(desk, sla, levels) -> None:
    sla(retroactive="true", set_start_to="opened_at", start_condition="priority=1")
    task = desk.made("incident", opened_at="2026-11-23 06:30:00")
    assert levels(task) == []
    change(desk, task, impact="1", urgency="1")
    (level,) = levels(task)
    assert (level["start_time"], level["has_breached"]) == ("2026-11-23 06:30:00", "true")
    assert level["business_percentage"] == "150"
    assert desk.get(f"table/incident/{task['sys_id']}").json()["result"]["made_sla"] == "false"


@pytest.mark.parametrize(
    ("counts", "paused", "end"), [("true", "02:00:00", "12:00:00"), ("false", "00:00:00", "10:00:00")]
)
def test_pauses_before_it_was_attached(desk, sla, levels, advance, counts: str, paused: str, end: str) -> None:
    """Opened at 8, on hold from 8:30 to 9:30 and from 10 to 11; at 11:15 the priority makes it a two-hour SLA."""
    sla(
        retroactive="true", set_start_to="opened_at", retroactive_pause=counts, start_condition="priority=1",
        duration="1970-01-01 02:00:00",
    )  # fmt: skip
    task = desk.made("incident")
    for minutes, state in ((30, "3"), (60, "2"), (30, "3"), (60, "2")):
        advance(minutes=minutes)
        change(desk, task, state=state, hold_reason="3")
    advance(minutes=15)
    change(desk, task, impact="1", urgency="1")
    (level,) = levels(task)
    assert (level["pause_duration"], level["business_pause_duration"]) == (f"1970-01-01 {paused}",) * 2
    assert level["planned_end_time"] == f"2026-11-23 {end}"
    assert level["has_breached"] == ("false" if counts == "true" else "true")


def test_a_pause_that_still_lasts_when_it_is_attached(desk, sla, levels, advance) -> None:
    sla(retroactive="true", set_start_to="opened_at", start_condition="priority=1")
    task = desk.made("incident")
    advance(minutes=30)
    change(desk, task, state="3", hold_reason="3")
    advance(hours=3)
    change(desk, task, impact="1", urgency="1")
    (level,) = levels(task)
    assert (level["stage"], level["pause_duration"], level["has_breached"]) == (
        "paused",
        "1970-01-01 03:00:00",
        "false",
    )
    advance(hours=1)
    change(desk, task, state="2")
    (level,) = levels(task)
    assert (level["pause_duration"], level["planned_end_time"]) == ("1970-01-01 04:00:00", "2026-11-23 13:00:00")


def test_updates_of_tasks_leave_their_history(desk, advance) -> None:
    task = desk.made("incident")
    change(desk, task, urgency="1", work_notes="x")
    rows = desk.get("table/sys_audit", documentkey=task["sys_id"]).json()["result"]
    found = {row["fieldname"]: (row["oldvalue"], row["newvalue"], row["user"]) for row in rows}
    assert found == {"urgency": ("3", "1", "admin"), "priority": ("5", "3", "admin")}


def test_agreements_with_others_do_not_count_for_the_task(desk, sla, levels, advance) -> None:
    sla(type="OLA")
    task = desk.made("incident")
    advance(hours=2)
    assert levels(task)[0]["has_breached"] == "true"
    assert desk.get(f"table/incident/{task['sys_id']}").json()["result"]["made_sla"] == "true"


def test_a_definition_of_a_table_holds_for_those_below_it(desk, sla, levels) -> None:
    sla(collection="task")
    assert len(levels(desk.made("incident"))) == 1
    assert len(levels(desk.made("problem"))) == 1


def test_an_inactive_definition_goes_on_with_what_it_started(desk, sla, levels) -> None:
    definition = sla()
    task = desk.made("incident")
    desk.patch(f"table/contract_sla/{definition['sys_id']}", {"active": "false"})
    assert levels(desk.made("incident")) == []
    change(desk, task, state="6")
    assert levels(task)[0]["stage"] == "completed"


def test_rules_on_task_sla_see_the_breach(desk, sla, advance) -> None:
    sla()
    desk.made(
        "sys_script", name="Breach", collection="task_sla", when="after", action_update="true", active="true",
        advanced="true", filter_condition="has_breachedCHANGESTOtrue",
        script="gs.error('breached ' + current.task.number);",
    )  # fmt: skip
    task = desk.made("incident")
    advance(hours=3)
    found = desk.get("table/syslog", sysparm_query="messageSTARTSWITHbreached").json()["result"]
    assert [row["message"] for row in found] == [f"breached {task['number']}"]


def test_they_go_with_their_task(desk, sla) -> None:
    sla()
    task = desk.made("incident")
    desk.delete(f"table/incident/{task['sys_id']}")
    assert desk.get("table/task_sla").json()["result"] == []


def test_the_definitions_that_come_along(desk, levels, advance) -> None:
    task = desk.made("incident", impact="1", urgency="1")
    assert levels(task)[0]["planned_end_time"] == "2026-11-23 12:00:00"
    assert levels(desk.made("incident", impact="1", urgency="2"))[0]["planned_end_time"] == "2026-11-23 16:00:00"
    assert levels(desk.made("incident")) == []
