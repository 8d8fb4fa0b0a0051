"""Moments relative to the emulator's clock, so that seeded data never grows old.

A dataset may write them as text::

    now            now-26m       now-3h        now+2d         to the minute, hour, day
    today-10d 08:12              a day and its time (UTC)
    today-4d                     a day alone, 2026-11-18
    year-end                     31 December of this year
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

_NOW = re.compile(r"now(?:([+-]\d+)([smhd]))?")
_DAY = re.compile(r"today(?:([+-]\d+)d)?(?: (\d\d:\d\d(?::\d\d)?))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def iso(at: datetime) -> str:
    """A moment as Commerce writes it, such as ``2026-11-12T08:12:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str, now: datetime) -> str:
    """The moment or day a relative text means; any other text unchanged."""
    if match := _NOW.fullmatch(text):
        shift = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match[1] else timedelta()
        return iso(now + shift)
    if match := _DAY.fullmatch(text):
        day = now.astimezone(UTC).date() + timedelta(days=int(match[1] or 0))
        return iso(datetime.combine(day, time.fromisoformat(match[2]), UTC)) if match[2] else day.isoformat()
    if text == "year-end":
        return now.astimezone(UTC).date().replace(month=12, day=31).isoformat()
    return text


def resolved(value: Any, now: datetime) -> Any:
    """A whole document with every relative text in it replaced."""
    if isinstance(value, str):
        return moment(value, now)
    if isinstance(value, Mapping):
        return {name: resolved(part, now) for name, part in value.items()}
    if isinstance(value, list):
        return [resolved(part, now) for part in value]
    return value
