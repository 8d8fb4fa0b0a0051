"""Moments in encoded queries and default values: ``javascript:gs.daysAgoStart(3)`` and relative units.

A day begins where the user's time zone says; the answer is UTC, `yyyy-MM-dd HH:mm:ss`, as values are stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STORED = "%Y-%m-%d %H:%M:%S"

_CALL = re.compile(r"^\s*(?:gs\.)?(\w+)\(([^)]*)\)\s*;?\s*$")


def stored(moment: datetime) -> str:
    """A moment the way the platform stores it."""
    return moment.astimezone(UTC).strftime(STORED)


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC when there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def shifted(moment: datetime, unit: str, amount: int) -> datetime:
    """A moment moved by calendar units: minute, hour, day, week, month, quarter, year."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months is None:
        return moment + timedelta(**{f"{unit}s": amount})
    total = moment.year * 12 + moment.month - 1 + months * amount
    year, month = divmod(total, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(f"no such month: {year}-{month + 1}")


def started(moment: datetime, unit: str) -> datetime:
    """The beginning of the unit a moment lies in; weeks begin on Monday."""
    if unit == "minute":
        return moment.replace(second=0, microsecond=0)
    if unit == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1),
        "year": day.replace(day=1, month=1),
    }[unit]


def _ended(start: datetime, unit: str, length: int = 1) -> datetime:
    return shifted(start, unit, length) - timedelta(seconds=1)


PARTS: dict[str, Callable[[datetime], int]] = {
    "dayofweek": lambda local: local.isoweekday() % 7 + 1,
    "month": lambda local: local.month,
    "quarter": lambda local: (local.month + 2) // 3,
    "year": lambda local: local.year,
    "week": lambda local: int(local.strftime("%U")),
    "hour": lambda local: local.hour,
}
"""Parts of a date as numbers: days of the week from Sunday = 1, weeks of the year from the first Sunday on."""


def part_of(written: str, part: str, time_zone: str) -> int | None:
    """A part of a stored date or moment as it is in a time zone; None when it is none."""
    try:
        moment = datetime.strptime(f"{written} 00:00:00"[:19], STORED).replace(tzinfo=UTC)
        return PARTS[part](moment.astimezone(zone(time_zone)))
    except (ValueError, KeyError, OverflowError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads `gs` expressions for one user at one moment."""

    now: datetime
    time_zone: str
    user_id: str
    user_name: str
    groups: Callable[[], tuple[str, ...]] = tuple
    """The sys_ids of the groups the user is a member of."""

    def local(self) -> datetime:
        return self.now.astimezone(zone(self.time_zone))

    def value(self, expression: str) -> str | None:
        """The value of a `gs` call, None when it is not one of those known here. Takes it without `javascript:`."""
        found = _CALL.match(expression)
        if found is None:
            return None
        name, raw = found.groups()
        arguments = [part.strip().strip("'\"") for part in raw.split(",")] if raw.strip() else []
        call = _CALLS.get(name) or _named_period(name)
        try:
            return call(self, arguments) if call else None
        except (ValueError, IndexError, KeyError, OverflowError):
            return None


Call = Callable[[Reader, list[str]], str]


def _ago(unit: str, edge: str = "") -> Call:
    def value(reader: Reader, arguments: list[str]) -> str:
        moment = shifted(reader.local(), unit, -int(arguments[0]))
        if edge:
            moment = started(moment, unit)
        return stored(_ended(moment, unit) if edge == "End" else moment)

    return value


def _period(edge: str, offset: int, unit: str) -> Call:
    def value(reader: Reader, _: list[str]) -> str:
        start = shifted(started(reader.local(), unit), unit, offset)
        return stored(start if edge == "beginning" else _ended(start, unit))

    return value


def _named_period(name: str) -> Call | None:
    """beginningOfLastMonth, endOfYesterday, beginningOfLast7Days."""
    found = re.match(r"(beginning|end)Of(Today|Yesterday|Tomorrow|(This|Last|Next)(\w+))$", name)
    if found is None:
        return None
    edge, whole, which, what = found.groups()
    days = {"Today": 0, "Yesterday": -1, "Tomorrow": 1}
    if whole in days:
        return _period(edge, days[whole], "day")
    several = re.match(r"(\d+)(Minutes|Hours|Days|Months|Years)$", what)
    if several:
        unit = several[2].lower()[:-1]
        return _period(edge, -int(several[1]) if edge == "beginning" else 0, unit)
    unit = what.lower()
    if unit not in ("minute", "hour", "day", "week", "month", "quarter", "year"):
        return None
    return _period(edge, {"This": 0, "Last": -1, "Next": 1}[which], unit)


def _generated(reader: Reader, arguments: list[str]) -> str:
    day, time = (*arguments, "start")[:2]
    clock = {"start": "00:00:00", "end": "23:59:59"}.get(time, time)
    local = datetime.strptime(f"{day} {clock}", STORED).replace(tzinfo=zone(reader.time_zone))
    return stored(local)


_CALLS: dict[str, Call] = {
    "getUserID": lambda reader, _: reader.user_id,
    "getUserName": lambda reader, _: reader.user_name,
    "now": lambda reader, _: reader.local().strftime("%Y-%m-%d"),
    "nowDateTime": lambda reader, _: stored(reader.now),
    "nowNoTZ": lambda reader, _: stored(reader.now),
    "dateGenerate": _generated,
    "datePart": lambda _, arguments: "@".join(arguments),
    "getMyGroups": lambda reader, _: ",".join(reader.groups()),
    **{
        f"{unit}sAgo{edge}": _ago(unit, edge)
        for unit in ("minute", "hour", "day", "week", "month", "quarter", "year")
        for edge in ("", "Start", "End")
    },
}
