"""Changes and their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from snow_app.tables.columns import boolean, choice, moment, reference, text
from snow_app.tables.tasks import Task
from snow_app.tables.values import Choice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Task):
    """A row of `change_request`. For transitions and approvals see `snow_app.services.ChangeApi`."""

    TABLE: ClassVar[str] = "change_request"

    kind: Choice = choice("type")
    category: Choice = choice()
    risk: Choice = choice()
    model: Reference = reference("chg_model", to="chg_model")
    requested_by: Reference = reference(to="sys_user")
    start: datetime | None = moment("start_date")
    end: datetime | None = moment("end_date")
    on_hold: bool | None = boolean()
    justification: str = text()
    implementation_plan: str = text()
    backout_plan: str = text()
    test_plan: str = text()
    close_code: Choice = choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask(Task):
    """A row of `change_task`."""

    TABLE: ClassVar[str] = "change_task"

    change: Reference = reference("change_request", to="change_request")
    kind: Choice = choice("change_task_type")
    start: datetime | None = moment("planned_start_date")
    end: datetime | None = moment("planned_end_date")
    close_code: Choice = choice()
