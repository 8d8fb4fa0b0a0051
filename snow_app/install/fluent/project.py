"""The files of the project: one source file for each table with its records, long texts as files beside them.

Records stand as ``Record()`` with the columns of the declarations, so that the SDK's own types judge every one; only
tables of ours are ``Table()`` and actions ``Action()``. Ids are those that REST installs under.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from snow_app.app import AppParameters, Facts
from snow_app.app.scope import VERSION
from snow_app.install.actions import own_actions
from snow_app.install.fluent.actions import action_source
from snow_app.install.fluent.keys import keys_source
from snow_app.install.fluent.source import Code, Literal, call, text
from snow_app.install.fluent.tables import own_tables, table_source
from snow_app.install.selection import Selection, selected
from snow_app.records.record import Declaration, Link, Row, Value

SDK = {"@servicenow/glide": "27.0.5", "@servicenow/sdk": "4.9.0", "typescript": "5.9.3"}
"""The version that builds the project, pinned with what it needs."""

_SOURCES = "src/fluent"
# Long texts and how their files end; a script next to its record is not taken for a module.
_FILES: Final = {
    ("sys_script_include", "script"): "server.js",
    ("sys_ui_script", "script"): "client.js",
    ("sys_ui_macro", "xml"): "xml",
    ("sys_ui_page", "html"): "html",
}
# Columns that hold a comma list on the platform and an array in the SDK.
_LISTS: Final = frozenset(
    {
        ("sys_app_application", "roles"),
        ("sys_app_module", "roles"),
        ("sys_properties", "read_roles"),
        ("sys_properties", "write_roles"),
    }
)
_DEFAULT_VIEW: Final = ("sys_ui_section", "view", "Default view")


@dataclass(frozen=True, slots=True, kw_only=True)
class FluentProject:
    """`files` by their path in the project, `rows` the records they make."""

    rows: tuple[Row, ...]
    files: Mapping[str, str]


def fluent_project(
    parameters: AppParameters,
    facts: Facts | None = None,
    *,
    everything: bool = False,
    application_id: str | None = None,
) -> FluentProject:
    """The project of the records that only a package can bring, or with `everything` of the whole app; see `selected`.

    Raises InvalidSettings, InvalidDeclaration.
    """
    found = selected(parameters, facts, everything=everything, application_id=application_id)
    tables, actions = own_tables(found.rows), own_actions(found.rows)
    parts = [*(own.rows for own in tables), *(own.rows for own in actions)]
    within = {row.sys_id for rows in parts for row in rows}
    within |= {row.sys_id for row in found.rows if row.table == "sys_choice_set"}
    files = _about(found)
    for own in tables:
        files[f"{_SOURCES}/{own.table.name}.now.ts"] = table_source(own)
    for action in actions:
        name, script = action.internal_name, f"{action.internal_name}.server.js"
        files |= {
            f"{_SOURCES}/{name}.now.ts": action_source(action, f"./{script}"),
            f"{_SOURCES}/{script}": action.script,
        }
    for table in dict.fromkeys(row.table for row in found.rows):
        rows = [row for row in found.rows if row.table == table and row.sys_id not in within]
        files |= _records(found, table, rows) if rows else {}
    names = [own.table.name for own in tables]
    files[f"{_SOURCES}/generated/keys.ts"] = keys_source(found.owner.scope, found.rows, names)
    return FluentProject(rows=found.rows, files=files)


def _about(found: Selection) -> dict[str, str]:
    values, owner = {**found.app.initial, **found.app.values}, found.owner
    config = {
        "scope": owner.scope,
        "scopeId": owner.sys_id,
        "name": owner.name,
        "jsLevel": values["js_level"],
        "description": values["short_description"],
    }
    package = {
        "name": owner.scope.replace("_", "-"),
        "version": VERSION,
        "private": True,
        "description": values["short_description"],
        "scripts": {"build": "now-sdk build", "deploy": "now-sdk install"},
        "devDependencies": SDK,
    }
    return {
        "now.config.json": json.dumps(config, indent=4, ensure_ascii=False) + "\n",
        "package.json": json.dumps(package, indent=2, ensure_ascii=False) + "\n",
    }


def _records(found: Selection, table: str, rows: Iterable[Row]) -> dict[str, str]:
    """The source file of one table, and the files of its long texts."""
    files: dict[str, str] = {}
    imported, statements = {"Record"}, []
    for row in rows:
        data: dict[str, Literal] = {}
        for column, value in _written(found.declarations[table, row.name]).items():
            ending = _FILES.get((table, column))
            if ending is not None:
                path = f"{table}/{_file_name(row, found.owner.scope)}.{ending}"
                files[f"{_SOURCES}/{path}"] = str(value)
                data[column] = Code(f"Now.include({text(f'./{path}')})")
            elif (table, column, value) == _DEFAULT_VIEW:
                imported.add("default_view")
                data[column] = Code("default_view")
            else:
                data[column] = _value(row, table, column, value)
        statements.append(call("Record", {"$id": Code(f"Now.ID[{text(row.sys_id)}]"), "table": table, "data": data}))
    head = f"import {{ {', '.join(sorted(imported))} }} from '@servicenow/sdk/core'\n\n"
    return {f"{_SOURCES}/{table}.now.ts": head + "\n\n".join(statements) + "\n", **files}


def _written(declaration: Declaration) -> dict[str, Value]:
    return dict(sorted({**declaration.initial, **declaration.values}.items()))


def _value(row: Row, table: str, column: str, value: Value) -> Literal:
    if isinstance(value, Link):
        return row.values.get(column) or row.initial[column]
    if (table, column) in _LISTS:
        return str(value).split(",")
    return value


def _file_name(row: Row, scope: str) -> str:
    return row.name.removeprefix(f"{scope}.").removeprefix(f"{scope}_")
