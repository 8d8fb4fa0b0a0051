"""When a scheduled job (``sysauto``) runs next. Times of day are those of the job's time zone, UTC without one.

Source: platform documentation, "Schedule a script execution". Business calendars are not emulated.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import zone

from .host.times import STAMP

FAR: Final = 366 * 9
"""Days looked ahead; 29 February is at most eight years away."""

Fits = Callable[[Row, date], bool]


def next_run(row: Row, since: datetime) -> datetime | None:
    """When a job is due next after `since`; None when never by itself, or when its time is over."""
    kind = row.get("run_type", "")
    if kind == "periodically":
        found = _periodically(row, since)
    elif kind == "once":
        found = moment(row.get("run_start", ""))
        found = found if found and found > since else None
    else:
        fits = _DAYS.get(kind)
        found = _first_after(row, since, fits) if fits else None
    end = moment(row.get("run_end", ""))
    return None if found is None or (end is not None and found > end) else found


def moment(text: str) -> datetime | None:
    """A stored time, None when it is none."""
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _periodically(row: Row, since: datetime) -> datetime | None:
    """Every period, counted from `run_start` when that lies ahead, else from the last run."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    period = (moment(row.get("run_period", "")) or epoch) - epoch
    start = moment(row.get("run_start", ""))
    if not period:
        return None
    return start if start is not None and start > since else since + period


def _first_after(row: Row, since: datetime, fits: Fits) -> datetime | None:
    place = zone(_zone_name(row))
    found = moment(row.get("run_time", ""))
    time = found.time() if found else datetime.min.time()
    day = since.astimezone(place).date()
    for _ in range(FAR):
        candidate = datetime.combine(day, time, place).astimezone(UTC)
        if candidate > since and fits(row, day):
            return candidate
        day += timedelta(days=1)
    return None


def _zone_name(row: Row) -> str:
    name = row.get("time_zone") or row.get("run_as_tz") or ""
    return "" if name == "floating" else name


def _day_of_month(row: Row, day: date) -> bool:
    wanted = int(row.get("run_dayofmonth") or 1)
    return day.day == min(wanted, calendar.monthrange(day.year, day.month)[1])


def _weekday(row: Row, day: date) -> bool:
    return day.isoweekday() == int(row.get("run_dayofweek") or 1)


def _month(row: Row, day: date) -> bool:
    return day.month == int(row.get("run_month") or 1)


def _week_in_month(row: Row, day: date) -> bool:
    return (day.day - 1) // 7 + 1 == int(row.get("run_weekinmonth") or 1) and _weekday(row, day)


_DAYS: Final[Mapping[str, Fits]] = {
    "daily": lambda _row, _day: True,
    "weekly": _weekday,
    "monthly": _day_of_month,
    "day_and_month_in_year": lambda row, day: _month(row, day) and _day_of_month(row, day),
    "week_in_month": _week_in_month,
    "day_week_month_year": lambda row, day: _month(row, day) and _week_in_month(row, day),
}
