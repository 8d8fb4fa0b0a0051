"""What was answered is kept: a process that is killed goes on where it was when it starts again."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.queue import WorkQueue
from snow_app.emulator.store import Store

ADMIN = ("admin", "admin")
CLIENT = {"client_id": "local-client", "client_secret": "local-secret"}
NOTING = "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = '{0}'; gr.insert();"


@contextmanager
def process(data: Path) -> Iterator[str]:
    """`sfcc-snow emulate servicenow --data` on a port of its own; killed at the end, without a chance to tidy up."""
    command = [sys.executable, "-m", "sidecar.cli", "emulate", "servicenow", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())
            assert found, "the emulator did not start"
            yield found[0]
        finally:
            running.send_signal(signal.SIGKILL)


def made(url: str, table: str, **values: str) -> dict:
    answer = requests.post(f"{url}/api/now/table/{table}", json=values, auth=ADMIN, timeout=30)
    assert answer.status_code == 201, answer.text
    found: dict = answer.json()["result"]
    return found


def listed(url: str, table: str, query: str = "") -> list[dict]:
    found = requests.get(f"{url}/api/now/table/{table}", params={"sysparm_query": query}, auth=ADMIN, timeout=30)
    rows: list[dict] = found.json()["result"]
    return rows


def advanced(url: str, seconds: int) -> str:
    answer = requests.post(f"{url}/_emulator/clock", json={"advance_s": seconds}, timeout=60)
    now: str = answer.json()["now"]
    return now


def token(url: str, **form: str) -> requests.Response:
    return requests.post(f"{url}/oauth_token.do", data={**form, **CLIENT}, timeout=30)


def test_a_killed_instance_goes_on(tmp_path) -> None:
    data = tmp_path / "instance.sqlite"
    with process(data) as url:
        now = advanced(url, 3 * 86_400)
        incident = made(url, "incident", impact="1", urgency="1", short_description="Till down")
        (level,) = listed(url, "task_sla")
        made(
            url, "sysauto_script", name="J", script=NOTING.format("job"), run_type="periodically", run_period="03:00:00"
        )
        made(url, "sysevent_register", event_name="later")
        made(url, "sysevent_script_action", name="L", event_name="later", active="true", script=NOTING.format("event"))
        due = level["planned_end_time"]
        made(url, "sysevent", name="later", state="ready", process_on=due)
        agent = listed(url, "sys_user", "user_name=agent")[0]["sys_id"]
        path = f"{url}/api/now/table/incident/{incident['sys_id']}"
        requests.patch(path, json={"assigned_to": agent}, auth=ADMIN, timeout=30)
        advanced(url, 0)
        issued = token(url, grant_type="password", username="agent", password="agent").json()
        spent = token(url, grant_type="refresh_token", refresh_token=issued["refresh_token"]).json()
        (job,) = listed(url, "sys_trigger", "name=J")
    with process(data) as url:
        assert requests.get(f"{url}/_emulator/clock", timeout=30).json()["now"] >= now
        assert listed(url, "task_sla")[0]["planned_end_time"] == due
        assert listed(url, "sys_trigger", "name=J")[0]["next_action"] == job["next_action"]
        outbox = requests.get(f"{url}/_emulator/outbox", timeout=30).json()["messages"]
        assert [message["recipients"] for message in outbox] == [["agent@acme.example"]]
        bearer = {"Authorization": f"Bearer {spent['access_token']}"}
        assert requests.get(f"{url}/api/now/table/incident", headers=bearer, timeout=30).status_code == 200
        assert token(url, grant_type="refresh_token", refresh_token=issued["refresh_token"]).status_code == 401
        assert token(url, grant_type="refresh_token", refresh_token=spent["refresh_token"]).status_code == 200
        advanced(url, 4 * 3600)
        (level,) = listed(url, "task_sla")
        assert (level["has_breached"], level["sys_updated_on"]) == ("true", due)
        ran = {
            row["short_description"]: row["sys_created_on"]
            for row in listed(url, "incident", "short_descriptionINjob,event")
        }
        assert ran == {"job": job["next_action"], "event": due}


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "instance.sqlite"


def test_waiting_rules_and_notifications_are_done_after_a_restart(data, clock) -> None:
    """The first instance is never started, so nothing that was put off is done in it."""
    first = ServiceNowEmulator(path=data, clock=clock)
    admin = first.instance.session("admin")
    rule = {"name": "R", "collection": "incident", "when": "async", "action_insert": "true", "active": "true"}
    script = "current.description = 'by ' + gs.getUserName(); current.update();"
    admin.insert("sys_script", {**rule, "advanced": "true", "script": script})
    agent = first.instance.records.first("sys_user", user_name="agent")
    incident = first.instance.session("lead").insert("incident", {"assigned_to": agent["sys_id"]})
    assert first.instance.records.get("incident", incident["sys_id"])["description"] == ""
    first.stop()
    with ServiceNowEmulator(path=data, clock=clock) as second:
        second.instance.run_pending()
        assert second.instance.records.get("incident", incident["sys_id"])["description"] == "by lead"
        assert [row["recipients"] for row in second.instance.notifications.outbox()] == ["agent@acme.example"]
        second.instance.run_pending()
        assert len(second.instance.notifications.outbox()) == 1


def test_work_is_given_up_only_when_it_is_done() -> None:
    store = Store()
    first = WorkQueue(store)
    first.handle("note", lambda values: found.append((values["what"], len(WorkQueue(store)))))
    found: list[tuple[str, int]] = []
    for what in ("a", "b"):
        first.keep("note", {"what": what})
    while first.next_done():
        pass
    assert found == [("a", 2), ("b", 1)]
    assert len(WorkQueue(store)) == 0
    store.close()


def test_work_that_fails_is_over() -> None:
    store = Store()
    queue = WorkQueue(store)

    def fail(_: object) -> None:
        raise RuntimeError("no")

    queue.handle("fail", fail)
    queue.keep("fail", {})
    with pytest.raises(RuntimeError):
        queue.next_done()
    assert len(WorkQueue(store)) == 0
    store.close()


def test_an_event_the_process_died_over_is_processed(data, clock) -> None:
    first = ServiceNowEmulator(path=data, clock=clock)
    admin = first.instance.session("admin")
    values = {"name": "x", "state": "processing", "process_on": "2026-11-23 08:00:00"}
    event = admin.insert("sysevent", values)
    first.stop()
    with ServiceNowEmulator(path=data, clock=clock) as second:
        second.instance.run_pending()
        assert second.instance.records.get("sysevent", event["sys_id"])["state"] == "processed"


def test_counts_of_an_hour_and_used_assertions_are_kept(data, clock) -> None:
    with ServiceNowEmulator(path=data, clock=clock) as first:
        made(first.url, "sys_rate_limit_rules", name="R", api="now/stats", request_limit="1")
        path = "api/now/stats/incident?sysparm_count=true"
        assert requests.get(f"{first.url}/{path}", auth=ADMIN, timeout=30).status_code == 200
        first.instance.store.remember("jti.a.1", "9999999999")
    with ServiceNowEmulator(path=data, clock=clock) as second:
        assert requests.get(f"{second.url}/{path}", auth=ADMIN, timeout=30).status_code == 429
        assert second.instance.store.remembered("jti.a.1") == "9999999999"


def test_a_file_of_another_version_is_refused(data) -> None:
    ServiceNowEmulator(path=data).stop()
    with sqlite3.connect(data) as connection:
        connection.execute("UPDATE _state SET value = 'older' WHERE name = 'schema'")
    connection.close()
    with pytest.raises(OSError, match="another version"):
        ServiceNowEmulator(path=data)
