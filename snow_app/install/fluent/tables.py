"""A table of ours as one ``Table()``: it makes the physical table, which single records of its columns would not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from snow_app.errors import InvalidDeclaration
from snow_app.install.fluent.source import Code, Literal, call
from snow_app.records.record import Row

_COLUMNS: Final = {
    "string": "StringColumn",
    "glide_date_time": "DateTimeColumn",
    "reference": "ReferenceColumn",
    "table_name": "TableNameColumn",
    "document_id": "DocumentIdColumn",
    "boolean": "BooleanColumn",
    "integer": "IntegerColumn",
}
_DROPDOWNS: Final = {"1": "dropdown_with_none", "2": "suggestion", "3": "dropdown_without_none"}
_ACTIONS: Final = ("read", "create", "update", "delete")
# Columns of a type that has one length only say no length.
_FIXED_LENGTH: Final = frozenset({"glide_date_time", "reference", "table_name", "document_id", "boolean", "integer"})

_INSIDE = "        "


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """A table with its columns and, by column, the choices."""

    table: Row
    columns: tuple[Row, ...]
    choices: Mapping[str, tuple[Row, ...]]

    @property
    def rows(self) -> tuple[Row, ...]:
        return (self.table, *self.columns, *(choice for found in self.choices.values() for choice in found))


def own_tables(rows: tuple[Row, ...]) -> tuple[OwnTable, ...]:
    """The tables among these rows, each with its parts."""
    return tuple(_own_table(row, rows) for row in rows if row.table == "sys_db_object")


def _own_table(table: Row, rows: tuple[Row, ...]) -> OwnTable:
    parts = [row for row in rows if row.values.get("name") == table.name]
    columns = tuple(row for row in parts if row.table == "sys_dictionary")
    choices = {
        row.values["element"]: tuple(
            one for one in parts if one.table == "sys_choice" and one.values["element"] == row.values["element"]
        )
        for row in parts
        if row.table == "sys_choice_set"
    }
    return OwnTable(table=table, columns=columns, choices=choices)


def table_source(own: OwnTable) -> str:
    """The statement. Raises InvalidDeclaration for a column type that has no counterpart here."""
    values = own.table.values
    kinds = sorted({_kind(column) for column in own.columns})
    display = next((one.values["element"] for one in own.columns if one.values.get("display") == "true"), None)
    argument: dict[str, Literal] = {
        "name": values["name"],
        "label": values["label"],
        **({"display": display} if display else {}),
        "accessibleFrom": values["access"],
        "actions": [action for action in _ACTIONS if values[f"{action}_access"] == "true"],
        "allowWebServiceAccess": values["ws_access"] == "true",
        "allowNewFields": values["alter_access"] == "true",
        "allowUiActions": values["actions_access"] == "true",
        "allowClientScripts": values["client_scripts_access"] == "true",
        "extensible": values["is_extendable"] == "true",
        "liveFeed": values["live_feed_enabled"] == "true",
        "createAccessControls": values["create_access_controls"] == "true",
    }
    argument["schema"] = {
        column.values["element"]: Code(call(_kind(column), _options(column, own), _INSIDE)) for column in own.columns
    }
    imports = f"import {{ {', '.join(('Table', *kinds))} }} from '@servicenow/sdk/core'\n\n"
    return f"{imports}export const {values['name']} = {call('Table', argument)}\n"


def _kind(column: Row) -> str:
    kind = column.values["internal_type"]
    if kind not in _COLUMNS:
        raise InvalidDeclaration(f"{column.label}: a Fluent project cannot carry a column of type {kind} yet.")
    return _COLUMNS[kind]


def _options(column: Row, own: OwnTable) -> dict[str, Literal]:
    values, kind = column.values, column.values["internal_type"]
    options: dict[str, Literal] = {"label": values["column_label"]}
    if "max_length" in values and kind not in _FIXED_LENGTH:
        options["maxLength"] = int(values["max_length"])
    options["mandatory"] = values["mandatory"] == "true"
    options["readOnly"] = values.get("read_only") == "true"
    if values.get("reference"):
        options["referenceTable"] = values["reference"]
    if values.get("dependent"):
        options["dependent"] = values["dependent"]
    choices = own.choices.get(values["element"], ())
    if choices:
        options["dropdown"] = _DROPDOWNS[values["choice"]]
        options["choices"] = {
            one.values["value"]: {"label": one.values["label"], "sequence": int(one.values["sequence"])}
            for one in choices
        }
    return options
