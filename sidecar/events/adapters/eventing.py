"""B2C Commerce Eventing (pilot, 26.6): replication events, with their ``x-sf-cc-*`` headers.

`payload` has processId, type, targetSystem, state, success, description, codeVersion, startDate, endDate, and
errorState when the process failed (Help: Process-Level Replication Events, Common HTTP Headers for B2C Commerce
Events).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sidecar.events.adapters.alert import (
    Alert,
    Unreadable,
    cleaned,
    document,
    fingerprint,
    identifier,
    moment,
    one_line,
    site,
)

STATES: Final = {
    "sf.cc.replication.completed": ("resolved", "info"),
    "sf.cc.replication.failed": ("firing", "error"),
    "sf.cc.replication.granular.completed": ("resolved", "info"),
    "sf.cc.replication.granular.failed": ("firing", "error"),
    "sf.cc.replication.granular.incomplete": ("firing", "warning"),
}
"""Event id to the alert's state and severity."""


def alert(body: Any, raw: bytes, header: Callable[[str], str], received: datetime) -> Alert:
    """Raises Unreadable for other events, and when header and body do not name the same one."""
    kind = header("x-sf-cc-event-id")
    if not isinstance(body, Mapping) or body.get("eventType", kind) != kind:
        raise Unreadable("The header x-sf-cc-event-id and the body's eventType do not agree.")
    if kind not in STATES:
        raise Unreadable("Only replication events are taken here.")
    payload = body.get("payload")
    if not isinstance(payload, Mapping):
        raise Unreadable("The event has no payload.")
    state, severity = STATES[kind]
    at = moment(header("x-sf-cc-timestamp") or body.get("timestamp"), received)
    target = one_line(payload.get("targetSystem"), 90)
    what = one_line(payload.get("type"), 90) or "granular replication"
    error, process = one_line(payload.get("errorState"), 100), one_line(payload.get("processId"), 100)
    said = [
        f"{what} to {target}" if target else what,
        kind.rpartition(".")[2],
        error,
        one_line(payload.get("description")),
    ]
    found = document(
        start=moment(payload.get("startDate"), at),
        end=moment(payload.get("endDate"), at),
        signal="replication_failed",
        state=state,
        severity=severity,
        message=cleaned(": ".join(part for part in said if part) + (f" (process {process})" if process else "")),
        count=1,
        replication=f"{what} to {target}" if target else what,
        exception=error,
        release=one_line(payload.get("codeVersion"), 256),
        correlationId=identifier(header("x-sf-cc-correlation-id")),
    )
    name = identifier(payload.get("uuid")) or fingerprint(raw)
    return Alert(
        id=f"source:eventing:{kind}:{name}", site_id=site(header("x-sf-cc-site-id") or None), time=at, data=found
    )
