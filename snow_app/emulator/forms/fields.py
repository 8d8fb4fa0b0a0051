"""One field of a form as the page shows it, and what a posted form means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from snow_app.emulator.dictionary import DATE_TIME_TYPES, NUMERIC_TYPES

from .layout import is_wide

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session
    from snow_app.emulator.model import Column, Row

_STORED = "%Y-%m-%d %H:%M:%S"
_KINDS = {
    "boolean": "check", "journal_input": "journal", "glide_date": "date", "password": "secret", "password2": "secret",
    "url": "url", "glide_list": "list", **dict.fromkeys(DATE_TIME_TYPES, "datetime"),
    **dict.fromkeys(NUMERIC_TYPES, "number"),
    **dict.fromkeys(("script", "script_plain", "xml", "json", "css", "html"), "code"),
}  # fmt: skip
_NONE = "-- None --"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`kind` picks the control: text area code check choice reference journal date datetime number secret url list."""

    name: str
    label: str
    kind: str
    value: str
    shown: str
    read_only: bool
    mandatory: bool
    max_length: int
    wide: bool
    choices: tuple[tuple[str, str], ...] = ()
    reference: str = ""

    @property
    def rows(self) -> int:
        """Lines of a text area."""
        if self.kind == "code":
            return min(30, max(3, self.value.count("\n") + 2))
        return 2 if self.kind == "journal" else 3


def field_of(instance: Instance, session: Session, table: str, row: Row, column: Column) -> Field:
    """A column of a record as a field; a field the user may not write is read-only."""
    writable = session.can("write" if row.get("sys_id") else "create", table, row or None, column.name)
    value = row.get(column.name, "")
    kind = kind_of(column)
    settled = column.read_only or not writable or column.name.startswith("sys_")
    shown = "" if kind in ("journal", "secret") else session.display(table, row, column.name)
    return Field(
        name=column.name,
        label=column.label or column.name,
        kind=kind,
        value="" if kind in ("journal", "secret") else value,
        shown=shown,
        # What is shown differently from what is stored (lists, durations, documents) cannot be typed in.
        read_only=settled or kind == "list" or (kind == "text" and shown != value),
        mandatory=column.mandatory,
        max_length=column.max_length,
        wide=is_wide(column),
        choices=tuple(_choices(column, value, shown)),
        reference=column.reference if instance.dictionary.table(column.reference) else "",
    )


def kind_of(column: Column) -> str:
    """The control of a column."""
    if column.choices and column.choice_mode != 2:
        return "choice"
    if column.reference and column.type == "reference":
        return "reference"
    if column.type == "string" and column.max_length > 255:
        return "area"
    return _KINDS.get(column.type, "text")


def _choices(column: Column, value: str, shown: str) -> list[tuple[str, str]]:
    """Options with "-- None --" where the column allows it; a value that is no choice stays choosable."""
    if not column.choices or column.choice_mode == 2:
        return []
    seen: dict[str, str] = {}
    for choice in column.choices:
        seen.setdefault(choice.value, choice.label)
    if value and value not in seen:
        seen[value] = shown or value
    options = list(seen.items())
    return options if column.choice_mode == 3 and value else [("", _NONE), *options]


def posted_changes(
    instance: Instance, session: Session, table: str, row: Row, form: Mapping[str, str]
) -> dict[str, str]:
    """The fields of a posted form that differ from the record. Names are ``table.field``; unknown ones are ignored.

    Raises ValueError, whose text names the field, for a date nobody can read.
    """
    changes = {}
    for column in instance.dictionary.columns(table).values():
        posted = form.get(f"{table}.{column.name}")
        if posted is None:
            continue
        if kind_of(column) in ("datetime", "date") and posted == session.display(table, row, column.name):
            continue
        value = _READERS.get(kind_of(column), _same)(posted.replace("\r\n", "\n"), column, session)
        if value != row.get(column.name, "") and not (value == "" and kind_of(column) in ("journal", "secret")):
            changes[column.name] = value
    return changes


def _same(posted: str, _: Column, __: Session) -> str:
    return posted


def _flag(posted: str, _: Column, __: Session) -> str:
    return "true" if posted in ("true", "on") else "false"


def _moment(posted: str, column: Column, session: Session) -> str:
    """A date and time in the user's time zone as stored."""
    if not posted:
        return ""
    try:
        local = datetime.strptime(posted.strip().replace("T", " "), _STORED)  # noqa: DTZ007 - the zone follows
    except ValueError:
        raise ValueError(f"{column.label}: write the date as yyyy-MM-dd HH:mm:ss") from None
    return local.replace(tzinfo=_zone(session)).astimezone(UTC).strftime(_STORED)


def _zone(session: Session) -> ZoneInfo:
    try:
        return ZoneInfo(session.user.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


_READERS: dict[str, Callable[[str, Column, Session], str]] = {"check": _flag, "datetime": _moment}
