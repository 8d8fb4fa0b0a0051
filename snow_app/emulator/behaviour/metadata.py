"""Configuration records that change the instance itself: tables, columns, labels, choices, numbers, controls.

A sys_db_object row makes a table, a sys_dictionary row makes a column, and deleting one takes everything along that is
about it. A scoped application's names carry its prefix.
"""

# ruff: noqa: S608 - names in statements are quoted identifiers, values are bound
from __future__ import annotations

import re
from typing import Final

from snow_app.emulator.access import Access
from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, hook, refuse
from snow_app.emulator.dictionary import NUMERIC_TYPES, label_of
from snow_app.emulator.model import GLOBAL_SCOPE, Row
from snow_app.emulator.schema.declared import CLASS_COLUMN, SYSTEM_COLUMNS, declared_column

_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}$")

_ABOUT_TABLE: Final = (
    ("sys_dictionary", "name"), ("sys_documentation", "name"), ("sys_choice", "name"), ("sys_choice_set", "name"),
    ("sys_dictionary_override", "name"), ("sys_number", "category"), ("sys_script", "collection"),
    ("sys_script_client", "table"), ("sys_ui_action", "table"), ("sys_ui_policy", "table"), ("sys_ui_list", "name"),
    ("sys_ui_form", "name"), ("sys_ui_section", "name"), ("sys_ui_related_list", "name"),
    ("sys_data_policy2", "model_table"), ("ua_table_licensing_config", "name"),
)  # fmt: skip
"""(table, column) pairs whose rows go when the table they name goes."""


def prefix_of(write: Write) -> str:
    """The prefix of names in the record's application, empty in Global."""
    application = write.current.get("sys_scope") or write.session.application
    scope = None if application == GLOBAL_SCOPE else write.session.instance.records.get("sys_scope", application)
    return f"{scope['scope']}_" if scope else ""


# Tables ------------------------------------------------------


@hook(BEFORE, "sys_db_object", "insert")
def name_table(write: Write) -> None:
    """A table's name is lower case, not taken, and carries the prefix of its application."""
    row, dictionary = write.current, write.session.instance.dictionary
    name, prefix = row.get("name", ""), prefix_of(write)
    if not prefix and not name.startswith(("u_", "x_")):
        name = row["name"] = f"u_{name}"
    if not _NAME.match(name) or not name.startswith(prefix) or dictionary.table(name):
        refuse(write, "Validate Table Name")
    parent = dictionary.table(dictionary.table_name(row.get("super_class", "")))
    if row.get("super_class") and (parent is None or not parent.extendable):
        refuse(write, "Validate Table Extension")
    if prefix and "ws_access" not in write.given:
        row["ws_access"] = "false"
    row["label"] = row.get("label") or label_of(name.removeprefix(prefix))
    row["sys_name"] = row["label"]


@hook(AFTER, "sys_db_object", "insert")
def create_table(write: Write) -> None:
    """Make the table with its collection row, its system columns and its label."""
    row, instance = write.current, write.session.instance
    table = row["name"]
    texts = SYSTEM_COLUMNS | (CLASS_COLUMN if row.get("is_extendable") == "true" else {})
    columns = {} if row.get("super_class") else {name: declared_column(name, text) for name, text in texts.items()}
    numbers = {name: column.type in NUMERIC_TYPES for name, column in columns.items() if name != "sys_id"}
    instance.store.create_class(table, numbers)
    instance.dictionary.forget()
    instance.access.forget()
    _add_entry(write, table, "", {"internal_type": "collection", "column_label": row["label"]})
    for name, column in columns.items():
        entry = {
            "internal_type": column.type,
            "column_label": column.label,
            "max_length": str(column.max_length),
            "default_value": column.default,
        }
        _add_entry(write, table, name, entry)


def _add_entry(write: Write, table: str, element: str, values: Row) -> None:
    session = write.session
    known = session.instance.records.first("sys_dictionary", name=table, element=element)
    if known is None:
        session.insert("sys_dictionary", {"name": table, "element": element, **values}, workflow=False, acl=False)


@hook(AFTER, "sys_db_object", "update")
def relabel_table(write: Write) -> None:
    write.session.instance.dictionary.forget()


@hook(BEFORE, "sys_db_object", "delete")
def keep_foreign_table(write: Write) -> None:
    """A table is deleted from within its own application, and what came with the instance stays."""
    row = write.current
    foreign = row.get("sys_scope") != write.session.application
    if foreign or not row.get("name", "").startswith(("u_", "x_")):
        refuse(write, "Validate Table Delete")


@hook(AFTER, "sys_db_object", "delete")
def drop_table(write: Write) -> None:
    """Take data, columns, labels, choices, numbers, rules, forms and access controls along."""
    session, table = write.session, write.current["name"]
    instance = session.instance
    below = [name for name in instance.dictionary.descendants(table) if name != table]
    for name in sorted(below, key=lambda name: -len(instance.dictionary.ancestors(name))):
        found = instance.records.first("sys_db_object", name=name)
        if found:
            session.delete("sys_db_object", found["sys_id"], workflow=False, acl=False)
    for row in instance.records.all("sys_security_acl"):
        if row["name"] == table or row["name"].startswith(f"{table}."):
            session.delete("sys_security_acl", row["sys_id"], workflow=False, acl=False)
    _forget_data(write, table)
    for owner, column in _ABOUT_TABLE:
        for row in instance.records.all(owner, **{column: table}):
            session.delete(owner, row["sys_id"], workflow=False, acl=False)
    instance.store.drop_class(table)
    instance.dictionary.forget()
    instance.access.forget()


def _forget_data(write: Write, table: str) -> None:
    """Remove a table's records, their upper classes' rows included."""
    instance = write.session.instance
    for (sys_id,) in instance.store.rows(f'SELECT sys_id FROM "{table}"'):
        upper = instance.dictionary.tables().get(write.current["name"])
        parent = upper.parent if upper else instance.dictionary.table_name(write.current.get("super_class", ""))
        if parent:
            instance.records.delete(parent, str(sys_id))


# Columns -----------------------------------------------------


@hook(BEFORE, "sys_dictionary", "insert")
def name_column(write: Write) -> None:
    """A column belongs to a table, is new there, and carries the application's prefix on another's table."""
    row, dictionary = write.current, write.session.instance.dictionary
    table, element = dictionary.table(row.get("name", "")), row.get("element", "")
    if table is None:
        refuse(write, "Validate Dictionary Table")
        return
    if row.get("internal_type") == "collection":
        if element:
            refuse(write, "Validate Dictionary Element")
        return
    prefix, own = prefix_of(write), table.scope == write.session.application
    row["internal_type"] = row.get("internal_type") or "string"
    if not element and row.get("column_label"):
        element = row["element"] = re.sub(r"\W+", "_", row["column_label"].strip().lower()).strip("_")
    if not _NAME.match(element) or element in dictionary.columns(table.name):
        refuse(write, "Validate Dictionary Element")
    if prefix and not own:
        if not element.startswith(prefix):
            refuse(write, "Validate Column Prefix")
        if table.scope != GLOBAL_SCOPE and table.flags.get("configuration_access") != "true":
            refuse(write, "Cross Scope Configuration Access")
    row["column_label"] = row.get("column_label") or label_of(element.removeprefix(prefix))
    row["sys_name"] = row["column_label"]
    row["max_length"] = row.get("max_length") or ("32" if row["internal_type"] in ("reference", "GUID") else "40")


@hook(AFTER, "sys_dictionary", "insert")
def create_column(write: Write) -> None:
    """Make the column and its English label."""
    row, session = write.current, write.session
    instance, element = session.instance, row["element"]
    if element and element != "sys_id":
        instance.store.add_column(row["name"], element, number=row["internal_type"] in NUMERIC_TYPES)
    _forget_column(write)
    label = {"name": row["name"], "element": element, "language": "en"}
    if instance.records.first("sys_documentation", **label) is None:
        values = {**label, "label": row["column_label"], "plural": f"{row['column_label']}s"}
        session.insert("sys_documentation", values, workflow=False, acl=False)


@hook(AFTER, "sys_dictionary", "update")
def alter_column(write: Write) -> None:
    _forget_column(write)
    if write.changed("column_label"):
        label = {"name": write.current["name"], "element": write.current["element"], "language": "en"}
        found = write.session.instance.records.first("sys_documentation", **label)
        if found:
            write.session.instance.records.update(
                "sys_documentation", found["sys_id"], {"label": write.current["column_label"]}
            )


@hook(BEFORE, "sys_dictionary", "update")
def keep_column_identity(write: Write) -> None:
    """A column is neither renamed nor moved."""
    for name in ("name", "element"):
        if write.previous and write.changed(name):
            write.current[name] = write.previous[name]


@hook(AFTER, "sys_dictionary", "delete")
def drop_column(write: Write) -> None:
    """Take the column's values, label, choices and access controls along."""
    row, session = write.current, write.session
    instance, table, element = session.instance, row["name"], row["element"]
    if element and element != "sys_id":
        for owner in ("sys_documentation", "sys_choice", "sys_choice_set", "sys_dictionary_override"):
            for about in instance.records.all(owner, name=table, element=element):
                session.delete(owner, about["sys_id"], workflow=False, acl=False)
        for control in instance.records.all("sys_security_acl", name=f"{table}.{element}"):
            session.delete("sys_security_acl", control["sys_id"], workflow=False, acl=False)
        instance.store.drop_column(table, element)
    _forget_column(write)


def _forget_column(write: Write) -> None:
    instance = write.session.instance
    instance.dictionary.forget_table(write.current["name"])


# Actions of Flow Designer ------------------------------------


@hook(AFTER, "sys_hub_action_type_definition", "delete")
@hook(AFTER, "sys_hub_step_instance", "delete")
def forget_values(write: Write) -> None:
    """Take the values and mappings of an action or step along; they point at it without being references."""
    records = write.session.instance.records
    for owner, column in (("sys_variable_value", "document_key"), ("sys_element_mapping", "id")):
        for row in records.all(owner, **{column: write.current["sys_id"]}):
            records.delete(owner, row["sys_id"])


# Labels, choices, numbers ------------------------------------


@hook(AFTER, "sys_documentation", "insert", "update")
def relabel_column(write: Write) -> None:
    """The English label is the column's or table's label."""
    row, records = write.current, write.session.instance.records
    if row.get("language") != "en" or not row.get("label"):
        return
    if row.get("element"):
        found = records.first("sys_dictionary", name=row["name"], element=row["element"])
        if found:
            records.update("sys_dictionary", found["sys_id"], {"column_label": row["label"]})
    else:
        found = records.first("sys_db_object", name=row["name"])
        if found:
            records.update("sys_db_object", found["sys_id"], {"label": row["label"]})
            write.session.instance.dictionary.forget()
    write.session.instance.dictionary.forget_table(row["name"])


@hook(AFTER, "sys_choice", "insert", "update", "delete")
@hook(AFTER, "sys_dictionary_override", "insert", "update", "delete")
def reread_choices(write: Write) -> None:
    write.session.instance.dictionary.forget_table(write.current["name"])


@hook(AFTER, "sys_number", "insert")
def point_table_at_number(write: Write) -> None:
    """Synch Table Number Reference."""
    records = write.session.instance.records
    table = records.first("sys_db_object", name=write.current.get("category", ""))
    if table:
        records.update("sys_db_object", table["sys_id"], {"number_ref": write.current["sys_id"]})
        write.session.instance.dictionary.forget()


@hook(AFTER, "sys_metadata", "insert", "update", "delete")
def reread_configuration(write: Write) -> None:
    write.session.instance.forget_active(write.table)
    if write.table in Access.TABLES:
        write.session.instance.access.forget()


@hook(AFTER, "sys_properties", "insert", "update", "delete")
def reread_properties(write: Write) -> None:
    write.session.instance.forget_properties()


# Names the platform makes ------------------------------------


@hook(BEFORE, "sys_user_role", "insert", "update")
def name_role(write: Write) -> None:
    """A role's suffix is what follows its application's prefix."""
    row, prefix = write.current, prefix_of(write).removesuffix("_")
    if prefix and row.get("name", "").startswith(f"{prefix}."):
        row["suffix"] = row["name"].removeprefix(f"{prefix}.")


@hook(BEFORE, "sys_properties", "insert", "update")
def name_property(write: Write) -> None:
    row, prefix = write.current, prefix_of(write).removesuffix("_")
    if prefix and row.get("name", "").startswith(f"{prefix}."):
        row["suffix"] = row["name"].removeprefix(f"{prefix}.")


@hook(BEFORE, "sys_script_include", "insert", "update")
def name_script_include(write: Write) -> None:
    """`api_name` is the application's scope and the name."""
    scope = write.session.instance.records.get("sys_scope", write.current.get("sys_scope", ""))
    write.current["api_name"] = f"{scope['scope'] if scope else GLOBAL_SCOPE}.{write.current.get('name', '')}"


@hook(BEFORE, "sys_ui_macro", "insert", "update")
def name_macro(write: Write) -> None:
    """`scoped_name` is read-only: scope and name, unless the name carries the scope already."""
    prefix, name = prefix_of(write).removesuffix("_"), write.current.get("name", "")
    write.current["scoped_name"] = name if not prefix or name.startswith(f"{prefix}_") else f"{prefix}_{name}"


@hook(BEFORE, "sys_rest_message_fn", "insert", "update")
def name_rest_function(write: Write) -> None:
    """`qualified_name` is made of the message's name and the function's."""
    message = write.session.instance.records.get("sys_rest_message", write.current.get("rest_message", ""))
    if message:
        write.current["qualified_name"] = f"{message['name']}.{write.current.get('function_name', '')}"


@hook(BEFORE, "sys_scope", "insert")
def name_scope(write: Write) -> None:
    """An application's scope is `x_<company code>_…`, at most 18 characters, and its files belong to itself."""
    row, instance = write.current, write.session.instance
    scope = row.get("scope", "")
    code = instance.property("glide.appcreator.company.code", "")
    taken = any(other["scope"] == scope for other in instance.records.all("sys_scope", scope=scope))
    if not scope.startswith(f"x_{code}_") or len(scope) > 18 or taken:
        refuse(write, "Validate Application Scope")
    row["source"] = row.get("source") or scope
    row["sys_scope"] = row["sys_package"] = row["sys_id"]


@hook(BEFORE, "sys_scope", "delete")
def delete_application_files(write: Write) -> None:
    """An application takes its files along, tables first; what came with the instance stays."""
    scope = write.current["sys_id"]
    if not write.current.get("scope", "").startswith("x_"):
        refuse(write, "Validate Application Delete")
    session, records = write.session.within(scope), write.session.instance.records
    files = records.all("sys_metadata", sys_scope=scope)
    files.sort(key=lambda row: row["sys_class_name"] != "sys_db_object")
    for row in files:
        if records.get("sys_metadata", row["sys_id"]):
            session.delete(row["sys_class_name"], row["sys_id"], workflow=False, acl=False)


@hook(AFTER, "sys_scope", "delete")
def leave_application(write: Write) -> None:
    """Nobody's current application is one that is gone."""
    records = write.session.instance.records
    for row in records.all("sys_user_preference", name="apps.current_app", value=write.current["sys_id"]):
        records.update("sys_user_preference", row["sys_id"], {"value": GLOBAL_SCOPE})
