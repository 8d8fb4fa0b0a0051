"""Single values of upstream documents, read strictly: each function raises ValueError for what it cannot be.

`tolerant` turns that into None, for custom attributes, whose type every tenant chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

# Control characters except tab and line feed, and lone surrogates, which no encoder accepts.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Beyond these an amount is no money, and printing it would need megabytes.
_LARGEST_EXPONENT = 15


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")  # noqa: TRY004 - one error type for every misreading
    return _UNPRINTABLE.sub("", value)


def texts(value: Any) -> dict[str, str]:
    """Text by name; a null among them is left out."""
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004
    return {text(name): text(entry) for name, entry in value.items() if entry is not None}


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")  # noqa: TRY004
    return value


def number(value: Any) -> Decimal:
    """An exact number of at most sixteen digits before and after the point."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError("not a number")  # noqa: TRY004
    exact = Decimal(value)
    if not exact.is_finite() or exact.adjusted() > _LARGEST_EXPONENT or int(exact.as_tuple().exponent) < -16:
        raise ValueError("not a plausible number")
    return exact


def whole(value: Any) -> int:
    exact = number(value)
    if exact != exact.to_integral_value():
        raise ValueError("not a whole number")
    return int(exact)


def moment(value: Any) -> datetime:
    """An ISO 8601 moment in UTC; one without an offset is taken as UTC, a bare date as its first second."""
    parsed = _parsed(value)
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a moment") from error


def day(value: Any) -> date:
    """The calendar day as written, in whatever zone it was written."""
    return _parsed(value).date()


def _parsed(value: Any) -> datetime:
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("not a date")
    if len(value) == 10:
        return datetime.combine(date.fromisoformat(value), time())
    return datetime.fromisoformat(value)


def web_address(value: Any) -> str:
    """A link an agent may follow: http or https with a host, nothing else."""
    address = text(value).strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("not a web address")
    return address


def tolerant(read: Callable[[Any], T], value: Any) -> T | None:
    """The value as `read` gives it, None when it is absent, empty or of another kind."""
    if value is None or value == "":
        return None
    try:
        return read(value)
    except ValueError:
        return None


def number_or_digits(value: Any) -> Decimal:
    """A number, also when a tenant keeps it as text."""
    if isinstance(value, str):
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value, re.ASCII):
            raise ValueError("not a number")
        value = Decimal(value)
    return number(value)


def whole_or_digits(value: Any) -> int:
    return whole(number_or_digits(value))
