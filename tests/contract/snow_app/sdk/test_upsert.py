"""One row for each correlation id, whatever happens to the answers and however many ask."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest

from snow_app import Query, errors

# What the network and the platform do to writes and reads: after the work is done, or before.
MISHAPS = (
    {"status": 500, "late": True},
    {"drop": True, "late": True},
    {"delay": 0.5, "late": True},
    {"status": 503},
    {"drop": True},
)
CALLER = """
import sys
from snow_app import SnowClient, SnowSettings, errors

url, name = sys.argv[1:]
settings = SnowSettings(
    url=url, username="admin", password="admin", allow_http=True, attempts=8, read_timeout_s=0.4
)
with SnowClient(settings) as client:
    for turn in range(5):
        client.table("incident").upsert({"short_description": f"{name} {turn}"}, correlation_id="order-4711")
"""


def rows(client, key):
    return list(client.table("incident").rows(Query().where("correlation_id", "=", key)))


def plan(snow, times):
    mishaps = cycle(MISHAPS)
    for _ in range(times):
        for method in ("POST", "PATCH"):
            snow.faults.add(method=method, path="/api/now/table/incident", times=1, **next(mishaps))


def test_a_row_is_made_then_changed_then_left_alone(client, asked):
    table = client.table("incident")
    made = table.upsert({"short_description": "Late", "impact": "2"}, correlation_id="a-1")
    again = table.upsert({"short_description": "Later"}, correlation_id="a-1")
    assert (again.sys_id, again["short_description"], again["impact"]) == (made.sys_id, "Later", "2")
    asked.clear()
    assert table.upsert({"short_description": "Later"}, correlation_id="a-1").sys_id == made.sys_id
    assert asked == ["GET"]
    assert len(rows(client, "a-1")) == 1


@pytest.mark.parametrize("mishap", MISHAPS, ids="-".join)
def test_a_lost_answer_makes_no_second_row(snow, connect, mishap):
    client = connect(read_timeout_s=0.4)
    table = client.table("incident")
    snow.faults.add(method="POST", path="/api/now/table/incident", times=1, **mishap)
    made = table.upsert({"short_description": "first"}, correlation_id="a-1")
    snow.faults.add(method="PATCH", path="/api/now/table/incident", times=1, **mishap)
    table.upsert({"short_description": "last"}, correlation_id="a-1")
    assert [(row.sys_id, row["short_description"]) for row in rows(client, "a-1")] == [(made.sys_id, "last")]


def test_sixteen_threads_end_at_one_row(snow, connect):
    client = connect(attempts=8, read_timeout_s=0.4)
    table = client.table("incident")
    plan(snow, 10)

    def call(number):
        return table.upsert({"short_description": f"value {number}"}, correlation_id="order-4711")["correlation_id"]

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(call, range(48))) == {"order-4711"}
    snow.faults.clear()
    (row,) = rows(client, "order-4711")
    assert row["short_description"].startswith("value ")
    table.upsert({"short_description": "the last word"}, correlation_id="order-4711")
    assert [row["short_description"] for row in rows(client, "order-4711")] == ["the last word"]


def test_four_processes_end_at_one_row(snow, client):
    plan(snow, 8)
    callers = [subprocess.Popen([sys.executable, "-c", CALLER, snow.url, f"process {number}"]) for number in range(4)]
    try:
        assert [caller.wait(timeout=120) for caller in callers] == [0, 0, 0, 0]
    finally:
        for caller in callers:
            caller.kill()
    snow.faults.clear()
    (row,) = rows(client, "order-4711")
    assert row["short_description"] in {f"process {number} 4" for number in range(4)}


def test_a_row_that_somebody_else_made_with_the_key_is_found(client):
    table = client.table("incident")
    theirs = table.insert({"correlation_id": "a,1", "short_description": "theirs"})
    assert table.upsert({"short_description": "ours"}, correlation_id="a,1").sys_id == theirs.sys_id
    other = table.upsert({"short_description": "another case of letters"}, correlation_id="A,1")
    assert other.sys_id != theirs.sys_id


def test_an_instance_that_reserves_sys_ids_still_keeps_one_row(client, connect):
    client.table("sys_properties").upsert(
        {"value": "true"}, correlation_id="glide.rest.table_api.admin_only_sys_fields", column="name"
    )
    table = connect("agent").table("incident")
    made = table.upsert({"short_description": "one"}, correlation_id="a-1")
    assert table.upsert({"short_description": "two"}, correlation_id="a-1").sys_id == made.sys_id
    results = table.upsert_many({"a-1": {"short_description": "three"}, "a-2": {"short_description": "four"}})
    assert [result.error for result in results] == [None, None]
    assert results[0].sys_id == made.sys_id
    assert [len(rows(client, key)) for key in ("a-1", "a-2")] == [1, 1]
    assert results[1].sys_id == rows(client, "a-2")[0].sys_id


def test_another_column_may_hold_the_key(client):
    users = client.table("sys_user")
    made = users.upsert({"first_name": "Mara"}, correlation_id="e-1", column="employee_number")
    again = users.upsert({"first_name": "Maria"}, correlation_id="e-1", column="employee_number")
    assert (again.sys_id, again["first_name"]) == (made.sys_id, "Maria")


def test_a_column_that_does_not_exist_is_noticed_before_anything_is_written(client, asked):
    with pytest.raises(errors.UnsafeQuery, match="no column correlation_id"):
        client.table("sys_user").upsert({"first_name": "Mara"}, correlation_id="a-1")
    assert set(asked) == {"GET"}


def test_line_ends_and_blank_ends_are_the_same_text(client, asked):
    table = client.table("incident")
    table.upsert({"description": "two\r\nlines "}, correlation_id="a-1")
    asked.clear()
    table.upsert({"description": "two\nlines"}, correlation_id="a-1")
    assert set(asked) == {"GET"}


def test_a_value_that_is_not_stored_is_told(client):
    with pytest.raises(errors.WriteLost) as lost:
        client.table("incident").upsert({"hold_reason": "nonsense"}, correlation_id="a-1")
    assert lost.value.columns == ("hold_reason",)


def test_our_row_under_another_key_is_not_touched(client):
    table = client.table("incident")
    made = table.upsert({"short_description": "Late"}, correlation_id="a-1")
    table.update(made.sys_id, {"correlation_id": "moved"})
    with pytest.raises(errors.Duplicate, match="holds another correlation_id"):
        table.upsert({"short_description": "x"}, correlation_id="a-1")
    assert table.get(made.sys_id)["short_description"] == "Late"


def test_notes_and_impossible_keys_are_refused(client):
    table = client.table("incident")
    for key, values in (
        ("a-1", {"work_notes": "again"}),
        ("", {}),
        ("x" * 101, {}),
        ("a^ORactive=true", {}),
    ):
        with pytest.raises(errors.UnsafeQuery):
            table.upsert(values, correlation_id=key)


def test_a_refusal_is_not_repeated(client, asked):
    table = client.table("incident")
    made = table.upsert({"short_description": "Late"}, correlation_id="a-1")
    asked.clear()
    with pytest.raises(errors.PolicyRefused):
        table.upsert({"state": "6"}, correlation_id="a-1")
    assert asked[-2:] == ["GET", "PATCH"]
    assert table.get(made.sys_id)["state"] == "1"
