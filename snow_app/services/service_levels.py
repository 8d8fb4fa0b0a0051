"""How the service levels of a task stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast, get_args

from snow_app.errors import BadAnswer
from snow_app.query import Query
from snow_app.tables.service_levels import TaskSla

if TYPE_CHECKING:
    from snow_app.client import SnowClient

Stage = Literal["in_progress", "paused", "completed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaStanding:
    """One service level of a task as the platform last measured it (it measures running ones only now and then).

    `target` is ``response`` or ``resolution``, empty where the definition does not say; `due` when it breaches unless
    something pauses it, None when its schedule never gets there. `percent` may exceed 100.
    """

    sys_id: str
    name: str
    target: str
    stage: Stage
    started: datetime | None
    due: datetime | None
    breached: bool
    percent: float

    def used(self, now: datetime) -> float:
        """The share of its time that is used up, 0 to 1 and more: measured, or by the clock where that is further."""
        measured = self.percent / 100
        if self.stage != "in_progress" or self.started is None or self.due is None or self.due <= self.started:
            return measured
        return max(measured, (now - self.started) / (self.due - self.started))


class ServiceLevels:
    """Reads `task_sla`; needs the role itil. Raises the errors of `snow_app.errors`."""

    def __init__(self, client: SnowClient) -> None:
        self._table = client.of(TaskSla)

    def of(self, task_sys_id: str) -> tuple[SlaStanding, ...]:
        """The standings of one task, those attached first first; BadAnswer for a stage that is none of the four."""
        asked = Query().where("task", "=", task_sys_id).ordered_by("sys_created_on")
        # The platform drops a condition it does not understand: what is of another task is left out.
        return tuple(_standing(row) for row in self._table.rows(asked) if row.task.value == task_sys_id)


def _standing(row: TaskSla) -> SlaStanding:
    if row.stage.value not in get_args(Stage):
        raise BadAnswer(f"ServiceNow answered a task_sla with the unknown stage {row.stage.value[:40]!r}.")
    return SlaStanding(
        sys_id=row.sys_id,
        name=row.sla.display,
        target=row.target,
        stage=cast(Stage, row.stage.value),
        started=row.started,
        due=row.due,
        breached=bool(row.breached),
        percent=_number(row.percentage),
    )


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "") or 0)
    except ValueError:
        return 0.0
