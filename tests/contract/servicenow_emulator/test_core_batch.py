"""The Batch API: order, envelope, limits."""

import base64
import json
from itertools import count

from snow_app.emulator.rest.batch import batched
from snow_app.emulator.rest.request import Reply, Request


def item(number, method: str, url: str, document=None, **more):
    body = base64.b64encode(json.dumps(document).encode()).decode() if document is not None else ""
    return {"id": str(number), "method": method, "url": url, "body": body, "headers": [], **more}


def decoded(served):
    return json.loads(base64.b64decode(served["body"])) if served["body"] else None


def test_items_run_in_order_as_the_outer_user(api) -> None:
    sys_id = "a" * 32
    path = f"/api/now/table/incident/{sys_id}"
    answer = api.post(
        "v1/batch",
        {
            "batch_request_id": 7,
            "rest_requests": [
                item(1, "POST", "/api/now/table/incident", {"sys_id": sys_id, "short_description": "a"}),
                item(2, "PATCH", path + "?sysparm_fields=short_description", {"short_description": "b"}),
                item(3, "GET", "/api/now/table/incident?sysparm_query=short_description=b&sysparm_limit=1"),
                item(4, "DELETE", path),
                item(5, "GET", path, exclude_response_headers=True),
                item(6, "GET", "/api/now/table/no_such"),
            ],
        },
    )
    body = answer.json()
    served = body["serviced_requests"]
    assert (answer.status_code, body["batch_request_id"], body["unserviced_requests"]) == (200, "7", [])
    assert [(s["id"], s["status_code"], s["status_text"]) for s in served] == [
        ("1", 201, "Created"),
        ("2", 200, "OK"),
        ("3", 200, "OK"),
        ("4", 204, "No Content"),
        ("5", 404, "Not Found"),
        ("6", 400, "Bad Request"),
    ]
    assert decoded(served[1]) == {"result": {"short_description": "b"}}
    assert {"name": "X-Total-Count", "value": "1"} in served[2]["headers"]
    assert served[4]["headers"] == []
    assert served[3]["body"] == ""


def test_access_is_checked_per_item(employee) -> None:
    requests = [item(1, "GET", "/api/now/table/sys_db_object"), item(2, "GET", "/api/now/table/incident")]
    served = employee.post("v1/batch", {"rest_requests": requests}).json()["serviced_requests"]
    assert [s["status_code"] for s in served] == [403, 200]


def test_what_cannot_be_read_is_a_bad_request(api) -> None:
    for document in ({}, {"rest_requests": "x"}, {"rest_requests": [{"id": "1"}]}, {"rest_requests": [1]}):
        assert api.post("v1/batch", document).status_code == 400
    broken = item(1, "POST", "/api/now/table/incident") | {"body": "!!"}
    assert api.post("v1/batch", {"rest_requests": [broken]}).status_code == 400


def test_an_item_too_large_is_left_out(api) -> None:
    large = item(1, "POST", "/api/now/table/incident", {"description": "x" * (5 * 1024 * 1024)})
    body = api.post("v1/batch", {"rest_requests": [large, item(2, "GET", "/api/now/table/incident")]}).json()
    assert body["unserviced_requests"] == ["1"]
    assert [s["id"] for s in body["serviced_requests"]] == ["2"]


def test_answers_beyond_the_output_limit_are_left_out(api) -> None:
    requests = [item(n, "GET", "/api/now/table/sys_user?sysparm_limit=1") for n in range(4)]
    answer = api(
        "POST", "v1/batch", json={"rest_requests": requests}, headers={"X-BATCHREQUEST-MAX-OUTPUT-SIZE": "5000"}
    )
    body = answer.json()
    assert body["unserviced_requests"]
    assert len(body["serviced_requests"]) + len(body["unserviced_requests"]) == 4


def test_what_time_does_not_allow_comes_back(snow) -> None:
    requests = [item(n, "GET", "/api/now/table/incident") for n in range(5)]
    request = Request.of(
        "POST",
        "/api/now/v1/batch",
        snow.instance.session("admin"),
        headers={},
        body=json.dumps({"rest_requests": requests}).encode(),
    )
    ticks = count(step=6)
    reply = batched(request, lambda _: Reply.result(200, []), monotonic=lambda: next(ticks))
    body = json.loads(reply.body)
    assert len(body["serviced_requests"]) == 2
    assert body["unserviced_requests"] == ["2", "3", "4"]
