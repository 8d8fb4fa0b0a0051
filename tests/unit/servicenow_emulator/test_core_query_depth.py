"""Parts of dates, hierarchies, dynamic filters."""

from collections.abc import Callable

import pytest

from snow_app.emulator.instance import Instance, Row, Session

ONE_OF_MY_GROUPS = "d6435e965f510100a9ad2572f2b477fe"
ME = "90d1921e5f510100a9ad2572f2b477fe"


def part(kind: str, value: str, comparison: str) -> str:
    return f"DATEPARTLabel@javascript:gs.datePart('{kind}','{value}','{comparison}')"


@pytest.fixture
def due(admin: Session, incident: Callable[..., Row]) -> Callable[[str], str]:
    """Which of five moments a condition on their date finds, by letter. admin is one or two hours before UTC."""
    for letter, moment in {
        "a": "2026-01-04 12:00:00",  # Sunday
        "b": "2026-01-05 12:00:00",  # Monday
        "c": "2026-03-31 22:30:00",  # already April in Berlin
        "d": "2025-12-10 10:59:59",
        "e": "",
    }.items():
        incident(short_description=letter, due_date=moment)

    def found(condition: str) -> str:
        rows = admin.query("incident", f"due_date{condition}^ORDERBYshort_description")
        return "".join(row["short_description"] for row in rows)

    return found


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (part("dayofweek", "monday", "EE"), "b"),
        (part("dayofweek", "monday", "GE"), "bcd"),
        (part("dayofweek", "monday", "GT"), "cd"),
        (part("dayofweek", "monday", "LE"), "ab"),
        (part("dayofweek", "monday", "LT"), "a"),
        (part("month", "jan", "EE"), "ab"),
        (part("month", "apr", "EE"), "c"),
        (part("month", "december", "EE"), "d"),
        (part("quarter", "1", "EE"), "ab"),
        (part("quarter", "1", "GT"), "cd"),
        (part("year", "2026", "LT"), "d"),
        (part("week", "1", "EE"), "ab"),
        (part("hour", "0", "EE"), "c"),
        (part("hour", "11", "EE"), "d"),
        (part("hour", "13", "GE"), "ab"),
    ],
)
def test_a_part_of_a_date_is_that_of_the_users_own_clock(due: Callable[[str], str], condition: str, expected: str):
    assert due(condition) == expected


@pytest.mark.parametrize(
    "condition",
    [
        part("dayofweek", "someday", "EE"), part("fortnight", "1", "EE"), part("hour", "noon", "EE"),
        part("year", "2026", "XX"), "DATEPARTMonday", "DATEPARTMonday@dayofweek",
    ],
)  # fmt: skip
def test_a_part_that_is_none_is_dropped(due: Callable[[str], str], condition: str) -> None:
    assert due(condition) == "abcde"


def test_a_day_has_no_time_zone(admin: Session) -> None:
    first = admin.insert("change_request", {"cab_date": "2026-03-31"})["sys_id"]
    rows = admin.query("change_request", "cab_date" + part("month", "mar", "EE"))
    assert [row["sys_id"] for row in rows] == [first]


def test_a_hierarchy_is_the_record_and_all_below_it(admin: Session, incident: Callable[..., Row]) -> None:
    top = admin.insert("sys_user_group", {"name": "Europe"})["sys_id"]
    middle = admin.insert("sys_user_group", {"name": "Germany", "parent": top})["sys_id"]
    low = admin.insert("sys_user_group", {"name": "Hamburg", "parent": middle})["sys_id"]
    other = admin.insert("sys_user_group", {"name": "Asia"})["sys_id"]
    for group in (top, middle, low, other):
        incident(short_description=group, assignment_group=group)

    def found(root: str) -> set[str]:
        return {row["short_description"] for row in admin.query("incident", f"assignment_groupIN_HIERARCHY{root}")}

    assert (found(top), found(middle), found(low)) == ({top, middle, low}, {middle, low}, {low})
    admin.update("sys_user_group", top, {"parent": low})
    assert found(top) == found(low) == {top, middle, low}


def test_tasks_stand_below_tasks_of_every_class(admin: Session, incident: Callable[..., Row]) -> None:
    parent = incident()["sys_id"]
    child = incident(parent=parent)["sys_id"]
    incident(short_description="Follows", parent_incident=child)
    rows = admin.query("incident", f"parent_incidentIN_HIERARCHY{parent}")
    assert [row["short_description"] for row in rows] == ["Follows"]


def test_without_a_hierarchy_it_is_the_record_alone(admin: Session, incident: Callable[..., Row]) -> None:
    mine = incident(caller_id=admin.user.sys_id)["sys_id"]
    rows = admin.query("incident", f"caller_idIN_HIERARCHY{admin.user.sys_id}")
    assert [row["sys_id"] for row in rows] == [mine]


def test_dynamic_filters_are_rows(instance: Instance, incident: Callable[..., Row]) -> None:
    agent = instance.session("agent")
    groups = {row["group"] for row in instance.records.all("sys_user_grmember", user=agent.user.sys_id)}
    wanted = {incident(assignment_group=group)["sys_id"] for group in groups}
    own = incident(assigned_to=agent.user.sys_id)["sys_id"]

    def found(query: str) -> set[str]:
        return {row["sys_id"] for row in agent.query("incident", query)}

    assert len(groups) > 1
    assert found(f"assignment_groupDYNAMIC{ONE_OF_MY_GROUPS}") == wanted
    assert found("assignment_group=javascript:getMyGroups()") == wanted
    assert found("assignment_group!=javascript:getMyGroups()") == {own}
    assert found(f"assigned_toDYNAMIC{ME}") == {own}
    assert found(f"assigned_toDYNAMIC{'0' * 32}") == wanted | {own}


def test_an_option_that_means_nothing_finds_nothing(instance: Instance, incident: Callable[..., Row]) -> None:
    incident()
    admin = instance.session("admin")
    assert admin.query("incident", f"assignment_groupDYNAMIC{ONE_OF_MY_GROUPS}") == []


def test_an_option_somebody_adds_counts_and_a_retired_one_does_not(instance: Instance, incident) -> None:
    admin = instance.session("admin")
    option = admin.insert("sys_filter_option_dynamic", {"label": "Myself", "script": "gs.getUserID()"})["sys_id"]
    mine, other = incident(assigned_to=admin.user.sys_id)["sys_id"], incident()["sys_id"]

    def found() -> set[str]:
        return {row["sys_id"] for row in admin.query("incident", f"assigned_toDYNAMIC{option}")}

    assert found() == {mine}
    admin.update("sys_filter_option_dynamic", option, {"active": "false"})
    assert found() == {mine, other}
