"""Notices of the eCDN's zones: a JSON object with a text, and `data` about zone, rule and kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sidecar.events.adapters.alert import Alert, Unreadable, cleaned, document, fingerprint, moment, one_line

_GOOD = frozenset({"healthy", "resolved", "recovered", "ok", "closed", "up", "active", "normal"})
_SEVERITIES = {"critical": "critical", "high": "critical", "error": "error", "warning": "warning", "medium": "warning"}


def alert(body: Any, raw: bytes, received: datetime) -> Alert:
    """Raises Unreadable when it says nothing."""
    if not isinstance(body, Mapping):
        raise Unreadable("The body is not a notice of the eCDN.")
    inner = body.get("data")
    data: dict[str, Any] = {**body, **(inner if isinstance(inner, Mapping) else {})}
    kind = _first(data, "alert_type", "alertType", "alert_name", "type", "event", "kind")
    message = cleaned(
        str(next((data[name] for name in ("text", "message", "description") if isinstance(data.get(name), str)), ""))
    )
    if not message and not kind:
        raise Unreadable("The notice has neither a text nor a type.")
    at = moment(data.get("ts") or data.get("timestamp") or data.get("time"), received)
    status = _first(data, "status", "state", "new_health", "newHealth", "health").casefold()
    found = document(
        start=at,
        end=at,
        signal="cdn",
        state="resolved" if status in _GOOD else "firing",
        severity=_SEVERITIES.get(_first(data, "severity", "priority").casefold(), "error"),
        message=message or kind,
        count=1,
        monitor=_first(data, "name", "policy_name", "policyName"),
        cdn={
            name: value
            for name, value in (
                ("zone", _first(data, "zone_name", "zoneName", "zone", "zone_id", "zoneId")),
                ("rule", _first(data, "rule", "rule_name", "ruleName", "rule_id", "ruleId")),
                ("kind", kind[:100]),
            )
            if value
        },
    )
    return Alert(id=f"source:ecdn:{fingerprint(raw)}", site_id="Sites-Site", time=at, data=found)


def _first(data: Mapping[str, Any], *names: str) -> str:
    return next((found for name in names if (found := one_line(data.get(name)))), "")
