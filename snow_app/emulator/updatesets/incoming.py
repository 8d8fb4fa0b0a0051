"""What the updates of a set mean on this instance: which record each one finds, and what its references resolve to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from snow_app.emulator.errors import NoRecord, Refused
from snow_app.emulator.model import Column, Row, User
from snow_app.emulator.session import Session
from snow_app.emulator.updatesets.document import Entry, recorded
from snow_app.emulator.values import stored

SET = "sys_remote_update_set"

AUDIT: Final = frozenset(
    {
        *("sys_id", "sys_class_name", "sys_created_by", "sys_created_on", "sys_mod_count", "sys_name", "sys_package"),
        *("sys_scope", "sys_update_name", "sys_updated_by", "sys_updated_on"),
    }
)
"""Columns the platform keeps itself; they make no difference between two records."""

COALESCED: Final[dict[str, tuple[str, ...]]] = {
    "sys_db_object": ("name",),
    "sys_dictionary": ("name", "element"),
    "sys_dictionary_override": ("name", "element"),
    "sys_documentation": ("name", "element", "language"),
    "sys_choice_set": ("name", "element"),
    "sys_choice": ("name", "element", "value", "language", "dependent_value"),
    "sys_number": ("category", "prefix"),
    "sys_user_role": ("name",),
    "sys_user_role_contains": ("role", "contains"),
    "sys_security_acl_role": ("sys_security_acl", "sys_user_role"),
    "sys_ui_view": ("name",),
    "sys_ui_section": ("name", "caption", "view"),
    "sys_ui_element": ("sys_ui_section", "element", "position"),
    "sys_rest_message_fn": ("rest_message", "function_name"),
}
"""Records that are known by these columns when their sys_id is not (coalesce keys of the ServiceNow SDK 4.9.0)."""

_SYSTEM = User(
    sys_id="system", user_name="system", name="System", roles=frozenset({"admin", "security_admin", "maint"})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One sys_update_xml row of a set with the records of its payload."""

    row: Row
    entries: tuple[Entry, ...]


def administrator(session: Session) -> None:
    """Raises Refused for anybody else."""
    if not session.has_role("admin"):
        raise Refused("Only an administrator imports, previews and commits update sets.")


def as_system(session: Session, application: str = "") -> Session:
    """The system at work in an application, where the instance has it."""
    return Session(session.instance, _SYSTEM, session.application).within(application)


class Incoming:
    """A retrieved set with its updates. Raises NoRecord when there is none, BadRequest for an unreadable payload."""

    def __init__(self, session: Session, sys_id: str) -> None:
        self.instance = session.instance
        row = self.instance.records.get(SET, sys_id)
        if row is None:
            raise NoRecord
        self.row: Row = row
        rows = self.instance.records.all("sys_update_xml", remote_update_set=sys_id)
        rows.sort(key=lambda one: one["name"])
        self.updates = tuple(Update(row=one, entries=recorded(one["payload"])) for one in rows)
        brought = [entry for update in self.updates for entry in update.entries]
        self._brought = {entry.sys_id: entry for entry in brought}
        self._tables = {entry.values.get("name", "") for entry in brought if entry.table == "sys_db_object"}

    def known_table(self, name: str) -> bool:
        """Whether the instance has a table, or will have it once the set is committed."""
        return name in self._tables or self.instance.dictionary.table(name) is not None

    def brings(self, sys_id: str) -> bool:
        return sys_id in self._brought

    def target(self, entry: Entry) -> Row | None:
        """The stored record an entry is about: by sys_id, else by the columns its table is known by."""
        if self.instance.dictionary.table(entry.table) is None:
            return None
        found = self.instance.records.get(entry.table, entry.sys_id)
        if found is None and entry.table in COALESCED:
            key = {column: self.value(entry, column) for column in COALESCED[entry.table]}
            found = self.instance.records.first(entry.table, **key) if any(key.values()) else None
        return found

    def value(self, entry: Entry, name: str) -> str:
        """A column as this instance stores it. A reference to a sys_id it does not have follows the record of the set
        that has this sys_id, else the reference's other keys."""
        value = entry.values.get(name, "")
        column = self.instance.dictionary.columns(entry.table).get(name)
        if column is None:
            return value
        if not column.reference or not value or self._has(column.reference, value):
            return stored(column, value)
        brought = self._brought.get(value)
        found = self.target(brought) if brought and brought is not entry else None
        found = found or self._named(column, entry.keys.get(name, {}))
        return found["sys_id"] if found else value

    def differing(self, entry: Entry, row: Row) -> Row:
        """The columns that would change in a stored record, with their new values."""
        columns = self.instance.dictionary.columns(entry.table)
        values = {name: self.value(entry, name) for name in entry.values if name in columns and name not in AUDIT}
        return {name: value for name, value in values.items() if row.get(name, "") != value}

    def missing(self, entry: Entry) -> Iterator[tuple[str, str, str]]:
        """(column, table, sys_id) of references that lead nowhere, now or after the commit."""
        for name, column in self.instance.dictionary.columns(entry.table).items():
            value = self.value(entry, name)
            if name in AUDIT or not value or column.type == "glide_list" or not column.reference:
                continue
            if self.brings(value) or self.instance.dictionary.table(column.reference) is None:
                continue
            if not column.reference_key and not self._has(column.reference, value):
                yield name, column.reference, value

    def _has(self, table: str, sys_id: str) -> bool:
        known = self.instance.dictionary.table(table) is not None
        return known and self.instance.records.get(table, sys_id) is not None

    def _named(self, column: Column, keys: Mapping[str, str]) -> Row | None:
        columns = self.instance.dictionary.columns(column.reference)
        wanted = {name: value for name, value in keys.items() if name in columns and value}
        return self.instance.records.first(column.reference, **wanted) if wanted else None
