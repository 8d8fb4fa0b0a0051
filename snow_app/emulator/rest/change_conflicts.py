"""Conflict checking of the Change Management API: started by POST, read by GET, stopped by DELETE.

What is found: `change_times.obstacles`. Risk of a standard change is that of its template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from snow_app.emulator.errors import BadRequest, NoRecord
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import stored
from snow_app.emulator.rest.change import CHANGE, found
from snow_app.emulator.rest.change_shape import Shape
from snow_app.emulator.rest.change_times import obstacles
from snow_app.emulator.rest.change_workers import WORKER
from snow_app.emulator.rest.request import Reply, Request

WORK: Final = "change_conflict"
"""The kind of work that waits: a check."""

_KIND: Final = "conflict"


def checked(request: Request, sys_id: str) -> Reply:
    """POST: start checking; the answer is the sys_id of the check. Raises BadRequest without item or times."""
    session, row = request.session, found(request.session, sys_id)
    if not (row["cmdb_ci"] and row["start_date"] and row["end_date"]):
        raise BadRequest("Conflict check not started", "The change needs a configuration item, a planned start and end")
    started = session.insert(WORKER, {"type": _KIND, "task": row["sys_id"]}, acl=False)["sys_id"]
    session.instance.keep(WORK, session, {"change": row["sys_id"], "check": started})
    return Reply.result(200, started)


def check(session: Session, values: Mapping[str, Any]) -> None:
    """Do a check that waits; nothing when it was stopped or the change is gone."""
    records, change_id, started = session.instance.records, values["change"], values["check"]
    row = records.get(CHANGE, change_id)
    if row is None or records.get(WORKER, started) is None:
        return
    for old in records.all("conflict", change=change_id):
        session.delete("conflict", old["sys_id"], acl=False)
    found_now, now = obstacles(session, row), stored(session.instance.clock())
    for obstacle in found_now:
        values = {
            "change": change_id,
            "conflicting_change": obstacle.conflicting_change,
            "configuration_item": row["cmdb_ci"],
            "schedule": obstacle.schedule,
            "type": obstacle.type,
            "last_checked": now,
        }
        session.insert("conflict", values, acl=False)
    status = {"conflict_status": "Conflict" if found_now else "No Conflict", "conflict_last_run": now}
    session.update(CHANGE, change_id, status, workflow=False, acl=False)
    session.update(WORKER, started, {"state": "3"}, acl=False)


def status(request: Request, sys_id: str) -> Reply:
    """GET how the last check stands, and the conflicts it found."""
    session, row = request.session, found(request.session, sys_id)
    last = _last(session, row)
    shape = Shape(request, "conflict")
    conflicts = session.instance.records.all("conflict", change=row["sys_id"])
    document = {
        "status": row["conflict_status"],
        "last_run": session.display(CHANGE, row, "conflict_last_run"),
        "record_count": str(len(conflicts)),
        "job_status": {"1": "1", "3": "2"}.get(last["state"], "0") if last else "0",
        "conflicts": [shape.document(conflict) for conflict in conflicts],
    }
    return Reply.result(200, document)


def stopped(request: Request, sys_id: str) -> Reply:
    """DELETE: stop the check that waits. Raises BadRequest when none does."""
    session, row = request.session, found(request.session, sys_id)
    last = _last(session, row)
    if last is None or last["state"] != "1":
        raise BadRequest("Cancel request failed", "No conflict check of this change is running")
    session.delete(WORKER, last["sys_id"], acl=False)
    return Reply(status=200)


def _last(session: Session, row: Row) -> Row | None:
    checks = session.query(WORKER, f"type={_KIND}^task={row['sys_id']}^ORDERBYDESCsys_created_on", limit=1, acl=False)
    return checks[0] if checks else None


def risk(request: Request, sys_id: str) -> Reply:
    """PATCH: assess the risk of a standard change, which is its template's. Raises NoRecord."""
    session, row = request.session, found(request.session, sys_id, "standard")
    records = session.instance.records
    version = records.get("std_change_producer_version", row["std_change_producer_version"])
    producer = records.get("std_change_record_producer", version["std_change_producer"]) if version else None
    template = records.get("sys_template", producer["template"]) if producer else None
    preset = dict(term.split("=", 1) for term in (template or {}).get("template", "").split("^") if "=" in term)
    values = {name: preset[name] for name in ("risk", "impact") if preset.get(name)}
    session.update(CHANGE, row["sys_id"], values)
    assessed = session.get(CHANGE, row["sys_id"])
    if assessed is None:
        raise NoRecord
    return Reply.result(200, Shape(request, CHANGE).document(assessed))
