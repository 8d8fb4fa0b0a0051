"""Problems and their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import boolean, choice, integer, moment, reference, text
from snow_app.tables.tasks import Task
from snow_app.tables.values import Choice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Task):
    """A row of `problem`. The state moves by the platform's own actions, not by writing it (since Rome)."""

    TABLE: ClassVar[str] = "problem"

    category: Choice = choice()
    known_error: bool | None = boolean()
    major_problem: bool | None = boolean()
    resolution_code: Choice = choice()
    duplicate_of: Reference = reference(to="problem")
    first_reported_by: Reference = reference("first_reported_by_task", to="task")
    related_incidents: int | None = integer()
    resolved_at: datetime | None = moment()
    workaround: str = text()
    fix_notes: str = text()
    cause_notes: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemTask(Task):
    """A row of `problem_task`."""

    TABLE: ClassVar[str] = "problem_task"

    problem: Reference = reference(to="problem")
