"""Arithmetic over opening hours: how much of a period is open, and when an amount of open time is over.

Spans are given in local time and repeat by local days, so that 08:00 stays 08:00 when the clocks change; answers count
real seconds. Source of the repetitions: platform documentation, "Schedule entry fields".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

Interval = tuple[datetime, datetime]
"""Begin and end, aware UTC; the end is outside."""

WINDOW: Final = timedelta(days=14)
HORIZON: Final = timedelta(days=3660)
"""How far ahead `Schedule.after` looks for open time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period in local time and on which days it comes again. `days` are ISO weekdays, for "weekly" only.

    `repeat` is empty, daily, weekdays, weekends, weekMWF, weekTT, weekly, monthly or yearly; `every` counts the days,
    weeks, months or years between. `until` is the last day it may begin. An excluded span is closed whatever else says
    open.
    """

    start: datetime
    end: datetime
    repeat: str = ""
    every: int = 1
    days: frozenset[int] = frozenset()
    until: date | None = None
    excluded: bool = False
    zone: ZoneInfo | None = None

    def begins_on(self, day: date) -> bool:
        """Whether it comes on this local day."""
        first = self.start.date()
        if day < first or (self.until is not None and day > self.until):
            return False
        return _REPEATS.get(self.repeat, _never_again)(self, first, day)


def _never_again(_: Span, first: date, day: date) -> bool:
    return day == first


def _daily(span: Span, first: date, day: date) -> bool:
    return (day - first).days % span.every == 0


def _weekly(span: Span, first: date, day: date) -> bool:
    weeks = (day - timedelta(days=day.weekday()) - first + timedelta(days=first.weekday())).days // 7
    return day.isoweekday() in (span.days or {first.isoweekday()}) and weeks % span.every == 0


def _monthly(span: Span, first: date, day: date) -> bool:
    months = (day.year - first.year) * 12 + day.month - first.month
    return day.day == first.day and months % span.every == 0


def _yearly(span: Span, first: date, day: date) -> bool:
    return (day.month, day.day) == (first.month, first.day) and (day.year - first.year) % span.every == 0


def _on(*weekdays: int) -> Callable[[Span, date, date], bool]:
    return lambda _span, _first, day: day.isoweekday() in weekdays


_REPEATS: Final[Mapping[str, Callable[[Span, date, date], bool]]] = {
    "daily": _daily,
    "weekdays": _on(1, 2, 3, 4, 5),
    "weekends": _on(6, 7),
    "weekMWF": _on(1, 3, 5),
    "weekTT": _on(2, 4),
    "weekly": _weekly,
    "monthly": _monthly,
    "yearly": _yearly,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Opening hours. Without spans it is never open; `always` is open whatever the spans say."""

    spans: tuple[Span, ...] = ()
    zone: ZoneInfo
    always: bool = False

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much of a period is open; nothing when it ends before it begins."""
        if end <= begin:
            return timedelta()
        return end - begin if self.always else _length(self.open(begin, end))

    def after(self, begin: datetime, amount: timedelta) -> datetime | None:
        """When this much open time has passed; None when that is not within `HORIZON`."""
        if self.always or amount <= timedelta():
            return begin + max(amount, timedelta())
        left, at, last = amount, begin, begin + HORIZON
        while at < last:
            for opened, closed in self.open(at, at + WINDOW):
                if closed - opened >= left:
                    return opened + left
                left -= closed - opened
            at += WINDOW
        return None

    def open(self, begin: datetime, end: datetime) -> list[Interval]:
        """The open parts of a period, in order, apart from each other."""
        opened = _merged(self._occurring(begin, end, excluded=False))
        closed = _merged(self._occurring(begin, end, excluded=True))
        return list(_without(opened, closed)) if closed else opened

    def _occurring(self, begin: datetime, end: datetime, *, excluded: bool) -> Iterator[Interval]:
        for span in self.spans:
            if span.excluded != excluded:
                continue
            zone, length = span.zone or self.zone, span.end - span.start
            day = begin.astimezone(zone).date() - timedelta(days=length.days + 1)
            last = end.astimezone(zone).date()
            while day <= last:
                if span.begins_on(day):
                    start = datetime.combine(day, span.start.time())
                    opens = start.replace(tzinfo=zone).astimezone(UTC)
                    closes = (start + length).replace(tzinfo=zone).astimezone(UTC)
                    if max(opens, begin) < min(closes, end):
                        yield max(opens, begin), min(closes, end)
                day += timedelta(days=1)


def _length(intervals: Iterable[Interval]) -> timedelta:
    return sum((end - begin for begin, end in intervals), timedelta())


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _without(opened: list[Interval], closed: list[Interval]) -> Iterator[Interval]:
    """What is left of the first intervals when the others are cut out."""
    for begin, end in opened:
        at = begin
        for shut, reopened in closed:
            if reopened <= at or shut >= end:
                continue
            if at < shut:
                yield at, shut
            at = max(at, reopened)
        if at < end:
            yield at, end
