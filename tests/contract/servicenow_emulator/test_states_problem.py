"""The state models of problems and problem tasks."""

import itertools

import pytest

from snow_app.emulator.behaviour.problems import MOVES, TASK_MOVES
from snow_app.emulator.errors import Aborted

FILLED = {
    "short_description": "x",
    "cause_notes": "c",
    "fix_notes": "f",
    "close_notes": "n",
    "resolution_code": "fix_applied",
}


@pytest.fixture
def server(snow):
    """The platform's own session, which the Table API's limits do not bind."""
    return snow.instance.session("admin")


@pytest.fixture
def problem(server):
    def make(**values: str) -> dict[str, str]:
        row: dict[str, str] = server.insert("problem", FILLED | {"assigned_to": server.user.sys_id} | values, acl=False)
        return row

    return make


@pytest.mark.parametrize("start", MOVES)
def test_a_problem_moves_as_its_model_allows(server, problem, start) -> None:
    for end in MOVES:
        made = problem(state=start)
        if end == start:
            continue
        if end in MOVES[start]:
            moved = server.update("problem", made["sys_id"], {"state": end}, acl=False)
            assert (moved["state"], moved["problem_state"], moved["active"]) == (
                end,
                end,
                "false" if end == "107" else "true",
            )
        else:
            with pytest.raises(Aborted, match="Problem State Transition"):
                server.update("problem", made["sys_id"], {"state": end}, acl=False)


@pytest.mark.parametrize("start", TASK_MOVES)
def test_a_problem_task_moves_as_its_model_allows(api, problem, start) -> None:
    owner = problem()["sys_id"]
    for end in TASK_MOVES:
        made = api.made("problem_task", problem=owner, state=start)
        answer = api.patch(f"table/problem_task/{made['sys_id']}", {"state": end})
        allowed = end == start or end in TASK_MOVES[start]
        assert answer.status_code == (200 if allowed else 403), (start, end, answer.text)


def test_the_table_api_leaves_the_state_of_a_problem_alone(api, problem) -> None:
    made = problem()
    path = f"table/problem/{made['sys_id']}"
    answer = api.patch(path, {"state": "102", "problem_state": "102", "description": "d"}).json()["result"]
    assert (answer["state"], answer["problem_state"], answer["description"]) == ("101", "101", "d")


def test_a_setting_lets_the_table_api_move_problems(api, problem) -> None:
    setting = api.get("table/sys_properties", sysparm_query="name=emulator.problem.table_api_state").json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "true"})
    path = f"table/problem/{problem()['sys_id']}"
    assert api.patch(path, {"state": "102"}).json()["result"]["state"] == "102"
    refused = api.patch(path, {"state": "106"})
    assert refused.status_code == 403
    assert "aborted by Business Rule 'Problem State Transition^" in refused.json()["error"]["detail"]


def test_the_legacy_model_is_a_setting(api) -> None:
    setting = api.get("table/sys_properties", sysparm_query="name=emulator.problem.state_model").json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "legacy"})
    made = api.made("problem", short_description="x")
    assert made["state"] == "1"
    for state in ("3", "2", "4"):
        answer = api.patch(f"table/problem/{made['sys_id']}", {"state": state}).json()["result"]
        assert answer["state"] == state
    assert answer["active"] == "false"


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ({"state": "102"}, "Assigned to"),
        ({"state": "104", "assigned_to": "admin"}, "Cause notes, Fix notes"),
        ({"state": "106", "assigned_to": "admin"}, "Resolution code"),
        ({"state": "107", "assigned_to": "admin", "resolution_code": "canceled"}, "Close notes"),
        ({"state": "107", "assigned_to": "admin", "resolution_code": "duplicate"}, "Duplicate of"),
        ({"state": "106", "assigned_to": "admin", "resolution_code": "risk_accepted"}, "Cause notes, Close notes"),
    ],
)
def test_each_state_needs_its_fields(api, values, labels) -> None:
    answer = api.post("table/problem", {"short_description": "x", **values}, sysparm_input_display_value="true")
    assert answer.status_code == 403
    assert answer.json()["error"]["detail"].endswith(f"mandatory: {labels}")


def test_states_leave_their_stamps(server, problem) -> None:
    made = problem()
    for state, at, by in (
        ("103", "confirmed_at", "confirmed_by"), ("104", "fix_at", "fix_by"), ("106", "resolved_at", "resolved_by"),
        ("107", "closed_at", "closed_by"),
    ):  # fmt: skip
        row = server.update("problem", made["sys_id"], {"state": state}, acl=False)
        assert row[at], state
        assert row[by] == server.user.sys_id
    again = server.update("problem", made["sys_id"], {"state": "103"}, acl=False)
    assert (again["reopen_count"], again["resolution_code"], again["closed_at"], again["active"]) == (
        "1",
        "",
        "",
        "true",
    )
    assert again["reopened_at"]
    assert again["reopened_by"] == server.user.sys_id


def test_a_closed_problem_is_taken_up_again_by_a_problem_manager_only(snow, problem, server) -> None:
    made = problem(state="104")
    server.update("problem", made["sys_id"], {"state": "107"}, acl=False)
    with pytest.raises(Aborted):
        snow.instance.session("agent").update("problem", made["sys_id"], {"state": "103"}, acl=False)
    assert server.update("problem", made["sys_id"], {"state": "103"}, acl=False)["state"] == "103"


def test_closing_a_problem_closes_its_tasks_and_no_new_ones_come(api, server, problem) -> None:
    made = problem(state="104")
    task = api.made("problem_task", problem=made["sys_id"])
    server.update("problem", made["sys_id"], {"state": "107"}, acl=False)
    closed = api.get(f"table/problem_task/{task['sys_id']}").json()["result"]
    assert (closed["state"], closed["active"], closed["close_code"]) == ("157", "false", "canceled")
    assert api.post("table/problem_task", {"problem": made["sys_id"]}).status_code == 403
    assert api.patch(f"table/problem_task/{task['sys_id']}", {"state": "152"}).status_code == 403


def test_what_belongs_to_a_duplicate_moves_to_the_original(api, server, problem) -> None:
    original, double = problem(), problem(state="103")
    incident = api.made("incident", problem_id=double["sys_id"])
    assert server.get("problem", double["sys_id"])["related_incidents"] == "1"
    closing = {"state": "107", "resolution_code": "duplicate", "duplicate_of": original["sys_id"]}
    server.update("problem", double["sys_id"], closing, acl=False)
    moved = api.get(f"table/incident/{incident['sys_id']}", sysparm_exclude_reference_link="true").json()["result"]
    assert moved["problem_id"] == original["sys_id"]
    assert [server.get("problem", row["sys_id"])["related_incidents"] for row in (original, double)] == ["1", "0"]


def test_priority_follows_the_matrix(api) -> None:
    for impact, urgency in itertools.product("123", "123"):
        made = api.made("problem", impact=impact, urgency=urgency, priority="5")
        assert made["priority"] == str(int(impact) + int(urgency) - 1)
