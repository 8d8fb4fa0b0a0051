"""Builds the database of a new instance: tables, their dictionary, and the records every instance comes with.

The result is kept as an image per process, so that a second instance starts in milliseconds.
"""

# ruff: noqa: S608 - names in statements are quoted identifiers, values are bound
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

from snow_app.emulator.dictionary import NUMERIC_TYPES
from snow_app.emulator.schema.declared import DeclaredColumn, DeclaredTable, declared_tables, sys_id_of
from snow_app.emulator.seed.loader import load
from snow_app.emulator.store import NUMBER, TEXT, Store, quoted

BORN = "2026-01-05 08:00:00"
"""When everything that came with the instance was created."""

MAKER = "system"

SCHEMA = "schema"
"""What a database keeps `fingerprint` under."""

_INDEXES: tuple[tuple[str, ...], ...] = (
    ("sys_db_object", "name"),
    ("sys_dictionary", "name", "element"),
    ("sys_dictionary", "reference"),
    ("sys_dictionary_override", "name"),
    ("sys_documentation", "name", "element"),
    ("sys_choice", "name", "element"),
    ("sys_number", "category"),
    ("sys_properties", "name"),
    ("sys_script", "collection"),
    ("sys_script_include", "name"),
    ("sys_security_acl", "name"),
    ("sys_security_acl_role", "sys_security_acl"),
    ("sys_user", "user_name"),
    ("sys_user", "email"),
    ("sys_user_has_role", "user"),
    ("sys_user_preference", "user", "name"),
    ("sys_journal_field", "element_id"),
    ("sys_attachment", "table_sys_id"),
    ("sys_attachment_doc", "sys_attachment"),
    ("sys_ui_section", "name"),
    ("sys_ui_element", "sys_ui_section"),
    ("sysevent", "state"),
    ("cmdb_rel_ci", "parent"),
    ("cmdb_rel_ci", "child"),
    ("sys_audit", "documentkey"),
    ("sys_email", "type"),
    ("sys_rate_limit_count", "rule", "user", "hour"),
    ("sys_trigger", "next_action"),
    ("task_sla", "task"),
    ("task_sla", "stage", "planned_end_time"),
    ("sys_ws_operation", "web_service_definition"),
    ("sysapproval_approver", "document_id"),
    ("task", "number"),
    ("task", "correlation_id"),
    ("task", "parent"),
    ("incident", "parent_incident"),
    ("incident", "problem_id"),
    ("change_task", "change_request"),
    ("problem_task", "problem"),
)


@cache
def image(csm: bool, demo: bool = False, order_cases: bool = False) -> bytes:
    """The database of a new instance, with or without Customer Service Management, demo data and order cases."""
    store = Store()
    try:
        tables = declared_tables(csm, order_cases)
        with store.transaction():
            for table in tables:
                _create(store, table)
            store.run("CREATE TABLE _counters (name TEXT PRIMARY KEY, next INTEGER NOT NULL)")
            _Catalog(store, tables).fill()
            for index in _INDEXES:
                store.add_index(*index)
            load(store, csm=csm, demo=demo, order_cases=order_cases, at=BORN, by=MAKER)
        store.remember(SCHEMA, fingerprint())
        return store.image()
    finally:
        store.close()


def fingerprint() -> str:
    """Which tables and columns the platform has in this version: a database made by another one lacks some."""
    return hashlib.sha256(repr(declared_tables(csm=False)).encode()).hexdigest()


def _create(store: Store, table: DeclaredTable) -> None:
    columns = [
        f"{quoted(column.name)} {NUMBER if column.type in NUMERIC_TYPES else TEXT}"
        for column in table.columns
        if column.name != "sys_id"
    ]
    store.run(f"CREATE TABLE {quoted(table.name)} ({', '.join(('sys_id TEXT NOT NULL PRIMARY KEY', *columns))})")


class _Catalog:
    """Writes the rows that describe the declared tables."""

    def __init__(self, store: Store, tables: tuple[DeclaredTable, ...]) -> None:
        self.store, self.tables = store, tables

    def fill(self) -> None:
        self._add("sys_db_object", self._objects())
        self._add("sys_dictionary", self._columns())
        self._add("sys_dictionary_override", self._overrides())
        self._add("sys_documentation", self._labels())
        self._add("sys_choice", self._choices())
        self._add("sys_number", self._numbers())

    def _add(self, table: str, rows: Iterable[dict[str, str | int]]) -> None:
        """Store rows of one configuration table; each carries its natural key under `key` and its `scope`."""
        own: list[tuple[str | int, ...]] = []
        common: list[tuple[str | int, ...]] = []
        names: tuple[str, ...] = ()
        for row in rows:
            scope, title = str(row.pop("scope")), str(row.pop("title"))
            sys_id = sys_id_of(table, str(row.pop("key")))
            names = tuple(row)
            own.append((sys_id, *row.values()))
            common.append((sys_id, table, title, scope, scope, f"{table}_{sys_id}", BORN, MAKER, BORN, MAKER))
        if not own:
            return
        self.store.run_many(
            "INSERT INTO sys_metadata (sys_id, sys_class_name, sys_name, sys_scope, sys_package, sys_update_name, "
            "sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            common,
        )
        self.store.run_many(
            f"INSERT INTO {quoted(table)} (sys_id, {', '.join(map(quoted, names))}) "
            f"VALUES ({', '.join('?' * (len(names) + 1))})",
            own,
        )

    def _objects(self) -> Iterator[dict[str, str | int]]:
        for table in self.tables:
            yield {
                "key": table.name,
                "scope": _scope(table),
                "title": table.label,
                "name": table.name,
                "label": table.label,
                "super_class": sys_id_of("sys_db_object", table.parent) if table.parent else "",
                "is_extendable": "true" if table.extendable else "false",
                "number_ref": sys_id_of("sys_number", table.name) if table.number else "",
                "access": "public",
                "ws_access": "true",
                "read_access": "true",
                "create_access": "true",
                "update_access": "true",
                "configuration_access": "true",
            }

    def _columns(self) -> Iterator[dict[str, str | int]]:
        for table in self.tables:
            collection = DeclaredColumn(name="", type="collection", max_length=40, label=table.label)
            for column in (collection, *table.columns):
                dropdown = 1 if column.choices else 0
                yield {
                    "key": f"{table.name}.{column.name}",
                    "scope": _scope(table),
                    "title": column.label,
                    "name": table.name,
                    "element": column.name,
                    "internal_type": column.type,
                    "column_label": column.label,
                    "reference": column.reference,
                    "reference_key": column.reference_key,
                    "reference_cascade_rule": column.cascade,
                    "max_length": column.max_length,
                    "mandatory": _flag(column.mandatory),
                    "read_only": _flag(column.read_only),
                    "display": _flag(column.display),
                    "default_value": column.default,
                    "choice": 3 if dropdown and column.default else dropdown,
                    "active": "true",
                    "unique": _flag(column.name == "sys_id"),
                    "primary": _flag(column.name == "sys_id"),
                }

    def _overrides(self) -> Iterator[dict[str, str | int]]:
        for table in self.tables:
            for column, default in table.defaults.items():
                yield {
                    "key": f"{table.name}.{column}",
                    "scope": _scope(table),
                    "title": column,
                    "name": table.name,
                    "base_table": table.parent,
                    "element": column,
                    "default_value": default,
                    "default_value_override": "true",
                }

    def _labels(self) -> Iterator[dict[str, str | int]]:
        for table in self.tables:
            labels = {"": table.label, **{column.name: column.label for column in table.columns}}
            for element, label in {**labels, **table.inherited_labels}.items():
                yield {
                    "key": f"{table.name}.{element}",
                    "scope": _scope(table),
                    "title": label,
                    "name": table.name,
                    "element": element,
                    "label": label,
                    "plural": f"{label}s",
                    "language": "en",
                }

    def _choices(self) -> Iterator[dict[str, str | int]]:
        for table in self.tables:
            own = {column.name: column.choices for column in table.columns if column.choices}
            for element, choices in {**own, **table.inherited_choices}.items():
                for sequence, (value, label) in enumerate(choices):
                    yield {
                        "key": f"{table.name}.{element}.{value}",
                        "scope": _scope(table),
                        "title": label,
                        "name": table.name,
                        "element": element,
                        "value": value,
                        "label": label,
                        "sequence": sequence,
                        "language": "en",
                        "inactive": "false",
                    }

    def _numbers(self) -> Iterator[dict[str, str | int]]:
        for table in self.tables:
            if table.number:
                prefix, start = table.number
                yield {
                    "key": table.name,
                    "scope": _scope(table),
                    "title": prefix,
                    "category": table.name,
                    "prefix": prefix,
                    "number": start - 1,
                    "maximum_digits": 7,
                }


def _scope(table: DeclaredTable) -> str:
    return "global" if table.scope == "global" else sys_id_of("sys_scope", table.scope)


def _flag(value: bool) -> str:
    return "true" if value else "false"
