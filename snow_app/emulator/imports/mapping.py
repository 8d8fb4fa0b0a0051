"""What a source value becomes in a target column: a reference, a choice, a date, or itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from snow_app.emulator.dictionary import DATE_TIME_TYPES
from snow_app.emulator.display import strftime_of
from snow_app.emulator.instance import Column, Row, Session
from snow_app.emulator.query.moments import stored, zone

CLEAR = "NULL"
"""The source value that empties a target field. Source: product documentation fluent-import-sets-api."""

Agreed = Callable[[str, str], bool]
"""Whether a record or choice may be created: event (onForeignInsert, onChoiceCreate) and value."""


class Rejected(Exception):  # noqa: N818 - what happened to the row
    """A field map with the choice action *reject* met a value that its target does not know."""


class Mapping:
    """Values for one target table, as one user. `agreed` is asked before a record or choice is made."""

    def __init__(self, session: Session, table: str, agreed: Agreed) -> None:
        self._session, self._table, self._agreed = session, table, agreed
        self._columns = session.instance.dictionary.columns(table)

    def value(self, entry: Row, given: str) -> str | None:
        """The value to store, or CLEAR; None leaves the field alone. Raises Rejected."""
        column = self._columns.get(entry["target_field"])
        if column is None:
            return None
        if given in ("", CLEAR):
            return given
        if column.reference and column.type != "glide_list" and not column.reference_key:
            return self._referenced(entry, column, given)
        if column.choice_mode in (1, 3) and column.choices:
            return self._chosen(entry, column, given)
        if column.type == "glide_date" or column.type in DATE_TIME_TYPES:
            return self._moment(column, entry["date_format"], given)
        return given

    def _referenced(self, entry: Row, column: Column, given: str) -> str | None:
        instance, table = self._session.instance, column.reference
        if instance.dictionary.table(table) is None:
            return given
        name = entry["reference_value_field"] or instance.dictionary.display_column(table)
        found = instance.records.get(table, given)
        if found is None and name in instance.dictionary.columns(table):
            found = instance.records.first(table, **{name: given})
        if found is not None:
            return found["sys_id"]
        if not self._creates(entry, given, "onForeignInsert"):
            return None
        return self._session.insert(table, {name: given}, acl=False)["sys_id"]

    def _chosen(self, entry: Row, column: Column, given: str) -> str | None:
        for choice in column.choices:
            if given == choice.value or given.lower() == choice.label.lower():
                return choice.value
        if not self._creates(entry, given, "onChoiceCreate"):
            return None
        choice_row = {"name": column.table, "element": column.name, "value": given, "label": given, "language": "en"}
        self._session.insert("sys_choice", choice_row, acl=False)
        return given

    def _creates(self, entry: Row, given: str, event: str) -> bool:
        if entry["choice_action"] == "reject":
            raise Rejected(f"{entry['target_field']} does not know the value {given}")
        return entry["choice_action"] != "ignore" and self._agreed(event, given)

    def _moment(self, column: Column, pattern: str, given: str) -> str:
        """A day or time in the field map's format, times in the user's time zone; others stay as they are."""
        if not pattern:
            return given
        try:
            local = datetime.strptime(given, strftime_of(pattern.removesuffix(" z")))  # noqa: DTZ007 - zoned below
        except ValueError:
            return given
        if column.type == "glide_date":
            return local.date().isoformat()
        return stored(local.replace(tzinfo=zone(self._session.user.time_zone)).astimezone(UTC))
