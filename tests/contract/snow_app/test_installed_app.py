"""The real installer on the local ServiceNow; then the installed records do their work."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
import requests

from snow_app import Query
from snow_app.errors import InstallStopped, SnowError
from snow_app.install import Action, applied, planned, uninstalled, verified

SCOPE = "x_acme_shop"
LOG = f"{SCOPE}_context_access"


def logged(client, *fields):
    rows = client.table(LOG).rows(Query().ordered_by("sys_created_on"), fields=("action", "result", *fields))
    return [dict(row.values) for row in rows]


def test_the_panel_stands_on_the_form(snow, client, app, case):
    page = requests.get(
        f"{snow.url}/{case[0]}.do?sys_id={case[1]}", auth=(snow.username, snow.password), timeout=20
    ).text
    assert f'data-processor="{SCOPE}.ContextAjax"' in page
    assert f'data-case="{case[1]}"' in page
    assert f"{SCOPE}.panel.jsdbx" in page
    script = requests.get(f"{snow.url}/{SCOPE}.panel.jsdbx", auth=(snow.username, snow.password), timeout=20)
    assert "sfcc-c360" in script.text


def test_the_panel_asks_the_sidecar_with_the_profiles_sign_in(client, sidecar, ajax, case):
    answer = ajax("summary")
    assert answer["customer"]["match"] == "one"
    (asked,) = sidecar.asked
    assert asked["path"] == "/v1/context"
    assert asked["auth"] == "Basic c25vd18xOmh1c2g="
    assert asked["body"]["identity"] == {"email": "mara@example.com"}
    assert asked["body"]["case"] == {"table": case[0], "sys_id": case[1]}
    assert set(asked["body"]["viewer"]["roles"]) == {"agent", "lead", "fraud", "auditor"}
    (row,) = logged(client, "customer_no", "site_id", "case_id")
    assert (row["action"], row["customer_no"], row["site_id"]) == ("view", "00004711", "RefArchDE")
    assert row["case_id"] == case[1]


def test_the_case_remembers_what_was_chosen_and_found(client, sidecar, ajax, case):
    many = {"customer": {"match": "many", "candidates": [{"customer_no": "7", "site": {"id": "FR"}}]}, "sections": {}}
    sidecar.answer = (200, many)
    ajax("choose", customer_no="7", site_id="FR")
    assert sidecar.asked[-1]["body"]["identity"] == {"customer_no": "7", "site_id": "FR"}
    sidecar.answer = (200, {"customer": {"match": "guest"}, "sections": {}})
    ajax("search", order_no="0009")
    stored = client.table(case[0]).get(case[1])
    assert [stored[f"{SCOPE}_{name}"] for name in ("customer_no", "site_id", "order_no")] == ["7", "FR", "0009"]


def test_a_note_lands_on_the_case_once(client, ajax, case):
    assert ajax("note", order_no="0009", text="Order 0009 is late.") == {"ok": True}
    notes = list(client.table("sys_journal_field").rows(Query().where("element_id", "=", case[1]), fields=("value",)))
    assert [note["value"] for note in notes] == ["Order 0009 is late."]


def test_a_dismissed_insight_stays_away(ajax):
    assert ajax("summary")["sections"]["insights"]["data"] == [{"id": "late_order"}]
    assert ajax("dismiss", insight="late_order") == {"ok": True}
    assert ajax("summary")["sections"]["insights"]["data"] == []


def test_a_reveal_is_logged_and_its_value_is_not(client, sidecar, ajax):
    sidecar.answer = (200, {"field": "email", "value": "mara@example.com", "expires_in_s": 60})
    assert ajax("reveal", field="email", reason="callback")["value"] == "mara@example.com"
    (row,) = logged(client, "field", "reason")
    assert (row["field"], row["reason"], row["result"]) == ("email", "callback", "shown")
    everything = [dict(row.values) for row in client.table(LOG).rows()]
    everything += [dict(row.values) for row in client.table("syslog").rows()]
    assert "mara@example.com" not in str(everything)


def test_somebody_without_our_roles_gets_nothing(client, sidecar, ajax):
    client.table("sys_user").insert({"user_name": "visitor", "user_password": "pw", "active": True})
    answer = ajax("summary", user="visitor", password="pw")
    assert answer["error"]["code"] == "forbidden"
    assert sidecar.asked == []


@pytest.mark.parametrize(("status", "code"), [(503, "unavailable"), (429, "rate_limited"), (401, "sign_in_refused")])
def test_a_failing_sidecar_is_an_error_the_panel_can_show(sidecar, ajax, status, code):
    sidecar.answer = (status, {"code": "x"})
    assert ajax("live")["error"]["code"] == code


def test_an_unreachable_sidecar_is_an_error_the_panel_can_show(client, app, ajax):
    applied(client, replace(app, sidecar_url="http://127.0.0.1:9"))
    assert ajax("summary")["error"]["code"] == "unreachable"


def test_the_workspace_page_frames_the_sidecar(snow, sidecar, case):
    sidecar.answer = (201, {"url": "https://sidecar.test/panel?t=abc", "expires_in_s": 60})
    page = requests.get(
        f"{snow.url}/{SCOPE}_panel.do?sysparm_table={case[0]}&sysparm_sys_id={case[1]}",
        auth=(snow.username, snow.password),
        timeout=20,
    ).text
    assert '<iframe src="https://sidecar.test/panel?t=abc"' in page
    assert sidecar.asked[-1]["path"] == "/v1/panel-links"


def test_uninstall_takes_everything_off(client, app, parameters):
    gone = uninstalled(client, parameters)
    assert gone.application
    plan = planned(client, parameters)
    assert plan.survey.application is None
    assert {change.action for change in plan.changes} == {Action.CREATE, Action.PACKAGE}
    assert not list(client.table("sys_dictionary").rows(Query().where("element", "STARTSWITH", SCOPE)))


def test_uninstall_refuses_what_was_changed(client, app, parameters):
    macro = client.table("sys_ui_macro").first(Query().where("name", "=", f"{SCOPE}_case_panel"))
    client.table("sys_ui_macro").update(macro.sys_id, {"description": "mine"})
    with pytest.raises(InstallStopped, match="sys_ui_macro"):
        uninstalled(client, parameters)
    assert planned(client, parameters).of(Action.DRIFTED)
    uninstalled(client, parameters, force=True)


def test_a_crash_in_the_middle_is_finished_by_the_next_apply(snow, client, parameters):
    for skip in range(4):
        snow.faults.add(method="POST", path="/api/now/v1/batch", delay=0.0, times=2 + skip)
        snow.faults.add(method="POST", path="/api/now/v1/batch", drop=True, times=1)
        with contextlib.suppress(SnowError):
            applied(client, parameters)
        snow.faults.clear()
    applied(client, parameters)
    assert verified(client, parameters).ok
    assert applied(client, parameters).written == 0


@pytest.fixture
def agent(snow, app):
    """A person with the app's agent role, as an administrator grants it; (user name, password)."""
    session = snow.instance.session(snow.username)
    (user,) = session.query("sys_user", "user_name=agent", acl=False)
    (role,) = session.query("sys_user_role", f"name={SCOPE}.agent", acl=False)
    session.insert("sys_user_has_role", {"user": user["sys_id"], "role": role["sys_id"], "state": "active"}, acl=False)
    return {"user": "agent", "password": "agent"}


def test_an_agent_does_the_whole_job_without_access_rules(client, sidecar, ajax, agent, case):
    assert ajax("summary", **agent)["customer"]["match"] == "one"
    assert sidecar.asked[-1]["body"]["viewer"]["roles"] == ["agent"]
    sidecar.answer = (200, {"field": "phone", "value": "+49 30 1234", "expires_in_s": 60})
    assert ajax("reveal", field="phone", **agent)["value"] == "+49 30 1234"
    sidecar.answer = (200, {"customer": {"match": "one"}, "sections": {}})
    assert ajax("search", order_no="0009", **agent)["customer"]["match"] == "one"
    assert ajax("note", text="Called back.", **agent) == {"ok": True}
    assert client.table(case[0]).get(case[1])[f"{SCOPE}_order_no"] == "0009"
    assert sorted(row["action"] for row in logged(client)) == ["note", "reveal", "search", "view"]


def test_an_agent_reads_neither_the_log_nor_the_settings(snow, app, agent, ajax):
    ajax("summary", **agent)
    auth = (agent["user"], agent["password"])
    rows = requests.get(f"{snow.url}/api/now/table/{LOG}", auth=auth, timeout=20)
    assert rows.status_code == 403 or rows.json()["result"] == []
    written = requests.post(f"{snow.url}/api/now/table/{LOG}", auth=auth, json={"action": "view"}, timeout=20)
    assert written.status_code == 403
    profile = requests.get(f"{snow.url}/api/now/table/sys_auth_profile_basic", auth=auth, timeout=20)
    assert "hush" not in profile.text
