"""How values of each column type are stored: everything is a string, whatever JSON said."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from snow_app.emulator.dictionary import DATE_TIME_TYPES, NUMERIC_TYPES
from snow_app.emulator.model import Column
from snow_app.emulator.query.moments import STORED
from snow_app.emulator.store import Value

_TRUE = frozenset({"true", "1", "yes", "on"})
_DURATION = re.compile(r"^(?:(\d+) )?(\d{1,2}):(\d{2}):(\d{2})$")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - durations are counted on a calendar without zones
_UNBOUNDED = re.compile(r"script|html|xml|json|journal|conditions|condition_string|email|wiki|variables")


def text(value: Any) -> str:
    """A JSON value as the platform's string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(text(part) for part in value)
    # Half of a surrogate pair is no character; JSON can carry one, a database cannot.
    return str(value).encode("utf-8", "replace").decode()


def stored(column: Column, value: str) -> str:
    """A written value as this column keeps it: empty when the type cannot hold it, cut at its maximum length."""
    if column.type == "boolean":
        return "true" if value.strip().lower() in _TRUE else "false"
    kept = _KEPT.get(column.type)
    if kept is not None:
        return kept(value) if value else ""
    if column.reference or _UNBOUNDED.search(column.type) or column.max_length <= 0:
        return value
    return value[: column.max_length]


def bound(column: Column, value: str) -> Value:
    """A value as SQL compares it with this column: numbers as numbers."""
    if column.type in NUMERIC_TYPES:
        return number(value)
    if column.type == "boolean" and value:
        return stored(column, value)
    return value


def number(value: str) -> Value:
    """The number a text means, as far as a database can hold it; the text itself when it is none."""
    for kind in (int, float):
        try:
            found = kind(value)
        except (ValueError, OverflowError):
            continue
        if isinstance(found, float) or abs(found) < 2**63:
            return found
    return value


def _whole(value: str) -> str:
    found = _finite(value)
    return "" if found is None else str(int(found))


def _decimal(value: str) -> str:
    found = _finite(value.replace(",", ""))
    return "" if found is None else str(found)


def _finite(value: str) -> int | float | None:
    found = number(value)
    return found if isinstance(found, (int, float)) and math.isfinite(found) else None


def _moment(value: str) -> str:
    trimmed = value.strip().replace("T", " ")
    try:
        if len(trimmed) == 10:
            return date.fromisoformat(trimmed).isoformat() + " 00:00:00"
        return datetime.strptime(trimmed, STORED).strftime(STORED)  # noqa: DTZ007 - stored values are UTC by definition
    except ValueError:
        return ""


def _duration(value: str) -> str:
    """Durations are moments counted from 1970-01-01."""
    found = _DURATION.match(value)
    if found is None:
        return _moment(value)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return (_EPOCH + length).strftime(STORED)


_WHOLE_TYPES = frozenset({"integer", "longint", "long", "order_index"})

_KEPT: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(NUMERIC_TYPES, _decimal),
    **dict.fromkeys(_WHOLE_TYPES, _whole),
    **dict.fromkeys(DATE_TIME_TYPES, _moment),
    "glide_date": lambda value: _moment(value)[:10],
    "glide_duration": _duration,
}


def seconds_of(value: str) -> int:
    """The seconds of a stored duration; none for what is not one."""
    try:
        return int((datetime.strptime(value, STORED) - _EPOCH).total_seconds())  # noqa: DTZ007
    except ValueError:
        return 0


def duration_of(length: timedelta) -> str:
    """A length of time as it is stored."""
    return (_EPOCH + length).strftime(STORED)


def duration_text(value: str) -> str:
    """What a person reads for a stored duration: `1 Day 2 Hours 30 Minutes`."""
    try:
        seconds = int((datetime.strptime(value, STORED) - _EPOCH).total_seconds())  # noqa: DTZ007
    except ValueError:
        return value
    parts = []
    for unit, length in (("Day", 86400), ("Hour", 3600), ("Minute", 60), ("Second", 1)):
        amount, seconds = divmod(seconds, length)
        if amount:
            parts.append(f"{amount} {unit}{'s' if amount != 1 else ''}")
    return " ".join(parts) or "0 Seconds"
