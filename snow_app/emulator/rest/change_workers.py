"""Work of the Change Management API that runs behind a call: its answer names a worker, the worker tells how it went.

Associating configuration items, refreshing impacted services, looking for free time. The work runs with the next
pending work of the instance.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from snow_app.emulator.errors import BadRequest, NoRecord, PlatformError
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import stored
from snow_app.emulator.rest.change import CHANGE, found
from snow_app.emulator.rest.change_shape import listed
from snow_app.emulator.rest.change_times import between, free_spans, moment_of, window_days
from snow_app.emulator.rest.request import Reply, Request

WORKER: Final = "chg_mgt_worker"
WORK: Final = "change_worker"
"""The kind of work that waits: what a worker has to do."""
_STATES: Final = {"1": "Waiting", "2": "In-Progress", "3": "Complete", "4": "Error"}

ASSOCIATIONS: Final = {
    "affected": ("task_ci", "ci_item", "cmdb_ci"),
    "impacted": ("task_cmdb_ci_service", "cmdb_ci_service", "cmdb_ci_service"),
    "offering": ("task_service_offering", "service_offering", "service_offering"),
}
"""association_type → table of associations, its column, the table that points at."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What a worker has to say."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    information: list[str] = field(default_factory=list)
    payload: dict[str, Any] | None = None


Asked = Mapping[str, Any]
Action = Callable[[Session, str, Asked, Report], None]
"""What a worker does, for a change (its sys_id, or nothing) and what was asked."""


# Workers -----------------------------------------------------


def worker(request: Request, sys_id: str) -> Reply:
    """GET a worker. Raises NoRecord."""
    row = request.session.get(WORKER, sys_id)
    if row is None:
        raise NoRecord
    return Reply.result(200, _document(request, row))


def _started(request: Request, action: str, asked: dict[str, Any], *, kind: str = "schedule", task: str = "") -> Reply:
    """202 with a worker that does an action with the next pending work."""
    session = request.session
    values = {"type": kind, "request": json.dumps(asked, separators=(",", ":")), "task": task, "messages": "{}"}
    row = session.insert(WORKER, values, acl=False)
    session.instance.keep(WORK, session, {"worker": row["sys_id"], "action": action, "task": task, "asked": asked})
    return Reply.result(202, _document(request, row))


def work(session: Session, values: Mapping[str, Any]) -> None:
    """Do what a worker waits to do, and note what it has to say; nothing when the worker is gone."""
    if session.instance.records.get(WORKER, values["worker"]) is None:
        return
    report = Report()
    _ACTIONS[values["action"]](session, values["task"], values["asked"], report)
    done = {
        "state": "4" if report.errors else "3",
        "messages": json.dumps(
            {"errors": report.errors, "warnings": report.warnings, "information": report.information}
        ),
        "payload": json.dumps(report.payload) if report.payload is not None else "",
    }
    session.update(WORKER, values["worker"], done, acl=False)


def _document(request: Request, row: Row) -> dict[str, Any]:
    told = json.loads(row["messages"] or "{}")
    link = f"{request.base}/api/sn_chg_rest/change/worker/{row['sys_id']}"
    document = {
        "worker": {"sysId": row["sys_id"], "link": link},
        "request": row["request"],
        "state": {"value": int(row["state"]), "display_value": _STATES[row["state"]]},
        "type": row["type"],
        "messages": {
            "errorMessages": told.get("errors", []),
            "warningMessages": told.get("warnings", []),
            "infoMessages": told.get("information", []),
        },
    }
    return document | ({"payload": json.loads(row["payload"])} if row["payload"] else {})


# Configuration items -----------------------------------------


def items(request: Request, sys_id: str) -> Reply:
    """GET the associations of a change. Raises BadRequest without `association_type`."""
    row = found(request.session, sys_id)
    table = _association(request.params.get("association_type", ""))[0]
    return listed(request, table, f"task={row['sys_id']}")


def items_added(request: Request, sys_id: str) -> Reply:
    """POST `{"association_type", "cmdb_ci_sys_ids"}`, the latter a list or comma list."""
    row = found(request.session, sys_id)
    document = request.params | request.document()
    kind, given = str(document.get("association_type", "")), document.get("cmdb_ci_sys_ids") or ""
    _association(kind)
    ids = [
        str(one).strip() for one in (given if isinstance(given, list) else str(given).split(",")) if str(one).strip()
    ]
    if not ids:
        raise BadRequest("Missing parameter", "cmdb_ci_sys_ids names no configuration item")
    refresh = str(document.get("refresh_impacted_services", "")).lower() == "true"
    asked: dict[str, Any] = {"cmdb_ci_sys_ids": ids, "association_type": kind, "task": row["sys_id"]}
    if refresh:
        asked["refresh_impacted_services"] = True
    return _started(request, "associate", asked, kind=kind, task=row["sys_id"])


def _associate(session: Session, task: str, asked: Asked, report: Report) -> None:
    for item in asked["cmdb_ci_sys_ids"]:
        if not _associated(session, ASSOCIATIONS[asked["association_type"]], task, item):
            report.warnings.append(f"Invalid CMDB_CI sys_id provided: {item}")
    if asked.get("refresh_impacted_services") and asked["association_type"] == "affected":
        _refresh(session, task, asked, report)


def services_refreshed(request: Request, sys_id: str) -> Reply:
    """POST: impacted services anew from the affected configuration items."""
    task = found(request.session, sys_id)["sys_id"]
    return _started(request, "refresh", {"task": task}, kind="impacted", task=task)


def _association(kind: str) -> tuple[str, str, str]:
    if kind not in ASSOCIATIONS:
        raise BadRequest("Invalid association_type", f"association_type must be one of {', '.join(ASSOCIATIONS)}")
    return ASSOCIATIONS[kind]


def _associated(session: Session, association: tuple[str, str, str], task: str, item: str) -> bool:
    """Associate once; False when there is no such item."""
    table, column, target = association
    records = session.instance.records
    if records.get(target, item) is None:
        return False
    if records.first(table, **{"task": task, column: item}) is None:
        session.insert(table, {"task": task, column: item}, acl=False)
    return True


def _refresh(session: Session, task: str, _asked: Asked, _report: Report) -> None:
    """Every service at or above an affected item, by configuration item relations."""
    records = session.instance.records
    waiting = [row["ci_item"] for row in records.all("task_ci", task=task)]
    seen = set(waiting)
    while waiting:
        item = waiting.pop()
        _associated(session, ASSOCIATIONS["impacted"], task, item)
        above = {row["parent"] for row in records.all("cmdb_rel_ci", child=item)} - seen
        seen |= above
        waiting += above


# Free time ---------------------------------------------------


def schedule(request: Request, sys_id: str) -> Reply:
    """GET when the change's item is free for as long as the change takes. Raises BadRequest without item or times."""
    row = found(request.session, sys_id)
    _seconds(row)
    asked = {"change_sys_id": row["sys_id"], "timezone": request.session.user.time_zone}
    return _started(request, "look", asked, task=row["sys_id"])


def item_schedule(request: Request, item: str) -> Reply:
    """GET when an item is free for `duration_in_seconds`, from `planned_start_time` on where given."""
    if request.session.get("cmdb_ci", item) is None:
        raise NoRecord
    seconds = request.number("duration_in_seconds", 0)
    if seconds <= 0:
        raise BadRequest("Missing parameter", "duration_in_seconds must be a positive number")
    asked: dict[str, Any] = {"cmdb_ci_sys_id": item, "duration_in_seconds": seconds}
    if request.params.get("planned_start_time"):
        asked["planned_start_time"] = request.params["planned_start_time"]
    return _started(request, "look", asked | {"timezone": request.session.user.time_zone})


def _look(session: Session, task: str, asked: Asked, report: Report) -> None:
    row = session.instance.records.get(CHANGE, task) if task else None
    item = row["cmdb_ci"] if row else asked.get("cmdb_ci_sys_id", "")
    seconds = _seconds(row) if row else asked.get("duration_in_seconds", 0)
    spans = free_spans(session, item, seconds, without=task, start=asked.get("planned_start_time", ""))
    shown = session.displays().moment
    if not spans:
        report.information.append(f"No slots found for {window_days(session)} days from now")
        return
    report.payload = {
        "spans": [
            {
                name: {"value": stored(moment), "display_value": shown(stored(moment))}
                for name, moment in zip(("start", "end"), span, strict=True)
            }
            for span in spans
        ]
    }


def first_available(request: Request, sys_id: str) -> Reply:
    """PATCH the change to the first time its item is free; `duration_in_seconds` defaults to what is planned."""
    row = found(request.session, sys_id)
    given = str(request.document().get("duration_in_seconds") or request.params.get("duration_in_seconds") or "")
    if not row["cmdb_ci"] or (given and not given.isdigit()):
        raise BadRequest("Bad request", "The change needs a configuration item, and a duration in whole seconds")
    seconds = int(given) if given else _seconds(row)
    asked = {"change_sys_id": row["sys_id"], "duration_in_seconds": seconds, "timezone": request.session.user.time_zone}
    return _started(request, "move", asked, task=row["sys_id"])


def _move(session: Session, task: str, asked: Asked, report: Report) -> None:
    row, seconds = session.instance.records.get(CHANGE, task), asked["duration_in_seconds"]
    spans = free_spans(session, row["cmdb_ci"], seconds, without=task) if row else []
    if not spans:
        report.information.append(f"No slots found for {window_days(session)} days from now")
        return
    start = spans[0][0]
    try:
        session.update(CHANGE, task, {"start_date": stored(start), "end_date": stored(between(start, seconds))})
        report.information.append("Change has been updated")
    except PlatformError as refusal:
        report.errors.append(refusal.detail or refusal.message)


def _seconds(row: Row) -> int:
    start, end = moment_of(row["start_date"]), moment_of(row["end_date"])
    if not row["cmdb_ci"] or start is None or end is None or end <= start:
        raise BadRequest("Bad request", "The change needs a configuration item, a planned start and a planned end")
    return int((end - start).total_seconds())


_ACTIONS: Final[dict[str, Action]] = {"associate": _associate, "refresh": _refresh, "look": _look, "move": _move}
