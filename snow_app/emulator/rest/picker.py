"""The application picker of the page header: which application new records of a user land in."""

from __future__ import annotations

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.instance import CURRENT_APPLICATION, Row
from snow_app.emulator.rest.request import Reply, Request


def listed(request: Request) -> Reply:
    """GET the applications and the current one."""
    session = request.session
    rows = [row for row in session.instance.records.all("sys_scope") if row["active"] != "false"]
    return Reply.result(
        200,
        {
            "current": session.instance.current_application(session.user.sys_id),
            "list": [{"name": row["name"], "sysId": row["sys_id"], "scopeName": row["scope"]} for row in rows],
        },
    )


def switched(request: Request) -> Reply:
    """PUT `{"app_id": sys_scope sys_id}`. Raises BadRequest for an unknown application."""
    session = request.session
    wanted = str(request.document().get("app_id", ""))
    scope = session.instance.records.get("sys_scope", wanted)
    if scope is None:
        raise BadRequest("Application not found", f"No application with the sys_id {wanted[:32]}")
    preference: Row = {"user": session.user.sys_id, "name": CURRENT_APPLICATION}
    known = session.instance.records.first("sys_user_preference", **preference)
    if known:
        session.update("sys_user_preference", known["sys_id"], {"value": wanted}, acl=False)
    else:
        values = {**preference, "value": wanted, "type": "string", "system": "false"}
        session.insert("sys_user_preference", values, acl=False)
    return Reply.result(200, {"app_id": wanted, "name": scope["name"]})
