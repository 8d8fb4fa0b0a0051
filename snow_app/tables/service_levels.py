"""Service levels that run on tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import boolean, choice, moment, reference, text
from snow_app.tables.row import Row
from snow_app.tables.values import Choice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSla(Row):
    """A row of `task_sla`, which the platform alone writes. Percentages are of the schedule's time."""

    TABLE: ClassVar[str] = "task_sla"

    task: Reference = reference(to="task", writable=False)
    sla: Reference = reference(to="contract_sla", writable=False)
    target: str = text("sla.target", writable=False)
    stage: Choice = choice(writable=False)
    active: bool | None = boolean(writable=False)
    breached: bool | None = boolean("has_breached", writable=False)
    started: datetime | None = moment("start_time", writable=False)
    due: datetime | None = moment("planned_end_time", writable=False)
    ended: datetime | None = moment("end_time", writable=False)
    percentage: str = text("business_percentage", writable=False)
