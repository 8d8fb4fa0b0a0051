"""Loads the seed files into a database whose tables exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from snow_app.emulator import attachments
from snow_app.emulator.dictionary import Dictionary
from snow_app.emulator.model import GLOBAL_SCOPE, Column, Row
from snow_app.emulator.records import Records
from snow_app.emulator.schema.declared import sys_id_of
from snow_app.emulator.secrets import hashed
from snow_app.emulator.seed import estate
from snow_app.emulator.store import Store
from snow_app.emulator.values import stored, text

FILES = (
    "scopes",
    "people",
    "settings",
    "policies",
    "forms",
    "cmdb",
    "change",
    "change_models",
    "slas",
    "door",
    "knowledge",
)
CSM_FILES = ("csm", "csm_forms")
ORDER_FILES = ("order_cases",)
DEMO_FILES = ("demo_people", "demo_service", "demo_cmdb")
"""What an instance has that was made with demo data, besides the machines of `estate.json`."""


def load(store: Store, *, csm: bool, demo: bool, at: str, by: str, order_cases: bool = False) -> None:
    """Store every seed record, created at a moment (stored form) by a user unless it says otherwise."""
    _Loader(store, at, by).load(csm, demo, order_cases)


class _Loader:
    def __init__(self, store: Store, at: str, by: str) -> None:
        self.dictionary = Dictionary(store)
        self.records = Records(store, self.dictionary)
        self.at, self.by = at, by
        self._named: dict[tuple[str, str], str] = {}

    def load(self, csm: bool, demo: bool, order_cases: bool) -> None:
        optional = (CSM_FILES if csm else ()) + (ORDER_FILES if order_cases else ())
        rows = [*_rows(FILES + optional), *_access(csm, order_cases)]
        if demo:
            rows += [*_rows(DEMO_FILES), *estate.rows(document("estate"))]
        for position, (table, row) in enumerate(rows):
            name = row.pop("$", None)
            row.setdefault("sys_id", sys_id_of(table, name or f"{position}:{json.dumps(row, sort_keys=True)}"))
            if name:
                self._named[table, name] = row["sys_id"]
        for table, row in rows:
            file = self._content(row["sys_id"], row.pop("$content").encode()) if "$content" in row else {}
            self.records.insert(table, self._record(table, row | file))

    def _content(self, sys_id: str, content: bytes) -> Row:
        """Store the bytes of an attachment; the metadata that follows from them."""
        values, chunks = attachments.packed(content)
        for chunk in chunks:
            row = chunk | {
                "sys_id": sys_id_of("sys_attachment_doc", sys_id, chunk["position"]),
                "sys_attachment": sys_id,
            }
            self.records.insert("sys_attachment_doc", self._record("sys_attachment_doc", row))
        return values

    def _record(self, table: str, given: dict[str, Any]) -> Row:
        columns = self.dictionary.columns(table)
        row = {
            name: stored(column, column.default)
            for name, column in columns.items()
            if not column.default.startswith("javascript:")
        }
        at, by = given.get("sys_created_on", self.at), given.get("sys_created_by", self.by)
        row |= {"sys_created_on": at, "sys_created_by": by, "sys_updated_on": at}
        row |= {"sys_updated_by": by, "sys_mod_count": "0"}
        for name, value in given.items():
            row[name] = stored(columns[name], self._value(columns[name], text(value)))
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
        """A value with its pointer followed: `@name`, or `@table/name` where the column does not say the table."""
        if written.startswith("@"):
            table, _, name = written[1:].partition("/")
            return self._pointed(table, name) if name else self._pointed(column.reference, written[1:])
        return hashed(written) if column.type == "password" else written

    def _pointed(self, table: str, name: str) -> str:
        for candidate in (table, *self.dictionary.descendants(table)):
            found = self._named.get((candidate, name))
            if found:
                return found
        raise KeyError(f"no seed record {name!r} in {table}")


def _rows(names: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in names:
        for table, rows in document(name).items():
            yield from ((table, row) for row in rows)


def document(name: str) -> dict[str, Any]:
    """A seed file: tables and their rows; `estate.json` is read by `estate.rows`."""
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _access(csm: bool, order_cases: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Access controls: table → operations → rules.

    A rule is a role name or `{"role"?, "condition"?, "script"?, "strict"?}`. Several operations may share a list:
    ``"read,write"``. `strict` means that admin does not pass by being admin.
    """
    document: dict[str, dict[str, list[Any]]] = json.loads(
        files(__package__).joinpath("access.json").read_text(encoding="utf-8")
    )
    for name, operations in document.items():
        if not csm and name.startswith(("sn_customerservice", "customer_", "csm_")):
            continue
        if not order_cases and name.startswith("sn_order_case"):
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
                        "advanced": "script" in spec,
                        "script": spec.get("script", ""),
                        "admin_overrides": not spec.get("strict", False),
                    },
                )
                if "role" in spec:
                    yield (
                        "sys_security_acl_role",
                        {"sys_security_acl": f"@{label}", "sys_user_role": f"@{spec['role']}"},
                    )
