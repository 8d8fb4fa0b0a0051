"""Relative dates as computed moments: what ``javascript:gs.daysAgo(7)`` means, without a script in the query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` to just before `end`, both aware. `now` comes from the caller's clock.

    Days, weeks (from Monday) and months begin at midnight in `zone`, which is UTC unless said otherwise.
    """

    start: datetime
    end: datetime

    @classmethod
    def last(cls, span: timedelta, *, now: datetime) -> Self:
        """The `span` before `now`."""
        return cls(start=now - span, end=now)

    @classmethod
    def day(cls, now: datetime, *, zone: tzinfo = UTC, days: int = 0) -> Self:
        """The day of `now`, or the one so many `days` later (earlier when negative)."""
        first = now.astimezone(zone).date() + timedelta(days=days)
        return cls(start=datetime.combine(first, time(), zone), end=datetime.combine(first + _DAY, time(), zone))

    @classmethod
    def week(cls, now: datetime, *, zone: tzinfo = UTC, weeks: int = 0) -> Self:
        """The week of `now`, or the one so many `weeks` later."""
        today = now.astimezone(zone).date()
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
        return cls(
            start=datetime.combine(first, time(), zone), end=datetime.combine(first + timedelta(weeks=1), time(), zone)
        )

    @classmethod
    def month(cls, now: datetime, *, zone: tzinfo = UTC, months: int = 0) -> Self:
        """The month of `now`, or the one so many `months` later."""
        today = now.astimezone(zone).date()
        starts = [divmod(today.year * 12 + today.month - 1 + months + step, 12) for step in (0, 1)]
        start, end = (datetime(year, month + 1, 1, tzinfo=zone) for year, month in starts)
        return cls(start=start, end=end)


_DAY = timedelta(days=1)
