"""OCAPI Data: executions of jobs, and the search for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from sfcc_client.emulator.office.jobs import Execution, JobInvalid, JobRunning, JobUnknown
from sfcc_client.emulator.orders import snake_case
from sfcc_client.emulator.query import Fields
from sfcc_client.emulator.routes.data.door import asked_by, blueprint, body, fault, nothing, one, searched
from sfcc_client.emulator.world import world

_ONE = "/jobs/<job_id>/executions/<execution_id>"


def _member(name: str) -> Callable[[Any], Any]:
    return lambda execution: execution.get(name)


_FIELDS: Fields = {name: _member(name) for name in ("id", "job_id", "start_time", "end_time", "status")}
# System jobs are started with members of their own; the execution shows them as parameters.
_SYSTEM_MEMBERS = {"file_name": "ImportFile", "export_file": "ExportFile", "mode": "ImportMode"}


@blueprint.post("/jobs/<job_id>/executions")
def start_job(job_id: str) -> Response:
    """`parameters` is a list of names and values; the site archive jobs take `file_name` and `export_file` instead."""
    wanted = body() if request.get_data() else {}
    try:
        execution = world().office.jobs.start(
            job_id,
            _parameters(wanted),
            scopes=_scopes(wanted.get("site_scope")),
            client_id=asked_by().client_id,
        )
    except JobUnknown as error:
        raise fault(404, "JobNotFoundException", f"No job with ID '{job_id}' was found.", jobId=job_id) from error
    except JobRunning as error:
        raise fault(400, "JobAlreadyRunningException", f"The job '{job_id}' is running.", jobId=job_id) from error
    except JobInvalid as error:
        raise fault(400, "JobInvalidException", str(error), jobId=job_id) from error
    return one("job_execution", shown(execution))


@blueprint.get(_ONE)
def job_execution(job_id: str, execution_id: str) -> Response:
    try:
        return one("job_execution", shown(world().office.jobs.get(job_id, execution_id)))
    except JobUnknown as error:
        raise _unknown(job_id, execution_id) from error


@blueprint.delete(_ONE)
def forget_job_execution(job_id: str, execution_id: str) -> Response:
    try:
        world().office.jobs.delete(job_id, execution_id)
    except JobUnknown as error:
        raise _unknown(job_id, execution_id) from error
    except JobRunning as error:
        message = f"The execution '{execution_id}' is not finished."
        raise fault(403, "JobExecutionNotFinishedException", message, executionId=execution_id) from error
    return nothing()


@blueprint.post("/job_execution_search")
def job_execution_search() -> Response:
    rows = [shown(execution) for execution in world().office.jobs.all()]
    return searched("job_execution_search_result", "job_execution", rows, _FIELDS, "id")


def shown(execution: Execution) -> dict[str, Any]:
    """The execution in snake case, its parts named."""
    document: dict[str, Any] = snake_case(execution.document(world().clock.now()))
    kinds = {"parameters": "job_execution_parameter", "step_executions": "job_step_execution"}
    for name, kind in kinds.items():
        document[name] = [{"_type": kind, **row} for row in document[name]]
    return document


def _parameters(wanted: dict[str, Any]) -> dict[str, str]:
    rows = wanted.get("parameters") or []
    fits = isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get("name"), str) for row in rows)
    if not fits:
        raise fault(400, "MalformedDocumentException", "'parameters' has to be a list of names and values.")
    given = {row["name"]: str(row.get("value", "")) for row in rows}
    return {**given, **{own: str(wanted[name]) for name, own in _SYSTEM_MEMBERS.items() if wanted.get(name)}}


def _scopes(scope: Any) -> tuple[str, ...]:
    named = scope.get("named_sites", ()) if isinstance(scope, dict) else scope or ()
    return tuple(map(str, named)) if isinstance(named, list | tuple) else ()


def _unknown(job_id: str, execution_id: str) -> Exception:
    message = f"No execution '{execution_id}' of the job '{job_id}' was found."
    return fault(404, "JobExecutionNotFoundException", message, jobId=job_id, executionId=execution_id)
