"""How far a task_sla has come at a moment: elapsed and remaining time, by the clock and by its schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import STORED, stored
from snow_app.emulator.values import duration_of, seconds_of

from .schedule import Schedule

NOTHING = timedelta()


def moment_of(text: str) -> datetime | None:
    """A stored UTC time, None for an empty one."""
    try:
        return datetime.strptime(text, STORED).replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The facts a task_sla is measured by; pauses are those that are over, `pause` is when the present one began."""

    start: datetime
    target: timedelta
    schedule: Schedule
    paused: timedelta = NOTHING
    business_paused: timedelta = NOTHING
    pause: datetime | None = None

    @classmethod
    def of(cls, row: Row, target: timedelta, schedule: Schedule, now: datetime) -> Progress:
        """From a task_sla row."""
        return cls(
            start=moment_of(row["start_time"]) or now,
            target=target,
            schedule=schedule,
            paused=timedelta(seconds=seconds_of(row["pause_duration"])),
            business_paused=timedelta(seconds=seconds_of(row["business_pause_duration"])),
            pause=moment_of(row["pause_time"]),
        )

    @property
    def planned_end(self) -> datetime | None:
        """When it breaches if nothing pauses it any more; None when its schedule never gets there."""
        return self.schedule.after(self.start, self.target + self.business_paused)

    def resumed(self, now: datetime) -> Progress:
        """The same with the present pause over."""
        if self.pause is None:
            return self
        return Progress(
            start=self.start,
            target=self.target,
            schedule=self.schedule,
            paused=self.paused + max(NOTHING, now - self.pause),
            business_paused=self.business_paused + self.schedule.between(self.pause, now),
        )

    def at(self, now: datetime) -> Row:
        """The measuring columns of the task_sla at a moment; a pause holds them still."""
        now = self.pause or now
        end = self.planned_end
        elapsed = max(NOTHING, now - self.start - self.paused)
        business = max(NOTHING, self.schedule.between(self.start, now) - self.business_paused)
        whole = max(NOTHING, end - self.start - self.paused) if end else NOTHING
        return {
            "duration": duration_of(elapsed),
            "business_duration": duration_of(business),
            "pause_duration": duration_of(self.paused),
            "business_pause_duration": duration_of(self.business_paused),
            "time_left": duration_of(max(NOTHING, end - now) if end else NOTHING),
            "business_time_left": duration_of(max(NOTHING, self.target - business)),
            "percentage": _percent(elapsed, whole) if end else "0",
            "business_percentage": _percent(business, self.target),
            "planned_end_time": stored(end) if end else "",
            "has_breached": "true" if business >= self.target else "false",
        }


def _percent(part: timedelta, whole: timedelta) -> str:
    return f"{100 * part / whole:.2f}".rstrip("0").rstrip(".") if whole else "100"
