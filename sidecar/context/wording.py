"""Moments and counts as people read them, in English whatever the machine's language is."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from sidecar.context.masking import clean

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_PIECES = 10**9
_TIMES = {1: "once", 2: "twice"}
_LONGEST_WORD = 40


def day(moment: date, today: date, *, month_first: bool = False) -> str:
    """``18 Nov`` or ``Nov 18``; with the year when it is not this one."""
    month = _MONTHS[moment.month - 1]
    text = f"{month} {moment.day}" if month_first else f"{moment.day} {month}"
    if moment.year == today.year:
        return text
    return f"{text}, {moment.year}" if month_first else f"{text} {moment.year}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 day``, ``3 days``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def times(number: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return _TIMES.get(number, f"{number} times")


def ago(moment: datetime, now: datetime) -> str:
    """``26 min ago``, ``3 h ago``, ``2 days ago``; ``just now`` below 90 seconds, also for the future."""
    seconds = int((now - moment).total_seconds())
    if seconds < 90:
        return "just now"
    if seconds < 90 * 60:
        return f"{max(2, round(seconds / 60))} min ago"
    if seconds < 36 * 3600:
        return f"{round(seconds / 3600)} h ago"
    return f"{counted(round(seconds / 86400), 'day')} ago"


def instant(moment: datetime | None) -> str | None:
    """``2026-11-22T10:15:02Z`` (RFC 3339, UTC, whole seconds)."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(value: object) -> datetime | None:
    """A custom attribute as a moment, however it was typed: a datetime or ISO 8601 text; without a zone it is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def zone(name: str) -> tzinfo:
    """The IANA time zone, or UTC when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC


def word(value: object) -> str:
    """An upstream enumeration in one spelling: ``Part-Shipped`` and ``part_shipped`` are the same word."""
    return _word(value) if isinstance(value, str) and len(value) <= _LONGEST_WORD else _spelled(value)


def _spelled(value: object) -> str:
    return clean(value, _LONGEST_WORD).lower().replace("-", "_").replace(" ", "_")


# A tenant has a few dozen of these words, and one answer asks for them a hundred times.
_word = lru_cache(maxsize=512)(_spelled)


def label(value: object) -> str:
    """An enumeration nobody here knows, as readable text: the raw words, at most 40 characters."""
    raw = clean(value, 40)
    text = raw.replace("_", " ").strip() or raw
    return text[:1].upper() + text[1:]


def pieces(quantity: Decimal) -> int | float:
    """A quantity as a JSON number: an integer when it is whole, 0 when it is none at all."""
    if not quantity.is_finite() or abs(quantity) > _MOST_PIECES:
        return 0
    return int(quantity) if quantity == quantity.to_integral_value() else float(round(quantity, 3))
