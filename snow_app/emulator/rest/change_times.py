"""When a configuration item may be changed, and what stands in a change's way.

A change belongs into the maintenance windows of its item, where it has any, outside of blackouts, and not beside
another active change of the item. Windows are the item's own maintenance schedule and those whose condition it meets.
Source: product documentation c_ConflictDetection. Parents and children of an item are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import STORED, stored, zone
from snow_app.emulator.slas.calendar import schedule_of
from snow_app.emulator.slas.schedule import Interval, Schedule

WINDOW: Final = "change.conflict.next_available.schedule_window"
"""Property: how many days ahead free time is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a change cannot be where it is planned: a choice of conflict.type, with the change or the schedule."""

    type: str
    conflicting_change: str = ""
    schedule: str = ""


def window_days(session: Session) -> int:
    return int(session.instance.property(WINDOW, "90") or 90)


def moment_of(value: str) -> datetime | None:
    """A stored moment; None when there is none."""
    try:
        return datetime.strptime(value, STORED).replace(tzinfo=UTC)
    except ValueError:
        return None


def between(start: datetime, seconds: int) -> datetime:
    """The end of so many seconds."""
    return start + timedelta(seconds=seconds)


def free_spans(session: Session, item: str, seconds: int, *, without: str = "", start: str = "") -> list[Interval]:
    """Spans of at least this length that no active change but `without`, no blackout and no window forbids."""
    now = session.instance.clock().replace(microsecond=0)
    begin = max(now, moment_of(start) or now)
    end = now + timedelta(days=window_days(session))
    windows = [schedule for _, schedule in _schedules(session, item, "cmn_schedule_maintenance")]
    opened = [span for schedule in windows for span in schedule.open(begin, end)] if windows else [(begin, end)]
    blackouts = _schedules(session, item, "cmn_schedule_blackout")
    taken = [span for _, schedule in blackouts for span in schedule.open(begin, end)]
    taken += _planned(session, item, without)
    spans = [free for span in sorted(opened) for free in _left(span, sorted(taken))]
    return [span for span in spans if (span[1] - span[0]).total_seconds() >= max(1, seconds)]


def _left(span: Interval, taken: list[Interval]) -> list[Interval]:
    """What others leave of a span."""
    at, end = span
    left = []
    for begins, ends in taken:
        if begins >= end:
            break
        if at < begins:
            left.append((at, begins))
        at = max(at, ends)
    return [*left, (at, end)] if at < end else left


def _planned(session: Session, item: str, without: str) -> list[Interval]:
    rows = session.query("change_request", f"cmdb_ci={item}^active=true^sys_id!={without}", acl=False)
    spans = ((moment_of(row["start_date"]), moment_of(row["end_date"])) for row in rows)
    return [(start, end) for start, end in spans if start is not None and end is not None]


def obstacles(session: Session, change: Row) -> list[Obstacle]:
    """Everything that stands in the way of a change's planned time."""
    start, end, item = moment_of(change["start_date"]), moment_of(change["end_date"]), change["cmdb_ci"]
    if start is None or end is None:
        return []
    query = f"cmdb_ci={item}^active=true^sys_id!={change['sys_id']}"
    query += f"^start_date<{stored(end)}^end_date>{stored(start)}"
    others = session.query("change_request", query, acl=False)
    found = [Obstacle(type="ci_already_scheduled", conflicting_change=other["sys_id"]) for other in others]
    windows = _schedules(session, item, "cmn_schedule_maintenance")
    if windows and all(schedule.between(start, end) < end - start for _, schedule in windows):
        found.append(Obstacle(type="not_in_maintenance_window", schedule=windows[0][0]))
    blackouts = _schedules(session, item, "cmn_schedule_blackout")
    found += [Obstacle(type="blackout", schedule=sys_id) for sys_id, one in blackouts if one.open(start, end)]
    return found


def _schedules(session: Session, item: str, table: str) -> list[tuple[str, Schedule]]:
    """The schedules of a kind that are about an item, by sys_id; its own maintenance schedule comes first."""
    records = session.instance.records
    whole = records.whole("cmdb_ci", item)
    if whole is None:
        return []
    kind, row = whole
    own = row.get("maintenance_schedule", "") if table == "cmn_schedule_maintenance" else ""
    found = [own] if own else []
    for schedule in records.all(table):
        about = session.instance.dictionary.extends(kind, schedule["source_table"] or "cmdb_ci")
        if about and session.matches(kind, row, schedule["condition"]):
            found.append(schedule["sys_id"])
    place = zone(session.instance.property("glide.sys.default.tz", "UTC") or "UTC")
    return [(sys_id, schedule_of(session.instance, sys_id, place)) for sys_id in dict.fromkeys(found)]
