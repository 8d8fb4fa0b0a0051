"""Many rows by correlation id: batches that fail in the middle, and a process that dies between two of them."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from snow_app import BatchItem, Query, errors
from snow_app.client import BATCH_API

WANTED = {f"order-{number:04}": {"short_description": f"Parcel {number}"} for number in range(1000)}


def stored(client):
    ours = Query().where("correlation_id", "STARTSWITH", "order-")
    return {row["correlation_id"]: row["short_description"] for row in client.table("incident").scan(ours)}


def count(client):
    return client.table("incident").count(Query().where("correlation_id", "STARTSWITH", "order-"))


def expected(rows=None):
    return {key: values["short_description"] for key, values in (rows or WANTED).items()}


def test_a_thousand_rows_with_failures_in_the_middle(snow, connect):
    client = connect(read_timeout_s=20)
    snow.faults.add(path=BATCH_API, status=500, late=True, times=1)
    snow.faults.add(path=BATCH_API, drop=True, late=True, times=1)
    snow.faults.add(path=BATCH_API, status=503, times=1)
    results = client.table("incident").upsert_many(WANTED)
    assert [result.key for result in results] == list(WANTED)
    assert [result.error for result in results if result.error] == []
    assert stored(client) == expected()
    assert count(client) == 1000


WRITER = """
import json, sys
from snow_app import SnowClient, SnowSettings

url, rows = sys.argv[1], json.loads(sys.stdin.read())
with SnowClient(SnowSettings(url=url, username="admin", password="admin", allow_http=True)) as client:
    client.table("incident").upsert_many(rows)
"""


def test_a_process_that_was_killed_between_two_batches_is_carried_on(snow, client):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, snow.url], stdin=subprocess.PIPE, text=True)
    try:
        writer.stdin.write(json.dumps(WANTED))
        writer.stdin.close()
        deadline = time.monotonic() + 60
        while len(snow.instance.records.all("incident", correlation_display="")) < 150 and time.monotonic() < deadline:
            assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
    assert 0 < count(client) < 1000
    results = client.table("incident").upsert_many(WANTED)
    assert [result for result in results if result.error] == []
    assert stored(client) == expected()
    assert count(client) == 1000


class ProcessDiedError(Exception):
    """The process is gone."""


def test_a_run_that_died_between_two_batches_is_carried_on(client, connect, monkeypatch):
    rows = dict(list(WANTED.items())[:200])
    sent = []
    original = client.request

    def dying(method, path, **options):
        if path == BATCH_API:
            if len(sent) == 2:
                raise ProcessDiedError
            sent.append(len(options["json"]["rest_requests"]))
        return original(method, path, **options)

    monkeypatch.setattr(client, "request", dying)
    with pytest.raises(ProcessDiedError):
        client.table("incident").upsert_many(rows)
    other = connect()
    assert count(other) == sum(sent) == 100
    results = other.table("incident").upsert_many(rows)
    assert all(result.error is None for result in results)
    assert stored(other) == expected(rows)
    assert count(other) == 200


def test_a_second_run_reads_and_writes_nothing(client, asked):
    rows = dict(list(WANTED.items())[:120])
    client.table("incident").upsert_many(rows)
    asked.clear()
    results = client.table("incident").upsert_many({**rows, "order-0007": {"short_description": "changed"}})
    assert asked[-3:] == ["GET", "GET", "POST"]  # two looks, one batch
    assert asked.count("POST") == 1
    assert len({result.sys_id for result in results}) == 120
    assert stored(client)["order-0007"] == "changed"


def test_what_cannot_be_stored_says_so_beside_what_can(client):
    table = client.table("incident")
    rows = {
        "order-1": {"short_description": "good"},
        "order-2": {"state": "6"},
        "order-3": {"hold_reason": "nonsense"},
        "order,4": {"short_description": "a comma"},
    }
    results = {result.key: result.error for result in table.upsert_many(rows)}
    assert [type(error) for error in results.values()] == [
        type(None), errors.PolicyRefused, errors.WriteLost, type(None),
    ]  # fmt: skip
    assert table.upsert_many({}) == ()
    assert len(table.upsert_many(rows)) == 4
    assert table.count(Query().where("correlation_id", "STARTSWITH", "order")) == 3


def test_a_thousand_items_have_a_thousand_results(client):
    table = client.table("incident")
    resolved = [table.insert({"correlation_id": f"order-{number}"}).sys_id for number in range(5)]
    items = [
        BatchItem(method="POST", path="/api/now/table/incident", values={"correlation_id": f"order-new-{number}"})
        for number in range(995)
    ]
    for place, sys_id in enumerate(resolved):
        refused = BatchItem(method="PATCH", path=f"/api/now/table/incident/{sys_id}", values={"state": "6"})
        items.insert(100 + place * 200, refused)
    results = client.batch(items)
    assert [result.item for result in results] == items
    assert {place: type(result.error) for place, result in enumerate(results) if result.error} == {
        100 + place * 200: errors.PolicyRefused for place in range(5)
    }
    assert count(client) == 1000


def test_a_batch_that_breaks_later_keeps_the_results_before_it(snow, connect):
    client = connect(batch_items=2)
    items = [
        BatchItem(method="POST", path="/api/now/table/incident", values={"correlation_id": f"order-{number}"})
        for number in range(6)
    ]
    post, calls = client.request, []

    def breaking(method, path, **options):
        calls.append(json.dumps(options["json"]))
        if len(calls) == 2:
            raise errors.TimedOut("ServiceNow did not answer POST batch in time.")
        return post(method, path, **options)

    client.request = breaking
    kinds = [type(result.error) for result in client.batch(items)]
    assert kinds == [type(None)] * 2 + [errors.TimedOut] * 2 + [errors.Unserviced] * 2
    assert len(calls) == 2
