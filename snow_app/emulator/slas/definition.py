"""One SLA definition: a ``contract_sla`` row and what its conditions say about a task.

Source: platform documentation, "SLA conditions" and "Service Level Agreement (SLA) processing". An empty start
condition holds always, any other empty condition never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import zone
from snow_app.emulator.values import seconds_of

from .calendar import zone_of

if TYPE_CHECKING:
    from snow_app.emulator.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task at the moment it was written; `before` is what it was, empty for a new one."""

    table: str
    row: Row
    before: Row
    session: Session

    def fulfils(self, condition: str) -> bool:
        """Whether a condition that is not empty holds."""
        filled = condition.replace("^EQ", "").strip("^")
        return bool(filled) and self.session.matches(self.table, self.row, condition, self.before)


@dataclass(frozen=True, slots=True)
class Definition:
    """A contract_sla row, read when it is needed."""

    row: Row

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=seconds_of(self.row["duration"]))

    @property
    def relative(self) -> bool:
        """Durations that a script works out are not emulated."""
        return bool(self.row["duration_type"])

    @property
    def pauses_in_the_past(self) -> bool:
        """Whether times that would have been pauses count when it starts in the past."""
        return self.row["retroactive"] == "true" and self.row["retroactive_pause"] == "true"

    def starts(self, task: Task) -> bool:
        condition = self.row["start_condition"]
        return not condition.replace("^EQ", "").strip("^") or task.fulfils(condition)

    def stops(self, task: Task) -> bool:
        return task.fulfils(self.row["stop_condition"])

    def pauses(self, task: Task) -> bool:
        return task.fulfils(self.row["pause_condition"])

    def resumes(self, task: Task) -> bool:
        """By its own condition, or, when that is empty or not wanted, as soon as the pause condition fails."""
        resume = self.row["resume_condition"]
        if self.row["when_to_resume"] == "on_condition" and resume:
            return task.fulfils(resume)
        return not self.pauses(task)

    def resets(self, task: Task) -> bool:
        return task.fulfils(self.row["reset_condition"]) and self.starts(task)

    def cancels(self, task: Task) -> bool:
        when = self.row["when_to_cancel"]
        if when == "no_match":
            return not self.starts(task)
        return when == "on_condition" and task.fulfils(self.row["cancel_condition"])

    def schedule_id(self, task: Task) -> str:
        """The sys_id of the schedule that counts for a task, empty for round the clock."""
        source = self.row["schedule_source"]
        if source == "no_schedule":
            return ""
        if source == "task_field":
            return task.session.value(task.table, task.row, self.row["schedule_source_field"])
        return self.row["schedule"]

    def zone(self, task: Task) -> ZoneInfo:
        """Where a schedule without a time zone lies: as `timezone_source` says, else the instance's time zone."""
        source = self.row["timezone_source"]
        if source == "sla.timezone":
            name = self.row["timezone"]
        else:
            name = task.session.value(task.table, task.row, source.removeprefix("task."))
        return zone_of(name) or zone(task.session.instance.property("glide.sys.default.tz", "UTC") or "UTC")
