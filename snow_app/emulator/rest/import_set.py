"""The Import Set API (product documentation c_ImportSetAPI), under ``/api/now/[v1/]import/{staging table}``.

POST one row, which is transformed at once; POST ``/insertMultiple``; GET a row with what became of it.
"""

from __future__ import annotations

from typing import Any

from snow_app.emulator.errors import AccessDenied, BadRequest, NoRecord
from snow_app.emulator.imports.loading import loaded, loaded_together, staging
from snow_app.emulator.imports.transform import Outcome
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.request import Reply, Request


def created(request: Request, table: str) -> Reply:
    """POST a row: 201 with one result for each transform map, whether or not the map could use it."""
    session = _admitted(request, table, "create")
    import_set, row, outcomes = loaded(session, table, request.document())
    location = f"{request.base}/api/now/import/{table}/{row['sys_id']}"
    results = [_result(request, outcome) for outcome in outcomes]
    return Reply.of(201, _document(import_set, table, results), ("Location", location))


def created_together(request: Request, table: str) -> Reply:
    """POST ``{"records": […]}``; the transformation runs later by default. Raises BadRequest without records."""
    session = _admitted(request, table, "create")
    document = request.loaded()
    records = document.get("records") if isinstance(document, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise BadRequest("Exception while reading request", "The body must be an object with an array named records")
    import_set = loaded_together(
        session,
        table,
        records,
        multiple=request.params.get("multi_import_set_id", ""),
        run_after=request.params.get("run_after", ""),
    )
    ids = {"import_set_id": import_set["sys_id"], "multi_import_set_id": import_set["multi_import_set"]}
    return Reply.of(201, ids)


def found(request: Request, table: str, sys_id: str) -> Reply:
    """GET a row: the outcome of the last transform map that ran over it."""
    session = _admitted(request, table, "read")
    row = session.get(table, sys_id)
    if row is None:
        raise NoRecord
    records = session.instance.records
    import_set = records.get("sys_import_set", row["sys_import_set"]) or {}
    transform_map = records.get("sys_transform_map", row["sys_transform_map"])
    if transform_map is None:
        return Reply.of(200, _document(import_set, table, []))
    failed = row["sys_import_state"] in ("error", "skipped")
    outcome = Outcome(
        transform_map=transform_map,
        status=row["sys_import_state"],
        table=row["sys_target_table"],
        sys_id=row["sys_target_sys_id"],
        error_message=row["sys_import_state_comment"] if failed else "",
        status_message="" if failed else row["sys_import_state_comment"],
    )
    return Reply.of(200, _document(import_set, table, [_result(request, outcome)]))


def _admitted(request: Request, table: str, operation: str) -> Session:
    session = request.session
    definition = session.instance.dictionary.table(staging(session, table))
    if definition is None or not definition.ws_access or not session.can(operation, table):
        raise AccessDenied
    return session


def _document(import_set: Row, table: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"import_set": import_set.get("number", ""), "staging_table": table, "result": results}


def _result(request: Request, outcome: Outcome) -> dict[str, Any]:
    """One map's result; where there is a target record it is named, linked and shown."""
    session, instance = request.session, request.session.instance
    result = {"transform_map": outcome.transform_map["name"], "table": outcome.table}
    row = instance.records.get(outcome.table, outcome.sys_id) if outcome.sys_id else None
    if row is not None:
        name = instance.dictionary.display_column(outcome.table)
        result |= {
            "display_name": name,
            "display_value": session.display(outcome.table, row, name),
            "record_link": f"{request.base}/api/now/table/{outcome.table}/{outcome.sys_id}",
        }
    result["status"] = outcome.status
    if row is not None:
        result["sys_id"] = outcome.sys_id
    spoken = {"error_message": outcome.error_message, "status_message": outcome.status_message}
    return result | {name: text for name, text in spoken.items() if text} | outcome.response
