"""What tables and columns there are, read from the instance's own sys_db_object, sys_dictionary and sys_choice rows.

Nothing is known beside those rows: a table that is inserted over REST is as real as one that came with the instance.
Answers are kept until `forget` says that a table's rows changed.
"""

# ruff: noqa: S608 - names in statements are quoted identifiers, values are bound
from __future__ import annotations

from dataclasses import replace
from typing import Final

from snow_app.emulator.model import Choice, Column, TableDef
from snow_app.emulator.store import Store

NUMERIC_TYPES: Final = frozenset(
    {"integer", "decimal", "float", "longint", "long", "percent_complete", "price", "currency", "order_index"}
)
JOURNAL_TYPES: Final = frozenset({"journal_input", "journal", "journal_list"})
DATE_TIME_TYPES: Final = frozenset({"glide_date_time", "due_date", "calendar_date_time", "glide_utc_time"})

_TABLE_FLAGS = (
    "access", "read_access", "create_access", "update_access", "delete_access", "alter_access", "configuration_access",
    "actions_access", "client_scripts_access", "caller_access", "create_access_controls", "live_feed_enabled",
    "number_ref", "user_role",
)  # fmt: skip

_TABLES = f"""
    SELECT o.name, o.label, o.sys_id, o.super_class, m.sys_scope, o.is_extendable, o.ws_access,
           {", ".join("o." + flag for flag in _TABLE_FLAGS)}
    FROM sys_db_object o JOIN sys_metadata m ON m.sys_id = o.sys_id"""

_COLUMNS = """
    SELECT d.element, d.internal_type, d.column_label, d.reference, d.max_length, d.mandatory, d.read_only,
           d.default_value, d.choice, d.display, d."unique", d.dependent, d.attributes, m.sys_scope, d.sys_id,
           d.reference_key
    FROM sys_dictionary d JOIN sys_metadata m ON m.sys_id = d.sys_id
    WHERE d.name = ? AND d.element != '' AND d.active != 'false' ORDER BY d.element"""

_CHOICES = """
    SELECT element, value, label, sequence, dependent_value FROM sys_choice
    WHERE name = ? AND inactive != 'true' AND language IN ('en', '') ORDER BY element, sequence, label"""

_LABELS = """
    SELECT element, label FROM sys_documentation WHERE name = ? AND element != '' AND language = 'en' AND label != ''"""

_OVERRIDES = """
    SELECT element, default_value_override, default_value, mandatory_override, mandatory, read_only_override, read_only
    FROM sys_dictionary_override WHERE name = ?"""


class Dictionary:
    """Tables and columns by name. Thread-safe: answers are immutable and replaced as a whole."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables: dict[str, TableDef] | None = None
        self._names: dict[str, str] = {}
        self._own: dict[str, dict[str, Column]] = {}
        self._all: dict[str, dict[str, Column]] = {}
        self._choices: dict[str, dict[str, tuple[Choice, ...]]] = {}

    def forget(self) -> None:
        """Read everything anew when next asked."""
        self._tables = None
        self._own, self._all, self._choices = {}, {}, {}

    def forget_table(self, table: str) -> None:
        """Read one class and all below it anew."""
        below = {name for name in list(self._all) if self.extends(name, table)}
        for kept in (self._own, self._all, self._choices):
            for name in below | {table}:
                kept.pop(name, None)

    def tables(self) -> dict[str, TableDef]:
        """Every table by name."""
        known = self._tables
        if known is None:
            found = self._store.rows(_TABLES)
            names = {str(row[2]): str(row[0]) for row in found}
            known = {}
            for row in found:
                name, label, sys_id, parent, scope, extendable, ws_access, *flags = map(str, row)
                known[name] = TableDef(
                    name=name,
                    label=label,
                    sys_id=sys_id,
                    parent=names.get(parent, ""),
                    scope=scope or "global",
                    extendable=extendable == "true",
                    ws_access=ws_access == "true",
                    flags=dict(zip(_TABLE_FLAGS, flags, strict=True)),
                )
            self._tables, self._names = known, names
        return known

    def table(self, name: str) -> TableDef | None:
        return self.tables().get(name)

    def table_name(self, sys_id: str) -> str:
        """The table whose sys_db_object row has this sys_id, empty when there is none."""
        self.tables()
        return self._names.get(sys_id, "")

    def ancestors(self, name: str) -> tuple[str, ...]:
        """The tables this one extends, nearest first, without itself."""
        tables, chain = self.tables(), []
        current = tables.get(name)
        while current is not None and current.parent and current.parent not in chain:
            chain.append(current.parent)
            current = tables.get(current.parent)
        return tuple(chain)

    def lineage(self, name: str) -> tuple[str, ...]:
        """The table and its ancestors, root last."""
        return (name, *self.ancestors(name))

    def descendants(self, name: str) -> tuple[str, ...]:
        """Every table that extends this one, directly or not, without itself."""
        return tuple(other for other in self.tables() if other != name and name in self.ancestors(other))

    def extends(self, name: str, parent: str) -> bool:
        """True when `name` is `parent` or a table below it."""
        return name == parent or parent in self.ancestors(name)

    def own_columns(self, name: str) -> dict[str, Column]:
        """The columns this class itself defines."""
        found = self._own.get(name)
        if found is None:
            found = self._own[name] = {column.name: column for column in map(_column(name), self._rows(_COLUMNS, name))}
        return found

    def columns(self, name: str) -> dict[str, Column]:
        """All columns of a table, inherited ones included, in order of name; choices are those of the nearest class."""
        found = self._all.get(name)
        if found is None:
            found = self._all[name] = self._merged(name)
        return found

    def _merged(self, name: str) -> dict[str, Column]:
        merged: dict[str, Column] = {}
        for table in reversed(self.lineage(name)):
            merged.update(self.own_columns(table))
            for element, default_on, default, mandatory_on, mandatory, read_only_on, read_only in self._rows(
                _OVERRIDES, table
            ):
                if element in merged:
                    changes: dict[str, object] = {}
                    if default_on == "true":
                        changes["default"] = default
                    if mandatory_on == "true":
                        changes["mandatory"] = mandatory == "true"
                    if read_only_on == "true":
                        changes["read_only"] = read_only == "true"
                    merged[element] = replace(merged[element], **changes)  # type: ignore[arg-type]
            for element, label in self._rows(_LABELS, table):
                if element in merged and merged[element].label != label:
                    merged[element] = replace(merged[element], label=label)
            for element, choices in self._own_choices(table).items():
                if element in merged:
                    merged[element] = replace(merged[element], choices=choices)
        return dict(sorted(merged.items()))

    def _own_choices(self, table: str) -> dict[str, tuple[Choice, ...]]:
        found = self._choices.get(table)
        if found is None:
            grouped: dict[str, list[Choice]] = {}
            for element, value, label, sequence, dependent in self._rows(_CHOICES, table):
                choice = Choice(value=value, label=label, sequence=int(float(sequence or 0)), dependent=dependent)
                grouped.setdefault(element, []).append(choice)
            found = self._choices[table] = {element: tuple(choices) for element, choices in grouped.items()}
        return found

    def walked(self, table: str, path: str) -> tuple[str, str] | None:
        """The table and the name of the column a dot-walked path ends at; None when a step is unknown."""
        *steps, last = path.split(".")
        for step in steps:
            column = self.columns(table).get(step)
            if column is None or self.table(column.reference) is None:
                return None
            table = column.reference
        return (table, last) if last in self.columns(table) else None

    def display_column(self, name: str) -> str:
        """The column that names a record of this table: the one marked display, else name, number or creation time."""
        for table in self.lineage(name):
            for column in self.own_columns(table).values():
                if column.display:
                    return column.name
        columns = self.columns(name)
        return next((column for column in ("name", "u_name", "number", "title") if column in columns), "sys_created_on")

    def dynamic_filter(self, sys_id: str) -> str:
        """The script of a dynamic filter option; empty when there is no active one."""
        if self.table("sys_filter_option_dynamic") is None:
            return ""
        sql = "SELECT script FROM sys_filter_option_dynamic WHERE sys_id = ? AND active != 'false'"
        found = self._store.row(sql, (sys_id,))
        return str(found[0]) if found else ""

    def choice_label(self, table: str, column: str, value: str, dependent: str = "") -> str:
        """The label of a choice, or the value itself when it is none."""
        found = self.columns(table).get(column)
        if found is None:
            return value
        labels = [choice for choice in found.choices if choice.value == value]
        for choice in labels:
            if choice.dependent in ("", dependent):
                return choice.label
        return labels[0].label if labels else value

    def references_to(self, table: str, rules: tuple[str, ...]) -> list[tuple[str, str, str]]:
        """Columns that point at a table or its ancestors and carry one of these cascade rules: table, column, rule."""
        lineage = self.lineage(table)
        sql = (
            "SELECT name, element, reference_cascade_rule FROM sys_dictionary "
            f"WHERE reference IN ({', '.join('?' * len(lineage))}) "
            f"AND reference_cascade_rule IN ({', '.join('?' * len(rules))})"
        )
        return [(str(name), str(element), str(rule)) for name, element, rule in self._store.rows(sql, lineage + rules)]

    def _rows(self, sql: str, table: str) -> list[tuple[str, ...]]:
        return [tuple(map(str, row)) for row in self._store.rows(sql, (table,))]


class _column:  # noqa: N801 - a function with a memory
    """Turns a _COLUMNS row of one table into a Column."""

    def __init__(self, table: str) -> None:
        self.table = table

    def __call__(self, row: tuple[str, ...]) -> Column:
        (
            name, kind, label, reference, length, mandatory, read_only,
            default, choice, display, unique, dependent, attributes, scope, sys_id,
            reference_key,
        ) = row  # fmt: skip
        return Column(
            name=name,
            table=self.table,
            type=kind or "string",
            label=label or label_of(name),
            reference=reference,
            max_length=int(float(length or 40)),
            mandatory=mandatory == "true",
            read_only=read_only == "true",
            default=default,
            choice_mode=int(float(choice or 0)),
            display=display == "true",
            unique=unique == "true",
            dependent=dependent,
            attributes=attributes,
            reference_key=reference_key,
            scope=scope or "global",
            sys_id=sys_id,
        )


def label_of(name: str) -> str:
    """The label the platform gives a column that comes without one: `short_description` → `Short description`."""
    return name.removeprefix("u_").replace("_", " ").strip().capitalize()
