"""The base schema against the official dictionary, and how schema files are read."""

import json
import os
from pathlib import Path

import pytest

from snow_app.emulator.dictionary import Dictionary, label_of
from snow_app.emulator.instance import Instance
from snow_app.emulator.schema.declared import declared_column, declared_tables, sys_id_of

SHARED = Path(os.environ.get("SFCC_SNOW_SHARED", Path(__file__).parents[4] / "shared"))
SPECIFICATION = SHARED / "specs/servicenow/metadata_columns.json"

INSTALLED = (
    "sys_app", "sys_scope", "sys_package", "sys_metadata", "sys_db_object", "sys_dictionary", "sys_documentation",
    "sys_choice", "sys_choice_set", "sys_number", "sys_user_role", "sys_user_role_contains", "sys_security_acl",
    "sys_security_acl_role", "sys_scope_privilege", "sys_properties", "sys_script", "sys_script_include",
    "sys_ui_macro", "sys_ui_formatter", "sys_ui_form", "sys_ui_form_section", "sys_ui_section", "sys_ui_element",
    "sys_ui_page", "sys_ui_script", "sys_ui_view", "sys_ui_list", "sys_ui_list_element", "sys_rest_message",
    "sys_rest_message_headers", "sys_rest_message_fn", "sys_rest_message_fn_headers", "sys_rest_message_fn_parameters",
    "sys_rest_message_fn_param_defs", "sys_auth_profile", "sys_auth_profile_basic", "sys_ws_definition",
    "sys_ws_operation", "sysauto", "sysauto_script", "sysevent_register", "sysevent_script_action",
    "sysevent_email_action", "sysrule", "sysrule_assignment", "contract_sla", "kb_knowledge_base", "kb_category",
    "kb_knowledge", "user_criteria", "sys_app_application", "sys_app_module", "sys_user_preference", "task",
    "incident", "problem", "change_request", "sn_customerservice_case", "customer_contact", "customer_account",
    "csm_consumer", "sys_user", "sys_user_group", "core_company", "sys_journal_field", "sys_attachment",
)  # fmt: skip

UNLISTED = {"sys_user_preference": {"user"}, "kb_knowledge": {"language", "parent"}}
"""Columns instances have although the official dictionary leaves them out: whose preference it is, translations."""

TYPES = {
    "Reference": "reference", "List": "glide_list", "Boolean": "boolean", "Integer": "integer", "Decimal": "decimal",
    "DateTime": "glide_date_time", "Date": "glide_date", "Duration": "glide_duration",
}  # fmt: skip


@pytest.fixture(scope="module")
def official() -> dict[str, dict[str, dict[str, object]]]:
    if not SPECIFICATION.exists():
        pytest.skip(f"no official dictionary beside the checkout (SFCC_SNOW_SHARED): {SPECIFICATION.name}")
    loaded: dict[str, dict[str, dict[str, object]]] = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.shared
@pytest.mark.parametrize("table", INSTALLED)
def test_every_column_agrees_with_the_official_dictionary(
    instance: Instance, official: dict[str, dict[str, dict[str, object]]], table: str
) -> None:
    meta = official["_meta"]
    parents: dict[str, str] = meta["extends"]  # type: ignore[assignment]
    chain, current = [table], table
    while current in parents:
        current = parents[current]
        chain.append(current)
    known = {name for ancestor in chain for name in official.get(ancestor, {})}
    known |= UNLISTED.get(table, set())
    known |= set(meta["common_columns"]) | set(meta["sys_metadata_columns"])
    wrong = []
    for name, column in instance.dictionary.own_columns(table).items():
        if name not in known:
            wrong.append(f"{name}: unknown")
            continue
        told = official[table].get(name, {})
        if "S" not in str(told.get("src", "")):
            continue
        kind, _, target = str(told.get("type_guess", "")).partition(":")
        if kind in TYPES and column.type != TYPES[kind]:
            wrong.append(f"{name}: type {column.type}, official {kind}")
        if kind in ("Reference", "List") and column.reference != target:
            wrong.append(f"{name}: points at {column.reference}, official {target}")
        if bool(told.get("mandatory")) != column.mandatory:
            wrong.append(f"{name}: mandatory {column.mandatory}")
        limits = kind not in ("Boolean", "Integer", "Reference")
        if limits and told.get("max") and told["max"] != column.max_length:
            wrong.append(f"{name}: length {column.max_length}, official {told['max']}")
        choices = {str(choice) for choice in told.get("choices", [])} - {""}  # type: ignore[attr-defined]
        if column.choices and choices - {choice.value for choice in column.choices}:
            wrong.append(f"{name}: choices {sorted(choice.value for choice in column.choices)}")
    assert wrong == []


@pytest.mark.shared
@pytest.mark.parametrize("table", INSTALLED)
def test_no_official_column_is_missing(
    instance: Instance, official: dict[str, dict[str, dict[str, object]]], table: str
) -> None:
    missing = set(official[table]) - set(instance.dictionary.columns(table))
    # What only exported records carry, and what belongs to other plug-ins.
    ignored = {
        "sys_recorded_at",
        "sys_overrides",
        "sys_domain",
        "sys_domain_path",
        "variable_pool",
        "hierarchical_variables",
    }
    ignored |= {
        "sn_app_cs_social_social_profile",
        "sys_class_name",
        "sys_scope",
        "sys_package",
        "sys_policy",
        "sys_update_name",
    }
    assert missing - ignored == set()


def test_a_column_is_written_in_one_line() -> None:
    column = declared_column("rest_message", "reference 32 >sys_rest_message ! ro * ~cascade =a = b")
    assert (column.type, column.max_length, column.reference) == ("reference", 32, "sys_rest_message")
    assert (column.mandatory, column.read_only, column.display, column.cascade) == (True, True, True, "cascade")
    assert (column.default, column.label) == ("a = b", "Rest message")


def test_every_table_is_described_by_its_rows(instance: Instance) -> None:
    session = instance.session("admin")
    names = {row["name"] for row in session.query("sys_db_object")}
    assert names == {table.name for table in declared_tables(True)}
    assert session.count("sys_dictionary", "name=incident^element=caller_id") == 1
    assert session.count("sys_metadata") > 1_000
    row = session.query("sys_db_object", "name=incident")[0]
    assert session.value("sys_db_object", row, "super_class.name") == "task"


def test_inheritance(instance: Instance) -> None:
    dictionary: Dictionary = instance.dictionary
    assert dictionary.ancestors("sys_app") == ("sys_scope", "sys_package")
    assert dictionary.extends("incident", "task")
    assert dictionary.extends("incident", "incident")
    assert not dictionary.extends("task", "incident")
    assert "incident" in dictionary.descendants("task")
    columns = dictionary.columns("incident")
    assert columns["short_description"].table == "task"
    assert list(columns) == sorted(columns)
    assert [choice.value for choice in columns["state"].choices] == ["1", "2", "3", "6", "7", "8"]
    assert [choice.value for choice in dictionary.columns("task")["state"].choices] == ["-5", "1", "2", "3", "4", "7"]
    assert columns["close_notes"].label == "Resolution notes"
    assert dictionary.columns("task")["close_notes"].label == "Close notes"


def test_what_names_a_record(instance: Instance) -> None:
    shown = {
        table: instance.dictionary.display_column(table)
        for table in ("incident", "sys_user", "sys_db_object", "task_sla")
    }
    assert shown == {"incident": "number", "sys_user": "name", "sys_db_object": "label", "task_sla": "sys_created_on"}
    assert instance.dictionary.choice_label("incident", "state", "3") == "On Hold"
    assert instance.dictionary.choice_label("incident", "state", "42") == "42"


def test_names() -> None:
    assert label_of("short_description") == "Short description"
    assert label_of("u_colour") == "Colour"
    assert sys_id_of("a", "b") == sys_id_of("a", "b") != sys_id_of("a", "c")
