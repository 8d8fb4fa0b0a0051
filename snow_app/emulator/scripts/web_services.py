"""Scripted REST resources: the script of a `sys_ws_operation` row answers a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import Place, ScriptFailed, ScriptTimeout

if TYPE_CHECKING:
    from snow_app.emulator.model import Row
    from snow_app.emulator.session import Session

    from .engine import ScriptEngine

_LOOK = "Check logs for error trace or enable glide.rest.debug property to verify REST request processing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAnswer:
    """What a resource's script answered. `text` was written to the stream; else `body` is to be sent as JSON."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    text: str | None = None


def answered(engine: ScriptEngine, session: Session, operation: Row, request: Mapping[str, Any]) -> ServiceAnswer:
    """Run a resource's script in its own scope; a script that fails is logged and answers 500.

    `request` holds ``body`` {data, text}, ``headers``, ``pathParams``, ``queryParams``, ``queryString``, ``uri`` and
    ``url``.
    """
    place = Place(
        table="sys_ws_operation", sys_id=operation["sys_id"], name=operation["name"], field="operation_script"
    )
    scope = engine.scope_name(operation.get("sys_scope", ""))
    try:
        with engine.transaction(session) as transaction:
            script = transaction.realm.script(operation["operation_script"], place)
            answer: dict[str, Any] = transaction.run("webService", script=script, scope=scope, request=dict(request))
    except ScriptFailed as failure:
        engine.report(session, failure, source=operation["name"])
        message = failure.message if isinstance(failure, ScriptTimeout) else f"Script error: {failure.message}"
        return ServiceAnswer(status=500, body=_failed(message.removeprefix("Error: "), _LOOK))
    if answer["error"]:
        error = answer["error"]
        return ServiceAnswer(
            status=int(error["status"]), headers=answer["headers"], body=_failed(error["message"], error["detail"])
        )
    status = int(answer["status"] or 200)
    if answer["stream"] is not None:
        return ServiceAnswer(status=status, headers=answer["headers"], text=answer["stream"])
    body = {} if answer["body"] is None else answer["body"]
    return ServiceAnswer(status=status, headers=answer["headers"], body={"result": body})


def _failed(message: str, detail: str) -> dict[str, object]:
    return {"error": {"message": message, "detail": detail}, "status": "failure"}
