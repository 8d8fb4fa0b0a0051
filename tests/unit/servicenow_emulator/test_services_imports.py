"""Loading many rows: what waits, in which order, and how values are printed."""

import pytest

from snow_app.emulator.imports.loading import java_text, loaded_together, process
from snow_app.emulator.rest import services
from snow_app.emulator.scripts import attach


@pytest.fixture
def session(instance):
    """An administrator with a staging table and a map into incident; nothing works off what waits."""
    attach(instance)
    services.attach(instance)
    admin = instance.session("admin")
    parent = instance.records.first("sys_db_object", name="sys_import_set_row")["sys_id"]
    admin.insert("sys_db_object", {"name": "u_imp", "label": "Imp", "super_class": parent})
    admin.insert("sys_dictionary", {"name": "u_imp", "element": "u_title", "column_label": "Title"})
    made = admin.insert("sys_transform_map", {"name": "m", "source_table": "u_imp", "target_table": "incident"})
    entry = {"map": made["sys_id"], "source_field": "u_title", "target_field": "short_description"}
    admin.insert("sys_transform_entry", entry)
    return admin


def titles(session) -> list[str]:
    return [row["short_description"] for row in session.query("incident", "ORDERBYnumber")]


def test_many_rows_wait_for_pending_work_in_the_order_they_came(instance, session) -> None:
    first = loaded_together(session, "u_imp", [{"Title": "one"}, {"Title": "two"}])
    second = loaded_together(session, "u_imp", [{"Title": "three"}], run_after=first["sys_id"])
    assert titles(session) == []
    assert [row["sys_import_state"] for row in instance.records.all("u_imp")] == ["pending"] * 3
    instance.run_pending()
    assert titles(session) == ["one", "two", "three"]
    states = {row["state"] for row in instance.records.all("sys_import_set")}
    assert (states, second["run_after"]) == ({"processed"}, first["sys_id"])


def test_rows_that_were_transformed_before_the_process_died_are_not_again(instance, session) -> None:
    made = loaded_together(session, "u_imp", [{"Title": "one"}])
    instance.run_pending()
    late = {"u_title": "two", "sys_import_set": made["sys_id"], "sys_import_row": "1"}
    session.insert("u_imp", late)
    process(session, {"import_set": made["sys_id"]})
    assert titles(session) == ["one", "two"]


def test_a_synchronous_table_does_not_wait(instance, session) -> None:
    session.insert("sys_rest_insert_multiple", {"source_table": "u_imp", "transformation": "synchronous"})
    loaded_together(session, "u_imp", [{"Title": "now"}])
    assert titles(session) == ["now"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        (5, "5"),
        (True, "true"),
        (None, ""),
        ([1, "b"], "[1, b]"),
        ({"a": {"b": [None]}}, "{a={b=[]}}"),
        ({}, "{}"),
    ],
)
def test_values_are_printed_as_java_prints_them(value, shown) -> None:
    assert java_text(value) == shown
