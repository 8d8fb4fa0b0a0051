"""The APIs beside the Table API, by the shapes their documentation shows."""

from __future__ import annotations

import json

import pytest

from snow_app import Query, errors
from snow_app.services import CaseApi, ChangeApi, Imported, ImportSets, Outcome, Queued

ID, OTHER = "a" * 32, "b" * 32


def cell(value, display=None):
    return {"value": value, "display_value": display or value}


def change(**columns):
    return {"sys_id": cell(ID), "number": cell("CHG0030001"), "state": cell("-5", "New"), **columns}


def sent(instance, place=-1):
    return json.loads(instance.asked[place]["body"])


def test_a_pushed_row_says_what_each_map_made_of_it(instance, connect):
    result = {
        "transform_map": "User",
        "table": "sys_user",
        "display_name": "name",
        "display_value": "Mara",
        "record_link": "https://acme.test/api/now/table/sys_user/x",
        "status": "inserted",
        "sys_id": ID,
    }
    refused = {"transform_map": "Other", "table": "cmn_location", "status": "error", "error_message": "No key"}
    instance.answer(201, {"import_set": "ISET0010001", "staging_table": "imp_user", "result": [result, refused]})
    pushed = ImportSets(connect()).push("imp_user", {"name": "Mara", "active": True})
    assert sent(instance) == {"name": "Mara", "active": "true"}
    assert instance.asked[0]["path"] == "/api/now/v1/import/imp_user"
    first, second = pushed.outcomes
    assert pushed == Imported(import_set="ISET0010001", staging="imp_user", outcomes=(first, second))
    assert first == Outcome(
        transform_map="User", status="inserted", table="sys_user", sys_id=ID, display="Mara", message=""
    )
    assert (first.stored, second.stored, second.message) == (True, False, "No key")


def test_many_pushed_rows_are_transformed_later(instance, connect):
    instance.answer(201, {"import_set_id": ID, "multi_import_set_id": OTHER})
    queued = ImportSets(connect()).push_many("imp_user", [{"Name": "Mara"}, {"Name": "Ana"}])
    assert queued == Queued(import_set=ID, multi_import_set=OTHER)
    assert sent(instance) == {"records": [{"Name": "Mara"}, {"Name": "Ana"}]}
    with pytest.raises(errors.UnsafeQuery):
        ImportSets(connect()).push("../table/incident", {})


@pytest.mark.parametrize("wrapped", [False, True], ids=["object", "array"])
def test_a_change_is_created_and_says_what_was_ignored(instance, connect, wrapped):
    document = {**change(), "__meta": {"ignoredFields": ["nonsense"]}}
    instance.answer(200, {"result": [document] if wrapped else document})
    made = ChangeApi(connect()).create("normal", {"short_description": "Swap the disk", "nonsense": "x"})
    assert (made.record["number"], made.record.display("state"), made.ignored) == ("CHG0030001", "New", ("nonsense",))
    assert "__meta" not in made.record.values
    asked = instance.asked[0]
    assert (asked["method"], asked["path"]) == ("POST", "/api/sn_chg_rest/v1/change/normal")


def test_a_change_is_read_moved_decided_and_deleted(instance, connect):
    api = ChangeApi(connect())
    instance.answer(200, {"result": change()})
    assert api.get(ID).sys_id == ID
    assert api.update(ID, {"state": "-4"}).record["state"] == "-5"
    assert api.delete(ID)["number"] == "CHG0030001"
    assert api.create_standard(OTHER, {}).record.sys_id == ID
    assert api.add_task(ID, {"short_description": "Step"}).record.sys_id == ID
    assert api.update_task(ID, OTHER, {"state": "3"}).record.sys_id == ID
    api.decide(ID, approved=True)
    base = "/api/sn_chg_rest/v1/change"
    assert [(asked["method"], asked["path"].removeprefix(base)) for asked in instance.asked] == [
        ("GET", f"/{ID}"),
        ("PATCH", f"/{ID}"),
        ("DELETE", f"/{ID}"),
        ("POST", f"/standard/{OTHER}"),
        ("POST", f"/{ID}/task"),
        ("PATCH", f"/{ID}/task/{OTHER}"),
        ("PATCH", f"/{ID}/approvals"),
    ]
    assert sent(instance) == {"state": "approved"}
    with pytest.raises(errors.UnsafeQuery):
        api.decide(ID, approved=False)


def test_transitions_tasks_and_lists_of_changes(instance, connect):
    api = ChangeApi(connect())
    labels = {"-4": "Assess", "4": "Canceled"}
    states = {"available_states": ["-4", "4"], "state_label": labels, "state_transitions": [[]]}
    instance.answer(200, {"result": states})
    moves = api.transitions(ID)
    assert (moves.states, moves.labels) == (("-4", "4"), labels)
    instance.answers = [(200, {}, {"result": [change()]})]
    assert [one.sys_id for one in api.tasks(ID)] == [ID]
    assert [one.table for one in api.rows(Query().where("state", "=", "-5"), limit=10)] == ["change_request"]
    assert instance.asked[-1]["query"] == {"sysparm_query": "state=-5", "sysparm_limit": "10"}


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_rule_that_refuses_a_change_is_named(instance, connect, status):
    message = (
        "Change Request record could not be updated. Operation against file 'change_request' was aborted by Business "
        f"Rule 'Change Model: Check State Transition^{ID}'. Business Rule Stack:Change Model: Check State Transition"
    )
    instance.answer(status, {"error": {"message": message, "detail": ""}, "status": "failure"})
    with pytest.raises(errors.RuleRefused) as refused:
        ChangeApi(connect(attempts=1)).update(ID, {"state": "3"})
    assert refused.value.rule == "Change Model: Check State Transition"


def test_cases_are_created_read_changed_and_followed(instance, connect):
    api = CaseApi(connect())
    instance.answer(201, {"result": {"sys_id": ID, "number": "CS0001005"}})
    assert api.create({"short_description": "Late"}).number == "CS0001005"
    assert api.update(ID, {"comments": "Thanks"}).sys_id == ID
    instance.answers = [(200, {}, {"result": {"sys_id": ID, "number": "CS0001005", "state": "1"}})]
    assert api.get(ID)["state"] == "1"
    entry = {"sys_id": OTHER, "element": "comments", "value": "Thanks", "field_label": "Comments"}
    instance.answers = [(200, {}, {"result": {"number": "CS0001005", "entries": [entry]}})]
    assert [one["value"] for one in api.activities(ID)] == ["Thanks"]
    instance.answers = [(200, {}, {"result": [{"sys_id": ID}]})]
    assert [one.sys_id for one in api.rows(Query().where("state", "=", 1))] == [ID]
    assert [(asked["method"], asked["path"]) for asked in instance.asked[:2]] == [
        ("POST", "/api/sn_customerservice/v1/case"),
        ("PUT", f"/api/sn_customerservice/v1/case/{ID}"),
    ]
    assert instance.asked[-1]["query"]["sysparm_reference_fields"] == "false"


@pytest.mark.parametrize("body", [{"result": []}, {"result": "x"}, {"other": 1}])
def test_another_shape_is_a_bad_answer(instance, connect, body):
    instance.answer(200, body)
    client = connect()
    for call in (
        lambda: ChangeApi(client).get(ID),
        lambda: CaseApi(client).create({}),
        lambda: ImportSets(client).push("imp_user", {}) if body.get("result") != [] else CaseApi(client).get(ID),
    ):
        with pytest.raises(errors.BadAnswer):
            call()
