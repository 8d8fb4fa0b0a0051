"""The Change Management API (product documentation change-management-api), under ``/api/sn_chg_rest/[v1/]change``.

Change requests, their tasks, models and templates. Writes go through the session, so that the state machine and every
rule have their say; a write they refuse answers 400 with their words [unverified, could be 403].
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.errors import Aborted, AccessDenied, BadRequest, DataPolicy, NoRecord, NotAllowed
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.change_shape import NotWritten, Shape, fields_of, listed
from snow_app.emulator.rest.request import Reply, Request

CHANGE: Final = "change_request"
TASK: Final = "change_task"
MODEL: Final = "chg_model"
TEMPLATE: Final = "std_change_record_producer"

_LABELS: Final = {CHANGE: "Change Request", TASK: "Change Task"}


# Change requests ---------------------------------------------


def changes(request: Request, kind: str = "") -> Reply:
    """GET change requests, of one type where the path names it."""
    _readable(request, CHANGE)
    return listed(request, CHANGE, f"type={kind}" if kind else "")


def change(request: Request, sys_id: str, kind: str = "") -> Reply:
    """GET one. Raises NoRecord, also when it is of another type than the path says."""
    return Reply.result(200, Shape(request, CHANGE).document(found(request.session, sys_id, kind)))


def change_of_kind(request: Request, kind: str, sys_id: str) -> Reply:
    return change(request, sys_id, kind)


def created(request: Request, kind: str = "", **more: str) -> Reply:
    """POST a change request: of the type in the path, else by `chg_model` (a name) or `type`, else a normal one."""
    fields = fields_of(request, CHANGE, "create")
    values = dict(fields.values)
    if kind:
        values["type"] = kind
    if values.get("chg_model"):
        values["chg_model"] = _model(request.session, values["chg_model"])
    if values.get("type"):
        values["type"] = _choice(request.session, "type", values["type"])
    row = _inserted(request.session, CHANGE, values | more)
    return Reply.result(200, Shape(request, CHANGE).document(row) | fields.meta())


def created_of_kind(request: Request, kind: str) -> Reply:
    """POST a normal or emergency change; a standard one needs its template in the path."""
    if kind == "standard":
        raise NotAllowed
    return created(request, kind)


def created_from_template(request: Request, kind: str, template: str) -> Reply:
    """POST a standard change from a template, a sys_id of std_change_record_producer. Raises NoRecord, BadRequest."""
    if kind != "standard":
        raise NotAllowed
    producer = request.session.instance.records.get(TEMPLATE, template)
    if producer is None:
        raise NoRecord
    if producer["active"] == "false" or producer["retired"] == "true":
        raise BadRequest("Invalid template", f"The standard change template {producer['name']} is retired")
    return created(request, kind, std_change_producer_version=producer["current_version"])


def updated(request: Request, sys_id: str, kind: str = "") -> Reply:
    """PATCH one. Raises NoRecord, NotWritten."""
    row = found(request.session, sys_id, kind)
    return _written(request, CHANGE, row)


def updated_of_kind(request: Request, kind: str, sys_id: str) -> Reply:
    return updated(request, sys_id, kind)


def deleted(request: Request, sys_id: str, kind: str = "") -> Reply:
    """DELETE one: 200 with the record as it was."""
    row = found(request.session, sys_id, kind)
    document = Shape(request, CHANGE).document(row)
    request.session.delete(CHANGE, row["sys_id"])
    return Reply.result(200, document)


def deleted_of_kind(request: Request, kind: str, sys_id: str) -> Reply:
    return deleted(request, sys_id, kind)


# Tasks -------------------------------------------------------


def tasks(request: Request, sys_id: str) -> Reply:
    """GET the tasks of a change."""
    return listed(request, TASK, f"change_request={found(request.session, sys_id)['sys_id']}")


def task_created(request: Request, sys_id: str) -> Reply:
    """POST a task of a change."""
    parent = found(request.session, sys_id)["sys_id"]
    fields = fields_of(request, TASK, "create")
    row = _inserted(request.session, TASK, fields.values | {"change_request": parent, "parent": parent})
    return Reply.result(200, Shape(request, TASK).document(row) | fields.meta())


def task_updated(request: Request, sys_id: str, task: str) -> Reply:
    """PATCH a task. Raises NoRecord when it is not one of this change."""
    return _written(request, TASK, _task(request.session, sys_id, task))


def task_deleted(request: Request, sys_id: str, task: str) -> Reply:
    """DELETE a task: 200 with the record as it was."""
    row = _task(request.session, sys_id, task)
    document = Shape(request, TASK).document(row)
    request.session.delete(TASK, row["sys_id"])
    return Reply.result(200, document)


def _task(session: Session, change_id: str, task: str) -> Row:
    parent = found(session, change_id)["sys_id"]
    row = session.get(TASK, task)
    if row is None or row["change_request"] != parent:
        raise NoRecord
    return row


# Models and templates ----------------------------------------


def models(request: Request) -> Reply:
    """GET the change models."""
    _readable(request, MODEL)
    return listed(request, MODEL)


def model(request: Request, sys_id: str) -> Reply:
    return _one(request, MODEL, sys_id)


def templates(request: Request) -> Reply:
    """GET the standard change templates."""
    _readable(request, TEMPLATE)
    return listed(request, TEMPLATE)


def template(request: Request, sys_id: str) -> Reply:
    return _one(request, TEMPLATE, sys_id)


def _one(request: Request, table: str, sys_id: str) -> Reply:
    row = request.session.get(table, sys_id)
    if row is None:
        raise NoRecord
    return Reply.result(200, Shape(request, table).document(row))


# What they share ---------------------------------------------


def found(session: Session, sys_id: str, kind: str = "") -> Row:
    """A change request this user may read, of this type. Raises NoRecord."""
    row = session.get(CHANGE, sys_id)
    if row is None or (kind and row["type"] != kind):
        raise NoRecord
    return row


def _readable(request: Request, table: str) -> None:
    if not request.session.can("read", table):
        raise AccessDenied


def _inserted(session: Session, table: str, values: Row) -> Row:
    try:
        made = session.insert(table, values)
    except (Aborted, DataPolicy) as refusal:
        raise NotWritten(_LABELS[table], "created", refusal) from refusal
    return session.instance.records.get(table, made["sys_id"]) or made


def _written(request: Request, table: str, row: Row) -> Reply:
    session = request.session
    fields = fields_of(request, table, "write", row)
    try:
        session.update(table, row["sys_id"], fields.values)
    except (Aborted, DataPolicy) as refusal:
        raise NotWritten(_LABELS[table], "updated", refusal) from refusal
    stored = session.instance.records.get(table, row["sys_id"]) or row
    return Reply.result(200, Shape(request, table).document(stored) | fields.meta())


def _model(session: Session, given: str) -> str:
    """A model's sys_id from its name or sys_id. Raises BadRequest."""
    records = session.instance.records
    row = records.get(MODEL, given) or records.first(MODEL, name=given, active="true")
    if row is None:
        raise BadRequest("Invalid change model", f"There is no active change model {given}")
    return row["sys_id"]


def _choice(session: Session, name: str, given: str) -> str:
    choices = session.instance.dictionary.columns(CHANGE)[name].choices
    return next((choice.value for choice in choices if choice.label.lower() == given.lower()), given)
