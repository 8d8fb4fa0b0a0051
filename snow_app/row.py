"""One row as the Table API answers it, free of the library's own value type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from snow_app.errors import UnsafeQuery

_DATE_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row: `values` as stored, `displays` as people see them; both plain strings, absent columns are absent."""

    table: str
    sys_id: str
    values: Mapping[str, str] = field(repr=False)
    displays: Mapping[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        """The stored value, empty when the column is empty, hidden or was not asked for."""
        return self.values.get(column, "")

    def display(self, column: str) -> str:
        return self.displays.get(column, "")

    def true(self, column: str) -> bool:
        return self[column] == "true"

    def time(self, column: str) -> datetime | None:
        """A date-time column as aware UTC, None when empty."""
        stored = self[column]
        return datetime.strptime(stored, _DATE_TIME).replace(tzinfo=UTC) if stored else None


def record(table: str, answered: Mapping[str, Any]) -> Record:
    """A `Record` from one object of an answer with ``sysparm_display_value=all`` (pairs) or ``false`` (strings)."""
    values: dict[str, str] = {}
    displays: dict[str, str] = {}
    for column, cell in answered.items():
        pair = cell if isinstance(cell, Mapping) else {"value": cell, "display_value": cell}
        stored, shown = pair.get("value"), pair.get("display_value")
        values[column] = _text(stored if stored is not None else shown)
        displays[column] = _text(shown if shown is not None else stored)
    return Record(table=table, sys_id=values.get("sys_id", ""), values=values, displays=displays)


def same(stored: str, wanted: str) -> bool:
    """Whether the platform holds what was sent; line ends and blank ends do not count."""
    return stored == wanted or _settled(stored) == _settled(wanted)


def _settled(value: str) -> str:
    return value.replace("\r\n", "\n").rstrip()


def date_time(moment: datetime) -> str:
    """A moment as the platform stores it: UTC, without a zone. Raises UnsafeQuery for a moment without one."""
    if moment.tzinfo is None:
        raise UnsafeQuery("A moment needs a time zone: the platform stores UTC.")
    return moment.astimezone(UTC).strftime(_DATE_TIME)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
