"""Changes as their model moves them, and the approvals that do."""

import pytest

from snow_app.emulator.behaviour import approvals

ORDER = ("-5", "-4", "-3", "-2", "-1", "0", "3")
PATHS = {
    "normal": ORDER,
    "standard": ("-5", "-2", "-1", "0", "3"),
    "emergency": ("-5", "-3", "-2", "-1", "0", "3"),
}
CLOSING = {"close_code": "successful", "close_notes": "done"}


@pytest.fixture
def group(snow):
    """A group nobody is in, so that nobody is asked."""
    return snow.instance.session("admin").insert("sys_user_group", {"name": "Platform"})["sys_id"]


@pytest.fixture
def desk(snow):
    found = snow.instance.records.first("sys_user_group", name="Service Desk")
    return found["sys_id"]


@pytest.fixture
def change(api, group):
    def make(kind: str = "normal", state: str = "-5", **values: str) -> dict[str, str]:
        given = {"type": kind, "state": state, "assignment_group": group, "short_description": "x", **CLOSING}
        row: dict[str, str] = api.made("change_request", **(given | values))
        return row

    return make


def moved(api, row, state, **values):
    return api.patch(f"table/change_request/{row['sys_id']}", {"state": state, **values})


def state_of(api, row):
    found = api.get(f"table/change_request/{row['sys_id']}").json()["result"]
    return found["state"], found["approval"]


def test_choices_of_type_are_the_models(api) -> None:
    choices = api.get("table/sys_choice", sysparm_query="name=change_request^element=type").json()["result"]
    assert {choice["value"] for choice in choices} == set(PATHS)


@pytest.mark.parametrize("kind", PATHS)
def test_every_jump_that_the_model_has_not_is_refused(api, change, kind) -> None:
    path = PATHS[kind]
    for start in (*path, "4"):
        for end in (*ORDER, "4"):
            if start == end:
                continue
            next_one = start in path[:-1] and end == path[path.index(start) + 1]
            cancels = end == "4" and start not in ("0", "3", "4")
            reverts = end == "-5" and (kind, start) in (("normal", "-4"), ("emergency", "-3"))
            answer = moved(api, change(kind, start), end, approval="approved")
            allowed = next_one or cancels or reverts
            assert answer.status_code == (200 if allowed else 403), (kind, start, end, answer.text)
            if not allowed:
                detail = answer.json()["error"]["detail"]
                assert "aborted by Business Rule 'Change Model: Check State Transition^" in detail


def test_closing_needs_code_and_notes(api, change) -> None:
    made = change("standard", "0", close_code="", close_notes="")
    assert moved(api, made, "3").status_code == 403
    assert moved(api, made, "3", **CLOSING).json()["result"]["active"] == "false"


def test_the_type_is_settled_once_a_change_has_left_new(api, change) -> None:
    made = change("normal")
    path = f"table/change_request/{made['sys_id']}"
    assert api.patch(path, {"type": "emergency"}).json()["result"]["type"] == "emergency"
    moved(api, made, "-3")
    assert api.patch(path, {"type": "normal"}).json()["result"]["type"] == "emergency"


# Approvals ---------------------------------------------------


def requests(api, row, **wanted):
    query = "^".join([f"sysapproval={row['sys_id']}", *(f"{name}={value}" for name, value in wanted.items())])
    rows = api.get("table/sysapproval_approver", sysparm_query=query, sysparm_exclude_reference_link="true")
    return rows.json()["result"]


def test_a_normal_change_is_approved_twice_and_moves_by_itself(api, snow, change, desk) -> None:
    made = change(assignment_group=desk)
    assert moved(api, made, "-4").json()["result"]["approval"] == "requested"
    asked = requests(api, made)
    assert [(row["state"], row["source_table"], row["document_id"]) for row in asked] == [
        ("requested", "change_request", made["sys_id"])
    ]
    assert moved(api, made, "-3").status_code == 403, "not before the answer"
    api.patch(f"table/sysapproval_approver/{asked[0]['sys_id']}", {"state": "approved"})
    assert state_of(api, made) == ("-3", "requested"), "the next ones are asked"
    lead = snow.instance.session("lead")
    assert len(approvals.answer(lead, made["sys_id"], "approved")) == 1
    assert state_of(api, made) == ("-2", "approved")


def test_a_rejection_sends_a_change_back_and_asking_starts_anew(api, snow, change, desk) -> None:
    made = change("emergency", assignment_group=desk)
    moved(api, made, "-3")
    lead = snow.instance.session("lead")
    approvals.answer(lead, made["sys_id"], "rejected", "not this week")
    assert state_of(api, made) == ("-5", "rejected")
    moved(api, made, "-3")
    assert state_of(api, made) == ("-3", "requested"), "the old answer does not count"
    assert [row["iteration"] for row in requests(api, made, state="requested")] == ["2"]
    approvals.answer(lead, made["sys_id"], "approved")
    assert state_of(api, made) == ("-2", "approved")


def test_one_answer_speaks_for_a_group(api, snow, change) -> None:
    customers = snow.instance.records.first("sys_user_group", name="Customer Service")["sys_id"]
    made = change(assignment_group=customers)
    moved(api, made, "-4")
    assert len(requests(api, made)) == 2
    approvals.answer(snow.instance.session("agent"), made["sys_id"], "approved")
    states = sorted(row["state"] for row in requests(api, made, iteration="1"))
    assert states == ["approved", "not_required"]


@pytest.mark.parametrize(("end", "expected"), [("-5", ("-5", "not requested")), ("4", ("4", "cancelled"))])
def test_reverting_and_cancelling_take_requests_back(api, change, desk, end, expected) -> None:
    made = change(assignment_group=desk)
    moved(api, made, "-4")
    moved(api, made, end)
    assert [row["state"] for row in requests(api, made)] == ["cancelled"]
    assert state_of(api, made) == expected


def test_only_who_was_asked_may_answer(api, snow, change, desk) -> None:
    made = change(assignment_group=desk)
    moved(api, made, "-4")
    assert approvals.answer(snow.instance.session("lead"), made["sys_id"], "approved") == []
    assert state_of(api, made) == ("-4", "requested")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((), "not requested"),
        (("not requested",), "not requested"),
        (("requested",), "requested"),
        (("approved", "requested"), "requested"),
        (("approved", "approved"), "approved"),
        (("approved", "rejected"), "rejected"),
        (("approved", "not_required"), "approved"),
        (("cancelled",), "not requested"),
    ],
)
def test_the_record_follows_its_approvers(api, snow, answers, expected) -> None:
    """Requests that hang on no group speak for one person each."""
    incident = api.made("incident", short_description="x")
    people = [row["sys_id"] for row in snow.instance.records.all("sys_user")]
    for person, state in zip(people, answers, strict=False):
        api.made("sysapproval_approver", sysapproval=incident["sys_id"], approver=person, state=state)
    assert api.get(f"table/incident/{incident['sys_id']}").json()["result"]["approval"] == expected


def test_people_who_share_no_group_answer_each_for_themselves(api, snow) -> None:
    incident = api.made("incident", short_description="x")
    lead, agent = (snow.instance.session(name) for name in ("lead", "agent"))
    for person in (lead, agent):
        api.made("sysapproval_approver", sysapproval=incident["sys_id"], approver=person.user.sys_id)
    approvals.answer(lead, incident["sys_id"], "approved")
    assert sorted(row["state"] for row in requests(api, incident)) == ["approved", "requested"]
    approvals.answer(agent, incident["sys_id"], "approved")
    assert api.get(f"table/incident/{incident['sys_id']}").json()["result"]["approval"] == "approved"


# Change tasks and templates ----------------------------------


@pytest.mark.parametrize("state", ["3", "4"])
def test_finished_tasks_lead_to_review(api, change, state) -> None:
    made = change("standard", "-1")
    tasks = [api.made("change_task", change_request=made["sys_id"], state="1") for _ in range(2)]
    api.patch(f"table/change_task/{tasks[0]['sys_id']}", {"state": state})
    assert state_of(api, made)[0] == "-1"
    api.patch(f"table/change_task/{tasks[1]['sys_id']}", {"state": state})
    assert state_of(api, made)[0] == "0"


@pytest.mark.parametrize(("start", "end"), [("-1", "4"), ("-1", "0"), ("-5", "4")])
def test_open_tasks_are_cancelled_with_their_change(api, change, start, end) -> None:
    made = change("standard", start)
    task = api.made("change_task", change_request=made["sys_id"])
    moved(api, made, end)
    row = api.get(f"table/change_task/{task['sys_id']}").json()["result"]
    assert (row["state"], row["active"]) == ("4", "false")


def test_a_standard_change_takes_its_templates_values(api) -> None:
    query = "name=Restart a shop application server - 1"
    version = api.get("table/std_change_producer_version", sysparm_query=query).json()["result"][0]
    values = {"type": "standard", "std_change_producer_version": version["sys_id"], "impact": "2"}
    made = api.made("change_request", **values)
    assert (made["short_description"], made["risk"], made["impact"]) == ("Restart a shop application server", "4", "2")
