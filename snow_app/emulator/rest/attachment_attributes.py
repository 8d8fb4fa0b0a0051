"""Attributes of attachments: key and value, a key once (product documentation c_AttachmentAPI)."""

from __future__ import annotations

from typing import Final

from snow_app.emulator import attachments
from snow_app.emulator.errors import BadRequest, NoRecord
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.values import text

ATTRIBUTES: Final = "sys_attachment_attribute"


def listed(request: Request, sys_id: str) -> Reply:
    """GET every attribute of an attachment."""
    attachments.found(request.session, sys_id)
    rows = request.session.instance.records.all(ATTRIBUTES, attachment=sys_id)
    return Reply.result(200, [_shown(row) for row in rows])


def found(request: Request, sys_id: str, key: str) -> Reply:
    """GET one."""
    attachments.found(request.session, sys_id)
    return Reply.result(200, _shown(_one(request.session, sys_id, key)))


def added(request: Request, sys_id: str) -> Reply:
    """POST `{"key", "value"}`. Raises BadRequest for a key that is missing or there already."""
    session = request.session
    attachments.writable(session, sys_id, "Insert")
    document = request.document()
    key = text(document.get("key"))
    if not key or "value" not in document:
        raise BadRequest("Missing parameter", "key and value are required")
    if session.instance.records.first(ATTRIBUTES, attachment=sys_id, key=key):
        raise BadRequest("Duplicate key", f"The attachment has an attribute {key} already")
    values = {"attachment": sys_id, "key": key, "value": text(document["value"])}
    return Reply.result(201, _shown(session.insert(ATTRIBUTES, values, acl=False)))


def changed(request: Request, sys_id: str, key: str) -> Reply:
    """PUT `{"value"}`."""
    session = request.session
    attachments.writable(session, sys_id, "Update")
    row, document = _one(session, sys_id, key), request.document()
    if "value" not in document:
        raise BadRequest("Missing parameter", "value is required")
    return Reply.result(
        200, _shown(session.update(ATTRIBUTES, row["sys_id"], {"value": text(document["value"])}, acl=False))
    )


def removed(request: Request, sys_id: str, key: str = "") -> Reply:
    """DELETE one, or all of them."""
    session = request.session
    attachments.writable(session, sys_id, "Delete")
    rows = [_one(session, sys_id, key)] if key else session.instance.records.all(ATTRIBUTES, attachment=sys_id)
    for row in rows:
        session.delete(ATTRIBUTES, row["sys_id"], acl=False)
    return Reply(status=204)


def _one(session: Session, sys_id: str, key: str) -> Row:
    row = session.instance.records.first(ATTRIBUTES, attachment=sys_id, key=key)
    if row is None:
        raise NoRecord
    return row


def _shown(row: Row) -> dict[str, str]:
    return {"key": row["key"], "value": row["value"]}
