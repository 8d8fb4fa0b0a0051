"""Schedules as an instance keeps them: ``cmn_schedule``, its entries (``cmn_schedule_span``) and the schedules it
includes or excludes (``cmn_other_schedule``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from snow_app.emulator.model import Row

from .schedule import Schedule, Span

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance

MAX_DEPTH = 5
"""How deep schedules may include others."""

_FORMS = ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M:%S")


def schedule_of(instance: Instance, sys_id: str, zone: ZoneInfo) -> Schedule:
    """The schedule of this sys_id; always open when there is none. `zone` is where a schedule without a zone lies."""
    row = instance.records.get("cmn_schedule", sys_id) if sys_id else None
    if row is None:
        return Schedule(zone=zone, always=True)
    own = zone_of(row.get("time_zone", "")) or zone
    return Schedule(spans=tuple(_spans(instance, row["sys_id"], own, MAX_DEPTH)), zone=own)


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name, None when it is empty, floating or unknown."""
    try:
        return ZoneInfo(name) if name and name != "floating" else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _spans(instance: Instance, schedule: str, zone: ZoneInfo, depth: int) -> Iterator[Span]:
    for row in instance.records.all("cmn_schedule_span", schedule=schedule):
        span = _span(row)
        if span is not None:
            yield span
    for link in instance.records.all("cmn_other_schedule", schedule=schedule) if depth else ():
        child = instance.records.get("cmn_schedule", link["child_schedule"])
        if child is None:
            continue
        own = zone_of(child.get("time_zone", "")) or zone
        for span in _spans(instance, child["sys_id"], own, depth - 1):
            excluded = span.excluded or link["type"] == "excluded" or child.get("type") == "excluded"
            yield replace(span, excluded=excluded, zone=span.zone or own)


def _span(row: Row) -> Span | None:
    """An entry; None when its times are no times. An end at 23:59:59 means the end of the day."""
    start, zone = _local(row["start_date_time"])
    end, _ = _local(row["end_date_time"])
    if start is None or end is None:
        return None
    if row["all_day"] == "true":
        start, end = start.replace(hour=0, minute=0, second=0), end.replace(hour=23, minute=59, second=59)
    if (end.hour, end.minute, end.second) == (23, 59, 59):
        end += timedelta(seconds=1)
    if end <= start:
        return None
    return Span(
        start=start,
        end=end,
        repeat=row["repeat_type"],
        every=max(1, int(float(row["repeat_count"] or 1))),
        days=frozenset(int(day) for day in row["days_of_week"] if day in "1234567"),
        until=_day(row["repeat_until"]),
        excluded=row["type"] == "exclude" or row["type"] == "excluded",
        zone=zone,
    )


def _local(text: str) -> tuple[datetime | None, ZoneInfo | None]:
    """A schedule_date_time, `yyyyMMddTHHmmss` as its schedule's clock shows it; a trailing Z means UTC."""
    for form in _FORMS:
        try:
            found = datetime.strptime(text.rstrip("Z"), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return found.replace(tzinfo=None), ZoneInfo("UTC") if text.endswith("Z") else None
    return None, None


def _day(text: str) -> date | None:
    """`yyyyMMdd`, or 0 and empty for no day."""
    digits = text.replace("-", "")
    try:
        return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
