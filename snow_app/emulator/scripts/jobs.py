"""Scheduled script executions (``sysauto_script``) and the schedule items (``sys_trigger``) that make things run.

Every active job has one schedule item with the time of its next run; a job that was due several times while nobody
looked runs once. Items with a script of their own run once and are gone. Times are kept on the instance, so that a
restart forgets no run. A process that dies repeats the item it was running, but not the run of a job.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from snow_app.emulator.model import GLOBAL_SCOPE, Row

from .errors import Place
from .host.times import STAMP
from .runs import moment, next_run

if TYPE_CHECKING:
    from snow_app.emulator.instance import Session

    from .engine import ScriptEngine

JOB = "sysauto_script"
_READY = "0"


class Jobs:
    def __init__(self, scripts: ScriptEngine) -> None:
        self._scripts = scripts

    def due(self, now: datetime) -> None:
        """Run whatever has its time at or before `now`, earliest first."""
        self._schedule(now)
        stamp = _stamp(now)
        waiting = f"state={_READY}^next_actionISNOTEMPTY^next_action<={stamp}^ORDERBYnext_action^ORDERBYsys_created_on"
        for item in self._scripts.system.query("sys_trigger", waiting, acl=False):
            if item["document"] == JOB and item["trigger_type"] != "0":
                self._run_job(item, now)
            else:
                self._run_once(item)

    def following(self, now: datetime) -> datetime | None:
        """When the next item is due, after `now`."""
        self._schedule(now)
        found = self._scripts.instance.store.row(
            "SELECT MIN(next_action) FROM sys_trigger WHERE state = ? AND next_action > ?", (_READY, _stamp(now))
        )
        return moment(str(found[0])) if found else None

    def execute_later(self, sys_id: str) -> None:
        """Run a job with the next pending work, whatever its schedule."""
        instance = self._scripts.instance
        job = instance.records.get(JOB, sys_id)
        if job is not None:
            item = {"name": job["name"], "document": JOB, "document_key": sys_id, "trigger_type": "0"}
            self._add(item, instance.clock())
            instance.defer(lambda: self.due(instance.clock()))

    def _schedule(self, now: datetime) -> None:
        """Give every active job its item, with the next run by its present schedule; take away what is left over."""
        records = self._scripts.instance.records
        items = {item["document_key"]: item for item in records.all("sys_trigger", document=JOB, trigger_type="4")}
        for job in self._scripts.instance.active(JOB):
            item = items.pop(job["sys_id"], None)
            if item is not None and item["job_id"] == _shape(job):
                continue
            following = next_run(job, now)
            if item is not None:
                values = {"next_action": _stamp(following) if following else "", "job_id": _shape(job)}
                records.update("sys_trigger", item["sys_id"], values)
            else:
                self._add(
                    {
                        "name": job["name"], "document": JOB, "document_key": job["sys_id"], "trigger_type": "4",
                        "job_id": _shape(job), "time_zone": job["time_zone"],
                    },
                    following,
                )  # fmt: skip
        for item in items.values():
            records.delete("sys_trigger", item["sys_id"])

    def _add(self, item: Row, at: datetime | None) -> None:
        values = {**item, "next_action": _stamp(at) if at else "", "state": _READY}
        self._scripts.system.insert("sys_trigger", values, workflow=False, acl=False)

    def _run_job(self, item: Row, now: datetime) -> None:
        records = self._scripts.instance.records
        job = records.get(JOB, item["document_key"])
        if job is None:
            records.delete("sys_trigger", item["sys_id"])
            return
        following = next_run(job, now)
        count = str(int(item["run_count"] or 0) + 1)
        stamp = _stamp(following) if following else ""
        records.update("sys_trigger", item["sys_id"], {"next_action": stamp, "run_count": count})
        self._run(job)

    def _run_once(self, item: Row) -> None:
        records = self._scripts.instance.records
        try:
            if item["document"] == JOB:
                job = records.get(JOB, item["document_key"])
                if job is not None:
                    self._run(job)
            elif item["script"]:
                place = Place(table="sys_trigger", sys_id=item["sys_id"], name=item["name"])
                self._scripts.run_script(self._scripts.system, item["script"], place, GLOBAL_SCOPE)
        finally:
            records.delete("sys_trigger", item["sys_id"])

    def _run(self, job: Row) -> None:
        session, scope = self._session(job), self._scripts.scope_name(job.get("sys_scope", ""))
        place = Place(table=JOB, sys_id=job["sys_id"], name=job.get("name", ""))
        if job.get("conditional") == "true" and job.get("condition"):
            condition = Place(table=JOB, sys_id=job["sys_id"], name=job.get("name", ""), field="condition")
            if not self._scripts.condition_holds(session, job["condition"], condition, scope):
                return
        self._scripts.run_script(session, job.get("script", ""), place, scope)

    def _session(self, job: Row) -> Session:
        """The user a job runs as; the system when there is none who may."""
        user = self._scripts.instance.records.get("sys_user", job.get("run_as", ""))
        if user is None or user["active"] != "true":
            return self._scripts.system
        return self._scripts.instance.session(user["user_name"])


def _shape(job: Row) -> str:
    """What a job's schedule was when its item was made: it changes with every change of the job."""
    return f"{job['sys_updated_on']} {job['sys_mod_count']}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(STAMP)
