"""Cases, import sets and changes by their own interfaces, against the instance."""

from __future__ import annotations

import pytest

from snow_app import Query, errors
from snow_app.services import CaseApi, ChangeApi, ImportSets


def test_a_case_by_its_own_interface(client):
    api = CaseApi(client)
    made = api.create({"short_description": "Late", "nonsense": "x"})
    assert made.number.startswith("CS")
    api.update(made.sys_id, {"comments": "Where is it?"})
    assert api.get(made.sys_id)["short_description"] == "Late"
    assert [one["value"] for one in api.activities(made.sys_id)] == ["Where is it?"]
    assert [one.sys_id for one in api.rows(Query().where("number", "=", made.number))] == [made.sys_id]
    with pytest.raises(errors.NotFound):
        api.get("0" * 32)


@pytest.fixture
def staging(client):
    """A staging table whose map coalesces incidents on the correlation id."""
    tables = client.table("sys_db_object")
    parent = tables.first(Query().where("name", "=", "sys_import_set_row"), fields=("name",))
    tables.insert({"name": "u_imp", "label": "Imp", "super_class": parent.sys_id})
    pairs = {"u_key": "correlation_id", "u_title": "short_description"}
    for name in pairs:
        client.table("sys_dictionary").insert(
            {"name": "u_imp", "element": name, "internal_type": "string", "column_label": name[2:].title()}
        )
    made = client.table("sys_transform_map").insert(
        {"name": "Tasks", "source_table": "u_imp", "target_table": "incident"}
    )
    for source, target in pairs.items():
        client.table("sys_transform_entry").insert(
            {
                "map": made.sys_id,
                "source_table": "u_imp",
                "target_table": "incident",
                "source_field": source,
                "target_field": target,
                "coalesce": source == "u_key",
            }
        )
    return "u_imp"


def test_a_row_is_pushed_and_transformed(client, staging):
    imports = ImportSets(client)
    (first,) = imports.push(staging, {"u_key": "A-1", "u_title": "one"}).outcomes
    (again,) = imports.push(staging, {"u_key": "A-1", "u_title": "two"}).outcomes
    assert (first.status, again.status, again.sys_id) == ("inserted", "updated", first.sys_id)
    assert client.table("incident").get(first.sys_id)["short_description"] == "two"
    assert imports.push_many(staging, [{"Key": "A-2", "Title": "three"}]).import_set


def test_a_change_goes_its_way(client, connect):
    api = ChangeApi(client)
    desk = client.table("sys_user_group").first(Query().where("name", "=", "Service Desk"), fields=("name",)).sys_id
    made = api.create("normal", {"short_description": "Swap the disk", "assignment_group": desk, "nonsense": "x"})
    assert made.ignored == ("nonsense",)
    change = made.record
    assert (change["type"], change.display("state")) == ("normal", "New")
    moves = api.transitions(change.sys_id)
    assert "-4" in moves.states
    assert set(moves.labels) == set(moves.states)
    with pytest.raises(errors.RuleRefused) as refused:
        api.update(change.sys_id, {"state": "3"})
    assert refused.value.rule
    api.update(change.sys_id, {"state": "-4"})
    with pytest.raises(errors.Rejected):
        api.decide(change.sys_id, approved=True)
    ChangeApi(connect("agent")).decide(change.sys_id, approved=True)
    assert api.get(change.sys_id).display("state") == "Authorize"
    task = api.add_task(change.sys_id, {"short_description": "Buy one"}).record
    assert [one.sys_id for one in api.tasks(change.sys_id)] == [task.sys_id]
    assert api.update_task(change.sys_id, task.sys_id, {"short_description": "Buy two"}).record.table == "change_task"
    assert [one.sys_id for one in api.rows(Query().where("sys_id", "=", change.sys_id))] == [change.sys_id]
    assert api.get(change.sys_id)["number"] == change["number"]
    assert api.delete(change.sys_id)["number"] == change["number"]
    with pytest.raises(errors.NotFound):
        api.get(change.sys_id)
