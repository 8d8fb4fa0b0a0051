"""Loads the seed files into a database whose tables exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from snow_app.emulator.dictionary import Dictionary
from snow_app.emulator.model import GLOBAL_SCOPE, Column, Row
from snow_app.emulator.records import Records
from snow_app.emulator.schema.declared import sys_id_of
from snow_app.emulator.secrets import hashed
from snow_app.emulator.store import Store
from snow_app.emulator.values import stored, text

FILES = ("scopes", "people", "settings", "policies", "forms", "slas")
CSM_FILES = ("csm", "csm_forms")


def load(store: Store, *, csm: bool, at: str, by: str) -> None:
    """Store every seed record, created at a moment (stored form) by a user."""
    _Loader(store, at, by).load(csm)


class _Loader:
    def __init__(self, store: Store, at: str, by: str) -> None:
        self.dictionary = Dictionary(store)
        self.records = Records(store, self.dictionary)
        self.at, self.by = at, by
        self._named: dict[tuple[str, str], str] = {}

    def load(self, csm: bool) -> None:
        documents = [_document(name) for name in FILES + (CSM_FILES if csm else ())]
        rows = [(table, row) for document in documents for table, rows in document.items() for row in rows]
        rows += list(_access(csm))
        for position, (table, row) in enumerate(rows):
            name = row.pop("$", None)
            row.setdefault("sys_id", sys_id_of(table, name or f"{position}:{json.dumps(row, sort_keys=True)}"))
            if name:
                self._named[table, name] = row["sys_id"]
        for table, row in rows:
            self.records.insert(table, self._record(table, row))

    def _record(self, table: str, given: dict[str, Any]) -> Row:
        columns = self.dictionary.columns(table)
        row = {
            name: stored(column, column.default)
            for name, column in columns.items()
            if not column.default.startswith("javascript:")
        }
        for name, value in given.items():
            row[name] = stored(columns[name], self._value(columns[name], text(value)))
        row |= {"sys_created_on": self.at, "sys_created_by": self.by, "sys_updated_on": self.at}
        row |= {"sys_updated_by": self.by, "sys_mod_count": "0"}
        if "sys_class_name" in columns:
            row["sys_class_name"] = table
        if "sys_scope" in columns:
            row.setdefault("sys_scope", GLOBAL_SCOPE)
            row.setdefault("sys_package", row["sys_scope"])
            row.setdefault("sys_update_name", f"{table}_{row['sys_id']}")
        if "sys_name" in columns:
            row["sys_name"] = row.get(self.dictionary.display_column(table), "")
        return row

    def _value(self, column: Column, written: str) -> str:
        if written.startswith("@"):
            return self._pointed(column.reference, written[1:])
        return hashed(written) if column.type == "password" else written

    def _pointed(self, table: str, name: str) -> str:
        for candidate in (table, *self.dictionary.descendants(table)):
            found = self._named.get((candidate, name))
            if found:
                return found
        raise KeyError(f"no seed record {name!r} in {table}")


def _document(name: str) -> dict[str, list[dict[str, Any]]]:
    loaded: dict[str, list[dict[str, Any]]] = json.loads(
        files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    )
    return loaded


def _access(csm: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Access controls: table → operations → rules; a rule is a role name or `{"role"?, "condition"?, "strict"?}`.

    Several operations may share a list: ``"read,write"``. `strict` means that admin does not pass by being admin.
    """
    document: dict[str, dict[str, list[Any]]] = json.loads(
        files(__package__).joinpath("access.json").read_text(encoding="utf-8")
    )
    for name, operations in document.items():
        if not csm and name.startswith(("sn_customerservice", "customer_", "csm_")):
            continue
        for operation in (word for words in operations for word in words.split(",")):
            rules = next(rules for words, rules in operations.items() if operation in words.split(","))
            for number, rule in enumerate(rules):
                spec = {"role": rule} if isinstance(rule, str) else rule
                label = f"{name}:{operation}:{number}"
                yield (
                    "sys_security_acl",
                    {
                        "$": label,
                        "name": name,
                        "type": "record",
                        "operation": operation,
                        "condition": spec.get("condition", ""),
                        "admin_overrides": not spec.get("strict", False),
                    },
                )
                if "role" in spec:
                    yield (
                        "sys_security_acl_role",
                        {"sys_security_acl": f"@{label}", "sys_user_role": f"@{spec['role']}"},
                    )
