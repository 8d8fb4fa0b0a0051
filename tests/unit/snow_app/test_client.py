"""The traps of the library and of the platform, each avoided (over real HTTP)."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from snow_app import BatchItem, Query, errors

ID = "a" * 32


def pair(value, display=None):
    return {"value": value, "display_value": value if display is None else display}


def row(sys_id, **columns):
    return {"sys_id": pair(sys_id), **{name: pair(value) for name, value in columns.items()}}


def problem(message, detail=None):
    return {"error": {"message": message, "detail": detail}, "status": "failure"}


def test_a_record_holds_plain_strings(instance, connect):
    instance.answer(200, {"result": {"sys_id": pair(ID), "state": pair("2", "In Progress"), "active": pair("false")}})
    found = connect().table("incident").get(ID, fields=["state", "active"])
    assert type(found["state"]) is str
    assert json.dumps(found["state"] + "|" + found.display("state")) == '"2|In Progress"'
    assert (found.true("active"), found["absent"]) == (False, "")
    assert instance.asked[0]["query"]["sysparm_fields"] == "sys_id,state,active"


def test_an_insert_keeps_the_sys_id_and_sends_text(instance, connect):
    instance.answer(201, {"result": row(ID, name="x", active="false")})
    made = connect().table("sys_script").insert({"name": "x", "active": False, "order": 0}, sys_id=ID)
    assert made.sys_id == ID
    assert json.loads(instance.asked[0]["body"]) == {"sys_id": ID, "name": "x", "active": "false", "order": "0"}


def test_an_update_sends_what_was_given_and_notices_what_was_lost(instance, connect):
    table = connect().table("incident")
    instance.answer(200, {"result": row(ID, state="6", close_code="")})
    with pytest.raises(errors.WriteLost) as lost:
        table.update(ID, {"state": "6", "close_code": "Nonsense"})
    assert lost.value.columns == ("close_code",)
    assert json.loads(instance.asked[0]["body"]) == {"state": "6", "close_code": "Nonsense"}
    instance.answers = [(200, {}, {"result": row(ID, work_notes="")})]
    assert table.update(ID, {"work_notes": "a note"}).sys_id == ID


def test_a_journal_of_any_name_is_kept_among_its_entries(instance, connect):
    shown = "2026-11-25 10:00:00 - Mara (Diary)\nRang the carrier.\n\n"
    stored = {**row(ID), "u_diary": pair("", shown)}
    instance.answer(200, {"result": stored})
    table = connect().table("incident")
    assert table.update(ID, {"u_diary": "Rang the carrier."}).display("u_diary") == shown
    with pytest.raises(errors.WriteLost):
        table.update(ID, {"u_diary": "Something else."})


def test_an_upsert_does_not_sleep_an_hour(instance, connect, clock):
    instance.answer(429, problem("Rate limit exceeded"), Retry_After="3600")
    with pytest.raises(errors.RateLimited):
        connect().table("incident").upsert({"a": "b"}, correlation_id="a-1")
    assert clock.slept == []


def test_a_lost_answer_of_an_upsert_is_followed_by_a_look(instance, connect, clock):
    def answered(asked):
        if asked["method"] == "GET":
            return 200, {"X-Total-Count": "0"}, {"result": []}
        return 500, {}, problem("boom")

    instance.answer(200, answered)
    with pytest.raises(errors.Unavailable):
        connect().table("incident").upsert({"a": "b"}, correlation_id="a-1")
    assert [asked["method"] for asked in instance.asked] == ["GET", "GET", "POST", "GET", "POST", "GET", "POST"]
    assert len({json.loads(asked["body"])["sys_id"] for asked in instance.asked if asked["method"] == "POST"}) == 1
    assert len(clock.slept) == 2


def test_pages_advance_by_the_limit_and_never_repeat_a_row(instance, connect):
    rows = [f"{number:032x}" for number in range(25)]

    def page(asked):
        offset, limit = int(asked["query"]["sysparm_offset"]), int(asked["query"]["sysparm_limit"])
        visible = [row(one) for one in rows[offset : offset + limit] if int(one, 16) % 2]
        return 200, {"X-Total-Count": "25"}, {"result": [*visible, row(rows[1])]}

    instance.answer(200, page)
    found = [one.sys_id for one in connect().table("incident").rows(Query().where("active", "=", True), page_size=10)]
    assert found == [one for one in rows if int(one, 16) % 2]
    assert [asked["query"]["sysparm_offset"] for asked in instance.asked] == ["0", "10", "20"]
    assert instance.asked[0]["query"]["sysparm_query"] == "active=true^ORDERBYsys_id"
    assert "sysparm_no_count" not in instance.asked[0]["query"]


def test_a_scan_does_not_believe_a_count_that_rows_were_deleted_under(instance, connect):
    ids = [f"{number:032x}" for number in range(5)]

    def page(asked):
        query, limit = asked["query"]["sysparm_query"], int(asked["query"]["sysparm_limit"])
        behind = [one for one in ids if ">" not in query or one > query.partition(">")[2].partition("^")[0]]
        counted = len(behind) - 1 if len(behind) > limit else len(behind)
        return 200, {"X-Total-Count": str(counted)}, {"result": [row(one) for one in behind[:limit]]}

    instance.answer(200, page)
    assert [one.sys_id for one in connect().table("incident").scan(page_size=4)] == ids


@pytest.mark.parametrize("hidden", [1, 2, 3, 9])
def test_a_scan_ends_behind_hidden_rows(instance, connect, hidden):
    def page(asked):
        return 200, {"X-Total-Count": str(hidden)}, {"result": []}

    instance.answer(200, page)
    assert list(connect().table("incident").scan(page_size=1)) == []
    assert len(instance.asked) <= 6


@pytest.mark.parametrize(
    ("query", "order"),
    [
        (Query().ordered_by("state"), "ORDERBYstate^ORDERBYsys_id"),
        (Query().ordered_by("state").ordered_by("sys_id", descending=True), "ORDERBYstate^ORDERBYDESCsys_id"),
        (Query(), "ORDERBYsys_id"),
    ],
)
def test_ties_have_one_order_on_all_pages(instance, connect, query, order):
    instance.answer(200, {"result": []}, X_Total_Count="0")
    list(connect().table("incident").rows(query))
    assert instance.asked[0]["query"]["sysparm_query"] == order


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, problem("User is not authenticated", "Required to provide Auth information"), errors.SignInRefused),
        (400, problem("Invalid table nonsense"), errors.TableMissing),
        (404, problem("No Record found", "Record doesn't exist or ACL restricts"), errors.NotFound),
        (403, problem("User Not Authorized", "Failed API level ACL Validation"), errors.TableForbidden),
        (403, problem("Operation Failed", "ACL Exception Insert Failed due to security"), errors.RowForbidden),
        (403, problem("Operation Failed", "Unique Key violation detected by database"), errors.Duplicate),
        (500, problem("Error", "Unique Key violation detected by database"), errors.Duplicate),
        (403, problem("something new"), errors.Forbidden),
        (429, problem("Rate limit exceeded"), errors.RateLimited),
        (500, problem("Transaction cancelled: maximum execution time exceeded"), errors.Cancelled),
        (500, problem("boom"), errors.Unavailable),
        (503, b"<html>down</html>", errors.Unavailable),
        (415, b"", errors.Rejected),
        (200, b"<html>Instance Hibernating page</html>", errors.Hibernating),
        (302, b"", errors.Hibernating),
        (200, b'{"result":[{"a":"b"},"error":{"message":"maximum execution time exceeded"}', errors.Cancelled),
        (200, b'{"result":', errors.BadAnswer),
        (200, [], errors.BadAnswer),
    ],
)
@pytest.mark.parametrize("verb", ["rows", "insert", "get"])
def test_failures_are_told_apart(instance, connect, status, body, kind, verb):
    instance.answer(status, body)
    table = connect(attempts=1).table("incident")
    calls = {
        "rows": lambda: list(table.rows()),
        "insert": lambda: table.insert({"a": "b"}),
        "get": lambda: table.get(ID),
    }
    with pytest.raises(errors.SnowError) as failed:
        calls[verb]()
    assert type(failed.value) is kind
    assert failed.value.transient is issubclass(kind, errors.Transient)


def test_rules_and_policies_are_named(instance, connect):
    table = connect().table("incident")
    rule = (
        "Operation against file 'incident' was aborted by Business Rule 'No weekend^" + ID + "'. Business Rule Stack:x"
    )
    instance.answer(403, problem("Operation Failed", rule))
    with pytest.raises(errors.RuleRefused) as refused:
        table.update(ID, {"state": "6"})
    assert refused.value.rule == "No weekend"
    policy = "Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes"
    instance.answers = [(403, {}, problem("Operation Failed", policy))]
    with pytest.raises(errors.PolicyRefused) as missing:
        table.update(ID, {"state": "6"})
    assert missing.value.labels == ("Resolution code", "Resolution notes")


def test_reads_are_retried_writes_are_not(instance, connect, clock):
    instance.answer(503, b"")
    instance.answer(504, b"")
    instance.answer(200, {"result": []}, X_Total_Count="0")
    client = connect()
    assert list(client.table("incident").rows()) == []
    assert len(clock.slept) == 2
    instance.answers = [(503, {}, b""), (201, {}, {"result": row(ID)})]
    with pytest.raises(errors.Unavailable):
        client.table("incident").insert({"a": "b"})
    assert len(instance.asked) == 4


def test_a_rate_limit_is_waited_for_up_to_the_cap(instance, connect, clock):
    instance.answer(429, problem("Rate limit exceeded"), Retry_After="2")
    instance.answer(201, {"result": row(ID)})
    client = connect(retry_after_cap_s=3)
    client.table("incident").insert({"a": "b"})
    assert clock.slept == [2.0]
    instance.answers = [(429, {"Retry-After": "3600"}, problem("Rate limit exceeded"))]
    with pytest.raises(errors.RateLimited) as limited:
        list(client.table("incident").rows())
    assert limited.value.retry_after == 3600
    assert clock.slept == [2.0]


def test_silence_and_dropped_connections_are_our_own_errors(server, instance, connect):
    instance.answer(200, {"result": []}, X_Total_Count="0")
    client = connect(read_timeout_s=0.05, attempts=1)
    server.faults.add(delay=0.4, times=1)
    with pytest.raises(errors.TimedOut):
        list(client.table("incident").rows())
    server.faults.add(drop=True, times=1)
    with pytest.raises(errors.Unreachable):
        list(client.table("incident").rows())


def test_a_body_that_breaks_off_is_our_own_error_and_reads_try_again(instance, connect):
    broken = (200, {"Content-Encoding": "gzip"}, b"no gzip at all")
    instance.answers = [broken, (200, {"X-Total-Count": "0"}, {"result": []})]
    table = connect().table("incident")
    assert list(table.rows()) == []
    instance.answers = [broken]
    with pytest.raises(errors.Unreachable):
        table.insert({"a": "b"})
    assert [asked["method"] for asked in instance.asked] == ["GET", "GET", "POST"]


def test_nothing_follows_an_instance_elsewhere(instance, connect):
    instance.answer(302, b"", Location="/api/now/table/incident")
    with pytest.raises(errors.Hibernating):
        connect().table("incident").insert({"a": "b"})
    assert [asked["method"] for asked in instance.asked] == ["POST"]


def test_a_batch_may_take_as_long_as_the_platform_allows(server, instance, connect):
    instance.answer(200, {"serviced_requests": [], "unserviced_requests": ["0"]})
    client, item = connect(read_timeout_s=0.05, batch_timeout_s=20, attempts=1), BatchItem(method="GET", path="/api/x")
    server.faults.add(delay=0.4, times=1)
    assert isinstance(client.batch([item])[0].error, errors.Unserviced)
    impatient = connect(batch_timeout_s=0.05, attempts=1)
    server.faults.add(delay=0.4, times=1)
    with pytest.raises(errors.TimedOut):
        impatient.batch([item])


def token(value, lifetime=1799):
    return (200, {}, {"access_token": value, "token_type": "Bearer", "expires_in": lifetime})


def test_one_token_serves_all_threads_and_is_renewed_early(instance, connect, clock):
    issued = iter(range(100))

    def either(asked):
        if asked["path"] == "/oauth_token.do":
            return token(f"t{next(issued)}", 600)
        return 200, {"X-Total-Count": "0"}, {"result": []}

    instance.answer(200, either)
    client = connect(client_id="id", client_secret="secret")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: list(client.table("incident").rows()), range(16)))
    tokens = [asked for asked in instance.asked if asked["path"] == "/oauth_token.do"]
    assert len(tokens) == 1
    assert b"grant_type=client_credentials" in tokens[0]["body"]
    clock.seconds += 541
    list(client.table("incident").rows())
    assert instance.asked[-1]["auth"] == "Bearer t1"


def test_a_refused_token_is_renewed_once(instance, connect):
    refused = {"t0"}
    issued = iter(range(100))

    def either(asked):
        if asked["path"] == "/oauth_token.do":
            return token(f"t{next(issued)}")
        if asked["auth"].removeprefix("Bearer ") in refused:
            return 401, {}, problem("User is not authenticated")
        return 201, {}, {"result": row(ID)}

    instance.answer(200, either)
    client = connect(client_id="id", client_secret="secret")
    assert client.table("incident").insert({"a": "b"}).sys_id == ID
    assert client.batch is not None
    refused |= {"t1", "t2"}
    with pytest.raises(errors.SignInRefused):
        client.table("incident").insert({"a": "b"})
    assert len([asked for asked in instance.asked if asked["path"] == "/oauth_token.do"]) == 3


def serviced(asked, *, only=lambda index: True, status=201):
    body = json.loads(asked["body"])
    items = body["rest_requests"]
    done = [one for index, one in enumerate(items) if only(index)]
    answer = base64.b64encode(json.dumps({"result": {"sys_id": ID}}).encode()).decode()
    return {
        "batch_request_id": body["batch_request_id"],
        "serviced_requests": [
            {"id": one["id"], "status_code": status, "headers": [], "body": answer} for one in reversed(done)
        ],
        "unserviced_requests": [one["id"] for one in items if one not in done],
    }


def items(count, size=1):
    return [BatchItem(method="POST", path="/api/now/table/x", values={"n": str(n) * size}) for n in range(count)]


def test_a_batch_is_cut_by_count_and_bytes(instance, connect):
    instance.answer(200, lambda asked: (200, {}, serviced(asked)))
    results = connect(batch_items=4, batch_bytes=100_000).batch([*items(9), *items(1, 90_000), *items(1, 90_000)])
    assert [len(json.loads(asked["body"])["rest_requests"]) for asked in instance.asked] == [4, 4, 1, 1, 1]
    assert all(result.error is None for result in results)
    assert [result.item.values["n"] for result in results[:9]] == [str(n) for n in range(9)]


def test_items_left_over_are_sent_again_while_others_get_through(instance, connect):
    instance.answer(200, lambda asked: (200, {}, serviced(asked, only=lambda index: index < 2)))
    assert all(result.error is None for result in connect().batch(items(5)))
    assert [len(json.loads(asked["body"])["rest_requests"]) for asked in instance.asked] == [5, 3, 1]
    instance.answers = [(200, {}, lambda asked: (200, {}, serviced(asked, only=lambda index: False)))]
    stuck = connect().batch(items(2))
    assert [type(result.error) for result in stuck] == [errors.Unserviced, errors.Unserviced]
    with pytest.raises(errors.Unserviced):
        stuck[0].result()


def test_one_failed_item_does_not_hide_the_others(instance, connect):
    def mixed(asked):
        answer = serviced(asked)
        answer["serviced_requests"][0]["status_code"] = 403
        answer["serviced_requests"][1] = {"id": answer["serviced_requests"][1]["id"], "status_code": "?"}
        return 200, {}, answer

    instance.answer(200, mixed)
    results = connect().batch(items(3))
    assert [type(result.error) for result in results] == [type(None), errors.BadAnswer, errors.Forbidden]


def test_a_failed_batch_leaves_nothing_behind_for_the_next(instance, connect):
    instance.answer(500, problem("boom"))
    client = connect()
    with pytest.raises(errors.Unavailable):
        client.batch(items(3))
    instance.answers = [(200, {}, lambda asked: (200, {}, serviced(asked)))]
    client.batch(items(1))
    assert len(json.loads(instance.asked[-1]["body"])["rest_requests"]) == 1


def test_the_scope_reaches_every_write_and_no_read(instance, connect):
    instance.answer(200, lambda asked: (200, {}, serviced(asked)))
    client = connect()
    client.write_into("s" * 32)
    client.batch([*items(1), BatchItem(method="GET", path="/api/now/table/x")])
    urls = [one["url"] for one in json.loads(instance.asked[0]["body"])["rest_requests"]]
    assert urls == [f"/api/now/table/x?sysparm_transaction_scope={'s' * 32}", "/api/now/table/x"]
    instance.answers = [(201, {}, {"result": row(ID)})]
    client.table("x").insert({"a": "b"})
    assert instance.asked[-1]["query"]["sysparm_transaction_scope"] == "s" * 32


@pytest.mark.parametrize("table", ["incident/../x", "incident?x", "Incident", ""])
def test_table_names_and_ids_are_checked(connect, table):
    with pytest.raises(errors.UnsafeQuery):
        connect().table(table)
    with pytest.raises(errors.UnsafeQuery):
        connect().table("incident").get("../sys_user/x")
