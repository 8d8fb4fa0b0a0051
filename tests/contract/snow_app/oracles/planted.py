"""Errors planted into declared records, and what each oracle says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from snow_app.records import Row
from snow_app.records.record import text
from tests.contract.snow_app.oracles.declared import Declared

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Columns changed in a record of `table`; None takes one away. The rest are patterns of what is said, None from an
    oracle that cannot see it."""

    table: str
    columns: Mapping[str, str | int | bool | None]
    dictionary: str | None
    types: str | None

    def into(self, record: Declared) -> Declared:
        return replace(record, columns=_changed(record.columns, self.columns))

    def into_row(self, row: Row) -> Row:
        changed = {column: None if value is None else text(value) for column, value in self.columns.items()}
        kept = {name: value for name, value in row.initial.items() if name not in changed}
        return replace(row, values=_changed(row.values, changed), initial=kept)


def _changed(before: Mapping[str, Value], change: Mapping[str, Value | None]) -> dict[str, Value]:
    return {column: value for column, value in {**before, **change}.items() if value is not None}


def _planted(
    table: str, dictionary: str | None, types: str | None = None, /, **columns: str | int | bool | None
) -> Planted:
    return Planted(table=table, columns=columns, dictionary=dictionary, types=types)


def _unknown(column: str) -> str:
    return f"TS2353: .*{column}.* does not exist in type"


def _missing(column: str) -> str:
    return f"TS2741: Property '{column}' is missing"


def _not_assignable(value: str) -> str:
    return f"TS2(322|820): Type '{value}' is not assignable"


PLANTED = (
    _planted("sys_ui_macro", "unknown column zz_bogus", _unknown("zz_bogus"), zz_bogus="1"),
    _planted("sys_ui_section", "unknown column table", _unknown("table"), table="incident"),
    _planted("sys_rest_message_fn", "unknown column method", _unknown("method"), method="post"),
    _planted("sys_choice", "unknown column zz_bogus", zz_bogus="1"),
    _planted("sys_rest_message_headers", "unknown column header", header="Accept"),
    _planted("sys_rest_message_fn", "mandatory http_method", _missing("http_method"), http_method=None),
    _planted("sys_ui_formatter", "mandatory type", _missing("type"), type=None),
    _planted("sys_dictionary", "mandatory name", _missing("name"), name=None),
    _planted("sys_user_role", "mandatory name", _missing("name"), name=None),
    _planted("sys_dictionary", "mandatory name", name=""),
    _planted("sys_rest_message_fn", "http_method is none of", _not_assignable('"POST"'), http_method="POST"),
    _planted(
        "sys_rest_message",
        "authentication_type is none of",
        _not_assignable('"bearer"'),
        authentication_type="bearer",
    ),
    _planted("sys_ui_formatter", "type is none of", _not_assignable('"macro"'), type="macro"),
    _planted("sys_db_object", "access is none of", _not_assignable('"everybody"'), access="everybody"),
    _planted("sys_properties", "type is none of", _not_assignable('"text"'), type="text"),
    _planted("sys_app_module", "link_type is none of", _not_assignable('"list"'), link_type="list"),
    _planted("sys_security_acl", "decision_type is none of", _not_assignable('"maybe"'), decision_type="maybe"),
    _planted("sys_app", None, _not_assignable('"es3"'), js_level="es3"),
    _planted("sys_ui_element", "position is no integer", _not_assignable("string"), position="first"),
    _planted("sys_script_include", "client_callable is no boolean", _not_assignable("string"), client_callable="yes"),
    _planted("sys_rest_message", "name is longer than 40", name="n" * 41),
    _planted("sys_script_include", "script longer than 8000", script="x" * 8001),
    _planted("sys_rest_message", "does not point at sys_auth_profile_basic", basic_auth_profile="f" * 32),
    _planted("sys_user_role_contains", "role does not point at sys_user_role", role="agent"),
    _planted("sys_rest_message_fn", "qualified_name|generated", qualified_name="x"),
    _planted("sys_ui_macro", "generated", scoped_name="x"),
)
