"""When a configuration item is free of changes, and which changes stand in each other's way.

Maintenance and blackout schedules are not looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import STORED, stored

WINDOW: Final = "change.conflict.next_available.schedule_window"
"""Property: how many days ahead free time is looked for."""

Span = tuple[datetime, datetime]


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


def free_spans(session: Session, item: str, seconds: int, *, without: str = "", start: str = "") -> list[Span]:
    """Spans of at least this length in which no active change but `without` is planned on the item."""
    now = session.instance.clock().replace(microsecond=0)
    at = max(now, moment_of(start) or now)
    end = now + timedelta(days=window_days(session))
    spans = []
    for busy_start, busy_end in sorted(_busy(session, item, without)):
        if busy_start > at:
            spans.append((at, min(busy_start, end)))
        at = max(at, busy_end)
    spans.append((at, end))
    return [(first, last) for first, last in spans if (last - first).total_seconds() >= max(1, seconds)]


def _busy(session: Session, item: str, without: str) -> list[Span]:
    rows = session.query("change_request", f"cmdb_ci={item}^active=true^sys_id!={without}", acl=False)
    spans = ((moment_of(row["start_date"]), moment_of(row["end_date"])) for row in rows)
    return [(start, end) for start, end in spans if start is not None and end is not None]


def conflicting(session: Session, change: Row) -> list[Row]:
    """Active changes planned on the same item at the same time."""
    start, end = moment_of(change["start_date"]), moment_of(change["end_date"])
    if start is None or end is None:
        return []
    query = f"cmdb_ci={change['cmdb_ci']}^active=true^sys_id!={change['sys_id']}"
    query += f"^start_date<{stored(end)}^end_date>{stored(start)}"
    return session.query("change_request", query, acl=False)
