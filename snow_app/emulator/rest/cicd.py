"""The CICD API (product documentation cicd-api), under ``/api/sn_cicd/[v1/]``: progress, plugins, test suites.

What takes time is a row of sys_execution_tracker that one polls: pending, running, then successful or failed. It runs
with the next pending work. Application repository, source control and instance scans are inactive, which the API
answers with 405.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from snow_app.emulator.errors import AccessDenied, BadRequest, NoRecord, NotAllowed, PlatformError
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.request import Reply, Request

TRACKER: Final = "sys_execution_tracker"
ROLE: Final = "sn_cicd.sys_ci_automation"
PENDING, RUNNING, SUCCESSFUL, FAILED = "0", "1", "2", "3"
ATF_ENABLED: Final = "sn_atf.schedule.enabled"

_LABELS: Final = {PENDING: "Pending", RUNNING: "Running", SUCCESSFUL: "Successful", FAILED: "Failed", "4": "Canceled"}


class Inactive(NotAllowed):
    """405: the functionality is not active on this instance."""

    code = "inactive"

    def __init__(self, what: str) -> None:
        PlatformError.__init__(self, "Method not supported", f"{what} is inactive on this instance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What work that succeeded has to say; `detail` is the longer text, `source` the sys_id of what it was about."""

    message: str
    detail: str = ""
    source: str = ""


Asked = Mapping[str, Any]
Action = Callable[[Session, Asked], Done]

WORK: Final = "cicd"
"""The kind of work that waits: an action with what was asked."""


def admitted(request: Request) -> Session:
    """The session. Raises AccessDenied for users who are neither admin nor have the API's role."""
    if not request.session.has_role(ROLE):
        raise AccessDenied
    return request.session


def started(request: Request, name: str, action: str, asked: Asked, *, table: str = "", source: str = "") -> Reply:
    """200 with a tracker, pending; the action is done with the next pending work."""
    session = request.session
    values = {"name": name, "source_table": table, "source": source}
    row = session.insert(TRACKER, values, workflow=False, acl=False)
    session.instance.keep(WORK, session, {"tracker": row["sys_id"], "action": action, "asked": dict(asked)})
    return Reply.result(200, _document(request, row))


def done(session: Session, tracker: str, action: Action, asked: Asked) -> None:
    """Do an action and note how it went: what it raises makes it fail."""

    def note(**values: str) -> None:
        session.update(TRACKER, tracker, values, workflow=False, acl=False)

    note(state=RUNNING)
    try:
        told = action(session, asked)
    except PlatformError as refusal:
        note(state=FAILED, message=refusal.message, error=refusal.detail or refusal.message)
        return
    source = {"source": told.source} if told.source else {}
    detail = told.detail or told.message
    note(state=SUCCESSFUL, message=told.message, detail_message=detail, percent_complete="100", **source)


def _document(request: Request, row: Row) -> dict[str, Any]:
    base = request.base
    links = {"progress": {"id": row["sys_id"], "url": f"{base}/api/sn_cicd/progress/{row['sys_id']}"}}
    if row["source"]:
        url = f"{base}/{row['source_table']}.do?sys_id={row['source']}"
        links["source"] = {"id": row["source"], "url": url}
    return {
        "links": links,
        "status": row["state"],
        "status_label": _LABELS[row["state"]],
        "status_message": row["message"],
        "status_detail": row["detail_message"],
        "error": row["error"],
        "percent_complete": int(row["percent_complete"] or 0),
    }


def progress(request: Request, sys_id: str) -> Reply:
    """GET how far something is. Raises NoRecord."""
    row = admitted(request).get(TRACKER, sys_id, acl=False)
    if row is None:
        raise NoRecord
    return Reply.result(200, _document(request, row))


def plugin_activated(request: Request, plugin: str) -> Reply:
    """POST: activate a plugin that the instance knows by its id. Raises NoRecord."""
    row = admitted(request).instance.records.first("sys_plugins", source=plugin)
    if row is None:
        raise NoRecord

    asked = {"plugin": row["sys_id"]}
    return started(request, f"Activate {plugin}", "activate", asked, table="sys_plugins", source=row["sys_id"])


def activate(session: Session, asked: Asked) -> Done:
    row = session.update("sys_plugins", asked["plugin"], {"active": "true"}, acl=False)
    return Done(message=f"Plugin {row['name']} is active", source=row["sys_id"])


def suite_run(request: Request) -> Reply:
    """POST: run a test suite. Scheduled tests are off unless a property says otherwise, and there are no suites."""
    session, document = admitted(request), request.params
    if not (document.get("test_suite_sys_id") or document.get("test_suite_name")):
        raise BadRequest("Missing parameter", "test_suite_sys_id or test_suite_name is required")
    if session.instance.property(ATF_ENABLED) != "true":
        told = {
            "status": FAILED,
            "status_label": _LABELS[FAILED],
            "status_message": "",
            "status_detail": "",
            "error": f"Scheduled tests are disabled. Set the property '{ATF_ENABLED}' to true to enable them.",
        }
        return Reply.result(200, told)
    raise NoRecord


def suite_results(request: Request, _sys_id: str) -> Reply:
    """GET the results of a test suite: there are none. Raises NoRecord."""
    admitted(request)
    raise NoRecord


def inactive(request: Request, what: str) -> Reply:
    """Any call of a part of the API that is inactive here. Raises Inactive."""
    admitted(request)
    raise Inactive(what)
