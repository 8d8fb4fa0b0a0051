"""Configuration records that take effect: tables, columns, labels, choices, numbers, applications."""

import pytest

from snow_app.emulator.errors import Aborted, InvalidTable, Refused
from snow_app.emulator.instance import Instance, Session
from snow_app.emulator.model import GLOBAL_SCOPE


def make_table(app: Session, name: str = "x_acme_shop_log", **values: str) -> dict[str, str]:
    return app.insert("sys_db_object", {"name": name, "label": "Log", "ws_access": "true", **values})


def test_a_table_comes_into_being_with_its_system_columns(app: Session, instance: Instance) -> None:
    table = make_table(app)
    assert table["sys_scope"] == app.application
    entries = {row["element"]: row for row in app.query("sys_dictionary", "name=x_acme_shop_log")}
    assert entries[""]["internal_type"] == "collection"
    assert {"sys_id", "sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by", "sys_mod_count"} < set(
        entries
    )
    assert {row["sys_scope"] for row in entries.values()} == {app.application}
    labels = {row["element"]: row["label"] for row in app.query("sys_documentation", "name=x_acme_shop_log")}
    assert labels[""] == "Log"
    row = app.insert("x_acme_shop_log", {})
    assert app.query("x_acme_shop_log") == [row]
    definition = instance.dictionary.table("x_acme_shop_log")
    assert definition
    assert (definition.ws_access, definition.scope) == (True, app.application)


def test_a_scoped_table_is_closed_to_web_services_unless_it_says_otherwise(app: Session, instance: Instance) -> None:
    app.insert("sys_db_object", {"name": "x_acme_shop_shut", "label": "Shut"})
    definition = instance.dictionary.table("x_acme_shop_shut")
    assert definition is not None
    assert not definition.ws_access


def test_a_column_comes_into_being_and_goes_again(app: Session) -> None:
    make_table(app)
    first = app.insert("x_acme_shop_log", {})
    column = app.insert(
        "sys_dictionary",
        {"name": "x_acme_shop_log", "element": "amount", "internal_type": "integer", "default_value": "7"},
    )
    assert (column["column_label"], column["sys_scope"]) == ("Amount", app.application)
    assert app.insert("x_acme_shop_log", {})["amount"] == "7"
    assert app.insert("x_acme_shop_log", {"amount": "ten"})["amount"] == ""
    assert (app.get("x_acme_shop_log", first["sys_id"]) or {})["amount"] == ""
    assert app.count("x_acme_shop_log", "amount>6") == 1
    app.delete("sys_dictionary", column["sys_id"])
    assert "amount" not in (app.get("x_acme_shop_log", first["sys_id"]) or {})
    assert app.count("sys_documentation", "name=x_acme_shop_log^element=amount") == 0


def test_a_table_that_extends_task_is_a_task(app: Session) -> None:
    task = app.query("sys_db_object", "name=task")[0]["sys_id"]
    make_table(app, "x_acme_shop_return", super_class=task)
    app.insert("sys_number", {"category": "x_acme_shop_return", "prefix": "RET", "number": "1000"})
    row = app.insert("x_acme_shop_return", {"short_description": "Coat"})
    assert (row["number"], row["sys_class_name"], row["state"]) == ("RET0001001", "x_acme_shop_return", "1")
    assert app.query("task", "number=RET0001001")[0]["sys_id"] == row["sys_id"]
    app.insert("sys_dictionary", {"name": "x_acme_shop_return", "element": "reason", "max_length": "20"})
    assert app.insert("x_acme_shop_return", {"reason": "too small"})["reason"] == "too small"


def test_a_child_knows_a_column_its_parent_gets_later(app: Session) -> None:
    make_table(app, is_extendable="true")
    parent = app.query("sys_db_object", "name=x_acme_shop_log")[0]["sys_id"]
    make_table(app, "x_acme_shop_log_child", super_class=parent)
    app.insert("x_acme_shop_log_child", {})
    app.insert("sys_dictionary", {"name": "x_acme_shop_log", "element": "late"})
    row = app.insert("x_acme_shop_log_child", {"late": "yes"})
    assert app.query("x_acme_shop_log", "late=yes")[0]["sys_class_name"] == "x_acme_shop_log_child"
    assert row["late"] == "yes"


@pytest.mark.parametrize("name", ["x_other_shop_log", "log", "x_acme_shop_Log", "x_acme_shop_log"])
def test_a_tables_name_is_new_and_carries_the_prefix(app: Session, name: str) -> None:
    if name == "x_acme_shop_log":
        make_table(app)
    with pytest.raises(Aborted, match="Validate Table Name"):
        make_table(app, name)


def test_a_column_on_anothers_table_carries_the_prefix(app: Session) -> None:
    with pytest.raises(Aborted, match="Validate Column Prefix"):
        app.insert("sys_dictionary", {"name": "incident", "element": "customer_no"})
    app.insert("sys_dictionary", {"name": "incident", "element": "x_acme_shop_customer_no"})
    assert app.insert("incident", {"x_acme_shop_customer_no": "42"})["x_acme_shop_customer_no"] == "42"
    with pytest.raises(Aborted, match="Validate Dictionary Element"):
        app.insert("sys_dictionary", {"name": "incident", "element": "x_acme_shop_customer_no"})


def test_a_table_that_may_not_be_configured_takes_no_columns(app: Session, instance: Instance, admin: Session) -> None:
    case = admin.query("sys_db_object", "name=sn_customerservice_case")[0]
    app.insert("sys_dictionary", {"name": "sn_customerservice_case", "element": "x_acme_shop_site"})
    admin.update("sys_db_object", case["sys_id"], {"configuration_access": "false"})
    with pytest.raises(Aborted, match="Cross Scope Configuration Access"):
        app.insert("sys_dictionary", {"name": "sn_customerservice_case", "element": "x_acme_shop_order"})


def test_deleting_a_table_takes_everything_about_it(app: Session, instance: Instance) -> None:
    table = make_table(app)
    app.insert("sys_dictionary", {"name": "x_acme_shop_log", "element": "kind", "choice": "1"})
    app.insert(
        "sys_choice", {"name": "x_acme_shop_log", "element": "kind", "value": "a", "label": "A", "language": "en"}
    )
    app.insert("sys_script", {"name": "rule", "collection": "x_acme_shop_log"})
    control = {"name": "x_acme_shop_log", "type": "record", "operation": "read"}
    app.insert("sys_security_acl", control, acl=False)
    app.insert("x_acme_shop_log", {"kind": "a"})
    with pytest.raises(Aborted, match="Validate Table Delete"):
        instance.session("admin", GLOBAL_SCOPE).delete("sys_db_object", table["sys_id"])
    app.delete("sys_db_object", table["sys_id"])
    for owner, column in (
        ("sys_dictionary", "name"),
        ("sys_choice", "name"),
        ("sys_script", "collection"),
        ("sys_security_acl", "name"),
    ):
        assert app.count(owner, f"{column}=x_acme_shop_log") == 0
    with pytest.raises(InvalidTable):
        app.query("x_acme_shop_log")
    make_table(app)
    assert app.query("x_acme_shop_log") == []


def test_choices_and_labels_take_effect_at_once(app: Session, instance: Instance) -> None:
    app.insert(
        "sys_dictionary", {"name": "incident", "element": "x_acme_shop_tier", "choice": "1", "column_label": "Tier"}
    )
    for value, label in (("g", "Gold"), ("s", "Silver")):
        app.insert(
            "sys_choice",
            {"name": "incident", "element": "x_acme_shop_tier", "value": value, "label": label, "language": "en"},
        )
    row = app.insert("incident", {"x_acme_shop_tier": "g"})
    assert app.display("incident", row, "x_acme_shop_tier") == "Gold"
    assert app.update("incident", row["sys_id"], {"x_acme_shop_tier": "x"})["x_acme_shop_tier"] == "g"
    label = app.query("sys_documentation", "name=incident^element=x_acme_shop_tier")[0]
    app.update("sys_documentation", label["sys_id"], {"label": "Loyalty tier"})
    assert instance.dictionary.columns("incident")["x_acme_shop_tier"].label == "Loyalty tier"


def test_new_configuration_lands_in_the_current_application(app: Session, admin: Session) -> None:
    foreign = admin.insert("sys_properties", {"name": "x", "sys_scope": app.application})
    assert (foreign["sys_scope"], foreign["sys_package"]) == (GLOBAL_SCOPE, GLOBAL_SCOPE)
    own = app.insert("sys_properties", {"name": "x_acme_shop.sidecar.url", "value": "http://s"})
    assert (own["sys_scope"], own["sys_package"], own["suffix"]) == (app.application, app.application, "sidecar.url")
    moved = admin.update("sys_properties", own["sys_id"], {"sys_scope": GLOBAL_SCOPE, "value": "http://t"})
    assert (moved["sys_scope"], moved["value"]) == (app.application, "http://t")


@pytest.mark.parametrize("scope", ["shop", "x_other_shop", "x_acme_shop"])
def test_an_applications_scope_is_the_companys_short_and_new(app: Session, scope: str) -> None:
    with pytest.raises(Aborted, match="Validate Application Scope"):
        app.insert("sys_app", {"name": "Other", "scope": scope})


def test_deleting_an_application_takes_its_files_along(app: Session, admin: Session, instance: Instance) -> None:
    make_table(app)
    app.insert("sys_script_include", {"name": "ContextAjax", "script": "x"})
    app.insert("sys_dictionary", {"name": "incident", "element": "x_acme_shop_site"})
    admin.delete("sys_app", app.application)
    assert instance.dictionary.table("x_acme_shop_log") is None
    assert "x_acme_shop_site" not in instance.dictionary.columns("incident")
    assert admin.count("sys_metadata", f"sys_scope={app.application}") == 0


def test_names_the_platform_makes(app: Session) -> None:
    include = app.insert("sys_script_include", {"name": "ContextAjax", "api_name": "wrong"})
    assert include["api_name"] == "x_acme_shop.ContextAjax"
    assert app.insert("sys_user_role", {"name": "x_acme_shop.agent"})["suffix"] == "agent"
    assert (
        app.insert("sys_ui_macro", {"name": "x_acme_shop_panel", "xml": "<j/>"})["scoped_name"] == "x_acme_shop_panel"
    )


def test_access_controls_and_indexes_need_more_than_admin(admin: Session, instance: Instance) -> None:
    control = {"name": "incident", "type": "record", "operation": "read"}
    with pytest.raises(Refused, match="ACL Exception Insert Failed due to security constraints"):
        admin.insert("sys_security_acl", control)
    with pytest.raises(Refused):
        admin.insert("sys_index", {"logical_table_name": "incident"})
    setting = admin.query("sys_properties", "name=emulator.security.elevated")[0]
    admin.update("sys_properties", setting["sys_id"], {"value": "true"})
    assert admin.insert("sys_security_acl", control)["operation"] == "read"
