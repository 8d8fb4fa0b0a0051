"""What happens to the service levels of a task when it is written, and when time passes.

A write is looked at twice: definitions without a running task_sla may attach one, then every running one may complete,
start anew, be cancelled, pause or resume, in this order. Source: platform documentation, "Service Level Agreement (SLA)
processing". Time alone only breaches and moves the percentages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import stored, zone

from .calendar import schedule_of
from .definition import Definition, Task
from .history import pauses
from .progress import Progress, moment_of

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance
    from snow_app.emulator.session import Session

REFRESH: Final = timedelta(minutes=1)
"""How often running percentages are brought up to date by themselves."""

_RUNNING: Final = "stage=in_progress^active=true"


class ServiceLevels:
    """The SLA engine of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._refreshed: datetime | None = None

    def written(self, table: str, row: Row, before: Row | None) -> None:
        """React to a stored task."""
        records = self._instance.records
        definitions = [
            Definition(found)
            for name in self._instance.dictionary.lineage(table)
            for found in self._instance.active("contract_sla")
            if found["collection"] == name
        ]
        running = records.all("task_sla", task=row["sys_id"], active="true")
        if not definitions and not running:
            return
        task = Task(table=table, row=row, before=before or {}, session=self._system)
        attached = {level["sla"] for level in running}
        for definition in definitions:
            if definition.row["sys_id"] not in attached and self._attaches(definition, task):
                running.append(self._attach(definition, task))
        for level in running:
            found = records.get("contract_sla", level["sla"])
            if found is not None:
                self._move(level, Definition(found), task)

    @staticmethod
    def _attaches(definition: Definition, task: Task) -> bool:
        if definition.relative or not definition.starts(task) or definition.stops(task):
            return False
        cancels = definition.row["when_to_cancel"] == "on_condition" and definition.cancels(task)
        return not cancels

    def _attach(self, definition: Definition, task: Task) -> Row:
        now, place = self._now(), definition.zone(task)
        start = now
        if definition.row["retroactive"] == "true":
            start = moment_of(task.session.value(task.table, task.row, definition.row["set_start_to"])) or now
        schedule_id = definition.schedule_id(task)
        schedule = schedule_of(self._instance, schedule_id, place)
        paused = pauses(definition, task, start, now) if definition.pauses_in_the_past else []
        measured = Progress(
            start=start,
            target=definition.duration,
            schedule=schedule,
            paused=sum((end - begin for begin, end in paused), timedelta()),
            business_paused=sum((schedule.between(begin, end) for begin, end in paused), timedelta()),
        ).at(now)
        level = self._system.insert(
            "task_sla",
            {
                "task": task.row["sys_id"], "sla": definition.row["sys_id"], "stage": "in_progress", "active": "true",
                "start_time": stored(start), "schedule": schedule_id, "timezone": place.key, **measured,
                "original_breach_time": measured["planned_end_time"],
            },
            acl=False,
        )  # fmt: skip
        self._note_breach({}, level)
        return level

    def _move(self, level: Row, definition: Definition, task: Task) -> None:
        """Take a running task_sla to where the task's conditions want it."""
        if definition.stops(task):
            self._end(level, definition, "completed")
        elif definition.resets(task):
            ended = "completed" if definition.row["reset_action"] == "complete" else "cancelled"
            self._end(level, definition, ended)
            if self._attaches(definition, task):
                self._attach(definition, task)
        elif definition.cancels(task):
            self._end(level, definition, "cancelled")
        elif level["stage"] == "in_progress" and definition.pauses(task):
            now = self._now()
            measured = self._progress(level, definition).at(now)
            self._change(level, {**measured, "stage": "paused", "pause_time": stored(now)})
        elif level["stage"] == "paused" and definition.resumes(task):
            now = self._now()
            measured = self._progress(level, definition).resumed(now).at(now)
            self._change(level, {**measured, "stage": "in_progress", "pause_time": ""})

    def _end(self, level: Row, definition: Definition, stage: str) -> None:
        now = self._now()
        measured = self._progress(level, definition).resumed(now).at(now)
        self._change(level, {**measured, "stage": stage, "active": "false", "end_time": stored(now), "pause_time": ""})

    # Time ------------------------------------------------------------------------------------------------------------

    def due(self, now: datetime) -> None:
        """Breach what is over its time, and now and then bring the running percentages up to date."""
        late = f"{_RUNNING}^has_breached=false^planned_end_timeISNOTEMPTY^planned_end_time<={stored(now)}"
        for level in self._system.query("task_sla", f"{late}^ORDERBYplanned_end_time^ORDERBYsys_id", acl=False):
            self._measure(level, workflow=True)
        if self._refreshed is None or not self._refreshed <= now < self._refreshed + REFRESH:
            self.refresh(now)

    def refresh(self, now: datetime) -> None:
        """Bring elapsed and remaining times of everything that runs up to date, as if nobody had touched it."""
        self._refreshed = now
        for level in self._instance.records.all("task_sla", stage="in_progress", active="true"):
            self._measure(level, workflow=False)

    def following(self, now: datetime) -> datetime | None:
        """When the next running task_sla breaches, after `now`."""
        found = self._instance.store.row(
            "SELECT MIN(planned_end_time) FROM task_sla "
            "WHERE stage = 'in_progress' AND has_breached != 'true' AND planned_end_time > ?",
            (stored(now),),
        )
        return moment_of(str(found[0])) if found else None

    def _measure(self, level: Row, *, workflow: bool) -> None:
        found = self._instance.records.get("contract_sla", level["sla"])
        if found is None:
            return
        measured = self._progress(level, Definition(found)).at(self._now())
        breaches = measured["has_breached"] == "true" and level["has_breached"] != "true"
        if breaches or workflow:
            self._change(level, measured)
        else:
            self._instance.records.update("task_sla", level["sys_id"], measured)

    def _progress(self, level: Row, definition: Definition) -> Progress:
        schedule = schedule_of(self._instance, level["schedule"], zone(level["timezone"]))
        return Progress.of(level, definition.duration, schedule, self._now())

    def _change(self, level: Row, changes: Row) -> None:
        changed = self._system.update("task_sla", level["sys_id"], changes, acl=False)
        self._note_breach(level, changed)

    def _note_breach(self, before: Row, level: Row) -> None:
        """A task whose SLA breached has not made it; agreements with other parties do not count for that."""
        if level.get("has_breached") != "true" or before.get("has_breached") == "true":
            return
        definition = self._instance.records.get("contract_sla", level["sla"])
        if definition is not None and definition["type"] == "SLA":
            self._system.update("task", level["task"], {"made_sla": "false"}, acl=False)

    @property
    def _system(self) -> Session:
        return self._instance.session("system")

    def _now(self) -> datetime:
        return self._instance.clock().replace(microsecond=0)
