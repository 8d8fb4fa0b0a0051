"""The Aggregate API beyond counting: having, order, dot-walked groups, what cannot be read."""

import pytest


@pytest.fixture
def incidents(api):
    """Three of priority 5, one of priority 1; `order` counts up."""
    for order, (impact, who) in enumerate((("3", "agent"), ("3", "lead"), ("1", "agent"), ("3", "agent")), start=1):
        user = api.get("table/sys_user", user_name=who).json()["result"][0]["sys_id"]
        api.made("incident", impact=impact, urgency=impact, order=order, assigned_to=user)


def groups(api, **params):
    answer = api.get("stats/incident", **params)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def keys(found) -> list[str]:
    return [group["groupby_fields"][0]["value"] for group in found]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("COUNT", ["1", "5"]),
        ("COUNT^DESC", ["5", "1"]),
        ("priority", ["1", "5"]),
        ("priority^DESC", ["5", "1"]),
        ("AVG^order", ["5", "1"]),
        ("MAX^order^DESC", ["5", "1"]),
        ("no_such,priority", ["1", "5"]),
    ],
)
def test_groups_are_ordered_by_what_the_answer_need_not_show(api, incidents, order, expected) -> None:
    found = groups(api, sysparm_group_by="priority", sysparm_order_by=order)
    assert keys(found) == expected
    assert found[0]["stats"] == {}


@pytest.mark.parametrize(
    ("having", "expected"),
    [
        ("count^priority^>^1", ["5"]),
        ("count^priority^=^1", ["1"]),
        ("avg^order^>=^3", ["1"]),
        ("count^priority^>=^1,max^order^!=^4", ["1"]),
        ("max^sys_created_on^>^2001-01-01 00:00:00", ["1", "5"]),
        ("count^priority^~^1", ["1", "5"]),
        ("nonsense", ["1", "5"]),
        ("count^priority^>^x", []),
    ],
)
def test_having(api, incidents, having, expected) -> None:
    found = groups(api, sysparm_group_by="priority", sysparm_having=having, sysparm_order_by="priority")
    assert keys(found) == expected


def test_groups_may_be_dot_walked_and_stand_in_the_query(api, incidents) -> None:
    found = groups(
        api, sysparm_count="true", sysparm_group_by="assigned_to.user_name,no_such", sysparm_order_by="COUNT"
    )
    assert [(group["stats"]["count"], group["groupby_fields"]) for group in found] == [
        ("1", [{"field": "assigned_to.user_name", "value": "lead"}]),
        ("3", [{"field": "assigned_to.user_name", "value": "agent"}]),
    ]
    found = groups(api, sysparm_count="true", sysparm_query="order>1^GROUPBYpriority", sysparm_order_by="priority")
    assert [(group["stats"]["count"], keys([group])) for group in found] == [("1", ["1"]), ("2", ["5"])]
    shown = groups(api, sysparm_group_by="priority", sysparm_display_value="true", priority="1")
    assert keys(shown) == ["1 - Critical"]


def test_values_of_aggregates(api, incidents) -> None:
    stats = groups(
        api, sysparm_sum_fields="order", sysparm_avg_fields="order,number", sysparm_min_fields="number,close_notes"
    )["stats"]
    assert (stats["sum"], stats["avg"]) == ({"order": "10"}, {"order": "2.5000", "number": ""})
    assert stats["min"]["number"].startswith("INC")
    assert stats["min"]["close_notes"] == ""
    assert groups(api) == {"stats": {}}


def test_what_is_refused(api, employee) -> None:
    assert api("POST", "stats/incident", json={}).status_code == 405
    assert api("GET", "stats/incident", headers={"Accept": "text/csv"}).status_code == 406
    assert employee.get("stats/sys_script").status_code == 403
