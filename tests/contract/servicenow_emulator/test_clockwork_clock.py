"""The clock an outsider can put forward, and what runs by it."""

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator

COUNTING = "var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'ran'; gr.insert();"


def moved(snow: ServiceNowEmulator, document: object) -> requests.Response:
    return requests.post(f"{snow.url}/_emulator/clock", json=document, timeout=10)


def runs(desk) -> list[str]:
    found = desk.get("table/incident", sysparm_query="short_description=ran^ORDERBYsys_created_on")
    return [row["sys_created_on"] for row in found.json()["result"]]


def job(desk, **values: str) -> None:
    desk.made("sysauto_script", name="Job", active="true", script=COUNTING, **values)


def test_it_shows_its_time_and_goes_forward(timed, advance) -> None:
    shown = requests.get(f"{timed.url}/_emulator/clock", timeout=5).json()
    assert shown == {"now": "2026-11-23T08:00:00Z"}
    assert advance(hours=2)["now"] == "2026-11-23T10:00:00Z"
    assert moved(timed, {"set": "2026-11-24T09:00:00+01:00"}).json()["now"] == "2026-11-24T08:00:00Z"


def test_records_are_stamped_by_it(desk, advance) -> None:
    advance(days=1)
    assert desk.made("incident")["sys_created_on"] == "2026-11-24 08:00:00"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "advance_s"),
        ({"advance_s": 1, "set": "2026-11-24"}, "advance_s"),
        ({"advance_s": -1}, "from 0"),
        ({"advance_s": "1"}, "from 0"),
        ({"advance_s": True}, "from 0"),
        ({"set": "tomorrow"}, "'tomorrow' is no ISO time"),
        ({"set": "2026-11-23T07:59:59Z"}, "does not go back"),
        ({"set": "2999-01-01"}, "at most"),
        ([], "advance_s"),
    ],
)
def test_what_is_no_time_is_refused(timed, document, says: str) -> None:
    answer = moved(timed, document)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert requests.get(f"{timed.url}/_emulator/clock", timeout=5).json() == {"now": "2026-11-23T08:00:00Z"}


def test_each_run_of_a_job_has_its_own_time(desk, advance) -> None:
    job(desk, run_type="periodically", run_period="1970-01-01 00:20:00")
    advance()
    assert runs(desk) == []
    assert advance(hours=1)["stops"] == 3
    assert runs(desk) == ["2026-11-23 08:20:00", "2026-11-23 08:40:00", "2026-11-23 09:00:00"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"run_type": "daily", "run_time": "1970-01-01 03:00:00"}, ["2026-11-24 03:00:00", "2026-11-25 03:00:00"]),
        (
            {"run_type": "daily", "run_time": "1970-01-01 03:00:00", "time_zone": "America/New_York"},
            ["2026-11-24 08:00:00", "2026-11-25 08:00:00"],
        ),
        ({"run_type": "weekly", "run_dayofweek": "3"}, ["2026-11-25 00:00:00"]),
        ({"run_type": "monthly", "run_dayofmonth": "25"}, ["2026-11-25 00:00:00"]),
        ({"run_type": "once", "run_start": "2026-11-24 11:11:11"}, ["2026-11-24 11:11:11"]),
        ({"run_type": "on_demand"}, []),
        ({"run_type": "day_and_month_in_year", "run_dayofmonth": "24", "run_month": "11"}, ["2026-11-24 00:00:00"]),
        ({"run_type": "week_in_month", "run_weekinmonth": "4", "run_dayofweek": "2"}, ["2026-11-24 00:00:00"]),
    ],
)
def test_kinds_of_schedules(desk, advance, values, expected) -> None:
    job(desk, **values)
    advance(days=2, hours=1)
    assert runs(desk) == expected


def test_a_job_that_was_changed_follows_its_new_schedule(desk, advance) -> None:
    made = desk.made("sysauto_script", name="Job", active="true", script=COUNTING, run_type="daily")
    advance()
    desk.patch(f"table/sysauto_script/{made['sys_id']}", {"run_type": "periodically", "run_period": "00:30:00"})
    advance(minutes=30)
    assert len(runs(desk)) == 1
    desk.patch(f"table/sysauto_script/{made['sys_id']}", {"active": "false"})
    advance(days=2)
    assert len(runs(desk)) == 1


def test_a_job_runs_as_its_user_and_on_its_condition(desk, advance) -> None:
    agent = desk.get("table/sys_user", user_name="agent").json()["result"][0]["sys_id"]
    job(
        desk,
        run_type="periodically",
        run_period="00:30:00",
        run_as=agent,
        conditional="true",
        condition="answer = true",
    )
    job(desk, run_type="periodically", run_period="00:30:00", conditional="true", condition="answer = false")
    advance(minutes=30)
    found = desk.get("table/incident", sysparm_query="short_description=ran").json()["result"]
    assert [row["sys_created_by"] for row in found] == ["agent"]


def test_a_schedule_item_with_a_script_runs_once(desk, advance) -> None:
    desk.made("sys_trigger", name="Later", next_action="2026-11-23 12:00:00", script=COUNTING)
    advance(days=1)
    assert runs(desk) == ["2026-11-23 12:00:00"]
    assert desk.get("table/sys_trigger", name="Later").json()["result"] == []


def test_events_wait_for_their_time(desk, advance) -> None:
    desk.made("sysevent_register", event_name="parcel.lost")
    desk.made("sysevent_script_action", name="Note", event_name="parcel.lost", active="true", script=COUNTING)
    desk.made("sysevent", name="parcel.lost", state="ready", process_on="2026-11-23 20:00:00", queue="parcels")
    advance(hours=11)
    assert runs(desk) == []
    advance(hours=2)
    assert runs(desk) == ["2026-11-23 20:00:00"]


def test_the_way_is_cut_short_when_it_has_too_many_stops(desk, advance, monkeypatch) -> None:
    monkeypatch.setattr("snow_app.emulator.instance.MAX_STOPS", 5)
    job(desk, run_type="periodically", run_period="00:01:00")
    advance()
    assert advance(days=1) == {"now": "2026-11-24T08:00:00Z", "stops": 5}
    assert len(runs(desk)) == 6
