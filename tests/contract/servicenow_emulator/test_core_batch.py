"""The Batch API: order, envelope, limits."""

import base64
import json
from datetime import timedelta
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


def sized(api, size: int) -> str:
    """The path of a record whose answer is a little larger than this."""
    row = api.made("incident", description="x" * size)
    return f"/api/now/table/incident/{row['sys_id']}?sysparm_fields=description"


def test_an_answer_beyond_the_output_limit_ends_a_batch(api) -> None:
    small, large = sized(api, 100), sized(api, 3000)
    requests = [item(n, "GET", path) for n, path in enumerate((small, small, large, small))]
    limit = {"X-BATCHREQUEST-MAX-OUTPUT-SIZE": "2000"}
    body = api("POST", "v1/batch", json={"rest_requests": requests}, headers=limit).json()
    assert [s["id"] for s in body["serviced_requests"]] == ["0", "1"], "the limit is that of one answer"
    assert body["unserviced_requests"] == ["2", "3"]


def setting(api, name: str, value: str) -> None:
    found = api.get("table/sys_properties", name=name).json()["result"][0]
    assert api.patch(f"table/sys_properties/{found['sys_id']}", {"value": value}).status_code == 200


def test_the_header_does_not_raise_the_output_limit(api) -> None:
    setting(api, "glide.rest.batch.max.outputSize", "2000")
    requests = {"rest_requests": [item(1, "GET", sized(api, 3000))]}
    for headers in ({}, {"X-BATCHREQUEST-MAX-OUTPUT-SIZE": "9000"}, {"X-BATCHREQUEST-MAX-OUTPUT-SIZE": "lots"}):
        assert api("POST", "v1/batch", json=requests, headers=headers).json()["unserviced_requests"] == ["1"]


def test_the_limit_of_an_item_is_a_property(api) -> None:
    setting(api, "glide.rest.batch.max.inputSize", "100")
    items = [item(n, "POST", "/api/now/table/incident", {"description": "x" * n}) for n in (10, 200)]
    body = api.post("v1/batch", {"rest_requests": items}).json()
    assert (body["unserviced_requests"], [s["status_code"] for s in body["serviced_requests"]]) == (["200"], [201])


def test_what_time_does_not_allow_comes_back(snow, monkeypatch) -> None:
    requests = [item(n, "GET", "/api/now/table/incident") for n in range(5)]
    body = json.dumps({"rest_requests": requests}).encode()
    request = Request.of("POST", "/api/now/v1/batch", snow.instance.session("admin"), headers={}, body=body)
    start = snow.instance.clock()
    seconds = count(step=12)
    monkeypatch.setattr(snow.instance, "clock", lambda: start + timedelta(seconds=next(seconds)))
    body = json.loads(batched(request, lambda _: Reply.result(200, [])).body)
    assert [s["id"] for s in body["serviced_requests"]] == ["0", "1"]
    assert body["unserviced_requests"] == ["2", "3", "4"]


def test_a_failed_item_says_why(api) -> None:
    items = [item(1, "GET", "/api/now/table/no_such"), item(2, "GET", "/api/now/table/incident")]
    failed, fine = api.post("v1/batch", {"rest_requests": items}).json()["serviced_requests"]
    assert failed["error_message"] == "Invalid table no_such"
    assert "error_message" not in fine
    assert "redirect_url" not in fine


def test_an_item_that_redirects_says_where_to(snow) -> None:
    body = json.dumps({"rest_requests": [item(1, "GET", "/x")]}).encode()
    request = Request.of("POST", "/api/now/v1/batch", snow.instance.session("admin"), headers={}, body=body)
    reply = batched(request, lambda _: Reply(status=302, headers=(("Location", "/login.do"),)))
    assert json.loads(reply.body)["serviced_requests"][0]["redirect_url"] == "/login.do"


def test_any_api_may_be_an_item(api) -> None:
    urls = ("/api/sn_chg_rest/change/model", "/api/sn_km_api/knowledge/articles", "/api/now/stats/incident")
    items = [item(n, "GET", url) for n, url in enumerate(urls)]
    assert [s["status_code"] for s in api.post("v1/batch", {"rest_requests": items}).json()["serviced_requests"]] == [
        200
    ] * 3


def test_methods_and_formats_of_a_batch(api) -> None:
    assert api.get("v1/batch").status_code == 405
    assert api("POST", "v1/batch", data="<a/>", headers={"Content-Type": "application/xml"}).status_code == 415
