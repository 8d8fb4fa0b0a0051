"""Scheduled script executions (``sysauto_script``) and jobs a script starts with gs.executeNow.

Daily, weekly, monthly, periodic and one-time jobs run when their time has come; "on demand" only when asked for.
A job that was due several times while nobody looked runs once. Last runs are kept in memory: a job counts its
time from when this instance first saw it. Times are UTC, as stored.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from snow_app.emulator.model import Row

from .errors import Place
from .host.times import STAMP

if TYPE_CHECKING:
    from .engine import ScriptEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Jobs:
    def __init__(self, scripts: ScriptEngine) -> None:
        self._scripts = scripts
        self._last: dict[str, datetime] = {}

    def due(self, now: datetime) -> None:
        """Run each active job whose next time lies at or before `now`."""
        for row in self._scripts.system.query("sysauto_script", "active=true", acl=False):
            since = self._last.setdefault(row["sys_id"], now)
            following = next_run(row, since)
            if following is not None and following <= now:
                self._last[row["sys_id"]] = now
                self._run(row)

    def execute_later(self, sys_id: str) -> None:
        """Run a job with the next pending work, whatever its schedule."""
        self._scripts.instance.defer(lambda: self._run_one(sys_id))

    def _run_one(self, sys_id: str) -> None:
        row = self._scripts.system.get("sysauto_script", sys_id, acl=False)
        if row is not None:
            self._run(row)

    def _run(self, row: Row) -> None:
        system = self._scripts.system
        scope = self._scripts.scope_name(row.get("sys_scope", ""))
        place = Place(table="sysauto_script", sys_id=row["sys_id"], name=row.get("name", ""))
        if row.get("conditional") == "true" and row.get("condition"):
            condition = Place(table="sysauto_script", sys_id=row["sys_id"], name=row.get("name", ""), field="condition")
            if not self._scripts.condition_holds(system, row["condition"], condition, scope):
                return
        self._scripts.run_script(system, row.get("script", ""), place, scope)


def next_run(row: Row, since: datetime) -> datetime | None:
    """When a job is due next after `since`; None when never by itself."""
    schedule = _SCHEDULES.get(row.get("run_type", ""))
    return schedule(row, since) if schedule else None


def _stamp(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _time_of_day(row: Row) -> timedelta:
    """`run_time` is stored as a date and time of 1970."""
    found = _stamp(row.get("run_time", ""))
    return timedelta(hours=found.hour, minutes=found.minute, seconds=found.second) if found else timedelta()


def _periodically(row: Row, since: datetime) -> datetime | None:
    period = (_stamp(row.get("run_period", "")) or _EPOCH) - _EPOCH
    return since + period if period else None


def _once(row: Row, since: datetime) -> datetime | None:
    start = _stamp(row.get("run_start", ""))
    return start if start and start > since else None


def _daily(row: Row, since: datetime) -> datetime:
    return _first_after(since, _time_of_day(row), lambda _: True)


def _weekly(row: Row, since: datetime) -> datetime:
    wanted = int(row.get("run_dayofweek") or 1)
    return _first_after(since, _time_of_day(row), lambda day: day.isoweekday() == wanted)


def _monthly(row: Row, since: datetime) -> datetime:
    wanted = int(row.get("run_dayofmonth") or 1)
    return _first_after(
        since, _time_of_day(row), lambda day: day.day == min(wanted, calendar.monthrange(day.year, day.month)[1])
    )


def _first_after(since: datetime, time_of_day: timedelta, fits: Callable[[datetime], bool]) -> datetime:
    day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    while not fits(day) or day + time_of_day <= since:
        day += timedelta(days=1)
    return day + time_of_day


_SCHEDULES = {
    "periodically": _periodically,
    "once": _once,
    "daily": _daily,
    "weekly": _weekly,
    "monthly": _monthly,
}
