"""What changes of state do to incidents, their children and the tasks below them."""

import pytest

RESOLVED = {"state": "6", "close_code": "Solution provided", "close_notes": "done"}


@pytest.mark.parametrize(
    ("state", "active", "filled", "empty"),
    [
        ("1", "true", (), ("resolved_at", "closed_at")),
        ("2", "true", (), ("resolved_at", "closed_at")),
        ("3", "true", (), ("resolved_at", "closed_at")),
        ("6", "true", ("resolved_at", "resolved_by"), ("closed_at", "closed_by")),
        ("7", "false", ("resolved_at", "resolved_by", "closed_at", "closed_by"), ()),
        ("8", "false", ("closed_at", "closed_by"), ()),
    ],
)
def test_what_each_state_sets(api, state, active, filled, empty) -> None:
    made = api.made("incident", short_description="x")
    answer = api.patch(f"table/incident/{made['sys_id']}", {**RESOLVED, "description": "d", "state": state})
    row = answer.json()["result"]
    assert (row["state"], row["incident_state"], row["active"]) == (state, state, active)
    assert all(row[name] for name in filled)
    assert not any(row[name] for name in empty)


@pytest.mark.parametrize("state", ["6", "7"])
def test_resolving_and_closing_need_a_code_and_notes(api, state) -> None:
    path = f"table/incident/{api.made('incident', short_description='x')['sys_id']}"
    refused = api.patch(path, {"state": state})
    assert refused.status_code == 403
    assert refused.json()["error"]["detail"].endswith("mandatory: Resolution code, Resolution notes")
    unknown = api.patch(path, {"state": state, "close_code": "no such code", "close_notes": "n"})
    assert unknown.json()["error"]["detail"].endswith("mandatory: Resolution code"), "no choice, so not stored"


def test_reopening_clears_and_counts(api, snow) -> None:
    path = f"table/incident/{api.made('incident', short_description='x')['sys_id']}"
    api.patch(path, RESOLVED)
    row = api.patch(path, {"state": "2"}, sysparm_exclude_reference_link="true").json()["result"]
    assert (row["resolved_at"], row["resolved_by"], row["reopen_count"]) == ("", "", "1")
    assert row["reopened_time"]
    assert row["reopened_by"] == snow.instance.session("admin").user.sys_id


def test_the_callers_answer_resumes_an_incident_that_awaits_it(api, snow) -> None:
    caller = snow.instance.session("employee")
    for reason, expected in (("1", ("2", "")), ("4", ("3", "4"))):
        made = api.made("incident", caller_id=caller.user.sys_id, state="3", hold_reason=reason)
        caller.update("incident", made["sys_id"], {"comments": "here it is"}, acl=False)
        row = api.get(f"table/incident/{made['sys_id']}").json()["result"]
        assert (row["state"], row["hold_reason"]) == expected


def test_leaving_on_hold_forgets_the_reason(api) -> None:
    made = api.made("incident", state="3", hold_reason="5")
    assert api.patch(f"table/incident/{made['sys_id']}", {"state": "2"}).json()["result"]["hold_reason"] == ""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"state": "2"}, ("2", "", "")),
        ({"state": "3", "hold_reason": "4"}, ("3", "4", "")),
        ({"state": "3", "hold_reason": "1"}, ("1", "", "")),
        (RESOLVED, ("6", "", "Solution provided")),
        (RESOLVED | {"state": "7"}, ("1", "", "")),
        ({"state": "8"}, ("1", "", "")),
    ],
)
def test_children_follow_their_parent(api, values, expected) -> None:
    parent = api.made("incident", short_description="all shops down")
    child = api.made("incident", parent_incident=parent["sys_id"])
    assert api.patch(f"table/incident/{parent['sys_id']}", values).status_code == 200
    row = api.get(f"table/incident/{child['sys_id']}").json()["result"]
    assert (row["state"], row["hold_reason"], row["close_code"]) == expected
    assert api.get(f"table/incident/{parent['sys_id']}").json()["result"]["child_incidents"] == "1"
    api.delete(f"table/incident/{child['sys_id']}")
    assert api.get(f"table/incident/{parent['sys_id']}").json()["result"]["child_incidents"] == "0"


@pytest.mark.parametrize(
    ("description", "values", "label"),
    [
        ("Make the reason mandatory when on hold", {"state": "3"}, "Hold reason"),
        (
            "Make comments mandatory when the caller is awaited",
            {"state": "3", "hold_reason": "1"},
            "Additional comments",
        ),
    ],
)
def test_policies_of_the_form_can_be_switched_on(api, description, values, label) -> None:
    path = f"table/incident/{api.made('incident', short_description='x')['sys_id']}"
    policy = api.get("table/sys_data_policy2", sysparm_query=f"short_description={description}").json()["result"][0]
    api.patch(f"table/sys_data_policy2/{policy['sys_id']}", {"active": "true"})
    refused = api.patch(path, values)
    assert refused.status_code == 403
    assert refused.json()["error"]["detail"].endswith(f"mandatory: {label}")


def test_tasks_close_with_the_task_above_them(api) -> None:
    incident = api.made("incident", short_description="x")
    task = api.made("task", parent=incident["sys_id"])
    below = api.made("task", parent=task["sys_id"])
    other = api.made("incident", parent=incident["sys_id"], close_code="Solution provided", close_notes="n")
    assert api.patch(f"table/incident/{incident['sys_id']}", RESOLVED | {"state": "7"}).status_code == 200
    rows = [api.get(f"table/task/{row['sys_id']}").json()["result"] for row in (task, below, other)]
    assert [(row["state"], row["active"]) for row in rows] == [("7", "false"), ("7", "false"), ("1", "true")]


def test_a_child_that_cannot_follow_does_not_hold_its_parent(api) -> None:
    parent = api.made("incident", short_description="all shops down")
    child = api.made("incident", parent_incident=parent["sys_id"])
    rule = {"name": "Not these", "collection": "incident", "when": "before", "action_update": "true", "active": "true"}
    api.made("sys_script", **rule, abort_action="true", filter_condition=f"sys_id={child['sys_id']}")
    answer = api.patch(f"table/incident/{parent['sys_id']}", {"state": "2"})
    assert (answer.status_code, answer.json()["result"]["state"]) == (200, "2")
    assert api.get(f"table/incident/{child['sys_id']}").json()["result"]["state"] == "1"
