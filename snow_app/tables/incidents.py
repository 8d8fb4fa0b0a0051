"""Incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import choice, integer, moment, reference
from snow_app.tables.tasks import Task
from snow_app.tables.values import Choice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Task):
    """A row of `incident`. Resolving (state 6) needs `close_code` and `close_notes`."""

    TABLE: ClassVar[str] = "incident"

    caller: Reference = reference("caller_id", to="sys_user")
    category: Choice = choice()
    subcategory: Choice = choice()
    severity: Choice = choice()
    hold_reason: Choice = choice()
    close_code: Choice = choice()
    resolved_at: datetime | None = moment()
    resolved_by: Reference = reference(to="sys_user")
    problem: Reference = reference("problem_id", to="problem")
    parent_incident: Reference = reference(to="incident")
    reopen_count: int | None = integer()
