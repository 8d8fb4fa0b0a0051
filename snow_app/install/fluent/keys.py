"""``keys.ts``: which sys_id each record has. The SDK would make up others, and another app than REST installs.

The file is compared as text by ``now-sdk build --frozenKeys``, so it is written the way the SDK writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from snow_app.install.fluent.source import name, text
from snow_app.records.identity import sys_id
from snow_app.records.record import Row

COALESCED: Final[Mapping[str, tuple[str, ...]]] = {
    "sys_choice": ("name", "element", "value", "language", "dependent_value"),
    "sys_choice_set": ("name", "element"),
    "sys_db_object": ("name",),
    "sys_dictionary": ("name", "element"),
    "sys_documentation": ("name", "element", "language"),
    "sys_element_mapping": ("field", "table", "id"),
    "sys_hub_action_input": ("model", "element"),
    "sys_hub_action_output": ("model", "element"),
    "sys_hub_step_ext_input": ("model", "element"),
    "sys_hub_step_ext_output": ("model", "element"),
    "sys_rest_message_fn": ("rest_message", "function_name"),
    "sys_security_acl_role": ("sys_security_acl", "sys_user_role"),
    "sys_ui_element": ("sys_ui_section", "element", "position"),
    "sys_ui_page": ("name",),
    "sys_ui_section": ("name", "caption", "view", "sys_domain"),
    "sys_user_role": ("name",),
    "sys_user_role_contains": ("role", "contains"),
    "sys_variable_value": ("document_key", "variable"),
    "ua_table_licensing_config": ("name",),
}
"""The tables whose records the SDK knows by these columns; all others it knows by the id in the source."""

Key = str | Mapping[str, "Key"]
_STEP = "    "


def keys_source(scope: str, rows: Iterable[Row], tables: Iterable[str]) -> str:
    """The file for these rows; `tables` are the names of those that a ``Table()`` makes."""
    rows = list(rows)
    explicit: dict[str, Key] = {row.sys_id: {"table": row.table, "id": row.sys_id} for row in rows if _is_explicit(row)}
    for title in ("bom_json", "package_json"):
        explicit[title] = {"table": "sys_module", "id": sys_id(scope, "sys_module", title)}
    known = {row.sys_id: row for row in rows}
    composite = [_composite(row.table, row.sys_id, _key(row, known)) for row in rows if not _is_explicit(row)]
    for table in tables:
        columns = [
            row.values["element"] for row in rows if row.table == "sys_dictionary" and row.values["name"] == table
        ]
        composite += _made_with(scope, table, columns)
    composite.sort(key=lambda one: str(one["id"]))
    lines = [
        "import '@servicenow/sdk/global'",
        "",
        "declare global {",
        "    namespace Now {",
        "        namespace Internal {",
        "            interface Keys extends KeysRegistry {",
        f"                explicit: {_block(dict(sorted(explicit.items())), 4)}",
        f"                composite: {_list(composite)}",
        *("            }", "        }", "    }", "}"),
    ]
    return "\n".join(lines) + "\n"


def _is_explicit(row: Row) -> bool:
    return row.table not in COALESCED


def _composite(table: str, record_id: str, key: Mapping[str, Key]) -> dict[str, Key]:
    return {"table": table, "id": record_id, "key": key}


def _key(row: Row, known: Mapping[str, Row]) -> dict[str, Key]:
    """The columns that identify a record; a link to another such record carries that one's columns too."""
    key: dict[str, Key] = {}
    for column in COALESCED[row.table]:
        value = row.values.get(column, "NULL")
        target = known.get(value)
        if target is None or _is_explicit(target):
            key[column] = value
        else:
            key[column] = {"id": value, "key": _key(target, known)}
    return key


def _made_with(scope: str, table: str, columns: Iterable[str]) -> Iterable[dict[str, Key]]:
    """What a ``Table()`` makes besides its own rows: the collection row, the labels and the licensing row."""
    collection: dict[str, Key] = {"name": table, "element": "NULL"}
    yield _composite("sys_dictionary", sys_id(scope, "sys_dictionary", f"{table}."), collection)
    for element in ("NULL", *columns):
        label: dict[str, Key] = {"name": table, "element": element, "language": "en"}
        yield _composite("sys_documentation", sys_id(scope, "sys_documentation", f"{table}.{element}"), label)
    licensing: dict[str, Key] = {"name": table}
    yield _composite("ua_table_licensing_config", sys_id(scope, "ua_table_licensing_config", table), licensing)


def _list(entries: list[dict[str, Key]]) -> str:
    inner = _STEP * 5
    return "[\n" + "".join(f"{inner}{_block(one, 5)},\n" for one in entries) + _STEP * 4 + "]" if entries else "[]"


def _block(members: Mapping[str, Key], depth: int) -> str:
    lines = []
    for key, value in members.items():
        shown = text(value) if isinstance(value, str) else _block(value, depth + 1)
        lines.append(f"{_STEP * (depth + 1)}{name(key)}: {shown}\n")
    return "{\n" + "".join(lines) + _STEP * depth + "}"
