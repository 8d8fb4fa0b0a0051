"""The CICD Update Set API (product documentation cicd-update-set-api), under ``/api/sn_cicd/[v1/]update_set``.

Create, retrieve from another instance, preview, commit, back out what only inserted records.
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.errors import BadRequest, NoRecord
from snow_app.emulator.instance import Session
from snow_app.emulator.rest.cicd import (
    SUCCESSFUL,
    TRACKER,
    Action,
    Asked,
    Done,
    activate,
    admitted,
    done,
    started,
)
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.updatesets import backed_out, committed, previewed, resolved, unresolved
from snow_app.emulator.updatesets.incoming import SET, as_system
from snow_app.emulator.updatesets.remote import retrieved

_LOCAL: Final = "sys_update_set"


def created(request: Request) -> Reply:
    """POST: a new update set of an application named by `scope` or `sys_id`. Raises BadRequest, NoRecord."""
    session, params = admitted(request), request.params
    name = _needed(request, "update_set_name")
    scope, sys_id = params.get("scope", ""), params.get("sys_id", "")
    if not (scope or sys_id):
        raise BadRequest("Missing parameter", "scope or sys_id is required")
    records = session.instance.records
    application = records.get("sys_scope", sys_id) if sys_id else records.first("sys_scope", scope=scope)
    if application is None:
        raise NoRecord
    values = {
        "name": name,
        "description": params.get("description", ""),
        "application": application["sys_id"],
        "state": "in progress",
        "is_default": "false",
    }
    row = as_system(session).insert(_LOCAL, values, acl=False)
    told = {
        "status": SUCCESSFUL,
        "status_label": "",
        "status_message": f"Successfully created update set: {name}",
        "status_detail": "",
        "error": "",
        "update_set_id": row["sys_id"],
    }
    return Reply.result(200, told)


def retrieval(request: Request) -> Reply:
    """POST: retrieve a set of another instance, named by `update_source_id` or `update_source_instance_id`."""
    session = admitted(request)
    wanted = _needed(request, "update_set_id")
    by_id, by_instance = (request.params.get(f"update_source_{name}", "") for name in ("id", "instance_id"))
    if not (by_id or by_instance):
        raise BadRequest("Missing parameter", "update_source_id or update_source_instance_id is required")
    records = session.instance.records
    table = "sys_update_set_source"
    source = records.get(table, by_id) if by_id else records.first(table, instance_id=by_instance)
    if source is None or source["active"] == "false":
        raise NoRecord
    asked = {
        "update_set": wanted,
        "source": source["sys_id"],
        "replace": request.flag("cleanup_retrieved"),
        "preview": request.flag("auto_preview"),
    }
    return started(request, f"Retrieve update set {wanted}", "retrieve", asked, table=SET)


def preview(request: Request, sys_id: str) -> Reply:
    """POST: preview a retrieved set. Raises NoRecord."""
    _retrieved(admitted(request), sys_id)
    return started(request, "Preview update set", "preview", {"set": sys_id}, table=SET, source=sys_id)


def commit(request: Request, sys_id: str) -> Reply:
    """POST: commit a previewed set; `force_commit` previews it first and accepts every problem. Raises NoRecord."""
    _retrieved(admitted(request), sys_id)
    asked = {"set": sys_id, "force": request.flag("force_commit")}
    return started(request, "Commit update set", "commit", asked, table=SET, source=sys_id)


def commit_several(request: Request) -> Reply:
    """POST: commit sets in the order of `remote_update_set_ids`, as `commit` does; the first failure ends it.

    With `force_commit` sets that are committed already are passed over. Raises BadRequest, NoRecord.
    """
    session = admitted(request)
    ids = [part.strip() for part in _needed(request, "remote_update_set_ids").split(",") if part.strip()]
    for sys_id in ids:
        _retrieved(session, sys_id)
    asked = {"sets": ids, "force": request.flag("force_commit")}
    return started(request, "Commit update sets", "commit_several", asked, table=SET)


def back_out(request: Request) -> Reply:
    """POST: back out a set that a commit made, `update_set_id` of sys_update_set. Raises BadRequest, NoRecord."""
    session = admitted(request)
    sys_id = _needed(request, "update_set_id")
    if session.instance.records.get(_LOCAL, sys_id) is None:
        raise NoRecord
    return started(request, "Back out update set", "back_out", {"set": sys_id}, table=_LOCAL, source=sys_id)


def _retrieved(session: Session, sys_id: str) -> dict[str, str]:
    row = session.instance.records.get(SET, sys_id)
    if row is None:
        raise NoRecord
    return row


def _needed(request: Request, name: str) -> str:
    """A parameter of the query string or the body. Raises BadRequest when it is empty."""
    value = request.params.get(name) or str(request.document().get(name) or "")
    if not value:
        raise BadRequest("Missing parameter", f"{name} is required")
    return value


# What waits --------------------------------------------------


def _retrieve(session: Session, asked: Asked) -> Done:
    source = session.instance.records.get("sys_update_set_source", asked["source"])
    if source is None:
        raise NoRecord
    system = as_system(session)
    made = retrieved(system, source, asked["update_set"], replace=asked["replace"])
    if asked["preview"]:
        previewed(system, made)
    return Done(message="Update set retrieved", source=made)


def _preview(session: Session, asked: Asked) -> Done:
    problems = previewed(as_system(session), asked["set"])
    return Done(message="Update set previewed", detail=f"{len(problems)} problem(s)" if problems else "")


def _commit(session: Session, asked: Asked) -> Done:
    system, sys_id = as_system(session), asked["set"]
    row = _retrieved(session, sys_id)
    if asked["force"]:
        if row["state"] != "previewed":
            previewed(system, sys_id)
        for problem in unresolved(system, sys_id):
            resolved(system, problem["sys_id"], "ignored")
    result = committed(system, sys_id)
    if result.failures:
        raise BadRequest("The update set was committed in part", "; ".join(result.failures))
    counts = f"{result.inserted} inserted, {result.updated} updated, {result.deleted} deleted"
    return Done(message="Update set committed", detail=counts)


def _commit_several(session: Session, asked: Asked) -> Done:
    for sys_id in asked["sets"]:
        if not (asked["force"] and _retrieved(session, sys_id)["state"] == "committed"):
            _commit(session, {"set": sys_id, "force": asked["force"]})
    return Done(message=f"{len(asked['sets'])} update set(s) committed")


def _back_out(session: Session, asked: Asked) -> Done:
    gone = backed_out(as_system(session), asked["set"])
    return Done(message="Update set backed out", detail=f"{gone} record(s) deleted")


_ACTIONS: Final[dict[str, Action]] = {
    "activate": activate, "retrieve": _retrieve, "preview": _preview, "commit": _commit,
    "commit_several": _commit_several, "back_out": _back_out,
}  # fmt: skip


def work(session: Session, values: Asked) -> None:
    """Do an action of the CICD API that waits; nothing when its tracker is gone."""
    if session.instance.records.get(TRACKER, values["tracker"]) is not None:
        done(session, values["tracker"], _ACTIONS[values["action"]], values["asked"])
