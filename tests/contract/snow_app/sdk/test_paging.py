"""Every visible row once, although access rules hide every second one and rows come and go meanwhile."""

from __future__ import annotations

import random

import pytest

from snow_app import Query, errors

COUNT = 60


@pytest.fixture
def people(client):
    rows = client.table("sys_user").rows(Query().where("user_name", "IN", ["admin", "employee"]), fields=("user_name",))
    return {row["user_name"]: row.sys_id for row in rows}


@pytest.fixture
def incidents(client, people):
    """sys_ids in order; the employee sees those of their own, which are every second one."""
    ids = sorted(f"{number:032x}" for number in random.Random(4711).sample(range(1 << 40), COUNT))
    rows = {f"row-{place}": {"caller_id": people["employee" if place % 2 else "admin"]} for place, _ in enumerate(ids)}
    for sys_id, (key, values) in zip(ids, rows.items(), strict=True):
        client.table("incident").insert({**values, "correlation_id": key, "opened_by": people["admin"]}, sys_id=sys_id)
    return ids


OURS = Query().where("correlation_id", "STARTSWITH", "row-")


def test_offsets_miss_and_repeat_nothing_among_hidden_rows(connect, incidents):
    table = connect("employee").table("incident")
    found = [row.sys_id for row in table.rows(OURS, fields=("number",), page_size=7)]
    assert found == incidents[1::2]
    assert [row.sys_id for row in table.rows(OURS, limit=10, page_size=4)] == incidents[1:10:2]


def test_the_first_row_is_the_first_visible_one(connect, incidents):
    table = connect("employee").table("incident")
    assert table.first(OURS, fields=("number",)).sys_id == incidents[1]
    assert table.first(OURS.where("number", "=", "INC0")) is None


@pytest.mark.parametrize("key", ["sys_id", "sys_created_on"])
def test_a_scan_misses_and_repeats_nothing_while_rows_come_and_go(client, connect, people, incidents, key):
    admin, table = client.table("incident"), connect("employee").table("incident")
    chance = random.Random(42)
    found, gone, new = [], set(), []
    for row in table.scan(OURS, key=key, fields=("number",), page_size=5):
        found.append(row.sys_id)
        # Somebody deletes a row, seen or not, visible or not, and adds one.
        lost = chance.choice([one for one in incidents if one not in gone])
        admin.delete(lost)
        gone.add(lost)
        if len(new) < COUNT // 2:
            added = {"caller_id": people["employee"], "correlation_id": f"row-new-{len(new)}"}
            new.append(admin.insert(added).sys_id)
    visible = incidents[1::2]
    assert len(found) == len(set(found))
    assert [one for one in visible if one not in gone and one not in found] == []
    assert set(found) <= {*visible, *new}


def test_offsets_do_miss_rows_then_which_is_why_there_is_a_scan(client, incidents):
    table = client.table("incident")
    found = []
    for row in table.rows(OURS, fields=("number",), page_size=10):
        found.append(row.sys_id)
        if len(found) == 10:
            for lost in incidents[:10]:
                table.delete(lost)
    assert len(found) == COUNT - 10


def test_a_long_stretch_of_hidden_rows_is_crossed(client, connect, people, incidents):
    admin = client.table("incident")
    for sys_id in incidents[1:-3]:
        admin.update(sys_id, {"caller_id": people["admin"]})
    admin.update(incidents[-1], {"caller_id": people["employee"]})
    visible = [row.sys_id for row in connect("employee").table("incident").rows(OURS)]
    assert len(visible) == 2
    scanned = connect("employee").table("incident").scan(OURS, fields=("number",), page_size=3)
    assert [row.sys_id for row in scanned] == visible


def test_rows_of_one_second_are_told_apart(client, incidents):
    admin = client.table("incident")
    (first, *_), ids = admin.rows(OURS), [row.sys_id for row in admin.scan(OURS, key="sys_created_on", page_size=4)]
    assert sorted(ids) == incidents
    assert first.sys_id == incidents[0]


def test_a_scan_keeps_alternatives_apart(client, incidents):
    either = (
        Query().where("correlation_id", "=", "row-3").either(Query().where("correlation_id", "STARTSWITH", "row-1"))
    )
    rows = list(client.table("incident").scan(either, key="sys_created_on", fields=("correlation_id",), page_size=2))
    assert sorted(row["correlation_id"] for row in rows) == sorted(
        ["row-3", *(f"row-{number}" for number in range(COUNT) if str(number).startswith("1"))]
    )


def test_a_scan_has_an_order_of_its_own(client):
    with pytest.raises(errors.UnsafeQuery):
        list(client.table("incident").scan(Query().ordered_by("number")))


def test_long_lists_take_several_requests(client, incidents, asked):
    wanted = [*(f"row-{number}" for number in range(COUNT)), *(f"row-absent-{number:060}" for number in range(300))]
    asked.clear()
    found = client.table("incident").among(
        "correlation_id", wanted, Query().filled("number"), fields=("correlation_id",)
    )
    assert sorted(row["correlation_id"] for row in found) == sorted(wanted[:COUNT])
    assert len(asked) > 3


def test_counts_and_figures(client, incidents, people):
    table = client.table("incident")
    assert table.count(OURS) == COUNT
    groups = table.stats(OURS, group_by=("caller_id",), averages=("impact",), highest=("number",), sums=("impact",))
    assert {group.displays["caller_id"]: group.count for group in groups} == {
        "System Administrator": COUNT // 2,
        client.table("sys_user").get(people["employee"]).display("name"): COUNT // 2,
    }
    assert {str(group.averages["impact"]) for group in groups} == {"3.0000"}
    assert {group.sums["impact"] for group in groups} == {COUNT // 2 * 3}
    assert all(group.highest["number"].startswith("INC") for group in groups)
    (whole,) = table.stats(OURS, averages=("time_worked",))
    assert (whole.count, whole.values, whole.averages) == (COUNT, {}, {})
