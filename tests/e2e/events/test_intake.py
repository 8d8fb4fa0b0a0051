"""What is accepted is stored, once; what is refused leaves nothing behind."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

PROBLEM = "application/problem+json"


def refused(doors: Any, answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document, after a look at whether anything was stored."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM), answer.text
    problem = answer.json()
    assert problem["code"] == code, problem
    assert doors.rows() == []
    assert doors.rung == []
    return problem


def test_an_event_is_stored_before_it_is_accepted(doors) -> None:
    answer = doors.post(doors.document())
    assert (answer.status_code, answer.json()) == (202, {"id": "evt-1", "ref": "E000001", "status": "accepted"})
    (row,) = doors.rows()
    assert (row["id"], row["type"], row["version"], row["flow"]) == ("evt-1", "complaint.made", 1, "complaints")
    assert (row["key"], row["site_id"], row["state"]) == ("complaints:RefArch:00012345", "RefArch", "waiting")
    assert json.loads(row["payload"])["comment"] == "The lamp is broken."
    assert doors.rung == [1]


def test_a_repeat_is_answered_the_same_and_stored_once(doors) -> None:
    first = doors.post(doors.document())
    doors.clock.sleep(3600)
    again = doors.post(doors.document())
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert len(doors.rows()) == 1
    assert doors.rung == [1]


def test_the_same_id_with_other_content_is_refused_and_changes_nothing(doors) -> None:
    doors.post(doors.document())
    before = doors.rows()
    answer = doors.post(doors.document(data={"orderNo": "other"}))
    assert (answer.status_code, answer.json()["code"]) == (409, "id_taken")
    assert doors.rows() == before


@pytest.mark.parametrize("key", ["old", "new"])
@pytest.mark.parametrize("form", ["signed", "signed_by_cartridge"])
def test_every_active_secret_counts_in_both_forms(doors, form: str, key: str) -> None:
    raw = json.dumps(doors.document(data={"orderNo": "1", "comment": "é und €"}), ensure_ascii=False).encode()
    assert doors.send(raw, getattr(doors, form)(raw, key=key)).status_code == 202


@pytest.mark.parametrize("form", ["signed", "signed_by_cartridge"])
def test_a_body_written_anew_does_not_fit_its_signature(doors, form: str) -> None:
    raw = json.dumps(doors.document()).encode()
    refused(
        doors, doors.send(json.dumps(doors.document(), indent=1).encode(), getattr(doors, form)(raw)), 401, "not_signed"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v2,AAAA v1a,AAAA garbage"},
        {"webhook-signature": "v1"},
        {"webhook-id": ""},
        {"webhook-id": "evt-2"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "99999999999999999999"},
        {"webhook-timestamp": "-1"},
    ],
    ids=str,
)
def test_whatever_is_wrong_with_a_signature_it_is_401(doors, wrong: dict[str, str]) -> None:
    raw = json.dumps(doors.document()).encode()
    refused(doors, doors.send(raw, doors.signed(raw) | wrong), 401, "not_signed")


@pytest.mark.parametrize(
    "wrong", [{"X-SN-Key-Id": "unknown"}, {"X-SN-Timestamp": "1"}, {"X-SN-Signature": "v1=00"}], ids=str
)
def test_the_cartridge_gets_401_too(doors, wrong: dict[str, str]) -> None:
    raw = json.dumps(doors.document()).encode()
    refused(doors, doors.send(raw, doors.signed_by_cartridge(raw) | wrong), 401, "not_signed")


@pytest.mark.parametrize(("ago", "status"), [(301, 401), (300, 202), (-300, 202), (-301, 401)])
def test_the_window_has_two_sides(doors, ago: int, status: int) -> None:
    assert doors.post(doors.document(), ago=ago).status_code == status
    assert len(doors.rows()) == (status == 202)


@pytest.mark.parametrize("ago", [-300, 0, 300])
def test_a_replay_has_no_second_effect_while_its_signature_counts(doors, ago: int) -> None:
    raw = json.dumps(doors.document()).encode()
    headers = doors.signed(raw, ago=ago)
    assert doors.send(raw, headers).status_code == 202
    doors.clock.sleep(300 + ago if ago < 0 else 0)
    assert doors.send(raw, headers).status_code == 202
    assert (len(doors.rows()), doors.rung) == (1, [1])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"type": "nothing.known"}, 422, "unknown_type"),
        ({"type": "complaints.due"}, 422, "unknown_type"),
        ({"type": "complaints.record_changed"}, 422, "unknown_type"),
        ({"schemaVersion": 2}, 422, "unknown_version"),
        ({"schemaVersion": "1"}, 422, "invalid"),
        ({"schemaVersion": True}, 422, "invalid"),
        ({"specversion": "0.3"}, 422, "invalid"),
        ({"source": {"realm": "zzrf", "instance": "zzrf_001", "site": "Nowhere"}}, 422, "unknown_site"),
        ({"source": "RefArch"}, 422, "invalid"),
        ({"time": "yesterday"}, 422, "invalid"),
        ({"time": 5}, 422, "invalid"),
        ({"time": "2026-03-02T09:00:00"}, 422, "invalid"),
        ({"time": "0001-01-01T00:00:00+14:00"}, 422, "invalid"),
        ({"time": "2026-03-04T09:00:00Z"}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
        ({"data": []}, 422, "invalid"),
        ({"data": {}}, 422, "invalid"),
        ({"data": {"orderNo": "1", "surprise": 1}}, 422, "invalid"),
        ({"data": {"orderNo": "1^ORactive=true"}}, 422, "invalid"),
        ({"data": {"orderNo": "javascript:gs.getUserID()"}}, 422, "invalid"),
        ({"data": {"orderNo": "1\nactive=true"}}, 422, "invalid"),
        ({"data": {"orderNo": "1", "quantity": 10**30}}, 422, "invalid"),
        ({"data": {"orderNo": "1", "total": {"amount": 12.5, "currency": "EUR"}}}, 422, "invalid"),
        ({"data": {"orderNo": "1", "comment": "a\x00b"}}, 422, "invalid"),
        ({"data": {"orderNo": "1", "comment": "x" * 4001}}, 422, "invalid"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(doors, change: dict[str, Any], status: int, code: str) -> None:
    refused(doors, doors.post(doors.document(**change)), status, code)


@pytest.mark.parametrize("event_id", ["change:1", "source:1"])
def test_the_sidecars_own_ids_are_not_for_others(doors, event_id: str) -> None:
    refused(doors, doors.post(doors.document(event_id)), 422, "invalid")


def test_the_id_in_the_body_is_the_signed_one(doors) -> None:
    problem = refused(doors, doors.post(doors.document("evt-2"), event_id="evt-1"), 422, "invalid")
    assert problem["errors"][0]["field"] == "id"


def test_another_version_of_a_type_is_taken(doors) -> None:
    assert doors.post(doors.document(schemaVersion=3)).status_code == 202


def test_who_an_event_speaks_of_is_kept_as_a_keyed_hash(doors) -> None:
    doors.post(doors.document())
    with doors.database.reading() as connection:
        (lookup,) = connection.exec_driver_sql("SELECT lookup FROM event_subjects").scalars()
    assert len(lookup) == 64


def test_many_at_once_are_each_stored_once(doors) -> None:
    documents = [doors.document(f"evt-{number % 40}") for number in range(120)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(doors.post, documents))
    assert {answer.status_code for answer in answers} == {202}
    assert {row["id"] for row in doors.rows()} == {f"evt-{number}" for number in range(40)}
    assert {(one.json()["id"], one.json()["ref"]) for one in answers} == {
        (row["id"], f"E{row['seq']:06d}") for row in doors.rows()
    }


def test_a_database_that_is_away_is_503_and_the_event_may_come_again(doors, monkeypatch) -> None:
    store = doors.writer._store

    def away(*_: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(doors.writer, "_store", away)
    answer = doors.post(doors.document())
    refused(doors, answer, 503, "store_unavailable")
    assert answer.headers["Retry-After"] == "1"
    monkeypatch.setattr(doors.writer, "_store", store)
    assert doors.post(doors.document()).status_code == 202


def test_one_event_the_database_refuses_does_not_take_the_others_with_it(doors, monkeypatch) -> None:
    store, entered, go = doors.writer._store, threading.Event(), threading.Event()

    def picky(arrivals: Any, now: Any) -> Any:
        entered.set()
        go.wait(10)
        if any(one.id == "evt-7" for one in arrivals):
            raise IntegrityError("INSERT", {}, Exception("no"))
        return store(arrivals, now)

    monkeypatch.setattr(doors.writer, "_store", picky)
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(doors.post, doors.document(f"evt-{number}")) for number in range(10)]
        assert entered.wait(10)
        go.set()
        statuses = {number: one.result().status_code for number, one in enumerate(waiting)}
    assert statuses == {number: 503 if number == 7 else 202 for number in range(10)}
    assert len(doors.rows()) == 9


def test_too_many_waiting_is_503_at_once(doors, monkeypatch) -> None:
    store, entered, go = doors.writer._store, threading.Event(), threading.Event()

    def slow(arrivals: Any, now: Any) -> Any:
        entered.set()
        go.wait(10)
        return store(arrivals, now)

    monkeypatch.setattr(doors.writer, "_store", slow)
    monkeypatch.setattr(doors.writer._queue, "maxsize", 1)
    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(doors.post, doors.document("held"))
        assert entered.wait(10)
        queued = pool.submit(doors.post, doors.document("queued"))
        while doors.writer._queue.empty():
            threading.Event().wait(0.005)
        answer = doors.post(doors.document("refused"))
        go.set()
        assert {held.result().status_code, queued.result().status_code} == {202}
    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert answer.headers["Retry-After"]
    assert {row["id"] for row in doors.rows()} == {"held", "queued"}


CHANGE = {
    "table": "incident",
    "sys_id": "0" * 32,
    "updated_on": "2026-03-02 08:00:00",
    "mod_count": 4,
    "correlation_id": "complaints:" + "a" * 40,
    "site_id": "RefArch",
    "order_no": "",
}


def test_a_change_in_servicenow_becomes_the_flows_event(doors) -> None:
    answer = doors.change(**CHANGE)
    assert answer.status_code == 202
    (row,) = doors.rows()
    assert (row["id"], row["type"]) == (f"change:{'0' * 32}:2026-03-02 08:00:00:4", "complaints.record_changed")
    assert json.loads(row["payload"]) == {
        "table": "incident",
        "sysId": "0" * 32,
        "updatedAt": "2026-03-02T08:00:00+00:00",
        "correlationId": CHANGE["correlation_id"],
        "siteId": "RefArch",
    }
    assert doors.change(**CHANGE).content == answer.content
    assert doors.change(**CHANGE | {"mod_count": 5}).status_code == 202
    assert len(doors.rows()) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"correlation_id": "nobody:1"}, "unknown_type"),
        ({"correlation_id": ""}, "invalid"),
        ({"sys_id": "1"}, "invalid"),
        ({"updated_on": "soon"}, "invalid"),
        ({"content": "x"}, "invalid"),
        ({"table": "incident^active=true"}, "invalid"),
    ],
    ids=str,
)
def test_a_change_that_does_not_fit_is_refused(doors, change: dict[str, Any], code: str) -> None:
    refused(doors, doors.change(**CHANGE | change), 422, code)


def test_a_change_needs_its_scope(doors) -> None:
    doors.bearer = "snow_000000000000.wrong"
    refused(doors, doors.change(**CHANGE), 401, "unauthorized")
