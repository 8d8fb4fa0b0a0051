"""Catalog requests: what becomes of a request that is submitted, and of one that is closed.

Source: product documentation of the Service Catalog Request workflow; instances put the limit into that workflow
[unverified], here it is a property.
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.behaviour.approvals import APPROVED, REJECTED, REQUESTED
from snow_app.emulator.behaviour.write import BEFORE, Write, hook
from snow_app.emulator.query.moments import stored

PRICE_LIMIT: Final = "emulator.request.approval_price"
"""Property: a request that costs less is approved as soon as it is submitted."""

_CLOSED: Final = "closed_"


@hook(BEFORE, "sc_request", "insert", "update")
def approve_cheap_request(write: Write) -> None:
    row = write.current
    if not write.changed("request_state") or row["request_state"] not in ("submitted", "requested"):
        return
    limit = float(write.session.instance.property(PRICE_LIMIT) or 0)
    row["approval"] = APPROVED if float(row.get("price") or 0) < limit else REQUESTED


@hook(BEFORE, "sc_request", "insert", "update")
def follow_approval(write: Write) -> None:
    """An approved request is in process, a rejected one is closed."""
    row = write.current
    if write.entered("approval", APPROVED) and row["request_state"] in ("submitted", "requested"):
        row["request_state"] = "in_process"
    elif write.entered("approval", REJECTED):
        row["request_state"] = "closed_rejected"


@hook(BEFORE, "sc_request", "insert", "update")
def close_request(write: Write) -> None:
    row = write.current
    if write.changed("request_state") and row["request_state"].startswith(_CLOSED):
        row["active"] = "false"
        row["closed_at"] = row.get("closed_at") or stored(write.session.instance.clock())
        row["closed_by"] = row.get("closed_by") or write.session.user.sys_id
