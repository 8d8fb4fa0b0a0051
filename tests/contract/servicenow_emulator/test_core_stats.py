"""The Aggregate API."""


def test_counts_and_groups(api) -> None:
    for impact, urgency in (("1", "1"), ("3", "3"), ("3", "3"), ("2", "2")):
        api.made("incident", impact=impact, urgency=urgency, order=impact)
    assert api.get("stats/incident", sysparm_count="true").json() == {"result": {"stats": {"count": "4"}}}
    assert api.get("stats/incident", sysparm_count="true", priority="1").json()["result"]["stats"]["count"] == "1"
    grouped = api.get(
        "stats/incident",
        sysparm_count="true",
        sysparm_group_by="priority",
        sysparm_avg_fields="order",
        sysparm_order_by="COUNT^DESC",
        sysparm_display_value="all",
    ).json()["result"]
    assert grouped[0] == {
        "stats": {"count": "2", "avg": {"order": "3.0000"}},
        "groupby_fields": [{"field": "priority", "value": "5", "display_value": "5 - Planning"}],
    }
    having = api.get(
        "stats/incident", sysparm_count="true", sysparm_group_by="priority", sysparm_having="count^priority^>^1"
    )
    assert len(having.json()["result"]) == 1
    limits = api.get(
        "stats/incident", sysparm_min_fields="order", sysparm_max_fields="order", sysparm_sum_fields="order"
    )
    assert limits.json()["result"]["stats"] == {"min": {"order": "1"}, "max": {"order": "3"}, "sum": {"order": "9"}}


def test_only_readable_tables_are_counted(employee) -> None:
    assert employee.get("stats/sys_db_object", sysparm_count="true").status_code == 403
    assert employee.get("stats/no_such", sysparm_count="true").status_code == 400
