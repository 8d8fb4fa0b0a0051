"""Jobs 1.0.0 (operation/jobs): executions and the search for them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin, grant
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.jobs import Execution, JobInvalid, JobRunning, JobUnknown
from sfcc_client.emulator.query import Fields
from sfcc_client.emulator.routes.searching import searched
from sfcc_client.emulator.world import world

blueprint = Blueprint("jobs", __name__, url_prefix="/operation/jobs/v1/organizations/<organization_id>")
_WRITE = "sfcc.jobs.rw"
_READ = ("sfcc.jobs", _WRITE)
_ONE = "/jobs/<job_id>/executions/<execution_id>"
_FIELDS: Fields = {
    name: (lambda row, name=name: row.get(name))  # type: ignore[misc]
    for name in ("id", "jobId", "startTime", "endTime", "status")
}


@blueprint.post("/jobs/<job_id>/executions")
@admin(_WRITE)
def start(job_id: str) -> Response:
    try:
        execution = world().office.jobs.start(job_id, _parameters(), client_id=grant().client_id)
    except JobUnknown as error:
        raise Problem("job-not-found", job_id=job_id) from error
    except JobRunning as error:
        raise Problem("bad-request", detail=f"The job '{job_id}' is running.") from error
    except JobInvalid as error:
        raise Problem("bad-request", detail=str(error)) from error
    return answer(_shown(execution))


@blueprint.get(_ONE)
@admin(*_READ)
def execution(job_id: str, execution_id: str) -> Response:
    try:
        return answer(_shown(world().office.jobs.get(job_id, execution_id)))
    except JobUnknown as error:
        raise Problem("job-execution-not-found", execution_id=execution_id, job_id=job_id) from error


@blueprint.delete(_ONE)
@admin(_WRITE)
def forget(job_id: str, execution_id: str) -> Response:
    """A running execution cannot be deleted; the description has no other status for that than 403."""
    try:
        world().office.jobs.delete(job_id, execution_id)
    except JobUnknown as error:
        raise Problem("job-execution-not-found", execution_id=execution_id, job_id=job_id) from error
    except JobRunning as error:
        raise Problem("job-execution-not-finished", execution_id=execution_id) from error
    return Response(status=204)


@blueprint.post("/job-execution-search")
@admin(*_READ)
def search() -> Response:
    return searched([_shown(execution) for execution in world().office.jobs.all()], _FIELDS, "id")


def _shown(execution: Execution) -> dict[str, Any]:
    return execution.document(world().clock.now())


def _parameters() -> dict[str, str]:
    sent: Any = request.get_json(silent=True, force=True) if request.get_data() else {}
    rows = sent.get("parameters") or [] if isinstance(sent, dict) else None
    if not isinstance(rows, list):
        raise Problem("wrong-type", path="$.parameters", expected="array")
    for number, row in enumerate(rows):
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not isinstance(row.get("value"), str):
            raise Problem("wrong-type", path=f"$.parameters[{number}]", expected="object with name and value")
    return {row["name"]: row["value"] for row in rows}
