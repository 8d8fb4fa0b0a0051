"""Clock and time zones for GlideDateTime: milliseconds since 1970 (UTC) in, text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from ..transaction import Transaction

STAMP = "%Y-%m-%d %H:%M:%S"

# SimpleDateFormat letters that getByFormat understands.
_FORMAT = (
    ("yyyy", "%Y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("hh", "%I"),
    ("mm", "%M"), ("ss", "%S"), ("a", "%p"), ("EEEE", "%A"), ("EEE", "%a"),
)  # fmt: skip


def zone_of(transaction: Transaction) -> ZoneInfo:
    """The session user's time zone, else the instance's, else UTC."""
    name = transaction.session.user.time_zone or transaction.instance.property("glide.sys.default.tz") or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _local(transaction: Transaction, ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone_of(transaction))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def now(transaction: Transaction) -> int:
    return _ms(transaction.instance.clock())


def parse(_: Transaction, stamp: str) -> int | None:
    try:
        return _ms(datetime.strptime(stamp, STAMP).replace(tzinfo=UTC))
    except ValueError:
        return None


def displayed(transaction: Transaction, ms: float) -> str:
    return _local(transaction, ms).strftime(STAMP)


def from_displayed(transaction: Transaction, text: str) -> int | None:
    try:
        return _ms(datetime.strptime(text, STAMP).replace(tzinfo=zone_of(transaction)))
    except ValueError:
        return None


def offset(transaction: Transaction, ms: float) -> int:
    found = _local(transaction, ms).utcoffset() or timedelta()
    return round(found.total_seconds() * 1000)


def is_dst(transaction: Transaction, ms: float) -> bool:
    return bool(_local(transaction, ms).dst())


def add_local_days(transaction: Transaction, ms: float, days: int) -> int:
    return _ms(_local(transaction, ms) + timedelta(days=days))


def formatted(_: Transaction, ms: float, pattern: str) -> str:
    moment, out = datetime.fromtimestamp(ms / 1000, UTC), ""
    while pattern:
        for letters, directive in _FORMAT:
            if pattern.startswith(letters):
                out, pattern = out + moment.strftime(directive), pattern[len(letters) :]
                break
        else:
            out, pattern = out + pattern[0], pattern[1:]
    return out


def ago(transaction: Transaction, seconds: float) -> str:
    return (transaction.instance.clock() - timedelta(seconds=seconds)).astimezone(UTC).strftime(STAMP)


def day_edge(transaction: Transaction, days: int, end: bool) -> str:
    """Start or end of the day `days` from today in the user's time zone, as UTC."""
    local = transaction.instance.clock().astimezone(zone_of(transaction)) + timedelta(days=days)
    edge = local.replace(hour=23, minute=59, second=59) if end else local.replace(hour=0, minute=0, second=0)
    return edge.astimezone(UTC).strftime(STAMP)


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "now": now,
    "parse": parse,
    "displayed": displayed,
    "fromDisplayed": from_displayed,
    "offset": offset,
    "isDst": is_dst,
    "addLocalDays": add_local_days,
    "formatted": formatted,
    "ago": ago,
    "dayEdge": day_edge,
}
