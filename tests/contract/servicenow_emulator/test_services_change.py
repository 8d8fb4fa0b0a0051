"""The Change Management API: shape of values, kinds, tasks, next states, approvals, items, conflicts, free time."""

import json
from datetime import timedelta

import pytest

CHANGES = "/api/sn_chg_rest/change"


def result(answer, status: int = 200):
    assert answer.status_code == status, answer.text
    return answer.json()["result"]


@pytest.fixture
def manager(api, sign_in):
    """A user who may also delete changes."""
    user = api.made("sys_user", user_name="manager", user_password="manager", first_name="Mae", last_name="Orr")
    role = api.get("table/sys_user_role", name="change_manager").json()["result"][0]["sys_id"]
    return sign_in("manager") if _granted(api, user["sys_id"], role) else None


def _granted(api, user: str, role: str) -> bool:
    group = api.made("sys_user_group", name="Managers")["sys_id"]
    api.made("sys_group_has_role", group=group, role=role)
    api.made("sys_user_grmember", group=group, user=user)
    return True


@pytest.fixture
def server(api) -> str:
    return api.made("cmdb_ci_server", name="shop-1")["sys_id"]


@pytest.fixture
def group(api) -> str:
    return api.made("sys_user_group", name="Platform")["sys_id"]


def test_a_normal_change_and_the_shape_of_its_values(agent) -> None:
    answer = agent.at(
        "POST",
        "/api/sn_chg_rest/v1/change/normal?no_such_field=x&short_description=url&description=kept&type=emergency",
        json={
            "short_description": "body",
            "sys_created_by": "me",
            "conflict_status": "x",
            "start_date": "2026-12-01 10:00:00",
        },
    )
    change = result(answer)
    assert change["short_description"] == {"display_value": "body", "value": "body"}
    assert change["description"]["value"] == "kept"
    assert change["type"] == {"display_value": "Normal", "value": "normal"}
    assert change["state"] == {"display_value": "New", "value": -5.0}
    assert change["active"] == {"display_value": "true", "value": True}
    assert change["chg_model"]["display_value"] == "Normal"
    assert change["start_date"] == {
        "display_value": "2026-12-01 11:00:00",
        "value": "2026-12-01 10:00:00",
        "display_value_internal": "2026-12-01 11:00:00",
    }
    assert change["end_date"] == {"display_value": "", "value": "", "display_value_internal": ""}
    assert change["number"]["value"].startswith("CHG")
    assert sorted(change["__meta"]["ignoredFields"]) == ["conflict_status", "no_such_field", "sys_created_by"]
    assert "link" not in json.dumps(change)


@pytest.mark.parametrize(
    ("path", "given", "kind", "model"),
    [
        ("", {}, "normal", "Normal"),
        ("", {"type": "Emergency"}, "emergency", "Emergency"),
        ("", {"chg_model": "Standard"}, "standard", "Standard"),
        ("", {"chg_model": "Standard", "type": "emergency"}, "emergency", "Standard"),
        ("/emergency", {}, "emergency", "Emergency"),
    ],
)
def test_kind_and_model_go_together(agent, path, given, kind, model) -> None:
    change = result(agent.at("POST", CHANGES + path, json=given))
    assert (change["type"]["value"], change["chg_model"]["display_value"]) == (kind, model)


def test_a_standard_change_comes_from_its_template(agent, api) -> None:
    templates = result(agent.at("GET", f"{CHANGES}/standard/template"))
    template = templates[0]
    sys_id = template["sys_id"]["value"]
    assert result(agent.at("GET", f"{CHANGES}/standard/template/{sys_id}")) == template
    change = result(agent.at("POST", f"{CHANGES}/standard/{sys_id}", json={"description": "mine"}))
    assert (change["type"]["value"], change["chg_model"]["display_value"]) == ("standard", "Standard")
    assert change["short_description"]["value"] == template["name"]["value"]
    assert change["description"]["value"] == "mine"
    risk = result(agent.at("PATCH", f"{CHANGES}/standard/{change['sys_id']['value']}/risk"))
    assert risk["risk"]["display_value"] == "Low"
    assert agent.at("POST", f"{CHANGES}/standard/{'0' * 32}").status_code == 404
    api.patch(f"table/std_change_record_producer/{sys_id}", {"active": "false"})
    assert agent.at("POST", f"{CHANGES}/standard/{sys_id}").status_code == 400
    assert agent.at("POST", f"{CHANGES}/standard").status_code == 405


def test_lists_filter_sort_and_page(agent) -> None:
    for kind, name in (("normal", "b"), ("emergency", "crimson"), ("normal", "a")):
        agent.at("POST", f"{CHANGES}/{kind}", json={"short_description": name})
    names = lambda answer: [one["short_description"]["value"] for one in result(answer)]  # noqa: E731
    assert names(agent.at("GET", CHANGES, params={"order": "short_description"})) == ["a", "b", "crimson"]
    assert names(agent.at("GET", f"{CHANGES}/normal", params={"order": "short_description"})) == ["a", "b"]
    assert names(agent.at("GET", CHANGES, params={"type": "Emergency"})) == ["crimson"]
    assert names(agent.at("GET", CHANGES, params={"sysparm_query": "short_description=b"})) == ["b"]
    assert names(agent.at("GET", CHANGES, params={"textSearch": "crimson"})) == ["crimson"]
    page = agent.at("GET", CHANGES, params={"order": "short_description", "sysparm_limit": 1, "sysparm_offset": 1})
    assert (names(page), page.headers["X-Total-Count"]) == (["b"], "3")


def test_a_change_is_read_changed_and_deleted(agent, manager) -> None:
    sys_id = result(agent.at("POST", f"{CHANGES}/normal", json={"short_description": "a"}))["sys_id"]["value"]
    assert result(agent.at("GET", f"{CHANGES}/normal/{sys_id}")) == result(agent.at("GET", f"{CHANGES}/{sys_id}"))
    for method in ("GET", "PATCH", "DELETE"):
        assert agent.at(method, f"{CHANGES}/emergency/{sys_id}", json={}).status_code == 404, method
    changed = result(agent.at("PATCH", f"{CHANGES}/{sys_id}?nope=1", json={"short_description": "b"}))
    assert (changed["short_description"]["value"], changed["__meta"]) == ("b", {"ignoredFields": ["nope"]})
    named = result(
        agent.at(
            "PATCH", f"{CHANGES}/{sys_id}", json={"encrypted_fields": "assigned_to", "assigned_to": "Robin Achter"}
        )
    )
    assert named["assigned_to"]["display_value"] == "Robin Achter"
    assert agent.at("DELETE", f"{CHANGES}/{sys_id}").status_code == 403
    gone = result(manager.at("DELETE", f"{CHANGES}/normal/{sys_id}"))
    assert gone["short_description"]["value"] == "b"
    assert agent.at("GET", f"{CHANGES}/{sys_id}").status_code == 404


def test_the_state_machine_has_its_say(agent) -> None:
    sys_id = result(agent.at("POST", f"{CHANGES}/normal", json={}))["sys_id"]["value"]
    refused = agent.at("PATCH", f"{CHANGES}/{sys_id}", json={"state": "3"})
    error = refused.json()["error"]
    assert (refused.status_code, error["detail"]) == (400, "")
    assert error["message"].startswith(
        "Change Request record could not be updated. Operation against file 'change_request' was aborted by "
        "Business Rule 'Change Model: Check State Transition^"
    )


def test_tasks_of_a_change(agent, manager) -> None:
    change = result(agent.at("POST", f"{CHANGES}/normal", json={}))
    other = result(agent.at("POST", f"{CHANGES}/normal", json={}))["sys_id"]["value"]
    tasks = f"{CHANGES}/{change['sys_id']['value']}/task"
    task = result(agent.at("POST", f"{tasks}?short_description=one&nope=1"))
    sys_id = task["sys_id"]["value"]
    assert task["__meta"] == {"ignoredFields": ["nope"]}
    for name in ("parent", "change_request"):
        assert task[name] == {"display_value": change["number"]["value"], "value": change["sys_id"]["value"]}
    agent.at("POST", f"{CHANGES}/{other}/task", json={})
    assert [one["sys_id"]["value"] for one in result(agent.at("GET", tasks))] == [sys_id]
    assert (
        result(agent.at("PATCH", f"{tasks}/{sys_id}", json={"short_description": "two"}))["short_description"]["value"]
        == "two"
    )
    assert agent.at("PATCH", f"{CHANGES}/{other}/task/{sys_id}", json={}).status_code == 404
    assert result(manager.at("DELETE", f"{tasks}/{sys_id}"))["short_description"]["value"] == "two"
    assert result(agent.at("GET", tasks)) == []
    assert agent.at("GET", f"{CHANGES}/{'0' * 32}/task").status_code == 404


def test_next_states_say_what_they_ask_for(agent, group) -> None:
    sys_id = result(agent.at("POST", f"{CHANGES}/normal", json={}))["sys_id"]["value"]
    states = result(agent.at("GET", f"{CHANGES}/{sys_id}/nextstates"))
    assert states["available_states"] == ["4", "-5"]
    assert states["state_label"] == {"4": "Canceled", "-5": "New"}
    assess, cancel = states["state_transitions"]
    assert (assess[0]["display_value"], assess[0]["transition_available"]) == ("New to Assess", False)
    assert [(one["condition"]["name"], one["passed"]) for one in assess[0]["conditions"]] == [
        ("Assignment group is filled", False),
        ("Not On hold", True),
    ]
    assert (cancel[0]["from_state"], cancel[0]["to_state"], cancel[0]["conditions"]) == ("-5", "4", [])
    agent.at("PATCH", f"{CHANGES}/{sys_id}", json={"assignment_group": group})
    states = result(agent.at("GET", f"{CHANGES}/{sys_id}/nextstates"))
    assert states["available_states"] == ["-4", "4", "-5"]
    for state in states["available_states"][:1]:
        assert agent.at("PATCH", f"{CHANGES}/{sys_id}", json={"state": state}).status_code == 200


def test_an_approver_answers(api, agent, snow) -> None:
    desk = snow.instance.records.first("sys_user_group", name="Service Desk")["sys_id"]
    sys_id = result(api.at("POST", f"{CHANGES}/normal", json={"assignment_group": desk}))["sys_id"]["value"]
    approvals = f"{CHANGES}/{sys_id}/approvals"
    assert agent.at("PATCH", approvals, json={"state": "approved"}).status_code == 400, "nobody asked yet"
    result(api.at("PATCH", f"{CHANGES}/{sys_id}", json={"state": "-4"}))
    for document in ({"state": "rejected"}, {"state": "maybe"}, {}):
        assert agent.at("PATCH", approvals, json=document).status_code == 400, document
    assert api.at("PATCH", approvals, json={"state": "approved"}).status_code == 400, "the administrator was not asked"
    moved = result(agent.at("PATCH", approvals, json={"state": "approved"}))
    assert moved["state"]["display_value"] == "Authorize"
    assert agent.at("PATCH", f"{CHANGES}/{'0' * 32}/approvals", json={"state": "approved"}).status_code == 404


def test_a_rejection_brings_a_change_back(api, agent, snow) -> None:
    desk = snow.instance.records.first("sys_user_group", name="Service Desk")["sys_id"]
    sys_id = result(api.at("POST", f"{CHANGES}/normal", json={"assignment_group": desk}))["sys_id"]["value"]
    api.at("PATCH", f"{CHANGES}/{sys_id}", json={"state": "-4"})
    answer = agent.at("PATCH", f"{CHANGES}/{sys_id}/approvals", json={"state": "rejected", "comments": "no plan"})
    assert result(answer)["state"]["display_value"] == "New"


def test_items_are_associated_by_a_worker(snow, api, agent, server) -> None:
    service = api.made("cmdb_ci_service", name="Shop")["sys_id"]
    api.made("cmdb_rel_ci", parent=service, child=server)
    sys_id = result(agent.at("POST", f"{CHANGES}/normal", json={}))["sys_id"]["value"]
    items = f"{CHANGES}/{sys_id}/ci"
    body = {
        "association_type": "affected",
        "cmdb_ci_sys_ids": f"{server},{'0' * 32}",
        "refresh_impacted_services": True,
    }
    worker = result(agent.at("POST", items, json=body), 202)
    assert worker["type"] == "affected"
    assert json.loads(worker["request"])["cmdb_ci_sys_ids"] == [server, "0" * 32]
    snow.instance.run_pending()
    done = result(agent.session.get(worker["worker"]["link"], timeout=10))
    assert done["state"] == {"value": 3, "display_value": "Complete"}
    assert done["messages"]["warningMessages"] == [f"Invalid CMDB_CI sys_id provided: {'0' * 32}"]
    affected = result(agent.at("GET", items, params={"association_type": "affected"}))
    assert [one["ci_item"]["display_value"] for one in affected] == ["shop-1"]
    impacted = result(agent.at("GET", items, params={"association_type": "impacted"}))
    assert [one["cmdb_ci_service"]["value"] for one in impacted] == [service]
    assert agent.at("GET", items).status_code == 400
    assert agent.at("POST", items, json={"association_type": "affected"}).status_code == 400
    assert agent.at("GET", f"{CHANGES}/worker/{'0' * 32}").status_code == 404


def _planned(agent, server: str, start: str, end: str) -> str:
    values = {"cmdb_ci": server, "start_date": start, "end_date": end}
    return result(agent.at("POST", f"{CHANGES}/normal", json=values))["sys_id"]["value"]


def test_conflicts_are_changes_at_the_same_time(snow, agent, server) -> None:
    first = _planned(agent, server, "2026-12-01 10:00:00", "2026-12-01 12:00:00")
    second = _planned(agent, server, "2026-12-01 11:00:00", "2026-12-01 13:00:00")
    _planned(agent, server, "2026-12-01 12:00:00", "2026-12-01 13:00:00")
    _planned(agent, server, "2026-12-01 09:00:00", "2026-12-01 10:00:00")
    conflict = f"{CHANGES}/{first}/conflict"
    assert result(agent.at("GET", conflict))["status"] == "Not Run"
    assert agent.at("DELETE", conflict).status_code == 400
    assert len(result(agent.at("POST", conflict))) == 32
    snow.instance.run_pending()
    found = result(agent.at("GET", conflict))
    assert (found["status"], found["record_count"], found["job_status"]) == ("Conflict", "1", "2")
    assert found["conflicts"][0]["conflicting_change"]["value"] == second
    assert found["conflicts"][0]["type"] == {"display_value": "CI Already Scheduled", "value": "ci_already_scheduled"}
    bare = result(agent.at("POST", f"{CHANGES}/normal", json={}))["sys_id"]["value"]
    assert agent.at("POST", f"{CHANGES}/{bare}/conflict").status_code == 400


def _scheduled(api, table: str, start: str, end: str, **values: str) -> str:
    """A schedule with one entry, in UTC, that comes every week."""
    schedule = api.made(table, name="s", time_zone="UTC", **values)["sys_id"]
    entry = {"schedule": schedule, "name": "e", "start_date_time": start, "end_date_time": end, "repeat_type": "weekly"}
    api.made("cmn_schedule_span", **entry)
    return schedule


def _conflicts(snow, agent, change: str) -> list[str]:
    assert agent.at("POST", f"{CHANGES}/{change}/conflict").status_code == 200
    snow.instance.run_pending()
    return sorted(one["type"]["value"] for one in result(agent.at("GET", f"{CHANGES}/{change}/conflict"))["conflicts"])


def test_windows_and_blackouts_are_conflicts_too(snow, api, agent, server) -> None:
    """2030-01-05 is a Saturday; maintenance is on Saturdays from 10 to 14."""
    window = _scheduled(api, "cmn_schedule", "20291201T100000Z", "20291201T140000Z")
    api.patch(f"table/cmdb_ci_server/{server}", {"maintenance_schedule": window})
    inside = _planned(agent, server, "2030-01-05 11:00:00", "2030-01-05 13:00:00")
    partly = _planned(agent, server, "2030-01-05 13:00:00", "2030-01-05 15:00:00")
    assert _conflicts(snow, agent, inside) == []
    assert _conflicts(snow, agent, partly) == ["not_in_maintenance_window"]
    _scheduled(api, "cmn_schedule_blackout", "20291201T123000Z", "20291201T124500Z", condition="name=other")
    assert _conflicts(snow, agent, inside) == [], "the blackout is about another item"
    _scheduled(api, "cmn_schedule_blackout", "20291201T123000Z", "20291201T124500Z", condition="name=shop-1")
    assert _conflicts(snow, agent, inside) == ["blackout"]
    assert _conflicts(snow, agent, partly) == ["not_in_maintenance_window"]


def test_free_time_lies_in_windows(snow, api, agent, server) -> None:
    now = snow.instance.clock()
    saturday = (now + timedelta(days=(5 - now.weekday()) % 7 + 7)).strftime("%Y%m%d")
    window = _scheduled(api, "cmn_schedule", f"{saturday}T100000Z", f"{saturday}T140000Z")
    api.patch(f"table/cmdb_ci_server/{server}", {"maintenance_schedule": window})
    _scheduled(api, "cmn_schedule_blackout", f"{saturday}T110000Z", f"{saturday}T120000Z")
    worker = result(agent.at("GET", f"{CHANGES}/ci/{server}/schedule", params={"duration_in_seconds": 3600}), 202)
    snow.instance.run_pending()
    spans = result(agent.session.get(worker["worker"]["link"], timeout=10))["payload"]["spans"]
    hours = [(span["start"]["value"][11:], span["end"]["value"][11:]) for span in spans[:2]]
    assert hours == [("10:00:00", "11:00:00"), ("12:00:00", "14:00:00")]
    assert all(span["start"]["value"][:10].replace("-", "") >= saturday for span in spans)


def test_free_time_lies_between_changes(snow, agent, server) -> None:
    now = snow.instance.clock().replace(microsecond=0)
    at = lambda **by: (now + timedelta(**by)).strftime("%Y-%m-%d %H:%M:%S")  # noqa: E731
    _planned(agent, server, at(hours=1), at(hours=5))
    _planned(agent, server, at(hours=7), at(hours=20))
    change = _planned(agent, server, at(hours=1), at(hours=4))
    worker = result(agent.at("GET", f"{CHANGES}/{change}/schedule"), 202)
    assert (worker["type"], json.loads(worker["request"])["change_sys_id"]) == ("schedule", change)
    snow.instance.run_pending()
    spans = result(agent.session.get(worker["worker"]["link"], timeout=10))["payload"]["spans"]
    assert [span["start"]["value"] for span in spans] == [at(hours=20)], "three hours fit only after the last change"
    worker = result(agent.at("GET", f"{CHANGES}/ci/{server}/schedule", params={"duration_in_seconds": 3600}), 202)
    snow.instance.run_pending()
    spans = result(agent.session.get(worker["worker"]["link"], timeout=10))["payload"]["spans"]
    assert [span["start"]["value"] for span in spans][-2:] == [at(hours=5), at(hours=20)]
    moved = result(
        agent.at("PATCH", f"{CHANGES}/{change}/schedule/first_available", json={"duration_in_seconds": "5400"}), 202
    )
    snow.instance.run_pending()
    done = result(agent.session.get(moved["worker"]["link"], timeout=10))
    assert done["messages"]["infoMessages"] == ["Change has been updated"]
    row = result(agent.at("GET", f"{CHANGES}/{change}"))
    assert (row["start_date"]["value"], row["end_date"]["value"]) == (at(hours=5), at(hours=6, minutes=30))
    bare = result(agent.at("POST", f"{CHANGES}/normal", json={}))["sys_id"]["value"]
    assert agent.at("GET", f"{CHANGES}/{bare}/schedule").status_code == 400
    assert agent.at("GET", f"{CHANGES}/ci/{server}/schedule").status_code == 400


def test_models(agent) -> None:
    models = {one["name"]["value"]: one for one in result(agent.at("GET", f"{CHANGES}/model"))}
    assert set(models) == {"Normal", "Standard", "Emergency"}
    one = result(agent.at("GET", f"{CHANGES}/model/{models['Normal']['sys_id']['value']}"))
    assert one["record_preset"]["value"] == "type=normal^EQ"
    assert agent.at("GET", f"{CHANGES}/model/{'0' * 32}").status_code == 404
    assert agent.at("POST", CHANGES, json={"chg_model": "No Such"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/0", {}, 404),
        ("PATCH", "/0", {"json": {}}, 404),
        ("DELETE", "/0", {}, 404),
        ("PUT", "/0", {"json": {}}, 405),
        ("POST", "/normal/0", {"json": {}}, 405),
        ("GET", "/0/nextstates", {}, 404),
        ("POST", "", {"data": "<a/>", "headers": {"Content-Type": "text/xml"}}, 415),
        ("POST", "", {"data": "{", "headers": {"Content-Type": "application/json"}}, 400),
        ("GET", "", {"headers": {"Accept": "text/csv"}}, 406),
    ],
)
def test_what_is_refused(agent, method, path, options, status) -> None:
    assert agent.at(method, CHANGES + path, **options).status_code == status


def test_who_may_use_it(employee, sign_in) -> None:
    assert employee.at("GET", CHANGES).status_code == 403
    assert employee.at("POST", f"{CHANGES}/normal", json={}).status_code == 403
    assert sign_in("nobody").at("GET", CHANGES).status_code == 401
