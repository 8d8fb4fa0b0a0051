"""What a person reads for a stored value: names of referenced records, labels, times in their own zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from snow_app.emulator.dictionary import DATE_TIME_TYPES, JOURNAL_TYPES
from snow_app.emulator.model import Column, Row, User
from snow_app.emulator.query.moments import STORED, zone
from snow_app.emulator.values import duration_text

if TYPE_CHECKING:
    from snow_app.emulator.records import Records

SECRET_TYPES = frozenset({"password", "password2"})
MASK = "********"

_LETTERS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S", "a": "%p"}

_JOURNALS = """
    SELECT j.sys_created_on, COALESCE(NULLIF(u.name, ''), j.sys_created_by), j.element, j.value
    FROM sys_journal_field j LEFT JOIN sys_user u ON u.user_name = j.sys_created_by
    WHERE j.element_id = ? ORDER BY j.sys_created_on DESC, j.rowid DESC"""


def strftime_of(pattern: str) -> str:
    """A platform date format as Python's: `dd.MM.yyyy HH:mm` → `%d.%m.%Y %H:%M`."""
    for letters, code in _LETTERS.items():
        pattern = pattern.replace(letters, code)
    return pattern


class Display:
    """Display values for one user. It remembers names it looked up: make one per answer, not per instance."""

    def __init__(self, records: Records, user: User) -> None:
        self._records, self._dictionary, self._user = records, records.dictionary, user
        self._zone = zone(user.time_zone)
        self._date = strftime_of(user.date_format)
        self._moment = f"{self._date} {strftime_of(user.time_format)}"
        self._names: dict[tuple[str, str], str] = {}
        self._by_type: dict[str, Callable[[str], str]] = {
            **dict.fromkeys(DATE_TIME_TYPES, self.moment),
            **dict.fromkeys(SECRET_TYPES, lambda _: MASK),
            "glide_date": self._day,
            "glide_duration": duration_text,
            "sys_class_name": self._class,
        }

    def value(self, table: str, column: Column, row: Row) -> str:
        """The display value of a column of a row."""
        stored = row.get(column.name, "")
        kind = column.type
        if kind in JOURNAL_TYPES:
            return self.journal(row.get("sys_id", ""), column)
        if stored == "":
            return ""
        if column.reference:
            parts = stored.split(",") if kind == "glide_list" else [stored]
            return ", ".join(self.name(column.reference, part, column.reference_key) for part in parts)
        if column.choices:
            return self._dictionary.choice_label(table, column.name, stored, row.get(column.dependent, ""))
        shown = self._by_type.get(kind)
        return shown(stored) if shown else stored

    def name(self, table: str, value: str, key: str = "") -> str:
        """The display value of a referenced record, empty when it is gone."""
        known = self._names.get((table, value))
        if known is None:
            known = self._names[table, value] = self._looked_up(table, value, key)
        return known

    def _looked_up(self, table: str, value: str, key: str) -> str:
        if self._dictionary.table(table) is None:
            return value
        row = self._records.first(table, **{key: value}) if key else self._records.get(table, value)
        if row is None:
            return value if value == "global" or key else ""
        column = self._dictionary.columns(table)[self._dictionary.display_column(table)]
        return self.value(table, column, row) if column.name != "sys_id" else value

    def moment(self, stored: str) -> str:
        """A stored UTC time in the user's zone and format."""
        try:
            moment = datetime.strptime(stored, STORED).replace(tzinfo=UTC)
        except ValueError:
            return stored
        return moment.astimezone(self._zone).strftime(self._moment)

    def _class(self, stored: str) -> str:
        found = self._dictionary.table(stored)
        return found.label if found else stored

    def _day(self, stored: str) -> str:
        try:
            return datetime.strptime(stored[:10], "%Y-%m-%d").strftime(self._date)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return stored

    def journal(self, sys_id: str, column: Column) -> str:
        """Every entry of a journal, newest first, the way the platform joins them."""
        labels = {name: found.label for name, found in self._dictionary.columns(column.table).items()}
        texts = []
        for entry in self._records.store.rows(_JOURNALS, (sys_id,)):
            created, author, element, text = map(str, entry)
            if column.type == "journal_list" or element == column.name:
                title = f"{self.moment(created)} - {author} ({labels.get(element, element)})"
                texts.append(f"{title}\n{text}\n\n")
        return "".join(texts)
