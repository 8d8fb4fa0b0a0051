"""Rate limit rules and transaction quotas: what they allow, what they say, and that the clock frees again."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator


@pytest.fixture
def agent(timed, sign_in_at):
    return sign_in_at(timed, "agent")


@pytest.fixture
def rule(desk):
    def made(limit: int, **values: str) -> str:
        row = {"name": f"Limit {limit}", "api": "now/table", "table": "incident", "request_limit": str(limit)}
        sys_id: str = desk.made("sys_rate_limit_rules", **{**row, **values})["sys_id"]
        return sys_id

    return made


def role(desk, name: str) -> str:
    sys_id: str = desk.get("table/sys_user_role", name=name).json()["result"][0]["sys_id"]
    return sys_id


def test_so_many_an_hour_and_no_more(agent, rule) -> None:
    sys_id = rule(2)
    first, second, third = (agent.get("table/incident") for _ in range(3))
    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 429]
    reset = str(int(datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()))
    for answer in (first, third):
        assert answer.headers["X-RateLimit-Limit"] == "2"
        assert answer.headers["X-RateLimit-Reset"] == reset
        assert answer.headers["X-RateLimit-Rule"] == sys_id
    assert "Retry-After" not in first.headers
    assert third.headers["Retry-After"] == "3600"
    assert third.json() == {
        "error": {
            "message": "Rate limit exceeded",
            "detail": "Rate limit of 2 requests per hour for Table API exceeded",
        },
        "status": "failure",
    }


def test_the_hour_is_one_of_the_clock(agent, rule, advance) -> None:
    rule(1)
    advance(minutes=45)
    assert agent.get("table/incident").status_code == 200
    refused = agent.get("table/incident")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    advance(minutes=15)
    assert agent.get("table/incident").status_code == 200


def test_each_user_has_an_hour_of_their_own(desk, agent, rule) -> None:
    rule(1)
    assert agent.get("table/incident").status_code == 200
    assert desk.get("table/incident").status_code == 200
    assert agent.get("table/incident").status_code == 429


def test_other_requests_are_free_and_unmarked(agent, rule) -> None:
    rule(1, http_method="GET")
    assert agent.get("table/incident").status_code == 200
    for answer in (agent.get("table/problem"), agent.get("stats/incident"), agent.post("table/incident", {})):
        assert answer.ok
        assert "X-RateLimit-Limit" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "api", "name"),
    [
        ("GET", "stats/incident", "now/stats", "Aggregate API"),
        ("GET", "attachment", "now/attachment", "Attachment API"),
        ("POST", "v1/batch", "now/batch", "Batch API"),
    ],
)
def test_every_api_can_have_one(agent, rule, method: str, path: str, api: str, name: str) -> None:
    rule(1, api=api, table="")
    body = {"batch_request_id": "1", "rest_requests": []}
    assert agent(method, path, json=body).status_code == 200
    assert agent(method, path, json=body).json()["error"]["detail"].endswith(f"for {name} exceeded")


def test_the_user_goes_before_the_role_before_everybody(desk, agent, rule) -> None:
    rule(1)
    rule(50, apply_to="users_with_role", role=role(desk, "admin"))
    rule(4, apply_to="users_with_role", role=role(desk, "itil"))
    by_role = rule(3, apply_to="users_with_role", role=role(desk, "sn_customerservice_agent"))
    assert agent.get("table/incident").headers["X-RateLimit-Rule"] == by_role
    user = desk.get("table/sys_user", user_name="agent").json()["result"][0]["sys_id"]
    own = rule(10, apply_to="single_user", user=user)
    answer = agent.get("table/incident")
    assert (answer.headers["X-RateLimit-Rule"], answer.headers["X-RateLimit-Limit"]) == (own, "10")


def test_a_new_limit_counts_anew(desk, agent, rule) -> None:
    sys_id = rule(1)
    assert [agent.get("table/incident").status_code for _ in range(2)] == [200, 429]
    (violation,) = desk.get("table/sys_rate_limit_violation", rule=sys_id).json()["result"]
    assert (violation["count"], violation["hour"]) == ("1", "2026-11-23 08:00:00")
    desk.patch(f"table/sys_rate_limit_rules/{sys_id}", {"request_limit": "2"})
    assert desk.get("table/sys_rate_limit_violation").json()["result"] == []
    assert [agent.get("table/incident").status_code for _ in range(3)] == [200, 200, 429]


def test_inactive_rules_do_nothing_and_none_is_below_one(desk, agent, rule) -> None:
    rule(1, active="false")
    assert all(agent.get("table/incident").status_code == 200 for _ in range(2))
    refused = desk.post("table/sys_rate_limit_rules", {"name": "None", "request_limit": "0"})
    assert refused.status_code == 403
    assert "Prevent negative/zero value of Requests" in refused.json()["error"]["detail"]


class Hurrying:
    """A clock that goes on by itself whenever somebody looks, once it is told to."""

    def __init__(self) -> None:
        self.now, self.step, self.looks = datetime(2026, 11, 23, 8, 0, tzinfo=UTC), timedelta(), 0

    def __call__(self) -> datetime:
        self.looks += 1
        self.now += self.step
        return self.now


@pytest.fixture
def hurrying():
    return Hurrying()


@pytest.fixture
def late(hurrying):
    with ServiceNowEmulator(clock=hurrying) as running:
        yield running


@pytest.fixture
def slow(late, sign_in_at):
    return sign_in_at(late, "admin")


def cancelled(answer: requests.Response) -> bool:
    error = answer.json()["error"]
    return answer.status_code == 500 and error["message"] == "Transaction cancelled: maximum execution time exceeded"


def test_a_write_that_took_too_long_may_have_been_stored(slow, late, hurrying) -> None:
    """The time runs out after the record was stored: the answer is an error, the record is there."""
    quota = slow.get("table/sysrule_quota", api="now/table").json()["result"][0]["sys_id"]
    slow.patch(f"table/sysrule_quota/{quota}", {"maximum_duration": "100"})
    late.instance.run_pending()
    before, outcomes = late.instance.session("admin").count("incident"), set()
    for seconds in (1, 5, 10, 15, 20, 30, 60, 120):
        hurrying.step = timedelta(seconds=seconds)
        answer = slow.post("table/incident", {})
        hurrying.step = timedelta()
        stored = late.instance.session("admin").count("incident")
        outcomes.add((cancelled(answer) if answer.status_code == 500 else answer.status_code, stored - before))
        before = stored
    assert outcomes == {(201, 1), (True, 1), (True, 0)}


def test_reading_is_cancelled_too_and_other_apis_have_their_own_time(slow, hurrying) -> None:
    hurrying.step = timedelta(seconds=61)
    assert cancelled(slow.get("table/incident"))
    hurrying.step = timedelta(0)
    for row in slow.get("table/sysrule_quota").json()["result"]:
        if row["api"] == "now/table":
            slow.patch(f"table/sysrule_quota/{row['sys_id']}", {"active": "false"})
    hurrying.step = timedelta(seconds=61)
    assert slow.get("table/incident").status_code == 200
    assert cancelled(slow.get("stats/incident", sysparm_count="true"))


def test_the_shortest_quota_counts(slow, hurrying) -> None:
    slow.made("sysrule_quota", name="Short", maximum_duration="5")
    hurrying.step = timedelta(seconds=6)
    assert cancelled(slow.get("table/incident"))
