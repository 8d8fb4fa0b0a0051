"""Tasks: what incidents, problems, changes and cases have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import boolean, choice, integer, journal, moment, reference, text
from snow_app.tables.row import Row
from snow_app.tables.values import Choice, Journal, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Row):
    """A row of `task` or of a table below it; `table` says which."""

    TABLE: ClassVar[str] = "task"

    number: str = text(shown=True)
    table: str = text("sys_class_name", writable=False)
    short_description: str = text()
    description: str = text()
    state: Choice = choice()
    active: bool | None = boolean()
    impact: Choice = choice()
    urgency: Choice = choice()
    priority: Choice = choice()
    assigned_to: Reference = reference(to="sys_user")
    assignment_group: Reference = reference(to="sys_user_group")
    opened_by: Reference = reference(to="sys_user")
    opened_at: datetime | None = moment()
    due_date: datetime | None = moment()
    closed_at: datetime | None = moment()
    parent: Reference = reference(to="task")
    reassignment_count: int | None = integer()
    correlation_id: str = text()
    close_notes: str = text()
    comments: Journal = journal()
    work_notes: Journal = journal()
