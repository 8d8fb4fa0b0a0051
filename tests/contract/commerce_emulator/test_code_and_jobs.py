"""OCAPI Data: code versions and job executions, who may touch them, and what happens as time goes by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sfcc_client.emulator import ApiClient
from sfcc_client.emulator.office.jobs import Job, JobFailed

DATA = "/s/-/dw/data/v25_6"
EVERYTHING: dict[str, Any] = {"query": {"match_all_query": {}}}


def data(world: Any, method: str, path: str, **options: Any) -> Any:
    return world.call(method, DATA + path, token=world.admin(tenant=False), **options)


def flags(world: Any) -> dict[str, tuple[bool, bool]]:
    rows = data(world, "GET", "/code_versions").json()["data"]
    return {row["id"]: (row["active"], row["rollback"]) for row in rows}


def test_activating_makes_the_former_version_the_one_to_roll_back_to(small: Any) -> None:
    assert flags(small) == {"release_1": (False, True), "release_2": (True, False)}
    assert data(small, "PUT", "/code_versions/release_3").json()["active"] is False
    answer = data(small, "PATCH", "/code_versions/release_3", json={"active": True})
    assert answer.status_code == 200
    assert answer.json()["activation_time"] == "2026-11-22T10:15:00.000Z"
    assert flags(small) == {
        "release_1": (False, False),
        "release_2": (False, True),
        "release_3": (True, False),
    }
    data(small, "PATCH", "/code_versions/release_2", json={"active": True})
    assert flags(small)["release_3"] == (False, True)


@pytest.mark.parametrize(
    ("method", "version", "body", "status", "kind"),
    [
        ("GET", "none", None, 404, "CodeVersionIdNotFoundException"),
        ("PATCH", "none", {"active": True}, 404, "CodeVersionIdNotFoundException"),
        ("DELETE", "none", None, 404, "CodeVersionIdNotFoundException"),
        ("PUT", "release_1", None, 409, "CodeVersionIdAlreadyExistsException"),
        ("PATCH", "release_1", {"id": "release_2"}, 409, "CodeVersionIdAlreadyExistsException"),
        ("PATCH", "release_1", {"active": False}, 400, "CodeVersionModificationException"),
        ("PATCH", "release_2", {"active": True}, 400, "CodeVersionModificationException"),
        ("PATCH", "release_2", {"id": "other"}, 400, "CodeVersionModificationException"),
        ("DELETE", "release_2", None, 400, "CodeVersionModificationException"),
        ("PATCH", "release_1", [], 400, "MalformedDocumentException"),
    ],
)
def test_what_cannot_be_done_to_a_code_version(
    world: Any, method: str, version: str, body: Any, status: int, kind: str
) -> None:
    answer = data(world, method, f"/code_versions/{version}", json=body)
    assert (answer.status_code, answer.json()["fault"]["type"]) == (status, kind)


def test_an_inactive_version_is_renamed_and_deleted(small: Any) -> None:
    assert data(small, "PATCH", "/code_versions/release_1", json={"id": "old"}).json()["rollback"] is True
    assert data(small, "GET", "/code_versions/old").json()["cartridges"] == ["app_storefront_base"]
    assert data(small, "DELETE", "/code_versions/old").status_code == 204
    assert list(flags(small)) == ["release_2"]


def test_the_size_is_told_to_who_asks_for_it(world: Any) -> None:
    assert "total_size" not in data(world, "GET", "/code_versions/release_2").json()
    assert data(world, "GET", "/code_versions/release_2?expand=size").json()["total_size"] > 1000


@pytest.mark.parametrize("prefix", ["/s/-/dw/data/v19_5", "/dw/data/v25_6"])
def test_every_version_of_the_api_answers_at_both_addresses(world: Any, prefix: str) -> None:
    answer = world.call("GET", f"{prefix}/code_versions?select=(data.(id),total)", token=world.admin(tenant=False))
    assert answer.json() == {
        "_v": prefix[-4:].replace("_", ".").lstrip("v"),
        "_type": "code_version_result",
        "count": 2,
        "start": 0,
        "total": 2,
        "data": [{"id": "release_1"}, {"id": "release_2"}],
        "select": "(data.(id),total)",
    }


def test_a_client_may_do_what_its_settings_say_and_no_more(opened: Callable[..., Any]) -> None:
    reader = ApiClient(
        client_id="11111111-2222-4333-8444-555555555555",
        secret="s",
        data_api={"/jobs/*/executions": frozenset({"post"})},
    )
    shop = opened(clients=[reader])
    token = shop.admin_answer("", tenant=False, auth=(reader.client_id, "s")).json()["access_token"]
    started = shop.call("POST", f"{DATA}/jobs/ServiceNow-ForgetActivity/executions", token=token)
    assert started.status_code == 200
    refused = shop.call("GET", f"{DATA}/code_versions", token=token)
    assert refused.status_code == 403
    assert refused.json()["fault"]["type"] == "ClientAccessForbiddenException"
    deeper = f"{DATA}/jobs/ServiceNow-ForgetActivity/executions/{started.json()['id']}"
    assert shop.call("GET", deeper, token=token).status_code == 403


@pytest.mark.parametrize(("token", "kind"), [(None, "AuthorizationHeaderMissing"), ("x.y.z", "InvalidAccessToken")])
def test_strangers_are_told_so(world: Any, token: str | None, kind: str) -> None:
    answer = world.call("GET", f"{DATA}/code_versions", token=token)
    assert (answer.status_code, answer.json()["fault"]["type"]) == (401, f"{kind}Exception")


def test_a_shopper_has_no_business_here(world: Any) -> None:
    assert world.call("GET", f"{DATA}/code_versions", token=world.guest()).status_code == 403


def test_an_execution_walks_from_pending_to_finished(small: Any, clock: Any) -> None:
    path = "/jobs/sfcc-search-index-product-full-update/executions"
    started = data(small, "POST", path, json={"parameters": [{"name": "why", "value": "new prices"}]}).json()
    assert started["execution_status"] == "pending"
    assert started["parameters"] == [
        {"_type": "job_execution_parameter", "name": "why", "value": "new prices"},
    ]
    one = f"{path}/{started['id']}"
    assert data(small, "POST", path).json()["fault"]["type"] == "JobAlreadyRunningException"
    clock.advance(3)
    running = data(small, "GET", one).json()
    assert (running["execution_status"], running["duration"]) == ("running", 1000)
    assert data(small, "DELETE", one).json()["fault"]["type"] == "JobExecutionNotFinishedException"
    clock.advance(60)
    finished = data(small, "GET", one).json()
    assert finished["execution_status"] == "finished"
    assert finished["exit_status"] == {"code": "OK", "status": "ok", "message": "2 products indexed."}
    assert (finished["end_time"], finished["duration"]) == ("2026-11-22T10:15:47.000Z", 45000)
    assert data(small, "DELETE", one).status_code == 204
    assert data(small, "GET", one).json()["fault"]["type"] == "JobExecutionNotFoundException"


def test_a_job_works_once_and_at_its_end(small: Any, clock: Any) -> None:
    clock.advance(2 * 86400)
    kept = len(small.shop.state.activities)
    data(small, "POST", "/jobs/ServiceNow-ForgetActivity/executions")
    clock.advance(10)
    data(small, "GET", "/code_versions")
    assert len(small.shop.state.activities) == kept
    clock.advance(20)
    data(small, "GET", "/code_versions")
    assert len(small.shop.state.activities) == kept - 1


def test_a_job_of_ones_own_can_fail_and_says_why(small: Any, clock: Any) -> None:
    def broken(_: Any) -> str:
        raise JobFailed("The price feed is empty.")

    small.shop.world.office.jobs.define(Job(id="Feed", description="Prices", takes=timedelta(0), work=broken))
    started = data(small, "POST", "/jobs/Feed/executions").json()
    clock.advance(2)
    failed = data(small, "GET", f"/jobs/Feed/executions/{started['id']}").json()
    assert (failed["status"], failed["exit_status"]["message"]) == ("ERROR", "The price feed is empty.")
    wanted = {
        "query": {"term_query": {"fields": ["status"], "operator": "is", "values": ["ERROR"]}},
        "select": "(hits.(job_id))",
    }
    found = data(small, "POST", "/job_execution_search", json=wanted).json()
    assert (found["total"], found["hits"]) == (1, [{"job_id": "Feed"}])


def test_unknown_and_incomplete_jobs_are_refused(world: Any) -> None:
    unknown = data(world, "POST", "/jobs/Nothing/executions")
    assert (unknown.status_code, unknown.json()["fault"]["type"]) == (404, "JobNotFoundException")
    incomplete = data(world, "POST", "/jobs/sfcc-site-archive-import/executions", json={})
    assert (incomplete.status_code, incomplete.json()["fault"]["type"]) == (400, "JobInvalidException")
    assert "ImportFile" in incomplete.json()["fault"]["message"]


def test_executions_are_searched_by_their_window(world: Any) -> None:
    since = {"range_filter": {"field": "start_time", "from": "2026-11-22T00:00:00.000Z"}}
    wanted = {
        "query": {"filtered_query": {"query": {"match_all_query": {}}, "filter": since}},
        "sorts": [{"field": "start_time", "sort_order": "asc"}],
    }
    found = data(world, "POST", "/job_execution_search", json=wanted).json()
    assert [hit["start_time"][:16] for hit in found["hits"]] == ["2026-11-22T02:30", "2026-11-22T04:00"]
    by_client = {"query": {"term_query": {"fields": ["client_id"], "operator": "is", "values": ["x"]}}}
    refused = data(world, "POST", "/job_execution_search", json=by_client)
    assert refused.json()["fault"]["type"] == "UnqueryableFieldException"
