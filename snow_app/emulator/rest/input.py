"""Values of a JSON body as stored values: plain, or the way a person would type them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from snow_app.emulator.dictionary import DATE_TIME_TYPES
from snow_app.emulator.display import strftime_of
from snow_app.emulator.instance import Column, Session
from snow_app.emulator.query.moments import stored, zone
from snow_app.emulator.values import text


def plain_input(_session: Session, _table: str, _column: Column, value: Any) -> str:
    """Stored values; an object in the shape of an answer (`{"value": …}`) counts as its value."""
    if isinstance(value, dict):
        return text(value.get("value", ""))
    return text(value)


def display_input(session: Session, _table: str, column: Column, value: Any) -> str:
    """`sysparm_input_display_value=true`: labels, names of referenced records, times in the user's zone and format."""
    typed = plain_input(session, _table, column, value)
    if not typed:
        return typed
    if column.reference and session.instance.dictionary.table(column.reference) and column.type != "glide_list":
        return _referenced(session, column, typed)
    if column.choices:
        return next((choice.value for choice in column.choices if choice.label.lower() == typed.lower()), typed)
    if column.type in DATE_TIME_TYPES:
        return _moment(session, typed)
    return typed


def _referenced(session: Session, column: Column, typed: str) -> str:
    records, table = session.instance.records, column.reference
    if column.reference_key or records.get(table, typed):
        return typed
    shown = session.instance.dictionary.display_column(table)
    for name in (shown, "user_name", "name"):
        if name in session.instance.dictionary.columns(table):
            found = records.first(table, **{name: typed})
            if found:
                return found["sys_id"]
    return typed


def _moment(session: Session, typed: str) -> str:
    user = session.user
    formats = (f"{strftime_of(user.date_format)} {strftime_of(user.time_format)}", "%Y-%m-%d %H:%M:%S")
    for pattern in formats:
        try:
            local = datetime.strptime(typed, pattern).replace(tzinfo=zone(user.time_zone))
        except ValueError:
            continue
        return stored(local.astimezone(UTC))
    return typed
